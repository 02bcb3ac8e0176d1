"""Finding what registers itself: objects of the product's own modules, and of other packages by their entry points.

What another package brings is not ours: its fault leaves it out, and that is logged and said on every page.
"""

import importlib
import logging
import pkgutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")
log = logging.getLogger("beatlens.plugins")


@dataclass(frozen=True)
class LeftOut:
    """A part of another package that is not used."""

    name: str  # `entry point (module:object)`
    group: str  # `beatlens.pages`
    reason: str


_origins: dict[int, tuple[str, str, object]] = {}  # id of what another package brought → its name, group, and itself
_left_out: dict[tuple[str, str], LeftOut] = {}


def discover(package: ModuleType, attribute: str, kind: type[T], group: str) -> list[T]:
    """Objects called `attribute` of the package's modules, in the order of their names, then those of the entry points.

    TypeError where one of our own is no `kind`; one of another package is left out.
    """
    modules = [f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__)]
    own = {name: getattr(importlib.import_module(name), attribute, None) for name in sorted(modules)}
    wrong = [name for name, found in own.items() if not isinstance(found, kind | None)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)}: {attribute} is no {kind.__name__}")
    others = [found for point in _points(group, tuple(sys.path)) if (found := _loaded(point, kind, group)) is not None]
    return [*(found for found in own.values() if isinstance(found, kind)), *others]


def guarded(brought: object, call: Callable[[], T], otherwise: T) -> T:
    """What `call` gives; `otherwise` where it fails and `brought` is another package's."""
    known = _origins.get(id(brought))
    if known is None:
        return call()
    try:
        return call()
    except Exception as error:
        leave_out(*known[:2], error)
        return otherwise


def leave_out(name: str, group: str, error: Exception) -> None:
    """Note and log, once, that a part of another package is not used."""
    reason = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    found = LeftOut(name, group, reason)
    if _left_out.get((group, name)) != found:
        _left_out[group, name] = found
        log.error("the plug-in %s of %s is left out: %s", name, group, reason, exc_info=error)


def left_out() -> list[LeftOut]:
    """Everything of other packages that is not used, and why."""
    return list(_left_out.values())


def origin(brought: object) -> str | None:
    """The entry point that brought an object; None for our own."""
    known = _origins.get(id(brought))
    return known[0] if known else None


@cache
def _points(group: str, _: tuple[str, ...]) -> tuple[EntryPoint, ...]:
    """The entry points of a group; reading what is installed takes longer than a panel."""
    return tuple(sorted(entry_points(group=group), key=lambda point: point.name))


def _loaded(point: EntryPoint, kind: type[T], group: str) -> T | None:
    """What an entry point names; None where it cannot be loaded or is something else."""
    name = f"{point.name} ({point.value})"
    try:
        found = point.load()
        if not isinstance(found, kind):
            raise TypeError(f"it is no {kind.__name__}")
    except Exception as error:
        leave_out(name, group, error)
        return None
    _origins[id(found)] = (name, group, found)
    return found
