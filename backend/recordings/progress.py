"""What is under way for recordings, for those who wait: steps of reading, searching and computing, as they are done."""

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from backend.recordings.schemas import ProgressResponse
from workers.errors import spoken

BRIEF = 0.3  # s: what takes no longer is not worth a word


@dataclass(eq=False)
class Step:
    """One step of the work on a recording."""

    words: str
    total: int | None = None  # beats, or windows; None: what is done of it is not known before its end
    noun: str = "beats"
    done: int = 0
    began: float = field(default_factory=time.monotonic)
    first: tuple[int, float] | None = None  # done and s, when the first part was there: before it things are prepared

    def add(self, more: int) -> int:
        """So many more are done; the same number, for who counts them too."""
        self.done += more
        self.first = self.first or (self.done, self.seconds)
        return more

    @property
    def seconds(self) -> float:
        """Since it began."""
        return time.monotonic() - self.began

    @property
    def remaining_seconds(self) -> float | None:
        """At the pace so far; None where there is none yet."""
        return pace(self.first, self.done, self.total, self.seconds) if self.total else None

    @property
    def sentence(self) -> str:
        """The step in words: how far it is, or for how long it has been going on."""
        if self.total is None:
            return f"{self.words}: {self.seconds:.0f} s so far."
        left = self.remaining_seconds
        end = "" if left is None else f", about {spoken(left)} left"
        return f"{self.words}: {self.done:,} of {self.total:,} {self.noun}{end}."


def pace(first: tuple[int, float] | None, done: int, total: int, seconds: float) -> float | None:
    """Seconds that the rest will take at the pace since the `first` part (done, s) came; None before the second."""
    if first is None or done <= first[0]:
        return None
    return (seconds - first[1]) / (done - first[0]) * (total - done)


class Progress:
    """The steps under way, by recording."""

    def __init__(self) -> None:
        self._steps: dict[str, list[Step]] = defaultdict(list)
        self._lock = threading.Lock()

    @contextmanager
    def step(self, recording: str, words: str, total: int | None = None, noun: str = "beats") -> Iterator[Step]:
        """A step of the work, as long as the block lasts; whoever does it adds to what is `done`."""
        with self.under_way(recording, Step(words, total, noun)) as own:
            yield own

    @contextmanager
    def under_way(self, recording: str, own: Step) -> Iterator[Step]:
        """The same of a step that somebody follows."""
        with self._lock:
            self._steps[recording].append(own)
        try:
            yield own
        finally:
            with self._lock:
                self._steps[recording].remove(own)
                if not self._steps[recording]:
                    del self._steps[recording]

    def all(self) -> dict[str, ProgressResponse]:
        """What is under way, by recording."""
        with self._lock:
            known = list(self._steps)
        found = {recording: self.of(recording) for recording in known}
        return {recording: progress for recording, progress in found.items() if progress.words}

    def of(self, recording: str) -> ProgressResponse:
        """The latest kind of step that is under way, and of those of its kind the one that is furthest."""
        with self._lock:
            steps = [step for step in self._steps.get(recording, ()) if step.seconds >= BRIEF]
        if not steps:
            return ProgressResponse()
        own = max((step for step in steps if step.words == steps[-1].words), key=lambda step: (step.done, step.seconds))
        return ProgressResponse(
            words=own.sentence,
            seconds=own.seconds,
            done=own.done if own.total is not None else None,
            total=own.total,
            remaining_seconds=own.remaining_seconds,
        )
