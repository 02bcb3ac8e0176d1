"""The rhythm strip: label rows, ECG paper at true scale and the RR row, as one figure.

On the desk a figure is a stretch of several screens that the browser moves; on a sheet it is what stands there.
"""

from typing import Any

from frontend import format
from frontend.figures import labels, paper
from frontend.figures.strip_data import ROW, RR, RULE, Strip
from frontend.tokens import TOKENS

LONG, NOTE_EVERY = 0.45, 2.0  # s: a gap with words in it, and how often they are said again


__all__ = ["Strip", "facts", "figure", "head", "seconds", "stretch", "words"]


def seconds(width: float, scale: paper.Scale = paper.STANDARD) -> float:
    """Seconds of signal on paper `width` px wide, beside the calibration pulse."""
    return (width - paper.PULSE_MM * scale.mm) / scale.second


def figure(strip: Strip) -> paper.Figure:
    """The strip as it stands on a sheet: calibration pulse, scale, lead and filter on the paper."""
    data = [*_traces(strip), _pulse(strip)]
    low, high = RR / strip.height, (RR + strip.paper) / strip.height
    shapes = [
        paper.rect(0, 1, low, high, TOKENS[strip.theme]["paper"], xref="paper", yref="paper"),
        *_rules(strip),
        *_window(strip),
    ]
    return {"data": data, "layout": _layout(strip) | {"shapes": shapes, "annotations": [*_notes(strip), *_lost(strip)]}}


def stretch(strip: Strip) -> paper.Figure:
    """What the browser moves under the pulse; the paper's colour, the chosen beat and the notes are its own."""
    return {
        "data": _traces(strip),
        "layout": _layout(strip) | {"shapes": _rules(strip), "annotations": _lost(strip)},
    }


def head(strip: Strip) -> paper.Figure:
    """The first 10 mm of the paper, which stay where they are: the pulse stands in their middle."""
    layout, mm = _layout(strip), 1 / strip.scale.speed
    axes = {"xaxis": layout["xaxis"] | {"range": [-paper.PULSE_MM * mm, 0], "tick0": 0}, "yaxis": layout["yaxis"]}
    middle, half = RR + strip.paper / 2, strip.scale.millivolt / 2
    corners = zip(
        *_corners(-paper.PULSE_MM * mm, mm, (middle - half) / strip.height, 2 * half / strip.height), strict=True
    )
    line = {"color": TOKENS[strip.theme]["trace"], "width": 1.1}
    pulse = {"type": "path", "path": "M" + "L".join(f"{x},{y}" for x, y in corners), "yref": "paper", "line": line}
    width = paper.PULSE_MM * strip.scale.mm
    return {
        "data": [],
        "layout": paper.layout(strip.theme, width, strip.height, **axes, shapes=[pulse | {"name": "1 mV"}]),
    }


def words(strip: Strip) -> str:
    """The strip in a sentence, for those who cannot see it."""
    shown = [strip.beats["symbol"][i] or "unlabelled" for i in strip.inside()]
    first = format.hms(strip.begin)
    return f"Rhythm strip of lead {strip.signal['lead']} from {first}; beats: {', '.join(shown) or 'none'}."


def facts(signal: dict[str, Any]) -> str:
    """`MLII · raw, no filter · 360 Hz`."""
    band = signal["filter"]
    said = "raw, no filter" if band == "none" else f"filter {band}, zero phase"
    return f"{signal['lead']} · {said} · {signal['fs']:g} Hz"


def _traces(strip: Strip) -> list[dict[str, Any]]:
    readers = labels.readers(strip) if strip.rows > 2 else []
    return [_trace(strip), labels.reference(strip), *labels.model(strip), *readers, *labels.rr(strip)]


def _layout(strip: Strip) -> dict[str, Any]:
    tall, scale = strip.height, strip.scale
    first, last = strip.span
    ticks = {"side": "top", "ticks": "outside", "ticklen": 4, "dtick": 1, "tick0": 0}  # whole seconds, on the paper
    return paper.layout(
        strip.theme,
        strip.width,
        tall,
        xaxis=paper.axis(range=[first, last], anchor="y")
        | paper.boxes(strip.theme, paper.LARGE / scale.speed, strip.begin),
        yaxis=paper.axis(range=[strip.low, strip.low + strip.tall], domain=[RR / tall, (RR + strip.paper) / tall])
        | paper.boxes(strip.theme, paper.LARGE / scale.gain, 0.0),
        yaxis2=paper.axis(range=[strip.rows * ROW + RULE, 0], domain=[(RR + strip.paper) / tall, 1], anchor="x2"),
        yaxis3=paper.axis(range=[RR, 0], domain=[0, RR / tall], anchor="x3"),
        # Labels and RR have time axes of their own: the grid belongs to the paper alone.
        xaxis2=paper.axis(range=[first, last], anchor="y2"),
        xaxis3=paper.axis(range=[first, last], anchor="y3", tickcolor=TOKENS[strip.theme]["ink3"], **ticks),
    )


def _rules(strip: Strip) -> list[dict[str, Any]]:
    """Hairlines between the rows of labels."""
    line = {"color": TOKENS[strip.theme]["line"], "width": 1}
    heights = [1 - (row * ROW - 1.5) / strip.height for row in range(1, strip.rows)]
    where = {"type": "line", "x0": 0, "x1": 1, "xref": "paper", "yref": "paper", "layer": "below", "line": line}
    return [where | {"y0": y, "y1": y} for y in heights]


