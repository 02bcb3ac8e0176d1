"""RR intervals: the time from beat to beat, and why there is none where beats in between may be missing."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from models.memory import Memory, mapped
from models.records.record import Record
from models.signals.beats import Beats
from models.signals.gaps import edges
from models.signals.pieces import pieces

HIDES = 0.08  # s without signal that can hide a QRS
NEIGHBOURS = 8  # intervals either side
NEARBY = 4  # beats either side that say how steep one is
LONG = 2.5  # times the median of its neighbours: a pause, or beats that nobody marked
STEEP = 0.5  # of the neighbouring beats' slope: as steep as that is no pause
RISE = 0.022  # s over which a slope is measured
QRS, T = 0.1, 0.4  # s before and after a beat that are its own

NO_SIGNAL = "no signal in between"
SAME_SAMPLE = "two marks at one sample"
NOT_ANNOTATED = "beats not annotated here"
NOT_FOUND = "beats not found here"

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Intervals:
    """RR intervals around each beat of a recording, in order of time."""

    before: Floats  # [beats], ms since the beat before; NaN where it is not known
    after: Floats  # [beats], ms to the beat after
    why_before: tuple[str | None, ...]  # [beats], why it is not known; None at the recording's ends, too
    why_after: tuple[str | None, ...]


def intervals(record: Record, lead: int, beats: Beats) -> Intervals:
    """RR intervals of `beats` as seen in the lead with index `lead`.

    There is none over missing signal (of annotated beats: missing in every lead), none between two marks at one sample,
    and none over 2.5 times its neighbours' median where no lead is quiet: there are beats that nobody marked.
    A long interval over a quiet lead is a pause and stays. Kept in memory where the record has a checksum.
    """
    if not record.sha256:
        return _find(record, lead, beats)
    key = (record.id, record.sha256, lead, record.annotations)
    return _intervals.get(key, lambda: _find(record, lead, beats))


def weight(found: Intervals) -> int:
    """Bytes of intervals in memory: two numbers and two reasons for each beat."""
    return 4 * found.before.nbytes


_intervals: Memory[Intervals] = Memory("intervals", weight)


def _find(record: Record, lead: int, beats: Beats) -> Intervals:
    steps = np.diff(beats.samples) * 1000.0 / record.fs
    why = np.full(len(steps), None, dtype=object)
    why[steps <= 0] = SAME_SAMPLE
    why[_over_gaps(record, lead, beats)] = NO_SIGNAL
    unknown = NOT_FOUND if beats.symbols is None else NOT_ANNOTATED
    why[_unmarked(record, beats, steps, why == None)] = unknown  # noqa: E711 (element by element)
    known = np.where([reason is None for reason in why], steps, np.nan)
    none = np.full(min(1, len(beats)), np.nan)
    said = (None,) * len(none)
    return Intervals(
        np.concatenate((none, known)), np.concatenate((known, none)), (*said, *why.tolist()), (*why.tolist(), *said)
    )


def _over_gaps(record: Record, lead: int, beats: Beats) -> NDArray[np.bool_]:
    """Which intervals [beats − 1] hold a gap in which a beat could lie."""
    missing = np.empty(record.samples, dtype=bool)
    rows = record.signal[lead : lead + 1] if beats.symbols is None else record.signal
    for first, stop in pieces(record.samples):
        missing[first:stop] = np.isnan(rows[:, first:stop]).all(axis=0)
        mapped.rest()
    gaps = edges(missing)
    found = np.zeros(max(0, len(beats) - 1), dtype=bool)
    for start, end in gaps[np.diff(gaps, axis=1)[:, 0] >= HIDES * record.fs]:
        inside = (beats.samples[:-1] < end) & (beats.samples[1:] >= start)
        found |= inside
    return found


def _unmarked(record: Record, beats: Beats, steps: Floats, known: NDArray[np.bool_]) -> list[int]:
    """The intervals, of those `known` [beats − 1], that hold beats that nobody marked."""
    if len(steps) < 2:
        return []
    likely = steps > 2 * median_filter(steps, 2 * NEIGHBOURS + 1) if len(steps) > 2 * NEIGHBOURS else steps > 0
    return [
        int(i)
        for i in np.flatnonzero(likely & known)
        if steps[i] > LONG * _usual(steps, known, int(i)) and _busy(record, beats, int(i))
    ]


def _usual(steps: Floats, known: NDArray[np.bool_], i: int) -> float:
    """Median of the known intervals around the one at `i`; infinite where there is none."""
    around = np.arange(max(0, i - NEIGHBOURS), min(len(steps), i + NEIGHBOURS + 1))
    near = steps[around[(around != i) & known[around]]]
    return float(np.median(near)) if len(near) else np.inf


def _busy(record: Record, beats: Beats, i: int) -> bool:
    """Whether between the beats `i` and `i` + 1 no lead is quiet."""
    fs = record.fs
    near = beats.samples[max(0, i - NEARBY) : i + NEARBY + 2]
    first, last = int(beats.samples[i] + T * fs), int(beats.samples[i + 1] - QRS * fs)
    if last - first < QRS * fs:
        return False
    inside = _slope(record, first, last)
    own = np.array([_slope(record, int(at - QRS * fs), int(at + QRS * fs)) for at in near])
    usual = np.nanmedian(np.where(np.isnan(own), 0, own), axis=0)
    seen = np.isfinite(inside) & (usual > 0)
    return bool(seen.any() and (inside[seen] >= STEEP * usual[seen]).all())


def _slope(record: Record, first: int, last: int) -> Floats:
    """The steepest change [leads] over 22 ms between two samples, in the lead's unit; NaN where there is no signal."""
    width = max(1, round(RISE * record.fs))
    cut = record.signal[:, max(0, first) : last].astype(np.float64)
    change = np.abs(cut[:, width:] - cut[:, :-width])
    if not change.shape[1]:
        return np.full(len(cut), np.nan)
    return np.where(np.isnan(change).all(axis=1), np.nan, np.nanmax(np.nan_to_num(change, nan=-1.0), axis=1))
