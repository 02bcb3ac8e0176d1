"""From the id of a result to the windows that it was computed from."""

import threading
from collections import OrderedDict

from backend.blinding.intervals import Interval

Origin = tuple[str, frozenset[Interval]]  # a recording's SHA-256, and where in it the windows lie
LIMIT = 50_000  # ids


class ResultIndex:
    """Maps a result's id to the windows it is of, to decide whether a blinded reader may see it. Thread-safe.

    Only what people who read blind asked for is in it.
    """

    def __init__(self, limit: int = LIMIT) -> None:
        self.limit = limit
        self._origins: OrderedDict[str, frozenset[Origin]] = OrderedDict()
        self._lock = threading.Lock()

    def add(self, id: str, origin: Origin) -> None:
        """Equal windows at different places have one result: each is added; the ids added first are dropped first."""
        with self._lock:
            self._origins[id] = self._origins.pop(id, frozenset()) | {origin}
            while len(self._origins) > self.limit:
                self._origins.popitem(last=False)

    def origins(self, id: str) -> frozenset[Origin]:
        """The windows of a result; empty where they are not known."""
        with self._lock:
            return self._origins.get(id, frozenset())
