"""What stands above and below the paper of a strip: class letters, rings and RR."""

from statistics import median
from typing import Any

from frontend import format
from frontend.figures import paper
from frontend.figures.strip_data import ROW, Strip
from frontend.tokens import TOKENS, UNCERTAIN, Theme
from frontend.vocabulary import colour, letters
from frontend.wording import classes

NARROW = 24  # px: an RR interval without room for its figure
WORDS = 6.0  # px: a letter of what stands in its place


def chips(times: list[float], symbols: list[str], y: float, theme: Theme, hollow: list[bool]) -> dict[str, Any]:
    """Class letters on rounded squares of 16 px, in one trace; hollow where the margin is small."""
    inks = [colour(symbol, theme) for symbol in symbols]
    surface, letter = TOKENS[theme]["surface"], TOKENS[theme]["inv"]
    return {
        "x": times,
        "y": [y] * len(times),
        "text": [letters(symbol) for symbol in symbols],
        "mode": "markers+text",
        "xaxis": "x2",
        "yaxis": "y2",
        "cliponaxis": False,
        "textposition": "middle center",
        "name": "labels",
        "textfont": {
            "size": 11,
            "weight": 700,
            "color": [ink if h else letter for ink, h in zip(inks, hollow, strict=True)],
        },
        "marker": {
            "symbol": "square",
            "opacity": 1,
            "size": [14.8 if h else 11 for h in hollow],
            "color": [surface if h else ink for ink, h in zip(inks, hollow, strict=True)],
            "line": {"color": inks, "width": [1.2 if h else 5 for h in hollow]},
        },
    }


def reference(strip: Strip) -> dict[str, Any]:
    """Letters of the beats that bear one; a mark where a detector alone has seen the beat."""
    known = [i for i in strip.inside() if strip.beats["symbol"][i]]
    if known:
        symbols = [strip.beats["symbol"][i] for i in known]
        return chips([strip.beats["time"][i] for i in known], symbols, 9, strip.theme, [False] * len(known))
    marker = {"symbol": "triangle-down", "size": 7, "color": TOKENS[strip.theme]["ink3"]}
    return _marks(strip, 9, marker, "detected")


def readers(strip: Strip) -> list[dict[str, Any]]:
    """A dot for each beat: what a reader said of it is laid over it in the browser."""
    return [_marks(strip, 2 * ROW + 9, {"size": 3.2, "color": TOKENS[strip.theme]["line2"]}, "beats to read")]


def _marks(strip: Strip, y: float, marker: dict[str, Any], name: str) -> dict[str, Any]:
    times = [strip.beats["time"][i] for i in strip.inside()]
    return {
        "x": times,
        "y": [y] * len(times),
        "mode": "markers",
        "marker": marker | {"opacity": 1},
        "xaxis": "x2",
        "yaxis": "y2",
        "name": name,
    }


def model(strip: Strip) -> list[dict[str, Any]]:
    """What the model says: letters, rings where it differs, dashed where it has no such class."""
    if not strip.model:
        return []
    beats = strip.beats
    said = [i for i in strip.inside() if beats["prediction"][i]]
    rings: dict[str, list[float]] = {}
    symbols = [entry["symbol"] for entry in beats["classes"]]
    for i in said:
        verdict = classes.compare(beats["symbol"][i], beats["prediction"][i], symbols)
        if verdict in ("differs", "no such class"):
            ink = colour(beats["prediction"][i], strip.theme) if verdict == "differs" else "dashed"
            rings.setdefault(ink, []).append(beats["time"][i])
    hollow = [(beats["margin"][i] or 0) < UNCERTAIN for i in said]
    letters = chips(
        [beats["time"][i] for i in said], [beats["prediction"][i] for i in said], ROW + 9, strip.theme, hollow
    )
    return [*(_ring(strip, ink, times) for ink, times in rings.items()), letters]


