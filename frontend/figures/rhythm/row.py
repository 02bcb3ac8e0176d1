"""A row of a rhythm at true scale: ribbon of the output, paper with the map behind the trace, RR, tachogram."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend.figures import paper
from frontend.figures.rhythm.behind import Map, hatch, heat
from frontend.tokens import TOKENS, Theme, rgba

RIBBON, GAP, RR, TACHOGRAM, FOOT, NOTE = 13, 3, 20, 27, 6, 12  # px
PAPER_MM = 29.0
LIMITS = (300.0, 1500.0)  # ms of the tachogram
LINES = (400.0, 1200.0)
WORDS = 26.0  # px that a ribbon's letters need
TICK = 4.0  # px of a second's tick
NUMBER = 24.0  # px that an interval needs for its number
LETTER = 7.0  # px of a letter of a rhythm's words, with room to spare
PULSE = ((0, 0), (1, 0), (1, 1), (6, 1), (6, 0), (7, 0))  # mm, mV


@dataclass(frozen=True)
class Stretch:
    """A named stretch of time, in s."""

    start: float
    end: float
    letters: str
    colour: str  # hex
    pale: bool = False


@dataclass(frozen=True)
class Row:
    """What one row shows; times in s from the recording's start."""

    start: float
    end: float  # of the signal: the last row may end earlier than the paper
    signal: Sequence[float | None]  # mV from `start` on, at `fs`
    fs: float
    low: float  # mV at the lower edge of the paper
    seconds: float  # of the paper
    mm: float = paper.PX_PER_MM
    paper_mm: float = PAPER_MM
    theme: Theme = "light"
    ribbon: Sequence[Stretch] = ()
    rhythms: Sequence[tuple[float, str]] = ()  # where a reference rhythm begins, and its words
    beats: Sequence[float] = ()
    rr: Sequence[tuple[float, float]] = ()  # s in the middle of an interval, ms
    map: Map | None = None
    note: str = ""
    speed: float = paper.SPEED  # mm/s
    gain: float = paper.GAIN  # mm/mV
    tachogram: bool = True

    @property
    def tall(self) -> float:
        """Px of the paper."""
        return self.paper_mm * self.mm

    @property
    def height(self) -> float:
        """Px of the figure."""
        below = (TACHOGRAM + FOOT if self.tachogram else 0) + (NOTE if self.note else 0)
        return RIBBON + GAP + self.tall + RR + below

    @property
    def second(self) -> float:
        """Px of a second."""
        return paper.px_per_second(self.speed, self.mm)

    @property
    def span(self) -> tuple[float, float]:
        """First and last s of the paper, the calibration pulse's part before the signal."""
        return self.start - paper.PULSE_MM / self.speed, self.start + self.seconds

    @property
    def width(self) -> float:
        """Px of the figure."""
        return (self.span[1] - self.span[0]) * self.second

    def lane(self, top: float, height: float) -> list[float]:
        """A plotly domain from px below the figure's upper edge."""
        return [max(0.0, 1 - (top + height) / self.height), 1 - top / self.height]


def figure(row: Row) -> paper.Figure:
    """The plotly figure."""
    data = [*heat(row), *hatch(row), trace(row, row.signal), pulse(row), _ticks(row), *_ribbon(row), *_intervals(row)]
    return {"data": data, "layout": _layout(row)}


def words(row: Row) -> str:
    """The row in a sentence, for those who cannot see it."""
    runs = ", ".join(stretch.letters for stretch in row.ribbon) or "none"
    intervals = ", ".join(f"{value:.0f}" for _, value in row.rr) or "none known"
    return f"{row.end - row.start:.0f} s from {row.start:.1f} s; output {runs}; RR in ms: {intervals}."


