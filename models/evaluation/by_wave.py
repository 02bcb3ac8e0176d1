"""How much of a map lies on each wave of its beat, and what hiding that wave does; each with its range."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from models.cards import BeatWindow, InputSpec
from models.covering import covers
from models.explainers.tracks import Floats
from models.signals.waves import Wave, Waves
from models.zoo import Model

SHIFT = 0.010  # s, at least one sample: how far each boundary is moved for the range


@dataclass(frozen=True)
class Region:
    """A stretch of the window, start ≤ sample < end."""

    key: str  # "before", "p", "qrs", "st", "t", "after"
    name: str  # "Before QRS"
    start: int
    end: int
    within: str | None = None  # key of the region that it is a part of


@dataclass(frozen=True)
class Range:
    """A number, and its least and largest value as the region's boundaries move."""

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

    delta: Range  # of the target's calibrated probability
    index: int  # the most probable class with the region hidden


def shift(spec: InputSpec) -> int:
    """Samples by which boundaries are moved for the range."""
    return max(1, round(SHIFT * spec.fs))


def regions(waves: Waves, r: int, record_fs: float, spec: InputSpec) -> list[Region]:
    """The window around R at sample `r` (record's fs) cut at its waves' boundaries; none without a QRS or a beat."""
    window = spec.window
    if waves.qrs is None or not isinstance(window, BeatWindow):
        return []
    samples = window.samples

    def span(wave: Wave) -> tuple[int, int]:
        onset, offset = (round((at - r) / record_fs * spec.fs) + window.before for at in (wave.onset, wave.offset))
        return min(max(onset, 0), samples), min(max(offset, 0), samples)

    onset, end = span(waves.qrs)
    found = [Region("before", "Before QRS", 0, onset)]
    if waves.p:
        found.append(Region("p", "P", *span(waves.p), within="before"))
    found.append(Region("qrs", "QRS", onset, end))
    if waves.t is None:
        found.append(Region("after", "After QRS", end, samples))
    else:
        t_onset, t_end = span(waves.t)
        found += [
            Region("st", "ST", end, t_onset),
            Region("t", "T", t_onset, t_end),
            Region("after", "After T", t_end, samples),
        ]
    return [region for region in found if region.start < region.end]


def shares(relevance: Floats, found: Sequence[Region], by: int) -> list[Range]:
    """Share of Σ|relevance| [leads, samples] in each region, with its range as each boundary moves by ±`by` samples."""
    weight = np.abs(relevance).sum(axis=0, dtype=np.float64)
    until = np.concatenate(([0.0], np.cumsum(weight)))
    total = until[-1] or 1.0

    def share(start: int, end: int) -> float:
        return float(until[max(start, end)] - until[start]) / total

    ranges = []
    for region in found:
        narrow, wide = moved(region, -by, len(weight)), moved(region, by, len(weight))
        ranges.append(Range(share(region.start, region.end), share(*narrow), share(*wide)))
    return ranges


def moved(region: Region, by: int, samples: int) -> tuple[int, int]:
    """The region made wider by `by` samples on each side that is a wave's boundary; the window's own ends stay."""
    start = region.start if region.start == 0 else min(max(region.start - by, 0), samples)
    end = region.end if region.end == samples else min(max(region.end + by, 0), samples)
    return start, end


def changes(model: Model, inputs: Floats, target: int, found: Sequence[Region], by: int) -> list[Change]:
    """What setting each region of inputs [leads, samples] to 0 does to class index `target`'s probability."""
    samples = inputs.shape[1]
    spans = [span for region in found for span in shifted(region, by, samples)]
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


def shifted(region: Region, by: int, samples: int) -> list[tuple[int, int]]:
    """The region as it is, then with each boundary earlier, in place and later; nine spans, none of them empty."""
    starts = [region.start] * 3 if region.start == 0 else [region.start, region.start - by, region.start + by]
    ends = [region.end] * 3 if region.end == samples else [region.end, region.end - by, region.end + by]
    spans = [(max(start, 0), min(end, samples)) for start, end in product(starts, ends)]
    return [span if span[0] < span[1] else (region.start, region.end) for span in spans]
