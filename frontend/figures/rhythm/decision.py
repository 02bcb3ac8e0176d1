"""The output over time: the probability of each class as if the window ended there, under the rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.tokens import TOKENS, Theme

HEIGHT, FOOT, TOP, GUTTER = 110.0, 18, 5, 76.0  # px
APART = 17.0  # px between two letters


@dataclass(frozen=True)
class Curve:
    """One class: its letters, its colour, its probabilities [steps]."""

    letters: str
    name: str
    colour: str
    values: Sequence[float]


@dataclass(frozen=True)
class Decision:
    """Curves [classes] from `start` to `end` s."""

    curves: Sequence[Curve]
    start: float
    end: float
    width: float
    row: float  # s in a row of the page
    theme: Theme = "light"
    rhythms: Sequence[tuple[float, str]] = ()

    @property
    def step(self) -> float:
        """Seconds of a step."""
        return (self.end - self.start) / len(self.curves[0].values)

    @property
    def winner(self) -> int:
        """Index of the class that is most probable in the end."""
        return max(range(len(self.curves)), key=lambda i: self.curves[i].values[-1])

    @property
    def since(self) -> float | None:
        """From when on it has been so, in s; None where it was so throughout."""
        best, columns = self.winner, zip(*(curve.values for curve in self.curves), strict=True)
        others = [i for i, row in enumerate(columns) if max(range(len(row)), key=row.__getitem__) != best]
        return self.start + (others[-1] + 1) * self.step if others else None


def words(decision: Decision) -> str:
    """`AF from 00:19:39.6 on`."""
    name = decision.curves[decision.winner].name
    return f"{name} throughout" if decision.since is None else f"{name} from {format.hms(decision.since)[:-2]} on"


def figure(decision: Decision) -> paper.Figure:
    """The plotly figure."""
    best = decision.winner
    order = sorted(range(len(decision.curves)), key=lambda i: i == best)  # the winner is drawn last
    lines = [_line(decision, decision.curves[i], 2.0 if i == best else 1.4) for i in order]
    return {"data": lines, "layout": _layout(decision)}


def _line(decision: Decision, curve: Curve, width: float) -> dict[str, Any]:
    line = {"color": curve.colour, "width": width}
    times = {"x0": decision.start + decision.step, "dx": decision.step}
    return times | {"y": list(curve.values), "mode": "lines", "line": line, "name": curve.name}


def _layout(decision: Decision) -> dict[str, Any]:
    colours = TOKENS[decision.theme]
    small = {"size": 10.5, "color": colours["ink3"]}
    left, length = GUTTER / decision.width, decision.end - decision.start
    marks = [t for t in times(decision.start, decision.end) if t < decision.end - 0.03 * length]
    sides = {"showticklabels": True, "tickfont": small, "ticklabeloverflow": "allow"}
    axes = {
        "xaxis": paper.axis(range=[decision.start, decision.end], domain=[left, 1], anchor="y", ticks="outside")
        | sides
        | {
            "ticklen": 3,
            "tickcolor": colours["ink3"],
            "tickvals": marks,
            "ticktext": [format.length(t) for t in marks],
        },
        "yaxis": paper.axis(range=[0, 1.04], domain=[FOOT / HEIGHT, 1 - TOP / HEIGHT], showgrid=True)
        | sides
        | {"gridcolor": colours["line"], "tickvals": [0, 0.5, 1], "ticktext": ["0", "0.5", "1"]},
    }
    line = {"type": "line", "yref": "y domain", "y0": 0, "y1": 1, "xref": "x"}
    dotted = {"color": colours["line2"], "width": 1, "dash": "2px,3px"}
    breaks = [decision.start + k * decision.row for k in range(1, int(length / decision.row) + 1)]
    inside = [t for t in breaks if t < decision.end]
    rows = [line | {"x0": t, "x1": t, "line": dotted} for t in inside]
    changes = [t for t, _ in decision.rhythms if t > decision.start + 0.01 * length]
    ink = {"color": colours["ink"], "width": 1.4}
    rows += [line | {"x0": t, "x1": t, "line": ink} for t in changes]
    return paper.layout(decision.theme, decision.width, HEIGHT, **axes, shapes=rows, annotations=_notes(decision))


def times(start: float, end: float) -> list[float]:
    """At most seven whole seconds of a window that are labelled."""
    step = next((s for s in (1, 2, 5, 10, 20, 60, 300, 600) if (end - start) / s <= 7), 1800)
    found = [float(t) for t in range(int(start), int(end) + 1) if t % step == 0 and t >= start]
    return found or [start]


def _notes(decision: Decision) -> list[dict[str, Any]]:
    """Letters of the two most probable classes at the right end, and the reference's rhythms."""
    colours = TOKENS[decision.theme]
    tall = HEIGHT - FOOT - TOP
    order = sorted(range(len(decision.curves)), key=lambda i: -decision.curves[i].values[-1])[:2]
    notes: list[dict[str, Any]] = []
    above = -APART
    for i in order:
        curve = decision.curves[i]
        y = max(8.0, min(tall - 8.0, (1.04 - curve.values[-1]) / 1.04 * tall))
        y = above = max(y, above + APART)
        chip = {"yref": "paper", "xref": "paper", "xanchor": "right", "size": 10, "weight": 700, "borderpad": 2}
        notes.append(paper.text(1, 1 - (TOP + y) / HEIGHT, curve.letters, colours["inv"], bgcolor=curve.colour, **chip))
    said = {"yref": "y domain", "xshift": 4, "yanchor": "top", "weight": 600}
    length = decision.end - decision.start
    changes = [(t, words) for t, words in decision.rhythms if t > decision.start + 0.01 * length]
    end = {"yref": "paper", "xanchor": "right", "yanchor": "bottom", "size": 10.5}
    last = paper.text(decision.end, 0, format.length(decision.end), colours["ink3"], **end)
    return [*notes, last, *(paper.text(t, 1, words, colours["ink"], **said) for t, words in changes)]
