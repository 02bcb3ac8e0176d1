"""Finding what plugs in: modules of a package, and of other packages that name them as entry points."""

import importlib
import logging
import pkgutil
from collections.abc import Iterator
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import Any, TypeVar

T = TypeVar("T")
log = logging.getLogger("beatlens.discovery")


def discover(package: str, base: type[T], group: str) -> list[type[T]]:
    """Every subclass of `base` defined in a module of `package`, or behind an entry point `beatlens.<group>`."""
    defined = _defined(package, group)
    return list(dict.fromkeys(item for item in defined if isinstance(item, type) and _below(item, base)))


def discover_values(package: str, base: type[T], group: str) -> list[T]:
    """Every instance of `base` there, each once."""
    return list({id(item): item for item in _defined(package, group) if isinstance(item, base)}.values())


def named(found: dict[str, T], name: str, item: T) -> None:
    """Put `item` under its name; TypeError where another one has it."""
    if found.setdefault(name, item) is not item:
        raise TypeError(f"Two plug-ins are called {name!r}: {found[name]!r} and {item!r}")


def _below(item: type, base: type) -> bool:
    return issubclass(item, base) and item is not base


def _defined(package: str, group: str) -> Iterator[Any]:
    for module in pkgutil.iter_modules(importlib.import_module(package).__path__):
        yield from vars(importlib.import_module(f"{package}.{module.name}")).values()
    for entry in sorted(entry_points(group=f"beatlens.{group}"), key=lambda entry: entry.name):
        yield from _loaded(entry)


def _loaded(entry: EntryPoint) -> Iterator[Any]:
    """What an entry point names, a module's content or one object; one that cannot be loaded is left out, and logged.

    A plug-in is not ours: its fault must not take the built-ins with it.
    """
    try:
        item = entry.load()
    except Exception as error:
        log.error("the plug-in %s (%s) is left out: %s: %s", entry.name, entry.value, type(error).__name__, error)
        return
    yield from vars(item).values() if isinstance(item, ModuleType) else (item,)
