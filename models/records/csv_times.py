"""The sampling frequency by a column of times, whose rows must be evenly spaced."""

import math

import numpy as np
from numpy.typing import NDArray

from models.records.stated import FASTEST, SLOWEST

FASTEST_UNNAMED = 5_000.0  # Hz; beyond it times without a unit are rather minutes than seconds
DAY = 86_400.0  # s
OFF = 0.01  # of the duration by which stated fs and times may differ


class TimesError(Exception):
    """What is wrong with the times, and in which row, from 0; `field` is what would mend it."""

    def __init__(self, row: int, reason: str, field: str | None = None) -> None:
        super().__init__(reason)
        self.row, self.reason, self.field = row, reason, field


def rate(times: NDArray[np.float64], stated: float | None, named: bool = True) -> float:
    """fs in Hz by times[rows] in s; what is stated must agree. TimesError otherwise.

    `named`: whether the file says that they are seconds; else whole numbers one by one count the rows of a stated fs.
    """
    steps = np.diff(times)
    if stated is not None and not named and (steps == 1).all():
        return stated
    if times[0] <= DAY and not times.max() >= DAY:
        steps = np.where(steps < -DAY / 2, steps + DAY, steps)  # a clock goes on from 0 at midnight
        times = np.concatenate([times[:1], times[0] + np.cumsum(steps)])
    wrong = ~(steps >= 0)  # NaN as well
    if wrong.any():
        raise _leap(times, int(np.argmax(wrong)))
    if (steps == 0).any():
        return _by_blocks(times, stated)
    step = float(times[-1] - times[0]) / len(steps)
    fs = 1 / step
    if abs(fs - round(fs)) < 1e-3 * fs:
        fs = float(round(fs))  # times are rounded
    off = np.abs(steps - float(np.median(steps)))
    worst = int(np.argmax(off))
    if not off[worst] < 0.75 * step:
        raise _leap(times, worst)
    if stated is not None:
        _agree(times, stated, fs)
        return stated
    if not SLOWEST <= fs <= FASTEST:
        hint = "; is the column in ms? name it `time (ms)`" if SLOWEST <= 1000 * fs <= FASTEST else ""
        limits = f"expected {SLOWEST:g} to {FASTEST:g} Hz"
        raise TimesError(0, f"sampling frequency {fs:g} Hz by the times: {limits}{hint}")
    if not named and fs > FASTEST_UNNAMED:
        hint = "name the column `time (s)`, or `time (min)`"
        raise TimesError(0, f"sampling frequency {fs:g} Hz by the times, which state no unit: {hint}")
    return fs


def _by_blocks(times: NDArray[np.float64], stated: float | None) -> float:
    """fs where several rows share one time stamp: as stated, and the blocks must agree."""
    firsts = np.flatnonzero(np.diff(times, prepend=-math.inf) > 0)
    shared = int(np.argmax(np.diff(times) == 0)) + 1
    if len(firsts) < 3:
        raise TimesError(
            shared, f"several rows share the time {times[shared]:g} s: leave that column out, and state fs"
        )
    steps, sizes = np.diff(times[firsts]), np.diff(firsts)
    fs = float(sizes.sum() / steps.sum())
    worst = int(np.argmax(np.abs(steps - np.median(steps))))
    if not abs(steps[worst] - float(np.median(steps))) < 0.75 * float(np.median(steps)):
        raise _leap(times, int(firsts[worst + 1]) - 1)
    if stated is None:
        reason = f"several rows share the time {times[shared]:g} s: add a line `# fs: …` (the times suggest {fs:.4g})"
        raise TimesError(shared, reason, "fs")
    if abs(fs - stated) > 0.05 * stated:
        raise TimesError(0, f"states {stated:g} Hz, and its times say {fs:.4g} Hz")
    return stated


def _agree(times: NDArray[np.float64], stated: float, found: float) -> None:
    long = float(times[-1] - times[0])
    if abs((len(times) - 1) / stated - long) > OFF * long + 1 / found:
        raise TimesError(0, f"states {stated:g} Hz, and its times say {found:.4g} Hz")


def _leap(times: NDArray[np.float64], row: int) -> TimesError:
    a, b = times[row], times[row + 1]
    return TimesError(row + 1, f"the time goes from {a:g} to {b:g} s: rows must be evenly spaced")
