"""Answers of the service, kept for a minute."""

import time
from collections.abc import Callable, Hashable
from typing import Any

from models.memory import Memory

JSON = dict[str, Any]
SECONDS_KEPT = 60.0
UNFOLDED = 8  # bytes of a parsed answer for each that was sent: most are numbers


class ResponseCache:
    """The latest answers, each for a minute; safe among threads."""

    def __init__(self) -> None:
        self._answers: Memory[tuple[float, JSON, int]] = Memory("pages' answers", lambda kept: UNFOLDED * kept[2])

    def get(self, key: Hashable) -> JSON | None:
        """The answer if it is fresh."""
        kept = self._answers.peek(key)
        return kept[1] if kept is not None and time.monotonic() - kept[0] < SECONDS_KEPT else None

    def put(self, key: Hashable, answer: JSON, size: int = 0) -> None:
        """Keep an answer that was sent in `size` bytes."""
        self._answers.put(key, (time.monotonic(), answer, size))

    def drop(self, fits: Callable[[Hashable], bool]) -> None:
        """Forget the answers whose key fits."""
        self._answers.drop(fits)
