"""How much of a map lies on each wave of its beat, and what hiding that wave does; each with its range."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from models.cards import BeatWindow, InputSpec
from models.covering.covers import covers
from models.explainers.tracks import Floats
from models.signals.wave_errors import ranges, width_of
from models.signals.waves import Wave, Waves
from models.zoo import Model

Moves = tuple[int, int]  # samples: how much earlier (≤ 0) and later (≥ 0) a boundary may be
FIXED: Moves = (0, 0)  # the window's own ends


@dataclass(frozen=True)
class Region:
    """A stretch of the window, start ≤ sample < end."""

    key: str  # "before", "p", "qrs", "st", "t", "after"
    name: str  # "Before QRS"
    start: int
    end: int
    within: str | None = None  # key of the region that it is a part of
    start_moves: Moves = FIXED
    end_moves: Moves = FIXED


@dataclass(frozen=True)
class Range:
    """A number, and its least and largest value as the region's boundaries move by their measured errors."""

    value: float
    low: float
    high: float

    @property
    def changes_sign(self) -> bool:
        """Whether even the sign depends on where exactly the boundaries are."""
        return round(self.low, 2) < 0 < round(self.high, 2)


@dataclass(frozen=True)
class Change:
    """What hiding a region does."""

    delta: Range  # of the target's probability
    index: int  # the most probable class with the region hidden


def regions(waves: Waves, r: int, record_fs: float, spec: InputSpec) -> list[Region]:
    """The window around R at sample `r` (record's fs) cut at its waves' boundaries; none without a QRS or a beat."""
    window = spec.window
    if waves.qrs is None or not isinstance(window, BeatWindow):
        return []
    width = width_of((waves.qrs.offset - waves.qrs.onset) / record_fs)
    cut = _Cut(r, record_fs, spec.fs, window, width)
    onset, end = cut.edge("QRS onset", waves.qrs), cut.edge("QRS end", waves.qrs)
    first, last = (0, FIXED), (window.samples, FIXED)
    found = [_region("before", "Before QRS", first, onset)]
    if waves.p:
        p_onset, p_end = cut.edge("P onset", waves.p), cut.edge("P end", waves.p)
        found.append(_region("p", "P", p_onset, min(p_end, onset), within="before"))
    found.append(_region("qrs", "QRS", onset, end))
    if waves.t is None:
        found.append(_region("after", "After QRS", end, last))
    else:
        t_onset, t_end = max(cut.edge("T onset", waves.t), end), cut.edge("T end", waves.t)
        found += [
            _region("st", "ST", end, t_onset),
            _region("t", "T", t_onset, t_end),
            _region("after", "After T", t_end, last),
        ]
    return [region for region in found if region.start < region.end]


Edge = tuple[int, Moves]  # sample of the window, and how it may move


def _region(key: str, name: str, start: Edge, end: Edge, within: str | None = None) -> Region:
    return Region(key, name, start[0], end[0], within, start[1], end[1])


@dataclass(frozen=True)
class _Cut:
    """From a record's samples to those of the window around `r`."""

    r: int
    record_fs: float
    fs: float
    window: BeatWindow
    width: str

    def edge(self, boundary: str, wave: Wave) -> Edge:
        """A wave's first sample, or the one after its last; it stays where the window ends before it."""
        onset = boundary.endswith("onset")
        at = round(((wave.onset if onset else wave.offset) - self.r) / self.record_fs * self.fs) + self.window.before
        at += not onset
        if not 0 < at < self.window.samples:
            return min(max(at, 0), self.window.samples), FIXED
        low, high = ranges()[boundary, self.width]
        return at, (round(low * self.fs), round(high * self.fs))


def shares(relevance: Floats, found: Sequence[Region]) -> list[Range]:
    """Share of Σ|relevance| [leads, samples] in each region, with its range as its boundaries move."""
    weight = np.abs(relevance).sum(axis=0, dtype=np.float64)
    until = np.concatenate(([0.0], np.cumsum(weight)))
    total = until[-1] or 1.0

    def share(start: int, end: int) -> float:
        return float(until[max(start, end)] - until[start]) / total

    shared = []
    for region in found:
        starts, ends = moved(region, len(weight))
        shared.append(Range(share(region.start, region.end), share(starts[-1], ends[0]), share(starts[0], ends[-1])))
    return shared


def moved(region: Region, samples: int) -> tuple[list[int], list[int]]:
    """Where the region may start, and where it may end: earliest, as found, latest, in a window of `samples`."""
    starts, ends = (
        [min(max(at + by, 0), samples) for by in (moves[0], 0, moves[1])]
        for at, moves in ((region.start, region.start_moves), (region.end, region.end_moves))
    )
    return starts, ends


def changes(model: Model, inputs: Floats, target: int, found: Sequence[Region]) -> list[Change]:
    """What setting each region of inputs [leads, samples] to 0 does to class index `target`'s probability."""
    samples = inputs.shape[1]
    spans = [span for region in found for span in shifted(region, samples)]
    if not spans:
        return []
    starts, ends = (np.array(edge, dtype=np.int64) for edge in zip(*spans, strict=True))
    shown = np.concatenate([inputs[None], covers(inputs, starts, ends, "zero")])
    chances = model.probabilities(shown)
    deltas = (chances[1:, target] - chances[0, target]).reshape(len(found), -1)
    tops = chances[1:].argmax(axis=1).reshape(len(found), -1)
    return [
        Change(Range(float(row[0]), float(row.min()), float(row.max())), int(top[0]))
        for row, top in zip(deltas, tops, strict=True)
    ]


def shifted(region: Region, samples: int) -> list[tuple[int, int]]:
    """The region as it is, then with each boundary earlier, in place and later; ten spans, none of them empty."""
    spans = [(region.start, region.end), *product(*moved(region, samples))]
    return [span if span[0] < span[1] else (region.start, region.end) for span in spans]
