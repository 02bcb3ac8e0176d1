"""Brackets over an enlarged beat: where P, QRS, ST and T begin and end."""

from collections.abc import Sequence
from typing import Any

from frontend.figures import paper
from frontend.tokens import TOKENS, Theme

Regions = Sequence[dict[str, Any]]  # {key, name, start_ms, end_ms}

NAMED = ("p", "qrs", "st", "t")  # keys of the regions that have a bracket
LINE, TICK, TEXT = 4, 4, 12  # px above the paper: the bracket, its ends, and its name
LETTER = 7  # px: a bracket of less than half its name has no room for it


def shapes(regions: Regions, theme: Theme, tall: float, head: float, foot: float) -> list[dict[str, Any]]:
    """Brackets above the paper and a thin line through it at each boundary.

    `tall`, `head` and `foot` are the figure's height and what is above and below the paper, in px.
    """
    ink = TOKENS[theme]["ink"]
    top = tall - head
    line = {"color": ink, "width": 1}
    drawn = []
    for region in _named(regions):
        left, right = region["start_ms"], region["end_ms"]
        y, down = (top + LINE) / tall, (top + LINE - TICK) / tall
        ends = [(left, right, y, y), (left, left, down, y), (right, right, down, y)]
        drawn += [_segment(*end, line) for end in ends]
    thin = {"color": ink, "width": 1}
    edges = sorted({edge for region in _named(regions) for edge in (region["start_ms"], region["end_ms"])})
    return [*drawn, *(_segment(x, x, foot / tall, top / tall, thin) | {"opacity": 0.22} for x in edges)]


def names(
    regions: Regions, theme: Theme, tall: float, head: float, px_per_ms: float, first: float
) -> list[dict[str, Any]]:
    """The names over the brackets; `P not found` before the QRS where that is so. `first`: ms at the paper's edge."""
    y = (tall - head + TEXT) / tall
    tokens = TOKENS[theme]
    words = []
    free = first  # ms up to which names stand
    for region in _named(regions):
        left, right = max(region["start_ms"], first), region["end_ms"]  # a wave that begins before the paper
        half = LETTER * len(region["name"]) / px_per_ms / 2
        middle = max((left + right) / 2, first + half)  # a narrow one at the paper's edge: its name goes on beside it
        if right > left and middle - half >= free and (right - left >= half or left == first):
            bold = {"weight": 600, "xanchor": "center", "yref": "paper"}
            words.append(paper.text(middle, y, region["name"], tokens["ink"], **bold))
            free = middle + half
    found = {region["key"]: region for region in regions}
    if "qrs" in found and "p" not in found:
        middle = (first + found["qrs"]["start_ms"]) / 2
        words.append(paper.text(middle, y, "P not found", tokens["ink3"], xanchor="center", yref="paper"))
    return words


def _named(regions: Regions) -> list[dict[str, Any]]:
    return [region for region in regions if region["key"] in NAMED]


def _segment(x0: float, x1: float, y0: float, y1: float, line: dict[str, Any]) -> dict[str, Any]:
    return {"type": "line", "x0": x0, "x1": x1, "y0": y0, "y1": y1, "yref": "paper", "line": line}
