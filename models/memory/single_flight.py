"""Equal work that several threads ask for at the same time is done once."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class SingleFlight(Generic[T]):
    """Work under way, by key."""

    def __init__(self) -> None:
        self._flights: dict[Hashable, Future[T]] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of `make`, or of whoever makes it already; an exception reaches every waiting caller."""
        with self._lock:
            others = self._flights.get(key)
            mine: Future[T] = Future()
            if others is None:
                self._flights[key] = mine
        return others.result() if others is not None else self._make(key, make, mine)

    def _make(self, key: Hashable, make: Callable[[], T], future: Future[T]) -> T:
        try:
            value = make()
        except BaseException as error:
            self._end(key)
            future.set_exception(error)
            raise
        self._end(key)
        future.set_result(value)
        return value

    def _end(self, key: Hashable) -> None:
        with self._lock:
            del self._flights[key]
