"""Two ways of doing one thing, timed turn by turn in one process."""

import statistics
import time
from collections.abc import Callable
from typing import Any, NamedTuple

RUNS = 7


class Line(NamedTuple):
    """One row of the table."""

    line: str
    value: float  # of ours, in `unit`
    unit: str
    baseline: str  # what it is measured against
    ratio: float | None  # baseline's cost over ours: more than 1 is cheaper; None: nothing to measure against


def versus(
    line: str,
    ours: Callable[[], Any],
    baseline: Callable[[], Any],
    against: str,
    *,
    share: float = 1.0,
    runs: int = RUNS,
) -> Line:
    """The median of `runs` interleaved turns after one warm-up of each; one turn of ours does `share` of baseline's."""
    ours(), baseline()
    pairs = [(seconds(ours), seconds(baseline)) for _ in range(runs)]
    ratio = statistics.median(share * b / a for a, b in pairs)
    return Line(line, round(statistics.median(a for a, _ in pairs), 4), "s", against, round(ratio, 2))


def marks(milliseconds: list[float]) -> dict[str, float]:
    """The median and the 95th percentile."""
    found = statistics.quantiles(milliseconds, n=20, method="inclusive")
    return {"p50": found[9], "p95": found[18]}


def seconds(work: Callable[[], Any]) -> float:
    """How long one turn took."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun
