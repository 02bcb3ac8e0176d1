"""One kind of thing that is slow to make, kept within the process's budget."""

import time
from collections.abc import Callable, Hashable
from itertools import count
from typing import Generic, TypeVar
from weakref import finalize

from models.memory import mapped
from models.memory.budget import BUDGET, ENTRY, Budget, Entry, Key
from models.memory.single_flight import SingleFlight

T = TypeVar("T")
_tokens = count()


class Memory(Generic[T]):
    """Values by key, weighed in bytes; equal work asked for by several threads is done once.

    What it keeps goes when it goes.
    """

    def __init__(self, name: str, weigh: Callable[[T], int], budget: Budget = BUDGET) -> None:
        self.name = name  # as the health page has it: "recordings"
        self._weigh = weigh
        self._budget = budget
        self._token = next(_tokens)
        self._flights: SingleFlight[T] = SingleFlight()
        finalize(self, budget.forget, self._token)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value kept under `key`, else that of `make`; an exception of `make` reaches every waiting caller."""

        def made() -> T:
            entry = self._budget.get(Key(self._token, key))  # somebody may have ended just before
            if entry is not None:
                found: T = entry.value
                return found
            began = time.monotonic()
            value = make()
            self.put(key, value, time.monotonic() - began)
            mapped.rest()  # what it was made from is not read again soon
            return value

        entry = self._budget.get(Key(self._token, key))
        if entry is not None:
            stored: T = entry.value
            return stored
        return self._flights.get(key, made)

    def peek(self, key: Hashable) -> T | None:
        """The value kept under `key`, if there is one."""
        entry = self._budget.get(Key(self._token, key))
        return None if entry is None else entry.value

    def put(self, key: Hashable, value: T, seconds: float = 0.0) -> None:
        """Keep a value that took so many seconds to make."""
        self._budget.put(Key(self._token, key), Entry(value, self._weigh(value) + ENTRY, self.name, seconds))

    def drop(self, fits: Callable[[Hashable], bool] = lambda _: True) -> None:
        """Forget the values whose key fits; all by default."""
        self._budget.drop(lambda key: key.memory == self._token and fits(key.key))
