"""A recording's windows with what model, reference and beats say of each: what the day view shows and counts."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from statistics import fmean, pstdev

from frontend.api import JSON, Api
from frontend.pages.rhythm import labels
from frontend.tokens import UNCERTAIN

PREMATURE = ("S", "V")  # AAMI classes


@dataclass(frozen=True)
class Moment:
    """One window, times in s."""

    start: float
    end: float
    output: JSON | None  # the class
    chances: Sequence[float] | None  # [classes]
    margin: float | None
    reference: list[tuple[JSON, float]]  # rhythms and their seconds
    expected: JSON | None  # the class that the longest rhythm counts as
    rr: Sequence[float]  # ms
    premature: int  # beats

    @property
    def differs(self) -> bool:
        """Whether the output is another class than the reference's."""
        return bool(self.output and self.expected and self.output["symbol"] != self.expected["symbol"])

    @property
    def uncertain(self) -> bool:
        """Whether the output is hardly ahead of the next class."""
        return self.margin is not None and self.margin < UNCERTAIN

    @property
    def spread(self) -> float | None:
        """SD of RR over its mean; None for less than three intervals."""
        return pstdev(self.rr) / fmean(self.rr) if len(self.rr) > 2 else None

    @property
    def longest(self) -> JSON | None:
        """The reference's rhythm of most of the window."""
        return max(self.reference, key=lambda pair: pair[1])[0] if self.reference else None


@dataclass(frozen=True)
class Course:
    """All windows of a recording; `day` is the result of the task of that name."""

    api: Api
    record: JSON
    lead: str | None
    day: JSON
    card: JSON

    @property
    def classes(self) -> list[JSON]:
        """The model's classes."""
        return list(self.card["classes"])

    @cached_property
    def marks(self) -> list[JSON]:
        """The reference's rhythms."""
        return labels.rhythms(self.api, self.record["id"])

    @cached_property
    def beats(self) -> JSON:
        """All beats as columns."""
        return self.api.beats(self.record["id"], self.lead)

    @cached_property
    def moments(self) -> list[Moment]:
        """The windows in order."""
        kinds = {kind["symbol"]: kind for kind in self.classes}
        columns = zip(*(self.day[name] for name in ("start", "output", "probabilities", "margin")), strict=True)
        return [self._moment(start, kinds.get(output), chances, margin) for start, output, chances, margin in columns]

    def _moment(self, start: float, output: JSON | None, chances: list[float] | None, margin: float | None) -> Moment:
        end = start + self.day["seconds"]
        rhythms = labels.shares(self.marks, start, end)
        longest = max(rhythms, key=lambda pair: pair[1])[0] if rhythms else None
        expected = labels.class_of(self.api, longest, self.card) if longest else None
        first, last = (bisect_left(self.beats["time"], at) for at in (start, end))
        rr = [value for value in self.beats["rr"][first:last] if value is not None]
        premature = sum(group in PREMATURE for group in self.beats["aami"][first:last])
        return Moment(start, end, output, chances, margin, rhythms, expected, rr, premature)

    @cached_property
    def burdened(self) -> JSON:
        """The class whose burden is told: fibrillation where the model knows it, else the first that is not normal."""
        groups, vocabulary = labels.groups(self.api), self.card["vocabulary"]
        named = [kind for kind in self.classes if groups.get((vocabulary, kind["symbol"])) == "fibrillation"]
        other = [kind for kind in self.classes if not labels.is_normal(kind)]
        return (named or other or self.classes)[0]

    @property
    def burden(self) -> JSON:
        """Windows, share, and the shares that are sure and possible."""
        symbol = self.burdened["symbol"]
        found: JSON = next(one for one in self.day["burden"] if one["symbol"] == symbol)
        return found

    @cached_property
    def of_class(self) -> list[Moment]:
        """The windows with the burdened class as their output."""
        return [one for one in self.moments if one.output and one.output["symbol"] == self.burdened["symbol"]]

    @property
    def longest_run(self) -> tuple[float, float] | None:
        """First and last second of the most windows of the class without a pause."""
        symbol = self.burdened["symbol"]
        runs = [
            list(run)
            for on, run in groupby(self.moments, lambda one: bool(one.output and one.output["symbol"] == symbol))
            if on
        ]
        best = max(runs, key=len, default=None)
        return (best[0].start, best[-1].end) if best else None

    @property
    def referenced(self) -> dict[str, float] | None:
        """Share of the recording of each reference rhythm that counts as the class or that it has no class for."""
        if not self.marks:
            return None
        symbol, length = self.burdened["symbol"], self.record["seconds"]
        found: dict[str, float] = {}
        for mark in self.marks:
            kind = labels.class_of(self.api, mark, self.card)
            if (kind and kind["symbol"] == symbol) or mark["label"] == "AFL":
                found[mark["label"]] = found.get(mark["label"], 0.0) + (mark["end_time"] - mark["time"]) / length
        return found

    @cached_property
    def worst(self) -> list[int]:
        """Windows whose output is not the reference's class, the most certain first."""
        wrong = [i for i, one in enumerate(self.moments) if one.differs]
        return sorted(wrong, key=lambda i: -(self.moments[i].margin or 0.0))

    @cached_property
    def unsure(self) -> list[int]:
        """Windows with an uncertain output, the least certain first."""
        found = [i for i, one in enumerate(self.moments) if one.uncertain]
        return sorted(found, key=lambda i: self.moments[i].margin or 0.0)

    def table(self) -> tuple[list[JSON], list[list[int]]]:
        """The reference's rhythms, the commonest first, and windows by output [classes] and by the longer one."""
        known = [one.longest for one in self.moments if one.longest]
        often = Counter(rhythm["label"] for rhythm in known)
        rhythms = sorted({one["label"]: one for one in known}.values(), key=lambda one: -often[one["label"]])
        counts = [[sum(_is(one, kind, rhythm) for one in self.moments) for rhythm in rhythms] for kind in self.classes]
        return rhythms, counts


def _is(one: Moment, kind: JSON, rhythm: JSON) -> bool:
    if not one.output or not one.longest:
        return False
    return bool(one.output["symbol"] == kind["symbol"] and one.longest["label"] == rhythm["label"])
