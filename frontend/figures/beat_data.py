"""What an enlarged beat shows: its window, its surroundings, the relevance and the scale at which it fits."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.figures.paper import PX_PER_MM
from frontend.tokens import Theme

AXIS, HEAD, GAP, PROFILE, FOOT = 34, 19, 6, 30, 17  # px: mV labels, brackets, space, profile, ms labels
ALPHA = 0.55
SPEEDS = (400.0, 200.0, 100.0, 50.0, 25.0, 12.5, 5.0, 2.5, 1.0)  # mm/s
GAINS = (20.0, 15.0, 10.0, 5.0, 2.5, 1.0, 0.5)  # mm/mV
LARGE, LARGER = 300.0, (80.0, 40.0)  # px of paper on which a beat may be drawn larger still, mm/mV
LEAD = 30.0  # px that a lead has at least


@dataclass(frozen=True)
class Beat:
    """What a map shows; times in ms from R."""

    window: dict[str, Any]  # {samples, fs, before, millivolts[leads][samples], units[leads]}
    context: dict[str, list[float | None]]  # {time, value}: the surroundings of the first lead
    explanation: dict[str, Any] | None = None
    partial: list[list[float]] | None = None  # relevance so far, of a running job
    theme: Theme = "light"
    width: float = 386.0  # px
    paper: float = 200.0  # px
    minor: bool = True
    gain: float | None = None  # mm/mV; None: the largest that fits
    mm: float = PX_PER_MM  # px
    will_be_signed: bool = False  # of the explanation that is still to come
    rr: tuple[float | None, float | None] = (None, None)  # ms to the beat before, and to the one after
    rr_note: tuple[str | None, str | None] = (None, None)  # why there is none
    regions: Sequence[dict[str, Any]] = ()  # the window cut at its waves: {key, name, start_ms, end_ms}
    channels: Sequence[str] = ()  # names of the leads; of one lead nobody asks
    around_beat: bool = True  # whether times are counted from an R peak
    sees: float | None = None  # samples that one step of the network sees, where a map has fewer steps than samples
    strength: float = 1.0  # of the colours: a map that is not faithful is drawn at half

    @property
    def height(self) -> float:
        """The height of the whole figure in px."""
        return HEAD + self.paper + GAP + PROFILE + FOOT

    @cached_property
    def times(self) -> list[float]:
        """The times of the window's samples."""
        w = self.window
        return [round((i - w["before"]) * 1000 / w["fs"], 3) for i in range(w["samples"])]

    @property
    def first(self) -> float:
        """Ms of the window's first sample."""
        return float(-self.window["before"] * 1000 / self.window["fs"])

    @property
    def px(self) -> float:
        """Px of the window: what is less than a column of it cannot be seen."""
        length = self.window["samples"] * 1000 / self.window["fs"]
        return (self.width - AXIS) * float(min(1.0, length / (self.span[1] - self.span[0])))

    @property
    def leads(self) -> list[list[float]]:
        """Millivolts of each lead the model reads."""
        leads: list[list[float]] = self.window["millivolts"]
        return leads

    @property
    def units(self) -> list[str]:
        """The units of the leads."""
        return self.window.get("units") or ["mV"] * len(self.leads)

    @property
    def to_scale(self) -> bool:
        """Whether all leads are millivolts, on paper of one scale; else each has its own axis."""
        return set(self.units) == {"mV"}

    @property
    def uncentred(self) -> float:
        """Ms at either end of the window on which no step is centred: a map's values there are its outermost steps'."""
        samples = min((self.sees or 1.0) - 1, self.window["samples"]) / 2
        return float(samples * 1000 / self.window["fs"]) if self.explanation else 0.0

    def when(self, ms: float) -> str:
        """A time in words: `12 ms from R`, `at 12.5 s`."""
        return f"{format.milliseconds(ms)} ms from R" if self.around_beat else format.span(ms)

    @cached_property
    def scale(self) -> tuple[float, float]:
        """Largest mm/s and mm/mV at which the window fits."""
        available, tall = self.width - AXIS, self.paper / len(self.leads)
        length = self.window["samples"] / self.window["fs"]
        tallest = max(max(lead) - min(lead) for lead in self.leads)
        speed = next(
            (s for s in SPEEDS if length * s * self.mm <= available), min(SPEEDS[-1], available / length / self.mm)
        )
        gains = (*LARGER, *GAINS) if tall >= LARGE else GAINS
        gain = self.gain or next((g for g in gains if tallest * g * self.mm <= tall - 6), GAINS[-1])
        return speed, gain

    @property
    def span(self) -> tuple[float, float]:
        """First and last ms on the paper."""
        shown = (self.width - AXIS) / paper.px_per_second(self.scale[0], self.mm) * 1000
        length = self.window["samples"] * 1000 / self.window["fs"]
        first = self.times[0] - (shown - length) * 0.42
        return first, first + shown

    @property
    def relevance(self) -> list[list[float]] | None:
        """Raw relevance [leads][samples]: the result's, else what a running job has so far."""
        return self.explanation["relevance"] if self.explanation else self.partial

    @property
    def full(self) -> float:
        """Full scale of the ramp."""
        return float(self.explanation["scale"]["full"]) if self.explanation else 1.0

    @property
    def signed(self) -> bool:
        """Whether negative relevance has a meaning."""
        return bool(self.explanation["signed"]) if self.explanation else self.will_be_signed

    @property
    def empty(self) -> bool:
        """Nothing found: the map is left empty and is not stretched."""
        return bool(self.explanation and self.explanation["scale"]["nothing_found"])
