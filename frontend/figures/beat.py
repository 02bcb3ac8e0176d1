"""One beat, enlarged: the relevance behind the trace in mV, its profile below in raw units."""

from typing import Any

from frontend import format
from frontend.figures import brackets, decimate, paper, profile, time_axis
from frontend.figures.beat_data import ALPHA, AXIS, FOOT, GAP, HEAD, LEAD, PROFILE, Beat
from frontend.figures.ramp import ramp
from frontend.tokens import TOKENS

HATCH = 7.0  # px from one line of hatching to the next

__all__ = ["ALPHA", "AXIS", "HEAD", "LEAD", "Beat", "figure", "words"]


def figure(beat: Beat) -> paper.Figure:
    """The plotly figure; one band of paper for each lead."""
    data: list[dict[str, Any]] = []
    for lead in range(len(beat.leads)):
        data += [_ramp(beat, lead), *(_context(beat) if lead == 0 else []), _trace(beat, lead)]
    return {"data": [*data, *profile.lines(beat), *profile.dot(beat)], "layout": _layout(beat)}


def words(beat: Beat) -> str:
    """The map in a sentence, for those who cannot see it."""
    if beat.explanation is None:
        return "What the model reads; no map yet." if not beat.around_beat else "The beat in mV; no map yet."
    scale = beat.explanation["scale"]
    if beat.empty:
        return f"{beat.explanation['title']}: nothing found, at most {format.short(scale['maximum'])}."
    _, _, at, value = profile.strongest(beat)
    most = f"{format.number(value)} {scale['unit']}"
    ends = f" No step is centred on the hatched {format.span(beat.uncentred)} at either end." if beat.uncentred else ""
    return f"{beat.explanation['title']}: strongest {most} at {beat.when(at)}.{ends}"


def _suffix(lead: int) -> str:
    return "" if lead == 0 else str(lead + 10)  # y is the first lead, y2 the profile


def _layout(beat: Beat) -> dict[str, Any]:
    colours, tall = TOKENS[beat.theme], beat.height
    first, last = beat.span
    left = AXIS / beat.width
    foot, top = FOOT + PROFILE + GAP, tall - HEAD
    limits = [-beat.full, beat.full] if beat.signed else [0, beat.full]
    speed = beat.scale[0]
    small = {"size": 10.5, "color": colours["ink3"]}
    labelled = {"showticklabels": True, "tickfont": small}
    axes = {
        # Large boxes are 5 mm wide at any scale.
        "xaxis": paper.axis(range=[first, last], domain=[left, 1], anchor="y")
        | _grid(beat, 5000 / speed)
        | {"hoverformat": ".0f", "ticksuffix": " ms"},
        "xaxis2": paper.axis(
            range=[first, last],
            domain=[left, 1],
            anchor="y2",
            showticklabels=True,
            tickfont=small,
            **time_axis.ticks(first, last, room=beat.width - AXIS),
        ),
        "yaxis2": paper.axis(
            range=limits,
            domain=[FOOT / tall, (FOOT + PROFILE) / tall],
            anchor="x2",
            zeroline=True,
            zerolinecolor=colours["line2"],
            tickvals=limits,
            ticktext=_ends(beat),
            **labelled | {"tickfont": small | {"size": format.letters_px(_ends(beat), 10.5)}},
        ),
    }
    share = beat.paper / len(beat.leads)
    for lead in range(len(beat.leads)):
        high = top - lead * share
        axes[f"yaxis{_suffix(lead)}"] = _values(beat, lead, [(high - share) / tall, high / tall])
    sheet = paper.rect(left, 1, foot / tall, top / tall, colours["paper"], xref="paper", yref="paper")
    settings = paper.layout(
        beat.theme,
        beat.width,
        tall,
        **axes,
        shapes=[sheet, *_hatched(beat), *_edges(beat), *_boundaries(beat)],
        annotations=_notes(beat),
    )
    hover = {
        "bgcolor": colours["surface"],
        "bordercolor": colours["line2"],
        "font": {"color": colours["ink"], "size": 11},
    }
    return settings | {"hovermode": "x", "hoverlabel": hover}


def _grid(beat: Beat, large: float) -> dict[str, Any]:
    """Large boxes are 5 mm wide at any scale of ECG paper; of other series a line at each label."""
    if beat.to_scale:
        return paper.boxes(beat.theme, large, 0.0, beat.minor)
    marks = time_axis.ticks(*beat.span, room=beat.width - AXIS)["tickvals"]
    return {"showgrid": True, "gridcolor": TOKENS[beat.theme]["g2"], "tickvals": marks}


