"""The time axis that rows of tracks share with the picture above them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend.figures import paper, time_axis
from frontend.figures.beat_data import AXIS
from frontend.tokens import TOKENS, Theme

FOOT, RIGHT = 14.0, 12.0  # px: labels of an axis that is not the picture's, and half of its last one
TOP = BASE = 5.0  # px: half of a label at an end of the scale


@dataclass(frozen=True)
class Frame:
    """Where a window lies on the paper, and how; times in ms from where the picture counts."""

    window: dict[str, Any]  # {samples, fs, before, millivolts[leads][samples], units[leads], input[leads][samples]}
    span: tuple[float, float]  # first and last ms on the paper
    width: float = 386.0  # px, of the whole figure
    theme: Theme = "light"
    classes: Sequence[dict[str, Any]] = ()  # [{symbol, name}] in the model's order
    channels: Sequence[str] = ()
    signed: bool = True  # whether the method's relevance has a sign
    unit: str = ""  # of its map of relevance …
    full: float | None = None  # … and that map's full scale, which other relevance in its unit shares
    centres: Sequence[float] = ()  # samples on which a network's steps are centred, where they are not the samples

    @property
    def room(self) -> float:
        """Px of the axis."""
        return self.width - AXIS

    @property
    def first(self) -> float:
        """Ms of the window's first sample."""
        return -float(self.window["before"]) * 1000 / float(self.window["fs"])

    @property
    def last(self) -> float:
        """Ms at which the window ends."""
        return self.first + float(self.window["samples"]) * 1000 / float(self.window["fs"])

    @property
    def px(self) -> float:
        """Px of the window: what is less than a column of it cannot be seen."""
        return self.room * min(1.0, (self.last - self.first) / (self.span[1] - self.span[0]))

    @property
    def sample(self) -> float:
        """Ms of one sample."""
        return 1000 / float(self.window["fs"])

    def grid(self, count: int) -> tuple[float, float]:
        """Ms at which the first of `count` values stands, and from one to the next.

        Samples stand at their times; a network's steps on what they are centred on; other values share the window.
        """
        sample = self.sample
        if count == len(self.centres) and 1 < count < self.window["samples"]:
            stride = (self.centres[-1] - self.centres[0]) / (count - 1)
            return self.first + self.centres[0] * sample, stride * sample
        step = (self.last - self.first) / count
        return self.first + (step - sample) / 2, step

    def name(self, symbol: str) -> str | None:
        """What the model calls a class; None for one that it does not have."""
        return next((str(entry["name"]) for entry in self.classes if entry["symbol"] == symbol), None)

    def time(self) -> dict[str, Any]:
        """The picture's own axis, with its lines and without its labels."""
        marks = time_axis.ticks(*self.span, room=self.room)["tickvals"]
        lines = {"showgrid": True, "gridcolor": TOKENS[self.theme]["line"], "tickvals": marks}
        return paper.axis(range=list(self.span), domain=[AXIS / self.width, 1], **lines)

    def other(self, low: float, high: float, ticks: dict[float, str]) -> dict[str, Any]:
        """An axis that is no time, from edge to edge."""
        small = {"size": 10, "color": TOKENS[self.theme]["ink3"]}
        shown = {"tickvals": list(ticks), "ticktext": list(ticks.values()), "showticklabels": True, "tickfont": small}
        domain = [AXIS / self.width, 1 - RIGHT / self.width]
        return paper.axis(range=[low, high], domain=domain, ticklabeloverflow="allow", **shown)

    def edges(self) -> list[dict[str, Any]]:
        """Dashed edges of the window."""
        line = {"color": TOKENS[self.theme]["ink"], "width": 1, "dash": "2px,3px"}
        ends = {"type": "line", "y0": 0, "y1": 1, "yref": "y domain", "line": line, "opacity": 0.5}
        return [ends | {"x0": x, "x1": x} for x in (self.first, self.last)]
