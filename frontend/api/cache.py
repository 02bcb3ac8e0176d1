"""Answers of the service, kept for a minute."""

import time
from collections.abc import Callable, Hashable
from typing import Any

from frontend.keeping import FewValues, Store, Stores

JSON = dict[str, Any]
SECONDS_KEPT = 60.0


class ResponseCache:
    """The latest answers, each for a minute; safe among threads."""

    def __init__(self, stores: Stores = FewValues) -> None:
        self._answers: Store = stores("pages' answers", lambda kept: int(kept[2]))  # time, answer, bytes

    def get(self, key: Hashable) -> JSON | None:
        """The answer if it is fresh."""
        kept = self._answers.peek(key)
        fresh: JSON | None = kept[1] if kept is not None and time.monotonic() - kept[0] < SECONDS_KEPT else None
        return fresh

    def put(self, key: Hashable, answer: JSON, size: int = 0) -> None:
        """Keep an answer that takes `size` bytes of memory."""
        self._answers.put(key, (time.monotonic(), answer, size))

    def drop(self, fits: Callable[[Hashable], bool]) -> None:
        """Forget the answers whose key fits."""
        self._answers.drop(fits)