def _values(beat: Beat, lead: int, domain: list[float]) -> dict[str, Any]:
    """The axis of one lead: mV at the paper's scale, or its own unit from its least to its largest value."""
    if beat.to_scale:
        return _volts(beat, lead, domain)
    low, high = min(beat.leads[lead]), max(beat.leads[lead])
    margin = 0.15 * ((high - low) or 1.0)
    ends = {"tickvals": [low, high], "ticktext": [format.short(round(low, 2)), format.short(round(high, 2))]}
    small = {"size": 10.5, "color": TOKENS[beat.theme]["ink3"]}
    return paper.axis(
        range=[low - margin, high + margin], domain=domain, anchor="x", showticklabels=True, tickfont=small, **ends
    )


def _volts(beat: Beat, lead: int, domain: list[float]) -> dict[str, Any]:
    """The mV axis of one lead: its range is the paper's height at the scale, around the window's middle."""
    gain = beat.scale[1]
    share = beat.paper / len(beat.leads)
    span = share / paper.px_per_mv(gain, beat.mm)
    values = beat.leads[lead]
    low = (max(values) + min(values)) / 2 - span / 2
    large = 5 / gain
    lines = [k * large for k in range(int(low / large) - 1, int((low + span) / large) + 2)]
    return paper.axis(
        range=[low, low + span],
        domain=domain,
        anchor="x",
        showticklabels=True,
        showgrid=True,
        tickvals=lines,
        gridcolor=TOKENS[beat.theme]["g2"],
        ticktext=[_volt(v, low, span) for v in lines],
        tickfont={"size": 10.5, "color": TOKENS[beat.theme]["ink3"]},
        minor=paper.boxes(beat.theme, large, 0.0)["minor"] if beat.minor else {},
    )


def _volt(value: float, low: float, span: float) -> str:
    """Label of a grid line: whole and half mV, away from the edges."""
    halves = value * 2
    inside = low + span * 0.04 <= value <= low + span * 0.95
    return format.number(value, 1) if inside and abs(halves - round(halves)) < 1e-6 else ""


def _ends(beat: Beat) -> list[str]:
    if beat.explanation is None:
        return ["", ""]
    low = format.tight(-beat.full)
    return [low, low.replace(format.MINUS, "+", 1)] if beat.signed else ["0", format.tight(beat.full)]


def _edges(beat: Beat) -> list[dict[str, Any]]:
    """Dashed edges of the window."""
    low, high = (FOOT + PROFILE + GAP) / beat.height, 1 - HEAD / beat.height
    line = {"color": TOKENS[beat.theme]["ink"], "width": 1, "dash": "2px,3px"}
    ends = (beat.times[0], beat.times[-1] + 1000 / beat.window["fs"])
    return [
        {"type": "line", "x0": x, "x1": x, "y0": low, "y1": high, "yref": "paper", "line": line, "opacity": 0.5}
        for x in ends
    ]


def _hatched(beat: Beat) -> list[dict[str, Any]]:
    """Hatching over the ends of the window on which no step of the network is centred: diagonals HATCH px apart."""
    first, last = beat.span
    ms = (last - first) / (beat.width - AXIS)  # of a px
    low, wide = (FOOT + PROFILE + GAP) / beat.height, beat.uncentred / ms
    line = {"color": TOKENS[beat.theme]["ink3"], "width": 1}
    starts = (beat.times[0], beat.times[-1] + 1000 / beat.window["fs"] - beat.uncentred)
    return [
        {"type": "line", "line": line, "opacity": 0.6, "yref": "paper"}
        | {"x0": start + left * ms, "x1": start + right * ms}
        | {"y0": low + (left - at) / beat.height, "y1": low + (right - at) / beat.height}
        for start in starts
        for at, left, right in diagonals(wide, beat.paper)
    ]


def diagonals(wide: float, tall: float) -> list[tuple[float, float, float]]:
    """Lines of 45° in a box of px: where each meets the foot, and the px from the left at which it begins and ends."""
    every = [k * HATCH - tall for k in range(1, int((wide + tall) / HATCH) + 1)] if wide >= 1 else []
    return [(at, max(0.0, at), min(wide, at + tall)) for at in every if min(wide, at + tall) > max(0.0, at)]


def _boundaries(beat: Beat) -> list[dict[str, Any]]:
    """Brackets over the waves."""
    return brackets.shapes(beat.regions, beat.theme, beat.height, HEAD, FOOT + PROFILE + GAP)


def _notes(beat: Beat) -> list[dict[str, Any]]:
    """The waves' names, else the length of the model's input; the maximum; RR."""
    if beat.regions:
        across = paper.px_per_second(beat.scale[0], beat.mm) / 1000
        notes = brackets.names(beat.regions, beat.theme, beat.height, HEAD, across, beat.times[0])
    else:
        notes = [_length(beat)]
    if beat.explanation and not beat.empty:
        notes.append(profile.maximum(beat))
    return [*notes, *_neighbours(beat), *_channels(beat)]


