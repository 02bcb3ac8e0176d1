"""Where models lie and how one is read: card and weights must agree in everything."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from safetensors import SafetensorError
from safetensors.torch import load as parse
from torch import Tensor

from models.cards import Card
from models.errors import BadRecordError, DomainError, InvalidError, unknown
from models.networks import Network, build
from models.zoo.model import Model

HOME = Path(__file__).parent
CARD, WEIGHTS = "card.json", "weights.safetensors"
FIRST = ("mitbih-lstm", "mitbih-lstm-pooled")  # the order on the screen; any other after them by name
_loaded: dict[tuple[Path, int, int], Model] = {}
_lock = threading.Lock()


def folders(extra: Sequence[Path] = ()) -> dict[str, Path]:
    """Model id → folder, of the models here and in `extra` folders; the first of equal names counts."""
    found: dict[str, Path] = {}
    for home in (HOME, *extra):
        for card in sorted(Path(home).glob(f"*/{CARD}")):
            found.setdefault(card.parent.name, card.parent)
    rank = {name: place for place, name in enumerate(FIRST)}
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[0], len(rank)), item[0])))


def names(extra: Sequence[Path] = ()) -> tuple[str, ...]:
    """Every model there is, the main one first."""
    return tuple(folders(extra))


def load(id: str, extra: Sequence[Path] = ()) -> Model:
    """The model called `id`, kept in memory until its files change. NotFoundError names those there are."""
    known = folders(extra)
    if id not in known:
        raise unknown("model", id, tuple(known), field="model")
    folder = known[id]
    key = (folder, _changed(folder / CARD), _changed(folder / WEIGHTS))
    with _lock:
        if key not in _loaded:
            _loaded[key] = read(folder)
        return _loaded[key]


def clear() -> None:
    """Forget every loaded model."""
    with _lock:
        _loaded.clear()


def read(folder: Path) -> Model:
    """Card and weights of one folder; BadRecordError where a file is damaged, InvalidError where they disagree."""
    card = read_card(folder / CARD)
    if card.id != folder.name:
        raise InvalidError(f"{folder / CARD}: its id is {card.id!r}, but its folder is called {folder.name!r}")
    network = _network(card)
    data = _bytes(folder / WEIGHTS)
    digest = hashlib.sha256(data).hexdigest()
    if digest != card.weights_sha256:
        raise InvalidError(f"{folder / WEIGHTS} has SHA-256 {digest}, its card states {card.weights_sha256}")
    fill(network, _tensors(folder / WEIGHTS, data), card.id)
    return Model(card, network.eval().requires_grad_(False), digest)


def read_card(file: Path) -> Card:
    """The card in `file`."""
    try:
        return Card.model_validate_json(_bytes(file))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"])) or "the file"
        raise BadRecordError(str(file), f"is no model card: {place}: {first['msg']}") from error


def _network(card: Card) -> Network:
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
    for key, place in own.items():
        tensor = tensors[key]
        if tensor.shape != place.shape:
            raise InvalidError(f"Weights of {name}: {key} is {list(tensor.shape)}, not {list(place.shape)}")
        if not tensor.isfinite().all():
            raise InvalidError(f"Weights of {name}: {key} holds numbers that are not finite")
    network.load_state_dict(tensors)


def _tensors(file: Path, data: bytes) -> dict[str, Tensor]:
    try:
        tensors: dict[str, Any] = parse(data)
    except SafetensorError as error:
        raise BadRecordError(str(file), f"is no safetensors file: {error}") from error
    return tensors


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadRecordError(str(file), error.strerror or "cannot be read") from error


def _changed(file: Path) -> int:
    return file.stat().st_mtime_ns if file.is_file() else 0
