"""The lanes of a long recording: reference, output, probabilities, spread of RR, tachogram, on one time axis."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.figures.overview import STEPS
from frontend.figures.rhythm.row import Stretch
from frontend.tokens import TOKENS, Theme, rgba

GUTTER = 76.0  # px
REFERENCE, MODEL, CHANCES, SPREAD, RR = (4, 20), (30, 20), (62, 190), (274, 44), (342, 216)  # px: top, height
HEIGHT = 578.0
FULL = 0.4  # SD of RR over its mean that fills its lane
ROOMY = 400  # windows that have room to stand apart
LIMITS = (200.0, 1600.0)  # ms
LINES = (400, 800, 1200, 1600)
LETTERS, HALF = 12.0, 16.0  # px that letters in a window need, and half of a time below the axis
PALE, STRONG = 0.22, 0.92


@dataclass(frozen=True)
class Window:
    """One window of the model, times in s."""

    start: float
    end: float
    letters: str
    colour: str  # hex
    pale: bool
    uncertain: bool
    differs: bool
    chances: Sequence[float] | None  # [classes]
    spread: float | None  # SD of RR over its mean


@dataclass(frozen=True)
class Lanes:
    """What is shown; times in s."""

    length: float
    width: float
    reference: Sequence[Stretch]
    windows: Sequence[Window]
    classes: Sequence[tuple[str, str, bool]]  # name, colour, whether pale
    rr: Sequence[tuple[str, Sequence[float], Sequence[float]]]  # colour, s, ms of each group of beats
    theme: Theme = "light"


def lane(position: tuple[int, int]) -> list[float]:
    """A plotly domain."""
    top, height = position
    return [1 - (top + height) / HEIGHT, 1 - top / HEIGHT]


def figure(lanes: Lanes) -> paper.Figure:
    """The plotly figure."""
    data = [*_reference(lanes), *_outputs(lanes), *_dots(lanes), *_chances(lanes), *_spread(lanes), *_rr(lanes)]
    return {"data": data, "layout": _layout(lanes)}


def words(lanes: Lanes) -> str:
    """The lanes in a sentence, for those who cannot see them."""
    counts = {name: 0 for name, _, _ in lanes.classes}
    for window in lanes.windows:
        if window.chances:
            counts[lanes.classes[max(range(len(window.chances)), key=window.chances.__getitem__)][0]] += 1
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    return f"{len(lanes.windows)} windows of {format.length(lanes.length)}; outputs: {said}."


def _times(lanes: Lanes) -> dict[str, Any]:
    """Ticks and their names; one that would be cut at the right edge has none."""
    step = next((s for s in STEPS if lanes.length / s <= 7), 86_400)
    times = [k * step for k in range(int(lanes.length / step) + 1)]
    whole = lanes.length * (1 - HALF / (lanes.width - GUTTER))
    said = [format.length(t) if t <= whole else "" for t in times]
    return {"tickvals": times, "ticktext": said, "ticklabeloverflow": "allow"}


def _layout(lanes: Lanes) -> dict[str, Any]:
    colours = TOKENS[lanes.theme]
    small = {"showticklabels": True, "tickfont": {"size": 10.5, "color": colours["ink3"]}}
    span = {"range": [0, lanes.length], "domain": [GUTTER / lanes.width, 1]}
    ticks = {"ticks": "outside", "ticklen": 4, "tickcolor": colours["ink3"], "anchor": "y5"}
    grid = {"showgrid": True, "gridcolor": colours["line"]}
    levels = {"tickvals": list(LINES), "ticktext": [*map(str, LINES[:-1]), ""]}
    axes = {
        "xaxis": paper.axis(**span, **small, **_times(lanes), **ticks),
        "yaxis": paper.axis(range=[0, 1], domain=lane(REFERENCE)),
        "yaxis2": paper.axis(range=[-0.45, 1], domain=lane((MODEL[0], MODEL[1] + 9))),
        "yaxis3": paper.axis(
            range=[0, 1], domain=lane(CHANCES), tickvals=[0, 0.5], ticktext=["0", "0.5"], **small, **grid
        ),
        "yaxis4": paper.axis(range=[0, FULL], domain=lane(SPREAD), tickvals=[0], ticktext=["0"], **small, **grid),
        "yaxis5": paper.axis(range=list(LIMITS), domain=lane(RR), **small, **grid, **levels),
    }
    return paper.layout(
        lanes.theme, lanes.width, HEIGHT, barmode="overlay", bargap=0, **axes, annotations=_notes(lanes)
    )


def _notes(lanes: Lanes) -> list[dict[str, Any]]:
    said = f"SD of RR over its mean, full bar {FULL:.0%}"
    y = 1 - (SPREAD[0] - 9) / HEIGHT
    corner = {"xref": "paper", "yref": "paper", "xanchor": "right", "size": 10.5}
    return [paper.text(1, y, said, TOKENS[lanes.theme]["ink3"], **corner)]


def _bars(stretches: Sequence[Any], axis: str, **more: Any) -> dict[str, Any]:
    return {
        "type": "bar",
        "x": [(one.start + one.end) / 2 for one in stretches],
        "width": [one.end - one.start for one in stretches],
        "yaxis": axis,
        "textposition": "inside",
        "insidetextanchor": "middle",
        "textangle": 0,
        "constraintext": "none",
    } | more


def _reference(lanes: Lanes) -> list[dict[str, Any]]:
    shown, second, colours = lanes.reference, _second(lanes), TOKENS[lanes.theme]
    if not shown:
        return []
    fill = [rgba(one.colour, 0.3 if one.pale else 0.95) for one in shown]
    letters = [one.letters if (one.end - one.start) * second > 24 else "" for one in shown]
    font = {"size": 11, "weight": 600, "color": [colours["ink" if one.pale else "inv"] for one in shown]}
    marker = {"color": fill, "line": {"width": 0}}
    return [_bars(shown, "y", y=[1] * len(shown), marker=marker, text=letters, insidetextfont=font, name="reference")]


def _second(lanes: Lanes) -> float:
    return (lanes.width - GUTTER) / lanes.length


def _outputs(lanes: Lanes) -> list[dict[str, Any]]:
    """A box for each window, hollow where it is uncertain."""
    shown, colours = [one for one in lanes.windows if one.chances], TOKENS[lanes.theme]
    if not shown:
        return []
    roomy = (shown[0].end - shown[0].start) * _second(lanes) > LETTERS
    fill = ["rgba(0,0,0,0)" if one.uncertain else rgba(one.colour, 0.3 if one.pale else 1) for one in shown]
    edge = [one.colour if one.uncertain else colours["bg"] for one in shown]
    ink = [one.colour if one.uncertain else colours["inv"] for one in shown]
    text = [one.letters if roomy and not one.pale else "" for one in shown]
    font = {"size": 10, "weight": 700, "color": ink}
    marker = {"color": fill, "line": {"width": 1.2 if roomy else 0, "color": edge}}
    return [_bars(shown, "y2", y=[1] * len(shown), marker=marker, text=text, insidetextfont=font, name="output")]


def _dots(lanes: Lanes) -> list[dict[str, Any]]:
    """A dot under each window whose output is not the reference's class."""
    middle = [(one.start + one.end) / 2 for one in lanes.windows if one.differs]
    marker = {"color": TOKENS[lanes.theme]["ink"], "size": 4.4}
    dots = {"x": middle, "y": [-0.28] * len(middle), "mode": "markers", "yaxis": "y2", "marker": marker}
    return [dots | {"name": "differs"}] if middle else []