def _channels(beat: Beat) -> list[dict[str, Any]]:
    """The name of each lead where there are several, with its unit where that is not mV."""
    if len(beat.leads) == 1 and beat.to_scale:
        return []
    share, top = beat.paper / len(beat.leads), beat.height - HEAD
    tag = {"size": 10.5, "yref": "paper", "bgcolor": TOKENS[beat.theme]["paper"], "xshift": 3, "yanchor": "top"}
    named = zip(beat.channels, beat.units, strict=False)
    return [
        paper.text(beat.span[0], (top - lead * share - 2) / beat.height, words, TOKENS[beat.theme]["ink2"], **tag)
        for lead, words in enumerate(name if unit == "mV" else f"{name}, {unit}" for name, unit in named)
    ]


def _length(beat: Beat) -> dict[str, Any]:
    """What stands between the edges: the model's input, and its length."""
    length = format.span(beat.window["samples"] * 1000 / beat.window["fs"])
    middle = (beat.times[0] + beat.times[-1]) / 2
    words, y = f"the model's input, {length}", 1 - (HEAD / 2 - 2) / beat.height
    return paper.text(middle, y, words, TOKENS[beat.theme]["ink3"], xanchor="center", yref="paper")


def _neighbours(beat: Beat) -> list[dict[str, Any]]:
    """How far the beats before and after are, at the foot of the paper."""
    first, last = beat.span
    y = (FOOT + PROFILE + GAP + 9) / beat.height
    small = {"size": 10.5, "yref": "paper", "bgcolor": TOKENS[beat.theme]["paper"], "borderpad": 1}
    before, after = (format.interval(rr, why) for rr, why in zip(beat.rr, beat.rr_note, strict=True))
    ends = [(first, f"← RR {before}", "left", 3), (last, f"RR {after} →", "right", -3)]
    return [
        paper.text(x, y, words, TOKENS[beat.theme]["ink3"], xanchor=side, xshift=shift, **small)
        for (x, words, side, shift), rr, why in zip(ends, beat.rr, beat.rr_note, strict=True)
        if rr is not None or why
    ]


def _ramp(beat: Beat, lead: int) -> dict[str, Any]:
    """Relevance as a one-row heat map: alpha grows with relevance from 0 to 0.55, one hue for each sign."""
    values = beat.relevance
    row = values[lead] if values and not beat.empty else [0.0] * beat.window["samples"]
    [cells], each = decimate.strongest([row], beat.px)
    y = beat.leads[lead]
    centre, far = (max(y) + min(y)) / 2, max(50.0, 2 * (max(y) - min(y)))  # beyond the axis either way
    step = 1000 / beat.window["fs"]
    return {
        "type": "heatmap",
        "x0": beat.first + step * each / 2,
        "dx": step * each,
        "y": [centre - far, centre + far],
        "z": [cells, cells],
        "zmin": -beat.full if beat.signed else 0,
        "zmax": beat.full,
        "showscale": False,
        "hoverinfo": "skip",
        "colorscale": ramp(beat.theme, beat.signed, ALPHA * beat.strength),
        "yaxis": f"y{_suffix(lead)}",
        "name": f"relevance {lead}",
        "zsmooth": False,
    }


def _trace(beat: Beat, lead: int) -> dict[str, Any]:
    line = {"color": TOKENS[beat.theme]["trace"], "width": 1.5, "simplify": False}
    times, values = decimate.line(beat.times, beat.leads[lead], beat.px)
    return {
        "x": times,
        "y": values,
        "mode": "lines",
        "line": line,
        "yaxis": f"y{_suffix(lead)}",
        "name": "ecg",
        "hovertemplate": f"%{{y:.2f}} {beat.units[lead]}<extra></extra>",
    }


def _context(beat: Beat) -> list[dict[str, Any]]:
    """The signal around the window, in grey: the model does not see it."""
    first, last = beat.times[0], beat.times[-1]
    times, values = beat.context["time"], beat.context["value"]
    pairs = list(zip(times, values, strict=True))
    before = [(t, v) for t, v in pairs if t is not None and t <= first]
    after = [(t, v) for t, v in pairs if t is not None and t >= last]
    points = [*before, (first, beat.leads[0][0]), (None, None), (last, beat.leads[0][-1]), *after]
    line = {"color": TOKENS[beat.theme]["trace"], "width": 1.2, "simplify": False}
    return [
        {
            "x": [t for t, _ in points],
            "y": [v for _, v in points],
            "mode": "lines",
            "line": line,
            "opacity": 0.38,
            "hoverinfo": "skip",
        }
    ]
