"""The rhythm strip: label rows, ECG paper at true scale and the RR row, as one figure."""

from dataclasses import dataclass
from math import ceil
from typing import Any

from frontend import format
from frontend.figures import labels, paper
from frontend.figures.labels import ROW
from frontend.tokens import TOKENS, Theme

PAPER, RR, RULE = 163, 20, 3  # px: 43 mm of paper, the RR row, the rule above the paper
PULSE = paper.PULSE_MM / paper.SPEED  # s of paper before the trace begins


@dataclass(frozen=True)
class Strip:
    """What the strip shows; times in s from the start of the recording."""

    signal: dict[str, Any]  # {time, value, fs, lead, filter}
    beats: dict[str, Any]  # columns, see the service
    chosen: int | None = None  # sample of the chosen beat
    window: tuple[float, float] | None = None  # what the model reads of the chosen beat
    model: bool = False  # whether the beats carry predictions
    synthetic: bool = False
    theme: Theme = "light"
    width: float = 945.0  # px

    @property
    def height(self) -> int:
        """Of the whole figure in px."""
        return 2 * ROW + RULE + PAPER + RR

    @property
    def begin(self) -> float:
        """Where the trace begins, right of the calibration pulse."""
        return float(self.signal["start"])

    @property
    def span(self) -> tuple[float, float]:
        """First and last second on the paper, the calibration pulse included."""
        first = self.begin - PULSE
        return first, first + self.width / paper.px_per_second()

    @property
    def tall(self) -> float:
        """Millivolts from the lower to the upper edge of the paper."""
        return PAPER / paper.px_per_mv()

    @property
    def low(self) -> float:
        """Millivolts at the lower edge of the paper."""
        return paper.middle(self.signal["value"], self.tall)

    def inside(self) -> list[int]:
        """Indices of the beats whose label fits on the paper."""
        first, last = self.span[0] + PULSE + 0.05, self.span[1] - 0.08
        return [i for i, time in enumerate(self.beats["time"]) if first <= time <= last]


def seconds(width: float) -> float:
    """Seconds of signal on paper `width` px wide, beside the calibration pulse."""
    return width / paper.px_per_second() - PULSE


def start(time: float, width: float, length: float) -> float:
    """Where the strip begins so that `time` is in its middle, within a recording of `length` s."""
    shown = seconds(width)
    return max(0.0, min(time - shown / 2, length - shown))


def figure(strip: Strip) -> paper.Figure:
    """The plotly figure."""
    data = [
        _trace(strip),
        _pulse(strip),
        labels.reference(strip),
        *labels.model(strip),
        *labels.rr(strip),
        _ticks(strip),
    ]
    return {"data": data, "layout": _layout(strip)}


def loading(theme: Theme, width: float) -> paper.Figure:
    """Paper of the final size with a flat grey line: nothing shifts when the signal comes."""
    signal = {"time": [], "value": [], "start": 0.0, "fs": 0, "lead": "", "filter": "none"}
    strip = Strip(signal, {"time": [], "sample": []}, theme=theme, width=width)
    flat = {"x": list(strip.span), "y": [0, 0], "mode": "lines", "line": {"color": TOKENS[theme]["line2"], "width": 2}}
    return {"data": [flat], "layout": _layout(strip) | {"annotations": []}}


def words(strip: Strip) -> str:
    """The strip in a sentence, for those who cannot see it."""
    shown = [strip.beats["symbol"][i] or "unlabelled" for i in strip.inside()]
    first = format.hms(float(strip.signal["start"]))
    return f"Rhythm strip of lead {strip.signal['lead']} from {first}; beats: {', '.join(shown) or 'none'}."


def _layout(strip: Strip) -> dict[str, Any]:
    colours = TOKENS[strip.theme]
    tall = strip.height
    first, last = strip.span
    return paper.layout(
        strip.theme,
        strip.width,
        tall,
        xaxis=paper.axis(range=[first, last], anchor="y") | paper.boxes(strip.theme, 0.2, first),
        yaxis=paper.axis(range=[strip.low, strip.low + strip.tall], domain=[RR / tall, (RR + PAPER) / tall])
        | paper.boxes(strip.theme, 0.5, 0.0),
        yaxis2=paper.axis(range=[2 * ROW + RULE, 0], domain=[(RR + PAPER) / tall, 1], anchor="x2"),
        yaxis3=paper.axis(range=[RR, 0], domain=[0, RR / tall], anchor="x3"),
        # Labels and RR have time axes of their own: the grid belongs to the paper alone.
        xaxis2=paper.axis(range=[first, last], anchor="y2"),
        xaxis3=paper.axis(range=[first, last], anchor="y3"),
        shapes=[
            paper.rect(0, 1, RR / tall, (RR + PAPER) / tall, colours["paper"], xref="paper", yref="paper"),
            _rule(strip),
            *_window(strip),
        ],
        annotations=_notes(strip),
    )


