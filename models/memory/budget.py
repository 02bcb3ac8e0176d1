"""The bytes that all memories of a process may hold together; what is least missed, in any of them, goes first."""

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Any, NamedTuple

from models.memory.giving_back import give_back

MEGABYTE = 2**20
DEFAULT = 128 * MEGABYTE  # bytes: a day of three leads as read and prepared, and eight half-hour recordings beside it
ENTRY = 600  # bytes of an entry beside its value: its key, often a hash or a small window, and its place in the order
LARGE = 4 * MEGABYTE  # bytes kept or dropped after which what is free goes back to the system, in under a ms


class Key(NamedTuple):
    """Where an entry lies."""

    memory: int  # token of one Memory: two of one name are kept apart
    key: Hashable


@dataclass(frozen=True)
class Entry:
    """A value that is kept."""

    value: Any
    weight: int  # bytes
    name: str  # of its memory
    seconds: float = 0.0  # that making it took


class Use(NamedTuple):
    """How much is kept."""

    used: int  # bytes
    limit: int  # bytes
    memories: dict[str, int]  # name → bytes, the largest first


class Budget:
    """Entries of all memories. Thread-safe.

    An entry heavier than half of the limit counts as half: one very long recording does not push itself out by what is
    made from it.
    """

    def __init__(self, limit: int = DEFAULT, give_back: Callable[[], None] = give_back) -> None:
        self._give_back = give_back
        self._moved = 0  # bytes kept or dropped since free memory was last given back
        self._gone: deque[int] = deque()  # tokens of memories that have gone
        self._lock = Lock()
        self._entries = self._empty(limit)

    @property
    def limit(self) -> int:
        """Bytes that may be kept."""
        return self._entries.limit

    @limit.setter
    def limit(self, limit: int) -> None:
        with self._lock:
            before, self._entries = self._entries, self._empty(limit)
            for key, entry in before.items():
                self._entries.put(key, entry)
        self._tidy()

    def get(self, key: Key) -> Entry | None:
        """The entry under `key`, which is now the one used last."""
        with self._lock:
            return self._entries.get(key)

    def put(self, key: Key, entry: Entry) -> None:
        """Keep an entry; others go until it has room."""
        with self._lock:
            self._clear_gone()
            self._entries.put(key, entry)
            self._moved += entry.weight  # making it took as much and more beside it
        self._tidy()

    def drop(self, fits: Callable[[Key], bool]) -> None:
        """Drop the entries whose key fits."""
        with self._lock:
            self._drop(fits)
        self._tidy()

    def forget(self, memory: int) -> None:
        """Drop a memory's entries soon; the garbage collector may say so at any moment, even with the lock held."""
        self._gone.append(memory)

    def use(self) -> Use:
        """How much is kept now, and by which memories."""
        found: dict[str, int] = defaultdict(int)
        with self._lock:
            self._clear_gone()
            for entry in self._entries.values():
                found[entry.name] += entry.weight
        ordered = dict(sorted(found.items(), key=lambda item: -item[1]))
        return Use(sum(found.values()), self.limit, ordered)

    def _empty(self, limit: int) -> "Entries":
        return Entries(limit, self._evicted)

    def _evicted(self, entry: Entry) -> None:
        self._moved += entry.weight

    def _drop(self, fits: Callable[[Key], bool]) -> None:
        for key in [key for key in self._entries if fits(key)]:
            gone = self._entries.pop(key)
            self._moved += gone.weight if gone else 0

    def _clear_gone(self) -> None:
        gone = {self._gone.popleft() for _ in range(len(self._gone))}
        if gone:
            self._drop(lambda key: key.memory in gone)

    def _tidy(self) -> None:
        """Give free memory back to the system after much has moved; not with the lock held, it takes milliseconds."""
        with self._lock:
            enough = self._moved >= LARGE
            self._moved = 0 if enough else self._moved
        if enough:
            self._give_back()


class Entries:
    """Entries by weight; what is full drops the one that is least missed for the room that it takes.

    Seconds of making a megabyte are what an entry is worth above those that went before its last use (Cao & Irani 1997,
    GreedyDual-Size). What was made in less than a second is worth nothing more: of such the one used longest ago goes.
    """

    def __init__(self, limit: int, evicted: Callable[[Entry], None]) -> None:
        self.limit = limit
        self._evicted = evicted
        self._held: OrderedDict[Key, Entry] = OrderedDict()  # by last use
        self._worth: dict[Key, float] = {}
        self._level = 0.0  # worth of the last that went
        self._weight = 0

    def __iter__(self) -> Iterator[Key]:
        return iter(self._held)

    def values(self) -> Iterable[Entry]:
        """All entries, that used longest ago first."""
        return self._held.values()

    def items(self) -> Iterable[tuple[Key, Entry]]:
        """The entries with their keys."""
        return self._held.items()

    def get(self, key: Key) -> Entry | None:
        """The entry under `key`, used now."""
        entry = self._held.get(key)
        if entry is not None:
            self._held.move_to_end(key)
            self._worth[key] = self._level + int(entry.seconds) * MEGABYTE / max(1, entry.weight)
        return entry

    def pop(self, key: Key) -> Entry | None:
        """Take out the entry under `key`."""
        entry = self._held.pop(key, None)
        if entry is not None:
            self._weight -= self._weight_of(entry)
            del self._worth[key]
        return entry

    def put(self, key: Key, entry: Entry) -> None:
        """Take an entry in; others go until it has room."""
        self.pop(key)
        while self._held and self._weight + self._weight_of(entry) > self.limit:
            least = min(self._held, key=self._worth.__getitem__)
            self._level = self._worth[least]
            if gone := self.pop(least):
                self._evicted(gone)
        if self._weight_of(entry) <= self.limit:
            self._held[key] = entry
            self._weight += self._weight_of(entry)
            self.get(key)

    def _weight_of(self, entry: Entry) -> int:
        return min(entry.weight, self.limit // 2)


BUDGET = Budget()  # this process's