def _layout(row: Row) -> dict[str, Any]:
    colours, span = TOKENS[row.theme], list(row.span)
    top = RIBBON + GAP
    axes = {
        "xaxis": paper.axis(range=span, anchor="y"),
        "xaxis2": paper.axis(range=span, anchor="y3"),
        "yaxis": paper.axis(range=[row.low, row.low + row.paper_mm / row.gain], domain=row.lane(top, row.tall)),
        "yaxis2": paper.axis(range=[0, 1], domain=row.lane(0, RIBBON), anchor="x2"),
        "yaxis3": paper.axis(range=[0, 1], domain=row.lane(top + row.tall, RR), anchor="x2"),
    }
    if row.tachogram:
        axes["yaxis4"] = paper.axis(range=list(LIMITS), domain=row.lane(top + row.tall + RR, TACHOGRAM), anchor="x2")
    low, high = row.lane(top, row.tall)
    sheet = paper.rect(0, 1, low, high, colours["paper"], xref="paper", yref="paper")
    shapes = [sheet, *boxes(row), *rhythm_lines(row, (low, high))]
    notes = [*rhythm_words(row, low), *_note(row)]
    return paper.layout(row.theme, row.width, row.height, **axes, shapes=shapes, annotations=notes)


def boxes(row: Row) -> list[dict[str, Any]]:
    """The paper's grid, counted from the row's first second and from 0 mV."""
    across = paper.Lines(*row.span, paper.LARGE / row.speed, row.start)
    up = paper.Lines(row.low, row.low + row.paper_mm / row.gain, paper.LARGE / row.gain, 0.0)
    return paper.lattice(row.theme, across, up)


def trace(row: Row, values: Sequence[float | None], name: str = "ecg", ink: str = "trace") -> dict[str, Any]:
    line = {"color": TOKENS[row.theme][ink], "width": 1.1, "simplify": False}
    times = {"x0": row.start, "dx": 1 / row.fs}
    return times | {"y": list(values), "mode": "lines", "connectgaps": False, "line": line, "name": name}


def pulse(row: Row) -> dict[str, Any]:
    """1 mV for 5 mm, on the isoelectric line where there is room for it."""
    tall = row.paper_mm / row.gain
    foot = 0.0 if row.low + 0.1 <= 0 <= row.low + tall - 1.1 else row.low + 0.4
    left = row.span[0] + 1.5 / row.speed
    line = {"color": TOKENS[row.theme]["trace"], "width": 1.1}
    xs, ys = zip(*((left + mm / row.speed, foot + mv) for mm, mv in PULSE), strict=True)
    return {"x": list(xs), "y": list(ys), "mode": "lines", "line": line, "name": "1 mV"}


def _ribbon(row: Row) -> list[dict[str, Any]]:
    """One bar for each run of an output."""
    inside = [(s, max(s.start, row.start), min(s.end, row.end)) for s in row.ribbon]
    shown = [(s, a, z) for s, a, z in inside if z > a]
    if not shown:
        return []
    second, colours = row.second, TOKENS[row.theme]
    return [
        {
            "type": "bar",
            "x": [(a + z) / 2 for _, a, z in shown],
            "width": [z - a for _, a, z in shown],
            "y": [1] * len(shown),
            "xaxis": "x2",
            "yaxis": "y2",
            "name": "output",
            "marker": {"color": [rgba(s.colour, 0.35 if s.pale else 1) for s, _, _ in shown], "line": {"width": 0}},
            "text": [s.letters if (z - a) * second > WORDS else "" for s, a, z in shown],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "constraintext": "none",
            "insidetextfont": {
                "size": 10,
                "weight": 700,
                "color": [colours["ink" if s.pale else "inv"] for s, _, _ in shown],
            },
        }
    ]


