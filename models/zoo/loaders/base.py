"""What a loader is: from one kind of weights file to a network."""

from pathlib import Path
from typing import ClassVar

from models.cards import Card
from models.networks import Network


class Loader:
    """Reads one kind of weights. Subclasses live one to a file and register by being there."""

    file: ClassVar[str]  # name of the weights beside the card: "weights.safetensors"

    def check(self, card: Card) -> None:
        """InvalidError where such weights cannot be what the card describes, before they are read."""

    def load(self, card: Card, data: bytes, file: Path) -> Network:
        """The network in `data`, the bytes of `file`, frozen.

        BadRecordError where they are damaged, InvalidError where they do not fit the card.
        """
        raise NotImplementedError
