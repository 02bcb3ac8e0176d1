"""What a rhythm page shows of one window, gathered from the service."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from frontend import explanations, methods, tracks
from frontend.address import Method, parse_method
from frontend.api import JSON, Api
from frontend.figures.rhythm.behind import Map
from frontend.figures.rhythm.row import Stretch
from frontend.figures.rhythm.sizes import Sizes, sizes
from frontend.pages.rhythm import labels
from frontend.shown_window import ShownWindow
from frontend.view import View

MOST = 40_000  # values that the service hands out at once


@dataclass(frozen=True)
class RhythmWindow(ShownWindow):
    """One window of a rhythm model and what is known of it; times in s."""

    @cached_property
    def card(self) -> JSON:
        """The model in short."""
        model = self.answer["model"]
        return next(one for one in self.api.models() if one["id"] == model)

    @property
    def fs(self) -> float:
        """Hz of the recording."""
        return float(self.record["fs"])

    @property
    def span(self) -> tuple[float, float]:
        """Where the window begins and ends."""
        return self.answer["start"] / self.fs, self.answer["end"] / self.fs

    @property
    def sizes(self) -> Sizes:
        """Of the rows."""
        return sizes(self.view.width, self.view.mm, self.view.speed)

    @cached_property
    def signal(self) -> JSON:
        """The window's own samples of the lead that is read."""
        start, end = self.span
        lead = next(iter(self.answer["channels"]), self.view.lead)
        return self.api.signal(self.view.record, lead, start, end - start, MOST, self.view.filter)

    @cached_property
    def beats(self) -> list[JSON]:
        """The beats in the window: sample, time of R, symbol, and ms since the beat before."""
        if self.record.get("kind", "ecg") != "ecg":
            return []
        columns = self.api.beats(self.view.record, self.view.lead)
        start, end = self.span
        first, last = bisect_left(columns["time"], start), bisect_left(columns["time"], end)
        names = zip(*(columns[name][first:last] for name in ("sample", "r", "symbol", "rr")), strict=True)
        return [{"at": at, "time": r / self.fs, "symbol": symbol, "rr": rr} for at, r, symbol, rr in names]

    @cached_property
    def marks(self) -> list[JSON]:
        """Rhythms of the reference that touch the window."""
        start, end = self.span
        return [mark for mark in labels.rhythms(self.api, self.view.record) if _touches(mark, start, end)]

    @cached_property
    def over_time(self) -> tracks.Track | None:
        """The output as if the window ended here; None where the model gives none."""
        explanation = explanations.result(self.api, self.over_time_job)
        return tracks.over_time(explanation) if explanation else None

    @cached_property
    def method(self) -> Method | None:
        """The map behind the trace: the address's where it can be drawn, else the first that is there at once."""
        return chosen(self.api, self.view)

    @cached_property
    def map(self) -> Map | None:
        """What is drawn behind the trace."""
        return relevance(self.explanation, self.answer["window"], self.span[0]) if self.explanation else None

    @cached_property
    def runs(self) -> list[Stretch]:
        """Stretches of one most probable class, as if the window ended there; else the output alone."""
        said, (start, end) = self.answer["prediction"], self.span
        known = self.answer["classes"]
        if self.over_time is None:
            one = said and next((i for i, kind in enumerate(known) if kind["symbol"] == said["symbol"]), None)
            return [] if one is None else [self._stretch(start, end, one)]
        curves = self.over_time.values
        step = (end - start) / len(curves)
        winners = [max(range(len(row)), key=row.__getitem__) for row in curves]
        found, at = [], 0
        for winner, members in groupby(winners):
            count = len(list(members))
            found.append(self._stretch(start + at * step, start + (at + count) * step, winner))
            at += count
        return found

    def _stretch(self, start: float, end: float, index: int) -> Stretch:
        kind = self.answer["classes"][index]
        letters, colour = labels.letters(kind), labels.colour(kind, self.view.theme)
        return Stretch(start, end, letters, colour, pale=labels.is_normal(kind))


def _touches(mark: JSON, start: float, end: float) -> bool:
    return bool(mark["time"] < end and mark["end_time"] > start)


def chosen(api: Api, view: View) -> Method | None:
    """The method whose map is drawn: the address's, else the first of those that can, the instant ones first."""
    able = [entry["method"] for entry in drawable(api, view) if not entry.get("not_offered")]
    asked = parse_method(view.a) if view.a else None
    if asked and asked.name in able:
        return asked
    return Method(able[0]) if able else None


def drawable(api: Api, view: View) -> list[JSON]:
    """Methods whose picture can lie behind the trace, those that can explain the model and are instant first."""
    roles = {"relevance", "attention", "displacement"}
    found = [entry for entry in methods.of_view(api, view) if roles & set(entry["roles"])]
    return sorted(found, key=_later)


def _later(entry: JSON) -> tuple[bool, bool, bool]:
    return bool(entry.get("not_offered")), entry["cost"] != "instant", "displacement" in entry["roles"]


def relevance(explanation: JSON, window: JSON, start: float) -> Map | None:
    """The picture of an explanation over its window that begins at `start` s: relevance, attention or displacement."""
    found = picture(explanation)
    if found is None:
        return None
    values, full, signed = found
    seconds = window["samples"] / window["fs"]
    known = edges(explanation, window, start)
    return Map(values, start, seconds / len(values), full or 1.0, signed, known=known)


def edges(explanation: JSON, window: JSON, start: float) -> tuple[float, float] | None:
    """Where the first and the last step of the network lie, in s: half of what one sees from the window's ends.

    None where the method does not say, and where a step sees more than the window.
    """
    sees, samples, fs = tracks.sees(explanation), window["samples"], window["fs"]
    if not sees or sees >= samples:
        return None
    return start + sees / 2 / fs, start + (samples - sees / 2) / fs


def picture(explanation: JSON) -> tuple[Sequence[float], float, bool] | None:
    """Values over time, their full scale, and whether their sign means something."""
    if explanation["relevance"] is not None:
        scale = explanation["scale"]
        row = explanation["relevance"][0]
        return ([0.0] * len(row) if scale["nothing_found"] else row), scale["full"], explanation["signed"]
    for role in ("attention", "displacement"):
        track = tracks.of_role(explanation, role, "time")
        if track:
            row = flat(track.values, len(track.dims))
            values = [abs(value) for value in row]
            return values, track.full or max(values, default=1.0), False
    return None


def flat(values: list[Any], depth: int) -> list[float]:
    """The mean over all dimensions but the last, which is time."""
    if depth == 1:
        return values
    rows = [flat(part, depth - 1) for part in values]
    return [sum(column) / len(rows) for column in zip(*rows, strict=True)]


def problem(window: RhythmWindow) -> str:
    """Why there is no output here; empty where there is."""
    return "" if window.readable else str(window.answer["note"] or "The model cannot read this window.")
