"""Where the P wave, the QRS complex and the T wave of a beat begin and end, by a network trained on LUDB.

Checked against other recordings of LUDB: docs/reference/results.md has sensitivity and error of each boundary.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.records.record import Record
from models.signals.gaps import fill
from models.signals.rpeaks import Indices
from models.signals.wave_network import CLASSES, FS, probabilities

Floats = NDArray[np.float64]

BESIDE = 6  # beats of context on either side
MARGIN = 0.8  # s of signal before the first and after the last beat of the context
SHORTEST = 1.0  # s of signal: less has no baseline
EVEN = 0.5  # probability at which a wave begins and ends
BRIDGED = 0.04  # s: runs of one wave no further apart are one wave
QRS_REACH = (0.20, 0.28)  # s before and after R in which the QRS lies
NEAREST = 0.06  # s: a QRS that does not hold R lies no further from it
P_REACH = 0.40  # s before the QRS in which P begins
T_REACH = 0.65  # s after R in which T ends
LEAST = {"P": 0.03, "T": 0.06}  # s: what is shorter is no wave


@dataclass(frozen=True)
class Wave:
    """One wave: first and last sample, at the record's fs."""

    onset: int
    offset: int


@dataclass(frozen=True)
class Waves:
    """The waves of one beat in one lead; None is not found."""

    p: Wave | None = None
    qrs: Wave | None = None
    t: Wave | None = None


NONE = Waves()


def source() -> dict[str, str]:
    """Boundary → who set it."""
    network = "a network trained on LUDB"
    return dict.fromkeys(("P", "QRS onset", "QRS end", "T"), network)


def waves(record: Record, lead_index: int, r: Indices, index: int) -> Waves:
    """The waves of beat `index` of the R peaks r[beats], from up to six beats on either side.

    Nothing is found where the beat or its neighbours touch a gap, or the signal is too short.
    """
    first, last = max(0, index - BESIDE), min(len(r), index + BESIDE + 1)
    start = max(0, int(r[first] - MARGIN * record.fs))
    stop = min(record.samples, int(r[last - 1] + MARGIN * record.fs))
    stretch = record.signal[lead_index, start:stop]
    left, right = int(r[max(index - 1, 0)]) - start, int(r[min(index + 1, len(r) - 1)]) - start
    if not np.isfinite(stretch[left : right + 1]).all():
        return NONE
    found = delineate(fill(stretch)[0], record.fs, r[first:last] - start)[index - first]
    return Waves(*(_moved(wave, start) for wave in (found.p, found.qrs, found.t)))


def delineate(signal: Floats, fs: float, r: Indices) -> list[Waves]:
    """The waves of every beat of signal[samples] (any unit, no NaN) with R peaks r[beats], ascending."""
    if len(signal) < SHORTEST * fs or not np.ptp(signal):
        return [NONE] * len(r)
    seconds = np.asarray(r, dtype=np.float64) / fs
    chances = dict(zip(CLASSES, probabilities(np.asarray(signal, dtype=np.float64), fs, seconds), strict=True))
    complexes = [_qrs(chances["QRS"], peak) for peak in seconds]
    return [_beat(chances, seconds, complexes, i, fs) for i in range(len(r))]


Span = tuple[float, float]  # s


def _beat(chances: dict[str, Floats], r: Floats, complexes: list[Span | None], i: int, fs: float) -> Waves:
    """Beat i's waves at the record's samples; P lies after the beat before, T before the beat after."""
    own = complexes[i]
    if own is None:
        return NONE
    before = complexes[i - 1] if i else None
    after = complexes[i + 1] if i + 1 < len(r) else None
    earliest = before[1] if before else (r[i - 1] if i else 0.0)
    latest = after[0] if after else (r[i + 1] if i + 1 < len(r) else np.inf)
    p = _largest(chances["P"], max(earliest, own[0] - P_REACH), own[0], LEAST["P"])
    t = _largest(chances["T"], own[1], min(latest, r[i] + T_REACH), LEAST["T"])
    return Waves(_wave(p, fs), _wave(own, fs), _wave(t, fs))


def _qrs(probability: Floats, r: float) -> Span | None:
    """The run of QRS that holds R, or lies nearest to it."""
    found = spans(probability, r - QRS_REACH[0], r + QRS_REACH[1])
    away = [max(start - r, r - stop, 0.0) for start, stop in found]
    return found[int(np.argmin(away))] if found and min(away) <= NEAREST else None


def _largest(probability: Floats, first: float, last: float, least: float) -> Span | None:
    """The longest run of a wave from `first` to `last` (s) that is at least `least` seconds long."""
    found = [span for span in spans(probability, first, last) if span[1] - span[0] >= least]
    return max(found, key=lambda span: span[1] - span[0], default=None)


def spans(probability: Floats, first: float, last: float) -> list[Span]:
    """Each stretch (s) from `first` to `last` in which a wave is the likelier, ends interpolated; near ones are one."""
    a, b = max(0, int(np.ceil(first * FS))), min(len(probability), int(np.floor(min(last, len(probability)) * FS)) + 1)
    held = np.concatenate(([False], probability[a:b] >= EVEN, [False]))
    edges = np.flatnonzero(held[1:] != held[:-1]).reshape(-1, 2) + a
    joined: list[Span] = []
    for start, stop in edges.tolist():
        span = (_crossing(probability, start, -1) if start > a else start / FS, _crossing(probability, stop - 1, 1))
        if joined and span[0] - joined[-1][1] <= BRIDGED:
            joined[-1] = (joined[-1][0], span[1])
        else:
            joined.append(span)
    return joined


def _crossing(probability: Floats, inside: int, step: int) -> float:
    """Time (s) between sample `inside` and the next in direction `step` at which the chance is even."""
    beyond = inside + step
    if not 0 <= beyond < len(probability):
        return inside / FS
    share = (probability[inside] - EVEN) / (probability[inside] - probability[beyond])
    return float(inside + step * min(share, 1.0)) / FS if probability[beyond] < EVEN else inside / FS


def _wave(span: Span | None, fs: float) -> Wave | None:
    if span is None:
        return None
    onset, offset = (round(at * fs) for at in span)
    return Wave(onset, offset) if onset < offset else None


def _moved(wave: Wave | None, by: int) -> Wave | None:
    return wave and Wave(wave.onset + by, wave.offset + by)
