"""A shared document as one A4 page at true scale: 25 mm/s and 10 mm/mV on paper."""

import math

from frontend.api import JSON
from frontend.figures.desk import SHEET
from frontend.panel import Panels, frozen, on_paper
from frontend.sheets import content, provenance
from frontend.sheets.page import INK, Page, cut, width, wrapped
from frontend.sheets.room import (
    BOTTOM,
    CRAMPED,
    HEIGHT,
    LEAST,
    LEFT,
    MOST_LINES,
    NAMES,
    NOTE,
    PAPER,
    RIGHT,
    SMALL,
    WIDTH,
    Room,
    Tracks,
)

Attempt = tuple[int, float, bool, Tracks]  # maps, least px of each, curves of trust, tracks
ATTEMPTS: tuple[Attempt, ...] = (  # what is left out first where a page is too short
    (4, CRAMPED, True, "drawn"),
    (4, CRAMPED, True, "named"),
    (4, CRAMPED, False, "named"),
    (4, CRAMPED, False, "left out"),  # a map's scale is worth more than a track's name
    (4, LEAST, False, "left out"),
    (3, LEAST, False, "left out"),
    (2, LEAST, False, "left out"),
)


def sheet(document: JSON, panels: Panels) -> Page:
    """The page; where it would be too long its maps are lower, then tracks, curves of trust and maps are left out."""
    drawn = tuple(panel for panel in frozen(panels, document) if panel.paper)
    for maps, least, curves, tracks in ATTEMPTS:
        rows = -(-len(content.maps(document)[:maps]) // 2)
        page, over = _filled(document, drawn, Room(maps, PAPER, curves, tracks))
        lower = PAPER
        while over > 0 and rows and lower > least:
            lower = max(least, lower - math.ceil(over / rows))
            page, over = _filled(document, drawn, Room(maps, lower, curves, tracks))
        if over <= 0:
            break
    return page


def _filled(document: JSON, panels: Panels, room: Room) -> tuple[Page, float]:
    """The page, and by how many px it is too short."""
    page = Page(WIDTH, HEIGHT)
    foot = _provenance(page, document, room)
    y = _head(page, document)
    for panel in panels:
        y = on_paper(panel)(page, document, y, room)
    return page, _note(page, document, y, foot)


def _head(page: Page, document: JSON) -> float:
    title, room = content.heading(document), SHEET - 170
    if width(title, 20, 700) <= room:
        page.text(LEFT, 50, title, size=20, weight=700)
    else:  # in two lines, and cut where these are too short
        first = wrapped(title, room * 0.85, 13)[0]
        page.text(LEFT, 36, first, size=13, weight=700)
        page.text(LEFT, 53, cut(title[len(first) :].strip(), room, 13, 700), size=13, weight=700)
    page.text(LEFT, 70, cut(content.subject(document), SHEET - 170, 12), INK["ink2"])
    for i, words in enumerate(content.NOTICE):
        page.text(RIGHT, 54 + 16 * i, words, INK["ink2"], across="right")
    return 80


def _note(page: Page, document: JSON, y: float, foot: float) -> float:
    """The note, cut where there is no more room; by how many px it did not fit, or what is above it."""
    lines = wrapped(document["note"], SHEET - 50, 11.5) if document["note"] else []
    if not lines:
        return y - foot
    room = max(1, int((foot - y - 16) / NOTE))
    page.line((LEFT, RIGHT), (y, y), INK["line"])
    page.text(LEFT, y + 18, "Note", weight=700)
    shown = lines if len(lines) <= room else [*lines[: room - 1], "The whole note is in the JSON of this link."]
    page.paragraph(LEFT + 50, y + 18, "\n".join(shown), SHEET, 11.5)
    return y + 10 + NOTE * min(len(lines), MOST_LINES) - foot + 8


def _provenance(page: Page, document: JSON, room: Room) -> float:
    """At the foot of the page, whole: two columns, and below them each method; its upper edge."""
    (left, right), methods = provenance.rows(document), provenance.methods(document)
    shown = {f"Method {letter}" for letter, _ in content.lettered(document, room.maps)}
    left_out = ", ".join(value.split(",")[0] for name, value in methods if name not in shown)
    methods = [one for one in methods if one[0] in shown]
    methods += [("Not drawn", f"{left_out}: in the JSON of this link")] if left_out else []
    blocks = [(LEFT, 226.0, left), (LEFT + 324, SHEET - 324 - NAMES, right), (LEFT, SHEET - NAMES, methods)]
    columns = [(x, [(name, wrapped(value, wide - 4, SMALL)) for name, value in rows]) for x, wide, rows in blocks]
    tall = [SMALL * 1.45 * sum(len(lines) for _, lines in rows) for _, rows in columns]
    top = BOTTOM - max(tall[:2]) - tall[2] - 4
    page.line((LEFT, RIGHT), (top - 18, top - 18), INK["line"])
    page.text(LEFT, top, "Provenance", weight=700)
    for (x, rows), down in zip(columns, (0, 0, max(tall[:2])), strict=True):
        y = top + 18 + down
        for name, lines in rows:
            page.text(x, y, name, INK["ink2"], SMALL)
            y = page.paragraph(x + NAMES, y, "\n".join(lines), RIGHT, SMALL)
    return top - 18
