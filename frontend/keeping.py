"""Where answers and drawings are kept: the pages ask for a store, and whoever starts them says which kind."""

from collections.abc import Callable, Hashable
from threading import RLock
from typing import Any, Protocol

from cachetools import LRUCache

MOST = 64  # values of a store of the pages' own


class Store(Protocol):
    """Values by key, kept as long as there is room; safe among threads."""

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value kept under `key`, else that of `make`."""

    def peek(self, key: Hashable) -> Any | None:
        """The value kept under `key`, if there is one."""

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value."""

    def drop(self, fits: Callable[[Hashable], bool]) -> None:
        """Forget the values whose key fits."""


Stores = Callable[[str, Callable[[Any], int]], Store]  # from a name and what weighs a value in bytes


class FewValues:
    """The values last asked for, few enough to weigh nothing: for pages that are served without a budget."""

    def __init__(self, name: str, weigh: Callable[[Any], int]) -> None:
        self._values: LRUCache[Hashable, Any] = LRUCache(MOST)
        self._lock = RLock()

    def get(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """The value kept under `key`, else that of `make`."""
        with self._lock:
            if key not in self._values:
                self._values[key] = make()
            return self._values[key]

    def peek(self, key: Hashable) -> Any | None:
        """The value kept under `key`, if there is one."""
        with self._lock:
            return self._values.get(key)

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value."""
        with self._lock:
            self._values[key] = value

    def drop(self, fits: Callable[[Hashable], bool]) -> None:
        """Forget the values whose key fits."""
        with self._lock:
            for key in [key for key in self._values if fits(key)]:
                del self._values[key]
