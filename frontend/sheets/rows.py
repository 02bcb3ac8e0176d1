"""A frozen window of rhythm in rows, for a shared page and for a sheet: the first map lies behind the trace."""

from bisect import bisect_left
from itertools import groupby
from math import ceil
from typing import Any

from frontend import tracks
from frontend.api import JSON
from frontend.figures import paper
from frontend.figures.desk import SHEET
from frontend.figures.rhythm import row
from frontend.figures.rhythm.behind import Map
from frontend.figures.rhythm.row import Row, Stretch
from frontend.sheets import content
from frontend.vocabulary import label

PAPER_MM = {paper.SPEED: 22.0, paper.SPEED / 2: 29.0}  # mm/s → mm of each row's paper: fewer rows may be higher
ROOMY = 120.0  # px of the maps' paper from which there is room for the standard speed


def has_rows(document: JSON) -> bool:
    """Whether a window of rhythm was frozen, with its beats."""
    return bool(document.get("rhythm"))


def speed(room: float | None) -> float:
    """Mm/s: the standard, or half of it on a sheet that is too full; `room` in px is a sheet's for its maps."""
    return paper.SPEED if room is None or room >= ROOMY else paper.SPEED / 2


def rows(document: JSON, mm_per_s: float = paper.SPEED) -> list[Row]:
    """The window's rows on a sheet's width."""
    frozen, where = document["strip"], document["record"]
    start, end = where["start"] / where["fs"], where["end"] / where["fs"]
    length = (SHEET - paper.PULSE_MM * paper.PX_PER_MM) / paper.px_per_second(mm_per_s)
    first = bisect_left(frozen["time"], start)
    values = frozen["value"][first : bisect_left(frozen["time"], end)]
    tall = PAPER_MM[mm_per_s]
    low = paper.middle(values, tall / paper.GAIN)
    found = []
    for k in range(max(1, ceil((end - start) / length - 0.02))):
        a, z = start + k * length, min(end, start + (k + 1) * length)
        beats = [beat for beat in document["rhythm"]["beats"] if a <= beat["time"] < z]
        one = Row(
            a, z, values[round((a - start) * where["fs"]) : round((z - start) * where["fs"]) + 1], where["fs"], low,
            length, paper_mm=tall, ribbon=runs(document, start, end), rhythms=rhythms(document, a, z, k == 0),
            beats=[beat["time"] for beat in beats], rr=intervals(beats), map=behind(document, start, end),
            speed=mm_per_s, tachogram=False,
        )  # fmt: skip
        found.append(one)
    return found


def figures(document: JSON, mm_per_s: float = paper.SPEED) -> list[paper.Figure]:
    """One figure for each row."""
    return [row.figure(one) for one in rows(document, mm_per_s)]


def words(document: JSON, mm_per_s: float) -> str:
    """`Rhythm, 30.0 s: …`: what the rows show, and at which scale."""
    where = document["record"]
    scale = paper.Scale(mm_per_s).words
    return f"{scale} · {where['lead']} · raw, no filter · {where['fs']:g} Hz"


def intervals(beats: list[JSON]) -> list[tuple[float, float]]:
    """RR in ms half way between beat and the one before."""
    known = [(beat["time"] - beat["rr"] / 2000, beat["rr"]) for beat in beats if beat["rr"] is not None]
    return known[1:] if beats and beats[0]["rr"] is not None else known


def rhythms(document: JSON, start: float, end: float, first: bool) -> list[tuple[float, str]]:
    """Where a reference rhythm begins; in the first row also the one that holds there."""
    found = []
    for mark in document["rhythm"]["marks"]:
        short = mark["label"] if mark["vocabulary"] == "rhythm" else label(mark["label"], mark["name"]).short
        if start <= mark["time"] < end or (first and mark["time"] < start < mark["end_time"]):
            found.append((max(mark["time"], start), f"reference {short}"))
    return found


def behind(document: JSON, start: float, end: float) -> Map | None:
    """The first map of relevance that was frozen."""
    one: JSON | None = next((one for one in content.maps(document) if tracks.shows_relevance(one)), None)
    if one is None:
        return None
    values = [0.0] * len(one["relevance"][0]) if one["scale"]["nothing_found"] else one["relevance"][0]
    return Map(values, start, (end - start) / len(values), one["scale"]["full"], one["signed"])


def runs(document: JSON, start: float, end: float) -> list[Stretch]:
    """The output as if the window ended there, where it was frozen; else that of the whole window."""
    kinds, said = document["beat"]["classes"], document["prediction"]
    every = (tracks.over_time(one) for one in content.maps(document))
    track = next((one for one in every if one), None)
    if track is None:
        one = said and next((kind for kind in kinds if kind["symbol"] == said["symbol"]), None)
        return [stretch(one, start, end)] if one else []
    step = (end - start) / len(track.values)
    found, at = [], 0
    for winner, members in groupby(max(range(len(one)), key=one.__getitem__) for one in track.values):
        count = len(list(members))
        found.append(stretch(kinds[winner], start + at * step, start + (at + count) * step))
        at += count
    return found


def stretch(kind: JSON, start: float, end: float) -> Stretch:
    """A class over a stretch of time."""
    known = label(kind["symbol"], kind["name"])
    letters = known.short if len(known.short) <= 2 else kind["symbol"]
    return Stretch(start, end, letters, known.group.colour("light"), known.colour_group == "N")


def drawn_title(document: JSON) -> str:
    """`Rhythm, 30.0 s`."""
    where = document["record"]
    return f"Rhythm, {(where['end'] - where['start']) / where['fs']:.1f} s"


def drawn(document: JSON) -> dict[str, Any]:
    """Title, scale and figures of a shared page."""
    return {
        "title": drawn_title(document),
        "scale": words(document, paper.SPEED),
        "figures": figures(document),
        "said": [row.words(one) for one in rows(document)],
    }
