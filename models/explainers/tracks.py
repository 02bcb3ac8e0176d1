"""What a method of explanation is given, a batch, and what it answers with: tracks, each of one role."""

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from models.vocabularies.mitbih import BEATS

Floats = NDArray[np.float32]
Role = Literal["relevance", "probability", "attention", "state", "displacement", "signal", "loss"]
Dim = Literal["class", "channel", "unit", "step", "time"]
MAP: tuple[Dim, ...] = ("channel", "time")


class WindowMark(NamedTuple):
    """An annotation as it lies in one window, in samples of the window."""

    start: int
    end: int | None  # None: a point
    label: str


Marks = tuple[WindowMark, ...]  # of one window
Segments = tuple[tuple[int, ...], ...]  # [channels][samples] of one window: samples of one number are one piece
PIECES = 24  # of a channel without marks


def between_marks(channels: int, samples: int, marks: Marks) -> Segments:
    """Pieces from one marked place to the next, or PIECES equal ones where there are no marks; each channel's own."""
    starts = sorted({mark.start for mark in marks if mark.end is None and 0 < mark.start < samples})
    edges = starts or [samples * i // PIECES for i in range(1, PIECES)]
    numbers = np.searchsorted(edges, np.arange(samples), side="right")
    return tuple(tuple((numbers + (len(edges) + 1) * row).tolist()) for row in range(channels))


def beat_marks(marks: Marks) -> NDArray[np.int64]:
    """Where the beats among a window's marks lie [beats], ascending: marked as one, or found by a detector."""
    starts = {mark.start for mark in marks if mark.end is None and (mark.label in BEATS or not mark.label)}
    return np.array(sorted(starts), dtype=np.int64)


@dataclass(frozen=True)
class Batch:
    """Windows of one length with the classes that are explained."""

    signals: Tensor  # [batch, channels, samples], as the network reads them
    targets: Tensor  # [batch], class indices
    fs: float = 1.0  # Hz
    channels: tuple[str, ...] = ()  # names, in the order of `signals`; none where the model reads any lead
    marks: tuple[Marks, ...] | None = None  # of each window
    segments: Tensor | None = None  # int64 [batch, channels, samples]: samples of one number are one piece

    def __len__(self) -> int:
        return len(self.signals)


@dataclass(frozen=True)
class Track:
    """One finding on every window of a batch, in its own unit: never scaled to 0 … 1."""

    role: Role
    name: str  # "objective", "forget gate"
    dims: tuple[Dim, ...]
    values: Floats  # [batch, *dims]
    unit: str = ""
    full: float | None = None  # full scale, where it is fixed
    labels: dict[Dim, tuple[str, ...]] = field(default_factory=dict)  # names along a dimension

    def __post_init__(self) -> None:
        if np.ndim(self.values) != len(self.dims) + 1:
            raise ValueError(f"Track {self.name!r} is [batch, {', '.join(self.dims)}], not {np.shape(self.values)}")


@dataclass(frozen=True)
class Findings:
    """Everything that a method answers for a batch."""

    tracks: tuple[Track, ...]

    @classmethod
    def of_map(cls, values: Floats, unit: str, *others: Track) -> "Findings":
        """A map of relevance [batch, channels, samples], and what belongs to it."""
        return cls((Track("relevance", "relevance", MAP, values, unit), *others))

    @property
    def relevance(self) -> Track | None:
        """The map, [batch, channels, samples], that is shown and judged; None where the method gives none."""
        return next((track for track in self.tracks if track.role == "relevance" and track.dims == MAP), None)

    @property
    def values(self) -> Floats:
        """The map's values [batch, channels, samples]; ValueError where there is no map."""
        if self.relevance is None:
            raise ValueError(f"No map of relevance among {[track.name for track in self.tracks]}")
        return self.relevance.values

    def track(self, name: str) -> Track:
        """The track of this name; KeyError where there is none."""
        found = {track.name: track for track in self.tracks}
        return found[name]
