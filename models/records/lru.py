"""A bounded memory of things that are slow to make, safe among threads."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Lru(Generic[T]):
    """Keeps the values used last, up to `limit` by `size`; equal work asked for by several threads is done once."""

    def __init__(self, limit: int, size: Callable[[T], int] = lambda _: 1) -> None:
        self._limit = limit
        self._size = size
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._making: dict[Hashable, Future[T]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value kept under `key`, else that of `make`; an exception of `make` reaches every waiting caller."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
            others = self._making.get(key)
            mine: Future[T] = Future()
            if others is None:
                self._making[key] = mine
        return others.result() if others is not None else self._make(key, make, mine)

    def _make(self, key: Hashable, make: Callable[[], T], future: Future[T]) -> T:
        try:
            value = make()
        except BaseException as error:
            with self._lock:
                del self._making[key]
            future.set_exception(error)
            raise
        with self._lock:
            self._values[key] = value
            del self._making[key]
            self._shrink()
        future.set_result(value)
        return value

    def _shrink(self) -> None:
        """Drops what was used longest ago; the newest stays even where it alone is over the limit."""
        total = sum(map(self._size, self._values.values()))
        while total > self._limit and len(self._values) > 1:
            _, dropped = self._values.popitem(last=False)
            total -= self._size(dropped)