def _intervals(row: Row) -> list[dict[str, Any]]:
    """RR in ms between the beats, and the tachogram below."""
    colours = TOKENS[row.theme]
    ticks = paper.segments([(t, 0.85, t, 0.35) for t in row.beats])
    place = {"xaxis": "x2", "yaxis": "y3"}
    times, values = [t for t, _ in row.rr], [v for _, v in row.rr]
    within = [min(max(v, LIMITS[0]), LIMITS[1]) for v in values]
    font = {"size": 11, "color": colours["ink3"]}
    words = [f"{v:.0f}" if v / 1000 * row.second > NUMBER else "" for v in values]
    drawn: list[dict[str, Any]] = [
        {"x": ticks[0], "y": ticks[1], "mode": "lines", "line": {"color": colours["line2"], "width": 1}, **place},
        {"x": times, "y": [0.5] * len(times), "mode": "text", "text": words, **place}
        | {"textfont": font, "name": "RR", "cliponaxis": False},
    ]
    if not row.tachogram:
        return drawn
    place = {"xaxis": "x2", "yaxis": "y4", "name": "tachogram"}
    line = {"line": {"color": colours["ink3"], "width": 1}, "marker": {"color": colours["ink"], "size": 4}}
    return [*drawn, *_levels(row), {"x": times, "y": within, "mode": "lines+markers", **place, **line}]


def _ticks(row: Row) -> dict[str, Any]:
    """A tick at each whole second, at the lower edge: one trace, since a shape takes plotly as long as a trace."""
    top = row.low + TICK / paper.px_per_mv(row.gain, row.mm)
    seconds = [row.start + k for k in range(int(row.seconds) + 1)]
    xs, ys = paper.segments([(t, row.low, t, top) for t in seconds])
    line = {"color": TOKENS[row.theme]["ink3"], "width": 1}
    return {"x": xs, "y": ys, "mode": "lines", "line": line, "name": "seconds"}


def _levels(row: Row) -> list[dict[str, Any]]:
    """Lines of the tachogram, and their values at the left: plotly loses words of a trace with gaps on redrawing."""
    colours, end, place = TOKENS[row.theme], row.start + row.seconds, {"xaxis": "x2", "yaxis": "y4"}
    xs, ys = paper.segments([(row.start, level, end, level) for level in LINES])
    line = {"x": xs, "y": ys, "mode": "lines", "line": {"color": colours["line"], "width": 1}, "name": "levels"}
    words: dict[str, Any] = {"mode": "text", "text": [f"{level:.0f}" for level in LINES], "textposition": "middle left"}
    words |= {"textfont": {"size": 10, "color": colours["ink3"]}, "cliponaxis": False, "name": "values"}
    return [line | place, {"x": [row.start] * len(LINES), "y": list(LINES)} | words | place]


def rhythm_lines(row: Row, place: Sequence[float]) -> list[dict[str, Any]]:
    """A line where a reference rhythm begins; `place` is the paper's domain."""
    line = {"color": TOKENS[row.theme]["ink"], "width": 1.4}
    low, high = place
    where = {"type": "line", "xref": "x", "yref": "paper", "y0": low, "y1": high, "line": line}
    return [where | {"x0": t, "x1": t} for t, _ in row.rhythms if t > row.start]


def rhythm_words(row: Row, low: float) -> list[dict[str, Any]]:
    """What it is called, at the paper's lower edge `low`: right of its line, or left of it where it would be cut."""
    colours = TOKENS[row.theme]
    tag = {"yref": "paper", "yanchor": "bottom", "yshift": 3, "weight": 600, "borderpad": 2}
    tag["bgcolor"] = rgba(colours["paper"], 0.88)
    right, left = {"xanchor": "left", "xshift": 3}, {"xanchor": "right", "xshift": -3}
    fits = [(row.span[1] - t) * row.second > len(said) * LETTER + 10 for t, said in row.rhythms]
    return [
        paper.text(max(t, row.start), low, said, colours["ink"], **tag, **(right if room else left))
        for (t, said), room in zip(row.rhythms, fits, strict=True)
    ]


def _note(row: Row) -> list[dict[str, Any]]:
    """What the trace is, below the last row: nothing lies over the trace."""
    if not row.note:
        return []
    low, high = row.lane(row.height - NOTE, NOTE)
    tag = {"yref": "paper", "xanchor": "right", "weight": 500}
    return [paper.text(row.span[1], (low + high) / 2, row.note, TOKENS[row.theme]["ink2"], **tag)]
