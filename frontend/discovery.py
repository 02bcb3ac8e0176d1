"""Finding what registers itself: objects of the product's own modules, and of other packages by their entry points."""

import importlib
import pkgutil
from importlib.metadata import entry_points
from types import ModuleType
from typing import TypeVar

T = TypeVar("T")


def discover(package: ModuleType, attribute: str, kind: type[T], group: str) -> list[T]:
    """Objects called `attribute` of the package's modules, in the order of their names, then those of the entry points.

    TypeError where one of them is no `kind`.
    """
    modules = [f"{package.__name__}.{found.name}" for found in pkgutil.iter_modules(package.__path__)]
    own = {name: getattr(importlib.import_module(name), attribute, None) for name in sorted(modules)}
    named = {name: found for name, found in own.items() if found is not None}
    named |= {point.value: point.load() for point in sorted(entry_points(group=group), key=lambda point: point.name)}
    wrong = [name for name, found in named.items() if not isinstance(found, kind)]
    if wrong:
        raise TypeError(f"{', '.join(wrong)}: {attribute} is no {kind.__name__}")
    return [found for found in named.values() if isinstance(found, kind)]
