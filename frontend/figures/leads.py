"""A standard ECG on one sheet of paper: twelve leads in three rows of four, or six of two, and a row of rhythm."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend.figures import paper
from frontend.tokens import TOKENS, Theme

Order = tuple[tuple[str, ...], ...]
ORDER: Order = (("I", "aVR", "V1", "V4"), ("II", "aVL", "V2", "V5"), ("III", "aVF", "V3", "V6"))
NARROW: Order = (("I", "V1"), ("II", "V2"), ("III", "V3"), ("aVR", "V4"), ("aVL", "V5"), ("aVF", "V6"))
SECONDS = 10.0  # of the sheet at most
LONGEST = 30.0  # s: a longer recording is read on the strip
STEP = 0.5  # s: a narrow sheet's columns are so many of these as there is room for
ROW_MM, EDGE_MM = 25.0, 5.0  # of a row, and above the first
ROWS = {len(ORDER): "three rows of four", len(NARROW): "six rows of two"}


@dataclass(frozen=True)
class Leads:
    """The first seconds of each lead, as many as there is room for; times in s."""

    signals: tuple[dict[str, Any], ...]  # as the service answers
    rhythm: str  # the lead at the foot
    theme: Theme = "light"
    scale: paper.Scale = paper.STANDARD
    room: float = math.inf  # px in which the sheet has to lie

    @property
    def order(self) -> Order:
        """Three rows of four where all 10 s have room, else six of two."""
        return ORDER if self.room >= math.floor(SECONDS * self.scale.second) else NARROW

    @property
    def column(self) -> float:
        """What a lead has of the sheet, in s."""
        columns = len(self.order[0])
        fits = math.floor(self.room / self.scale.second / columns / STEP) * STEP if self.order is NARROW else SECONDS
        return max(STEP, min(fits, SECONDS / columns))

    @property
    def seconds(self) -> float:
        """The length of the sheet."""
        return self.column * len(self.order[0])

    @property
    def tall_mm(self) -> float:
        """The height of the paper, with the row of rhythm."""
        return (len(self.order) + 1) * ROW_MM + EDGE_MM


def standard(leads: Sequence[str], seconds: float) -> bool:
    """Whether a recording is a short one of all twelve leads."""
    known = {name.casefold() for name in leads}
    return seconds <= LONGEST and all(name.casefold() in known for row in ORDER for name in row)


def figure(shown: Leads) -> paper.Figure:
    """All leads at the same scale; each begins where the one left of it ends, so that the rows are one time."""
    named = {signal["lead"].casefold(): signal for signal in shown.signals}
    foot = {"color": TOKENS[shown.theme]["trace"], "width": 1.1}
    traces, names = [], []
    for row, leads in enumerate((*shown.order, (shown.rhythm,))):
        level = -row * ROW_MM / shown.scale.gain
        wide = shown.column if row < len(shown.order) else shown.seconds
        for column, lead in enumerate(leads):
            signal = named[lead.casefold()]
            xs, ys = _cut(signal, column * wide, wide, level)
            traces.append({"x": xs, "y": ys, "mode": "lines", "line": foot, "name": lead, "hoverinfo": "skip"})
            names.append(_name(shown, _standard(lead), column * wide, level))
    return {"data": traces, "layout": _layout(shown) | {"annotations": names}}


def _standard(lead: str) -> str:
    """As the sheet's other leads are written: a file's `ii` is II."""
    return next((name for row in ORDER for name in row if name.casefold() == lead.casefold()), lead)


def words(shown: Leads) -> str:
    """The sheet in a sentence, for those who cannot see it."""
    rows = f"Twelve leads, {shown.column:g} s each in {ROWS[len(shown.order)]}"
    return f"{rows}, and {shown.seconds:g} s of {shown.rhythm}, {shown.scale.words}."


def _cut(signal: dict[str, Any], first: float, wide: float, level: float) -> tuple[list[float], list[paper.Point]]:
    """Times and mV of a column, its median on the row's level."""
    inside = [i for i, time in enumerate(signal["time"]) if first <= time < first + wide]
    known = sorted(signal["value"][i] for i in inside if signal["value"][i] is not None)
    middle = known[len(known) // 2] if known else 0.0
    values = (signal["value"][i] for i in inside)
    return [signal["time"][i] for i in inside], [None if v is None else v - middle + level for v in values]


def _name(shown: Leads, lead: str, first: float, level: float) -> dict[str, Any]:
    up = ROW_MM * 0.4 / shown.scale.gain
    return paper.text(first + 0.06, level + up, lead, TOKENS[shown.theme]["ink"], weight=600)


def _layout(shown: Leads) -> paper.Figure:
    scale = shown.scale
    top, tall = (ROW_MM / 2 + EDGE_MM) / scale.gain, shown.tall_mm / scale.gain
    return paper.layout(
        shown.theme,
        shown.seconds * scale.second,
        shown.tall_mm * scale.mm,
        xaxis=paper.axis(range=[0, shown.seconds]) | paper.boxes(shown.theme, paper.LARGE / scale.speed, 0.0),
        yaxis=paper.axis(range=[top - tall, top]) | paper.boxes(shown.theme, paper.LARGE / scale.gain, 0.0),
        plot_bgcolor=TOKENS[shown.theme]["paper"],
    )
