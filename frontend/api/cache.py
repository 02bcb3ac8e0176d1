"""Answers of the service, kept for a minute."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

JSON = dict[str, Any]
SECONDS_KEPT, ANSWERS_KEPT = 60.0, 200


class ResponseCache:
    """The latest answers, each for a minute; safe among threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, tuple[float, JSON]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable) -> JSON | None:
        """The answer if it is fresh."""
        with self._lock:
            born, answer = self._answers.get(key, (0.0, None))
        return answer if answer is not None and time.monotonic() - born < SECONDS_KEPT else None

    def put(self, key: Hashable, answer: JSON) -> None:
        """Keep an answer; the oldest goes."""
        with self._lock:
            self._answers[key] = (time.monotonic(), answer)
            self._answers.move_to_end(key)
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)

    def drop(self, fits: Callable[[Hashable], bool]) -> None:
        """Forget the answers whose key fits."""
        with self._lock:
            for key in [key for key in self._answers if fits(key)]:
                del self._answers[key]
