"""The profile below an enlarged beat: raw relevance, and a dot with its largest value."""

from typing import Any

from frontend import format
from frontend.figures import decimate, paper
from frontend.figures.beat_data import Beat
from frontend.tokens import TOKENS, rgba

LEVEL, CLEAR = 4, 8  # px from a dot to the middle of its figure: beside it, and clear of the zero line


def lines(beat: Beat) -> list[dict[str, Any]]:
    """Raw relevance below the beat, one line for each lead and sign."""
    values = beat.relevance
    if not values or beat.empty:
        values = [[]]  # a running job fills it in the browser
    signs = [(1, "rel"), (-1, "neg")] if beat.signed else [(1, "rel")]
    return [_line(beat, row, sign, name) for row in values for sign, name in signs]


def _line(beat: Beat, row: list[float], sign: int, name: str) -> dict[str, Any]:
    """What of a lead's relevance has one sign."""
    colours = TOKENS[beat.theme]
    times, part = decimate.line(beat.times, [v if v * sign > 0 else 0 for v in row], beat.px)
    return {
        "x": times,
        "y": part,
        "xaxis": "x2",
        "yaxis": "y2",
        "mode": "lines",
        "fill": "tozeroy",
        "name": "profile",
        "fillcolor": rgba(colours[name], 0.18),
        "line": {"color": colours[name], "width": 1.1},
        "hoverinfo": "skip",
    }


def strongest(beat: Beat) -> tuple[int, int, float, float]:
    """Lead, sample, ms and value of the largest relevance (by magnitude where it is signed)."""
    values = beat.relevance or [[0.0]]
    size = abs if beat.signed else float
    lead, sample = max(
        ((k, i) for k, row in enumerate(values) for i in range(len(row))), key=lambda at: size(values[at[0]][at[1]])
    )
    return lead, sample, beat.times[sample], values[lead][sample]


def dot(beat: Beat) -> list[dict[str, Any]]:
    """A dot on the profile where the relevance is largest."""
    if not beat.explanation or beat.empty:
        return []
    _, _, at, value = strongest(beat)
    colour = TOKENS[beat.theme]["rel" if value >= 0 else "neg"]
    marker = {"color": colour, "size": 5.2}
    return [
        {
            "x": [at],
            "y": [_shown(beat, value)],
            "xaxis": "x2",
            "yaxis": "y2",
            "mode": "markers",
            "marker": marker,
            "cliponaxis": False,
            "hoverinfo": "skip",
        }
    ]


def _shown(beat: Beat, value: float) -> float:
    return max(-beat.full, min(beat.full, value))


def maximum(beat: Beat) -> dict[str, Any]:
    """The raw maximum, printed beside its dot."""
    _, _, at, value = strongest(beat)
    right = at < sum(beat.times[:: len(beat.times) - 1]) * 0.65
    shift = {"xanchor": "left", "xshift": 6} if right else {"xanchor": "right", "xshift": -6}
    ink, shown = TOKENS[beat.theme]["ink"], _shown(beat, value)
    up = 1 if value >= 0 else -1
    away = CLEAR * up if abs(shown) < beat.full / 2 else LEVEL  # below a deep dot stand the axis's numbers
    words = {"xref": "x2", "yref": "y2", "weight": 600, "yshift": away} | shift
    return paper.text(at, shown, format.measure(value), ink, **words)
