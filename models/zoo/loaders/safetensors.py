"""Weights as safetensors, for an architecture of `models.networks`."""

from pathlib import Path
from typing import Any, ClassVar

from safetensors import SafetensorError
from safetensors.torch import load as parse
from torch import Tensor

from models.cards import Card
from models.errors import BadRecordError, DomainError, InvalidError
from models.networks import Network, build
from models.zoo.loaders.base import Loader

WEIGHTS = "weights.safetensors"


class Safetensors(Loader):
    """Tensors by name; the network around them is built from the card."""

    file: ClassVar[str] = WEIGHTS

    def check(self, card: Card) -> None:
        """InvalidError where the card's network does not fit its input and classes."""
        network_of(card)

    def load(self, card: Card, data: bytes, file: Path) -> Network:
        """The card's network with these weights."""
        network = network_of(card)
        fill(network, _tensors(file, data), card.id)
        return network.eval().requires_grad_(False)


def network_of(card: Card) -> Network:
    """The card's network without its weights, made sure to fit the card's input and classes."""
    try:
        network = build(card.architecture, card.network)
    except DomainError as error:
        raise InvalidError(f"Card of {card.id}: {error}", field=error.field, options=error.options) from error
    for what, own, stated in (
        ("classes", network.config.classes, len(card.classes)),
        ("leads", network.config.leads, card.input.leads),
    ):
        if own != stated:
            raise InvalidError(f"Card of {card.id}: the network has {own} {what}, the card {stated}", field=what)
    return network


def fill(network: Network, tensors: dict[str, Tensor], name: str) -> None:
    """Copy `tensors` into `network`; InvalidError names those missing, too many or of another shape."""
    own = network.state_dict()
    if missing := sorted(own.keys() - tensors.keys()):
        raise InvalidError(f"Weights of {name}: missing {', '.join(missing)}")
    if extra := sorted(tensors.keys() - own.keys()):
        raise InvalidError(f"Weights of {name}: unexpected {', '.join(extra)}; the network has {', '.join(own)}")
    for key, wanted in own.items():
        tensor = tensors[key]
        if tensor.shape != wanted.shape:
            raise InvalidError(f"Weights of {name}: {key} is {list(tensor.shape)}, not {list(wanted.shape)}")
        if not tensor.isfinite().all():
            raise InvalidError(f"Weights of {name}: {key} holds numbers that are not finite")
    network.load_state_dict(tensors)


def _tensors(file: Path, data: bytes) -> dict[str, Tensor]:
    try:
        tensors: dict[str, Any] = parse(data)
    except SafetensorError as error:
        raise BadRecordError(str(file), f"is no safetensors file: {error}") from error
    return tensors
