"""Two ways of doing one thing, timed turn by turn in one process."""

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple


class Line(NamedTuple):
    """One row of the table."""

    line: str
    value: float  # of ours, in `unit`
    unit: str
    baseline: str  # what it is measured against
    ratio: float  # baseline's time over ours: more than 1 is faster


def versus(line: str, ours: Callable[[], Any], baseline: Callable[[], Any], against: str, runs: int = 7) -> Line:
    """The median of `runs` interleaved turns after one warm-up of each."""
    ours(), baseline()
    pairs = [(_seconds(ours), _seconds(baseline)) for _ in range(runs)]
    ratio = statistics.median(b / a for a, b in pairs)
    return Line(line, round(statistics.median(a for a, _ in pairs), 4), "s", against, round(ratio, 2))


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
