"""From a method's many small reports to the few that a person can follow."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from redis.exceptions import RedisError

from workers.errors import CancelledError, InterruptedJobError
from workers.status import URGENCIES, ProgressState, Urgency
from workers.status_store import JobStatusStore

if TYPE_CHECKING:  # importing it would import torch
    from models.explainers.base import Progress
    from models.explainers.tracks import Floats

POINTS = 100  # of the loss curve
BETWEEN = 0.1  # seconds between notices: at most ten a second
BETWEEN_PARTIAL = 0.33  # seconds between partial maps

GIVES_WAY: tuple[Urgency, ...] = ("secondary", "prefetch")  # a chunk of a bulk request is short, and ends

Clock = Callable[[], float]  # seconds


def thin(values: list[float], points: int = POINTS) -> list[float]:
    """At most `points` of the values, evenly spaced, the first and the last among them."""
    if len(values) <= points:
        return list(values)
    return [values[i] for i in np.linspace(0, len(values) - 1, points).round().astype(int)]


class Reporter:
    """The `report` that a running method is given: throttles, raises when somebody cancelled or more urgent work waits.

    `leave` says whether the worker has to go now; Redis being away for a moment never stops the computation.
    """

    def __init__(
        self,
        status_store: JobStatusStore,
        attempt_key: str,
        leave: Callable[[], bool] = lambda: False,
        urgency: Urgency = "interactive",
        clock: Clock = time.monotonic,
    ) -> None:
        self.status_store, self.attempt_key, self.leave, self.clock = status_store, attempt_key, leave, clock
        self.urgency = urgency
        self.began = clock()
        self.losses: list[float] = []
        self.partial: list[list[float]] | None = None
        self._written = self._drawn = -np.inf

    def __call__(self, progress: "Progress") -> None:
        """Take note of one report; write it if it is time."""
        if progress.loss is not None:
            self.losses.append(float(progress.loss))
        now = self.clock()
        if now - self._written < BETWEEN:
            return
        self._written = now
        if self.leave():
            raise InterruptedJobError(f"The worker was asked to leave in the middle of {self.attempt_key}")
        if progress.partial is not None and now - self._drawn >= BETWEEN_PARTIAL:
            self._drawn, self.partial = now, _rounded(progress.partial)
        self._write(min(max(float(progress.fraction), 0.0), 1.0), now - self.began)

    def _write(self, fraction: float, elapsed: float) -> None:
        state = ProgressState(
            fraction=round(fraction, 4),
            elapsed=round(elapsed, 2),
            loss=[float(f"{value:.6g}") for value in thin(self.losses)],
            partial=self.partial,
        )
        try:
            news = self.status_store.progress(self.attempt_key, state)
        except (RedisError, OSError):
            return
        if news.outcome is not None and news.outcome.status == "cancelled":
            raise CancelledError(self.attempt_key)
        if news.raised in before(self.urgency):
            self.urgency = news.raised
        if self.urgency in GIVES_WAY and any(news.waiting[name] for name in before(self.urgency)):
            raise InterruptedJobError(f"{self.attempt_key} gives way to more urgent work")


def before(urgency: Urgency) -> tuple[Urgency, ...]:
    """Whatever is served first."""
    return URGENCIES[: URGENCIES.index(urgency)]


def _rounded(partial: "Floats") -> list[list[float]]:
    """The batch's first map, [leads][samples], to four decimals of its largest value."""
    first = np.asarray(partial[0], dtype=np.float64)
    largest = float(np.abs(first).max(initial=0.0))
    digits = 4 - int(np.ceil(np.log10(largest))) if largest > 0 else 4
    rounded: list[list[float]] = first.round(min(max(digits, 0), 12)).tolist()
    return rounded
