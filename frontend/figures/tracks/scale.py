"""How far a track's axis or ramp reaches: fixed by its full scale or its role, else its own, and that is said."""

from dataclasses import dataclass

import numpy as np

from frontend import format
from frontend.figures.tracks.frame import Frame
from frontend.tracks import Track

WHOLE = ("probability", "attention")  # from 0 to 1, whatever the values are
BOTH_WAYS = ("relevance", "state", "displacement")  # as far below 0 as above


@dataclass(frozen=True)
class Scale:
    """The ends, in the track's own unit."""

    low: float
    high: float
    fixed: bool  # the same for every window

    @property
    def signed(self) -> bool:
        """Whether 0 lies in its middle."""
        return self.low < 0

    @property
    def words(self) -> str:
        """`0 to 1`; `±0.4, its own scale`."""
        ends = f"±{format.short(_round(self.high))}" if self.low == -self.high else self._ends()
        return ends if self.fixed else f"{ends}, its own scale"

    def _ends(self) -> str:
        return f"{format.short(_round(self.low))} to {format.short(_round(self.high))}"


def scale(track: Track, frame: Frame) -> Scale:
    """The scale of a track by its role."""
    known = track.array[np.isfinite(track.array)]
    full = _full(track, frame)
    if track.role in WHOLE:
        return Scale(0.0, full or 1.0, True)
    if track.role in BOTH_WAYS and (track.role != "relevance" or frame.signed):
        most = full or _largest(known)
        return Scale(-most, most, full is not None)
    if full is not None:
        return Scale(-full if len(known) and known.min() < 0 else 0.0, full, True)
    if track.role == "relevance":
        return Scale(0.0, _largest(known), False)
    low, high = (float(known.min()), float(known.max())) if len(known) else (0.0, 1.0)
    return Scale(low, high if high > low else low + 1.0, False)


def _full(track: Track, frame: Frame) -> float | None:
    """The track's own; that of the map for other relevance in the same unit."""
    shared = track.role == "relevance" and track.unit == frame.unit
    return track.full or (frame.full if shared else None)


def _largest(known: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> float:
    return float(np.abs(known).max(initial=0.0)) or 1.0


def _round(value: float) -> float:
    return float(f"{value:.2g}")