def _ring(strip: Strip, ink: str, times: list[float]) -> dict[str, Any]:
    """Rounded squares of 21 px around the model's letters, as one trace with gaps."""
    half, cut, px = 10.3, 3.5, 1 / strip.scale.second
    corners = [
        (-half, -cut),
        (-cut, -half),
        (cut, -half),
        (half, -cut),
        (half, cut),
        (cut, half),
        (-cut, half),
        (-half, cut),
    ]
    xs: list[paper.Point] = []
    ys: list[paper.Point] = []
    wide = [
        (x * 0.5 + (half if x > 0 else -half) * 0.5, y * 0.5 + (half if y > 0 else -half) * 0.5) for x, y in corners
    ]
    for time in times:
        xs += [*(time + dx * px for dx, _ in [*wide, wide[0]]), None]
        ys += [*(ROW + 9 + dy for _, dy in [*wide, wide[0]]), None]
    dashed = ink == "dashed"
    line = (
        {"color": TOKENS[strip.theme]["ink3"], "width": 1.2, "dash": "2px,2.5px"}
        if dashed
        else {"color": ink, "width": 1.4}
    )
    name = "the model has no such class" if dashed else "differs from the reference"
    return {
        "x": xs,
        "y": ys,
        "mode": "lines",
        "xaxis": "x2",
        "yaxis": "y2",
        "line": line,
        "cliponaxis": False,
        "name": name,
    }


def rr(strip: Strip) -> list[dict[str, Any]]:
    """RR in ms between each two beats; the chosen beat's in bold, early ones darker."""
    beats, colours = strip.beats, TOKENS[strip.theme]
    first = strip.begin
    least = NARROW / strip.scale.second
    shown = [
        i
        for i in strip.inside()
        if i and beats["rr"][i] is not None and beats["time"][i - 1] >= first
        if beats["time"][i] - beats["time"][i - 1] >= least
    ]
    unknown = _unknown_rr(strip)
    if not shown:
        return unknown
    usual = median(beats["rr"][i] for i in shown)
    chosen = [beats["sample"][i] == strip.chosen for i in shown]
    early = [beats["rr"][i] < 0.88 * usual for i in shown]
    values = {
        "x": [(beats["time"][i] + beats["time"][i - 1]) / 2 for i in shown],
        "y": [10] * len(shown),
        "xaxis": "x3",
        "yaxis": "y3",
        "text": [format.milliseconds(beats["rr"][i]) for i in shown],
        "mode": "text",
        "name": "RR in ms",
        "textfont": {
            "size": 11,
            "color": [
                colours["ink"] if c else colours["ink2"] if e else colours["ink3"]
                for c, e in zip(chosen, early, strict=True)
            ],
            "weight": [700 if c else 500 if e else 400 for c, e in zip(chosen, early, strict=True)],
        },
    }
    xs, ys = paper.segments([(beats["time"][i], 5, beats["time"][i], 15) for i in strip.inside()])
    return [
        values,
        *unknown,
        {
            "x": xs,
            "y": ys,
            "xaxis": "x3",
            "yaxis": "y3",
            "mode": "lines",
            "line": {"color": colours["line2"], "width": 1},
        },
    ]


def _unknown_rr(strip: Strip) -> list[dict[str, Any]]:
    """Why there is no RR in ms, in place of it; a dash where the words have no room."""
    beats, marks = strip.beats, []
    first, last = strip.begin, strip.span[1]
    for i, why in enumerate(beats.get("rr_note") or ()):
        begin, end = beats["time"][i - 1] if i else first, beats["time"][i]
        begin, end = max(first, begin), min(last, end)
        if why and begin < end:
            words = f"no RR: {why}"
            marks.append(((begin + end) / 2, words if (end - begin) * strip.scale.second > WORDS * len(words) else "–"))
    if not marks:
        return []
    return [
        {
            "x": [x for x, _ in marks],
            "y": [10] * len(marks),
            "xaxis": "x3",
            "yaxis": "y3",
            "text": [words for _, words in marks],
            "mode": "text",
            "name": "no RR",
            "textfont": {"size": 11, "color": TOKENS[strip.theme]["warn"]},
        }
    ]
