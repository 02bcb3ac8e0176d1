"""Throttling of guesses: each failure after the first few doubles the wait, up to a limit, and is forgotten."""

import threading
import time
from collections.abc import Callable
from math import ceil
from typing import Literal, NamedTuple

from backend.errors import TooManyError

FORGOTTEN = 900.0  # s after the last failure
REMEMBERED = 10_000  # keys
Kind = Literal["both", "account", "address"]
LIMITS: dict[Kind, tuple[int, float]] = {  # failures without a wait, longest wait in s
    "both": (3, 60.0),  # one account from one address
    "account": (20, 10.0),  # from anywhere: its owner waits as well, so not for long
    "address": (30, 60.0),  # any account; a hospital may have a single address
}


class Key(NamedTuple):
    """The account, the address or the pair whose failures are counted together."""

    kind: Kind
    what: str


class Throttle:
    """Counts failures in this process; safe among threads. Nobody is locked out: a wait is at most a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._failures: dict[Key, tuple[int, float]] = {}  # number, and when the last was
        self._lock = threading.Lock()

    def attempt(self, account: str, address: str) -> None:
        """Count an attempt as failed before it is looked at, so that many at once are no way round.

        TooManyError, and not counted, where it comes too soon.
        """
        now = self.clock()
        with self._lock:
            wait = max(self._wait(key, now) for key in _keys(account, address))
            if wait > 0:
                seconds = ceil(wait)
                raise TooManyError(f"Too many attempts: try again in {seconds} s.", seconds)
            for key in _keys(account, address):
                self._failures[key] = (self._count(key, now) + 1, now)
            while len(self._failures) > REMEMBERED:
                del self._failures[next(iter(self._failures))]

    def forgive(self, account: str, address: str) -> None:
        """Take a right password into account: the account begins anew, the address has one failure less."""
        now = self.clock()
        with self._lock:
            for key in _keys(account, address):
                left = self._count(key, now) - 1 if key.kind == "address" else 0
                self._failures.pop(key, None)
                if left > 0:
                    self._failures[key] = (left, now)

    def _count(self, key: Key, now: float) -> int:
        count, last = self._failures.get(key, (0, now))
        return count if now - last < FORGOTTEN else 0

    def _wait(self, key: Key, now: float) -> float:
        free, longest = LIMITS[key.kind]
        count = self._count(key, now)
        return min(longest, 2.0 ** min(count - free, 16)) - (now - self._failures[key][1]) if count >= free else 0.0


def _keys(account: str, address: str) -> tuple[Key, ...]:
    return Key("both", f"{account}\n{address}"), Key("account", account), Key("address", address)
