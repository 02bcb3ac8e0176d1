"""A window whose signal a method shifted in time: what it looks like then, what the model says, and is it plausible."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from frontend import tracks
from frontend.api import JSON
from frontend.pages.rhythm.window import RhythmWindow

WRONG = {  # fact of the shift → what is wrong where it is not zero
    "folds": "time stands still or runs back",
    "widths changed": "QRS stretched or squeezed over 20%",
    "short intervals": "RR below 300 ms",
}


@dataclass(frozen=True)
class Shift:
    """The displacement of one window; times in s."""

    window: RhythmWindow
    displacement: Sequence[float]  # ms at the network's samples

    @property
    def step(self) -> float:
        """Seconds between two displacements."""
        start, end = self.window.span
        return (end - start) / len(self.displacement)

    def at(self, time: float) -> float:
        """The displacement at a time, in ms."""
        i = int((time - self.window.span[0]) / self.step)
        return self.displacement[min(max(i, 0), len(self.displacement) - 1)]

    @cached_property
    def signal(self) -> list[float | None]:
        """The recording's own samples, read where the shift reads them: linear in between."""
        known, fs = self.window.signal["value"], self.window.signal["fs"]
        start, last = self.window.span[0], len(known) - 1
        found: list[float | None] = []
        for i in range(len(known)):
            position = min(max(i - self.at(start + i / fs) * fs / 1000, 0.0), float(last))
            left = min(int(position), last - 1)
            a, z = known[left], known[left + 1]
            found.append(None if a is None or z is None else a + (z - a) * (position - left))
        return found

    @cached_property
    def joins(self) -> list[tuple[float, float]]:
        """Each R peak, and where it is after the shift."""
        start = self.window.span[0]
        moved = [start + i * self.step - value / 1000 for i, value in enumerate(self.displacement)]
        highest, rising = moved[0], []
        for position in moved:  # where time runs back the first place counts
            highest = max(highest, position)
            rising.append(highest)
        found = []
        for beat in self.window.beats:
            i = bisect_left(rising, beat["time"])
            if i < len(rising):
                found.append((beat["time"], start + i * self.step))
        return found

    @cached_property
    def largest(self) -> tuple[float, float]:
        """Where the signal was moved most, and by how many ms."""
        i = max(range(len(self.displacement)), key=lambda k: abs(self.displacement[k]))
        return self.window.span[0] + i * self.step, self.displacement[i]

    @cached_property
    def facts(self) -> dict[str, float]:
        """Numbers that the method gives beside its picture, by name."""
        found = self.window.explanation
        scalars = [one for one in tracks.tracks(found) if not one.dims] if found else []
        return {one.name: float(one.values) for one in scalars if one.values is not None}

    @property
    def wrong(self) -> list[str]:
        """What no rhythm does, in words; empty where the shifted signal could be one."""
        return [words for name, words in WRONG.items() if self.facts.get(name)]

    def chances(self, name: str) -> list[float] | None:
        """Probabilities [classes]: "before" or "after" the shift."""
        found = self.window.explanation
        every = tracks.tracks(found) if found else []
        return next((one.values for one in every if one.role == "probability" and one.name == name), None)

    @property
    def flip(self) -> tuple[JSON, JSON] | None:
        """The classes before and after, where the output changed."""
        kinds = self.window.answer["classes"]
        pair = self.chances("before"), self.chances("after")
        if pair[0] is None or pair[1] is None:
            return None
        before, after = (kinds[max(range(len(kinds)), key=one.__getitem__)] for one in pair if one)
        return (before, after) if before["symbol"] != after["symbol"] else None


def shift_of(window: RhythmWindow) -> Shift | None:
    """The shift of a window's explanation; None where its method moves nothing."""
    track = tracks.of_role(window.explanation, "displacement", "time") if window.explanation else None
    return Shift(window, track.values) if track else None