def _window(strip: Strip) -> list[dict[str, Any]]:
    """The grey band over what the model reads, its edges dashed, its top ruled."""
    if strip.window is None:
        return []
    colours = TOKENS[strip.theme]
    a, z = strip.window
    low, high = RR / strip.height, (RR + strip.paper) / strip.height
    edge = {"color": colours["ink"], "width": 1, "dash": "2px,3px"}
    lines = [
        {"type": "line", "x0": x, "x1": x, "y0": low, "y1": high, "yref": "paper", "line": edge, "opacity": 0.55}
        for x in (a, z)
    ]
    top = {
        "type": "line",
        "x0": a,
        "x1": z,
        "y0": high,
        "y1": high,
        "yref": "paper",
        "line": {"color": colours["ink"], "width": 2},
    }
    return [paper.rect(a, z, 0, 1, colours["sel"], yref="paper", layer="below"), *lines, top]


def _trace(strip: Strip) -> dict[str, Any]:
    signal = strip.signal
    evenly = not signal.get("decimated", True)
    times = {"x0": signal["start"], "dx": 1 / signal["fs"]} if evenly else {"x": signal["time"]}
    return times | {
        "y": signal["value"],
        "mode": "lines",
        "connectgaps": False,
        "line": {"color": TOKENS[strip.theme]["trace"], "width": 1.1, "simplify": False},
        "name": "ecg",
    }


def _pulse(strip: Strip) -> dict[str, Any]:
    """1 mV for 5 mm, on the isoelectric line where there is room for it."""
    foot = 0.0 if strip.low + 0.1 <= 0 <= strip.low + strip.tall - 1.1 else strip.low + 0.4
    xs, ys = _corners(strip.span[0], 1 / strip.scale.speed, foot, 1.0)
    line = {"color": TOKENS[strip.theme]["trace"], "width": 1.1}
    return {"x": xs, "y": ys, "mode": "lines", "line": line, "name": "1 mV"}


def _corners(left: float, mm: float, foot: float, rise: float) -> tuple[list[float], list[float]]:
    """The pulse's corners, 1.5 mm right of `left`; `mm`, `rise` and `foot` in the axes' units."""
    xs = [left + mm * (1.5 + step) for step in (0, 1, 1, 6, 6, 7)]
    return xs, [foot + part * rise for part in (0, 0, 1, 1, 0, 0)]


def _notes(strip: Strip) -> list[dict[str, Any]]:
    """Scale, lead and filter; the time of the left edge; SYNTHETIC; a trace that leaves the paper."""
    colours, signal = TOKENS[strip.theme], strip.signal
    high = strip.low + strip.tall
    scale = f"{strip.scale.words} · {facts(signal)}"
    at, anchor = (high, "top") if _room_above(strip) else (strip.low, "bottom")
    tag = {"bgcolor": colours["paper"], "borderpad": 2, "weight": 500}
    time = format.hms(strip.begin)
    notes = [
        paper.text(strip.span[1] - 0.05, at, scale, colours["ink2"], xanchor="right", yanchor=anchor, **tag),
        paper.text(strip.begin + 0.15, strip.low, time, colours["ink2"], yanchor="bottom", **tag),
    ]
    left = strip.begin + 0.05
    warn = {"bgcolor": colours["warnbg"], "borderpad": 3, "yanchor": "top", "weight": 600}
    if strip.synthetic:
        notes.append(paper.text(left, high - 0.08, "SYNTHETIC", colours["warn"], **warn))
    if paper.clips(signal["value"], strip.low, strip.tall):
        said = "the trace leaves the paper"
        notes.append(paper.text(left + 0.95 * strip.synthetic, high - 0.08, said, colours["warn"], **warn))
    return notes


def _room_above(strip: Strip) -> bool:
    """Whether the trace leaves more room above than below at the right end."""
    values = [v for v in strip.signal["value"][-len(strip.signal["value"]) // 3 :] if v is not None] or [0.0]
    return bool(strip.low + strip.tall - max(values) >= min(values) - strip.low)


def _lost(strip: Strip) -> list[dict[str, Any]]:
    """Words in each gap that is wide enough for them, again and again in a long one."""
    colours = TOKENS[strip.theme]
    tag = {"bgcolor": colours["paper"], "borderpad": 2, "xanchor": "center"}
    middle = strip.low + strip.tall / 2
    notes = []
    for a, z in gaps(strip.signal):
        count = 1 + int((z - a) / NOTE_EVERY)
        if z - a > LONG:
            centres = [a + (z - a) * (k + 0.5) / count for k in range(count)]
            notes += [paper.text(x, middle, "no signal", colours["ink3"], **tag) for x in centres]
    return notes


def gaps(signal: dict[str, Any]) -> list[tuple[float, float]]:
    """Stretches (s) without signal."""
    found, begin = [], None
    for time, value in zip(signal["time"], signal["value"], strict=True):
        if value is None:
            begin = time if begin is None else begin
        elif begin is not None:
            found.append((begin, time))
            begin = None
    return found if begin is None else [*found, (begin, signal["time"][-1])]
