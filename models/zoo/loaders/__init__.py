"""Kinds of weights files: each a file of this package that defines one Loader; discovered, never listed."""

from functools import cache
from pathlib import Path

from models.discovery import discover, named
from models.errors import BadRecordError
from models.zoo.loaders.base import Loader

__all__ = ["Loader", "loader_for", "loaders"]


@cache
def loaders() -> dict[str, Loader]:
    """Every loader by the name of the file it reads."""
    found: dict[str, type[Loader]] = {}
    for item in discover(__name__, Loader, "loaders"):
        named(found, item.file, item)
    return {file: item() for file, item in sorted(found.items())}


def loader_for(folder: Path) -> Loader:
    """The loader of the weights that lie in `folder`; BadRecordError where none do, or several kinds."""
    known = loaders()
    there = [name for name in known if (folder / name).is_file()]
    if len(there) > 1:
        raise BadRecordError(str(folder), f"has several weights: {', '.join(there)}")
    if not there:
        raise BadRecordError(str(folder), f"has no weights: a model has one of {', '.join(known)}")
    return known[there[0]]