def _chances(lanes: Lanes) -> list[dict[str, Any]]:
    """Bars upon each other, the pale class on top."""
    shown = [one for one in lanes.windows if one.chances]
    order = sorted(range(len(lanes.classes)), key=lambda i: lanes.classes[i][2])
    base, found = [0.0] * len(shown), []
    line = _apart(lanes)
    for i in order:
        name, colour, pale = lanes.classes[i]
        values = [one.chances[i] for one in shown if one.chances]
        marker = {"color": rgba(colour, PALE if pale else STRONG), "line": line}
        found.append(_bars(shown, "y3", y=values, base=base, marker=marker, name=name))
        base = [low + value for low, value in zip(base, values, strict=True)]
    return found


def _apart(lanes: Lanes) -> dict[str, Any]:
    """The line round a bar; none where it would be all that is seen of it."""
    return {"width": 0.6 if len(lanes.windows) <= ROOMY else 0, "color": TOKENS[lanes.theme]["bg"]}


def _spread(lanes: Lanes) -> list[dict[str, Any]]:
    shown = [one for one in lanes.windows if one.spread is not None]
    marker = {"color": rgba(TOKENS[lanes.theme]["ink3"], 0.65), "line": _apart(lanes)}
    values = [min(FULL, one.spread or 0.0) for one in shown]
    return [_bars(shown, "y4", y=values, marker=marker, name="RR spread")] if shown else []


def _rr(lanes: Lanes) -> list[dict[str, Any]]:
    low, high = LIMITS
    found = []
    for i, (colour, times, values) in enumerate(lanes.rr):
        marker = {"color": colour, "size": 2.5 if i == 0 else 3.8, "opacity": 0.5 if i == 0 else 0.95}
        within = [min(max(value, low), high) for value in values]
        dots = {"x": list(times), "y": within, "mode": "markers", "yaxis": "y5", "marker": marker}
        found.append(dots | {"name": "RR"})
    return found
