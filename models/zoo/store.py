"""Where models lie and how one is read: card and weights must agree in everything."""

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from models.cards import Card
from models.errors import BadRecordError, InvalidError, unknown
from models.zoo.loaders import loader_for
from models.zoo.model import Model

HOME = Path(__file__).parent
CARD = "card.json"
FIRST = ("mitbih-lstm", "mitbih-lstm-pooled")  # the order on the screen; any other after them by name
FileVersions = tuple[tuple[str, int], ...]  # name and time of change of each file
_loaded: dict[Path, tuple[FileVersions, Model]] = {}  # by folder, the model as its files are now
_lock = threading.Lock()


def folders(extra: Sequence[Path] = ()) -> dict[str, Path]:
    """Model id → folder, of the models here and in `extra` folders; the first of equal names counts."""
    found: dict[str, Path] = {}
    for home in (HOME, *extra):
        for card in sorted(Path(home).glob(f"*/{CARD}")):
            found.setdefault(card.parent.name, card.parent)
    rank = {name: position for position, name in enumerate(FIRST)}
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
    versions = _file_versions(folder)
    with _lock:
        if folder not in _loaded or _loaded[folder][0] != versions:
            _loaded[folder] = (versions, read(folder))
        return _loaded[folder][1]


def clear() -> None:
    """Forget every loaded model."""
    with _lock:
        _loaded.clear()


def read(folder: Path) -> Model:
    """Card, weights and artefacts of one folder; BadRecordError where one is damaged, InvalidError if they disagree."""
    card = read_card(folder / CARD)
    if card.id != folder.name:
        raise InvalidError(f"{folder / CARD}: its id is {card.id!r}, but its folder is called {folder.name!r}")
    loader = loader_for(folder)
    loader.check(card)
    data = _bytes(folder / loader.file)
    digest = _same(folder / loader.file, data, card.weights_sha256)
    for name, stated in card.artefacts.items():
        if Path(name).name != name:
            raise InvalidError(f"{folder / CARD}: artefact {name!r} lies outside its folder", field="artefacts")
        _same(folder / name, _bytes(folder / name), stated)
    return Model(card, loader.load(card, data, folder / loader.file), digest, folder)


def _same(file: Path, data: bytes, stated: str) -> str:
    """SHA-256 (hex) of the file's bytes; InvalidError where the card states another."""
    digest = hashlib.sha256(data).hexdigest()
    if digest != stated:
        raise InvalidError(f"{file} has SHA-256 {digest}, its card states {stated}")
    return digest


def read_card(file: Path) -> Card:
    """The card in `file`."""
    try:
        return Card.model_validate_json(_bytes(file))
    except ValidationError as error:
        first = error.errors()[0]
        position = ".".join(map(str, first["loc"])) or "the file"
        raise BadRecordError(str(file), f"is no model card: {position}: {first['msg']}") from error


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BadRecordError(str(file), error.strerror or "cannot be read") from error


def _file_versions(folder: Path) -> FileVersions:
    """Those of a model's folder, artefacts included."""
    return tuple(sorted((file.name, file.stat().st_mtime_ns) for file in folder.iterdir() if file.is_file()))