def _rule(strip: Strip) -> dict[str, Any]:
    y = 1 - (ROW - 1.5) / strip.height
    line = {"color": TOKENS[strip.theme]["line"], "width": 1}
    return {
        "type": "line",
        "x0": 0,
        "x1": 1,
        "y0": y,
        "y1": y,
        "xref": "paper",
        "yref": "paper",
        "line": line,
        "layer": "below",
    }


def _window(strip: Strip) -> list[dict[str, Any]]:
    """The grey band over what the model reads, its edges dashed, its top ruled."""
    if strip.window is None:
        return []
    colours = TOKENS[strip.theme]
    a, z = strip.window
    low, high = RR / strip.height, (RR + PAPER) / strip.height
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
    return {
        "x": strip.signal["time"],
        "y": strip.signal["value"],
        "mode": "lines",
        "connectgaps": False,
        "line": {"color": TOKENS[strip.theme]["trace"], "width": 1.1, "simplify": False},
        "name": "ecg",
    }


def _pulse(strip: Strip) -> dict[str, Any]:
    """1 mV for 5 mm, on the isoelectric line where there is room for it."""
    mm = 1 / paper.SPEED
    left, low = strip.span[0] + 1.5 * mm, strip.low
    foot = 0.0 if low + 0.1 <= 0 <= low + strip.tall - 1.1 else low + 0.4
    xs = [left + mm * step for step in (0, 1, 1, 6, 6, 7)]
    ys = [foot + rise for rise in (0, 0, 1, 1, 0, 0)]
    return {
        "x": xs,
        "y": ys,
        "mode": "lines",
        "line": {"color": TOKENS[strip.theme]["trace"], "width": 1.1},
        "name": "1 mV",
    }


def _ticks(strip: Strip) -> dict[str, Any]:
    """A mark for each whole second at the lower edge of the paper."""
    first, last = strip.span
    whole = range(ceil(first + PULSE), int(last) + 1)
    foot = 4 / paper.px_per_mv()
    xs, ys = paper.segments([(s, strip.low, s, strip.low + foot) for s in whole])
    return {"x": xs, "y": ys, "mode": "lines", "line": {"color": TOKENS[strip.theme]["ink3"], "width": 1}}


def _notes(strip: Strip) -> list[dict[str, Any]]:
    """Scale, lead and filter; the time of the left edge; SYNTHETIC; gaps; a trace that leaves the paper."""
    colours, signal = TOKENS[strip.theme], strip.signal
    high = strip.low + strip.tall
    raw = "raw, no filter" if signal["filter"] == "none" else f"filtered {signal['filter']}"
    scale = f"25 mm/s · 10 mm/mV · {signal['lead']} · {raw} · {signal['fs']:g} Hz"
    at, anchor = (high, "top") if _room_above(strip) else (strip.low, "bottom")
    tag = {"bgcolor": colours["paper"], "borderpad": 2}
    notes = [
        paper.text(
            strip.span[1] - 0.05, at, scale, colours["ink2"], xanchor="right", yanchor=anchor, weight=500, **tag
        ),
        paper.text(
            float(signal["start"]) + 0.15,
            strip.low,
            format.hms(float(signal["start"])),
            colours["ink2"],
            yanchor="bottom",
            weight=500,
            **tag,
        ),
    ]
    left = float(signal["start"]) + 0.05
    warn = {"bgcolor": colours["warnbg"], "borderpad": 3, "yanchor": "top", "weight": 600}
    if strip.synthetic:
        notes.append(paper.text(left, high - 0.08, "SYNTHETIC", colours["warn"], **warn))
    if paper.clips(signal["value"], strip.low, strip.tall):
        words = "the trace leaves the paper"
        notes.append(paper.text(left + 0.95 * strip.synthetic, high - 0.08, words, colours["warn"], **warn))
    for a, z in gaps(signal):
        if z - a > 0.45:
            middle = strip.low + strip.tall / 2
            notes.append(paper.text((a + z) / 2, middle, "no signal", colours["ink3"], xanchor="center", **tag))
    return notes


def _room_above(strip: Strip) -> bool:
    """Whether the trace leaves more room above than below at the right end."""
    values = [v for v in strip.signal["value"][-len(strip.signal["value"]) // 3 :] if v is not None] or [0.0]
    return bool(strip.low + strip.tall - max(values) >= min(values) - strip.low)


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
