"""A shared document as one A4 page at true scale: 25 mm/s and 10 mm/mV on paper."""

import math
from dataclasses import dataclass

from frontend import format, trust_view
from frontend.api import JSON
from frontend.explanations import Size
from frontend.figures import beat, curves
from frontend.figures.desk import SHEET
from frontend.maps import scale as map_facts
from frontend.pages.desk.panels import output
from frontend.sheets import content, provenance
from frontend.sheets.page import INK, Page, cut, width, wrapped
from frontend.sheets.plot import Plot
from frontend.tokens import NAME, colour, rgba
from frontend.ui.components import SEEN
from frontend.wording import classes

WIDTH, HEIGHT, LEFT = 794, 1123, 57  # px: A4, and its margin
RIGHT = LEFT + SHEET
HALF = 332.0  # of a map
PAPER = 148.0  # px of a map's paper, where there is room
MOST_CLASSES = 6
CRAMPED, LEAST = 84.0, 48.0  # px of a map's paper: below the first the curves of trust make room; the least
NOTE, MOST_LINES = 11.5 * 1.45, 8  # px: a line of the note; lines for which maps make room
SMALL, NAMES = 9.5, 92.0  # px: letters of the provenance; the width of its names
BOTTOM = HEIGHT - 26.0


@dataclass(frozen=True)
class Room:
    """What a page finds room for; the rest is in the JSON of the link."""

    maps: int  # at most
    paper: float  # px: height of each map's
    curves: bool  # those of trust


def sheet(document: JSON) -> Page:
    """The page; where it would be too long its maps are lower, then curves of trust and maps are left out."""
    for maps, least, curves_too in ((4, CRAMPED, True), (4, LEAST, False), (3, LEAST, False), (2, LEAST, False)):
        rows = -(-len(content.maps(document)[:maps]) // 2)
        page, over = _filled(document, Room(maps, PAPER, curves_too))
        lower = PAPER
        while over > 0 and rows and lower > least:
            lower = max(least, lower - math.ceil(over / rows))
            page, over = _filled(document, Room(maps, lower, curves_too))
        if over <= 0:
            break
    return page


def _filled(document: JSON, room: Room) -> tuple[Page, float]:
    """The page, and by how many px it is too short."""
    page = Page(WIDTH, HEIGHT)
    foot = _provenance(page, document, room)
    y = _head(page, document)
    y = _rhythm(page, document, y)
    y = max(_output(page, document, y), _reference(page, document, y))
    y = _maps(page, document, y + 6, room)
    y = _trust(page, document, y, room)
    return page, _note(page, document, y, foot)


def _head(page: Page, document: JSON) -> float:
    title, room = content.heading(document), SHEET - 170
    if width(title, 20, 700) <= room:
        page.text(LEFT, 50, title, size=20, weight=700)
    else:  # in two lines, and cut where these are too short
        first = wrapped(title, room * 0.85, 13)[0]
        page.text(LEFT, 36, first, size=13, weight=700)
        page.text(LEFT, 53, cut(title[len(first) :].strip(), room, 13, 700), size=13, weight=700)
    page.text(LEFT, 70, cut(content.place(document), SHEET - 170, 12), INK["ink2"])
    for i, words in enumerate(content.NOTICE):
        page.text(RIGHT, 54 + 16 * i, words, INK["ink2"], across="right")
    return 80


def _rhythm(page: Page, document: JSON, y: float) -> float:
    shown = content.strip_of(document)
    words = f"Rhythm, {shown.span[1] - shown.begin:.1f} s"
    page.text(LEFT, y + 16, words, weight=700)
    scale, beside = content.scale(shown), LEFT + width(words, 12, 700) + 8
    page.text(RIGHT, y + 16, scale, size=11, across="right")
    room = RIGHT - width(scale, 11) - 8 - beside
    page.text(beside, y + 16, cut("upper letters reference, lower model; RR in ms", room, 11), INK["ink2"], 11)
    Plot(page, content.rhythm(shown), LEFT, y + 24).draw()
    return y + 24 + shown.height


def _output(page: Page, document: JSON, y: float) -> float:
    said, half = document["prediction"], SHEET / 2 - 20
    page.text(LEFT, y + 22, "Model output", weight=700)
    if said is None:
        return page.paragraph(LEFT, y + 42, document["beat"]["note"] or "No output", half, ink=INK["ink2"])
    names = {entry["symbol"]: entry["name"] for entry in document["beat"]["classes"]}
    page.chip(LEFT + 14, y + 48, said["symbol"], 28)
    page.text(LEFT + 38, y + 47, classes.short(said["symbol"], names), size=16, weight=700)
    runner = classes.short(output.runner_up(said), names)
    margin = f"calibrated, margin {format.probability(said['margin'])} over {runner}"
    page.text(LEFT + 38, y + 62, margin, INK["ink2"], 11)
    page.text(LEFT + half, y + 54, format.probability(max(said["probabilities"])), size=20, weight=700, across="right")
    return _bars(page, document, y + 82, half)


def _bars(page: Page, document: JSON, y: float, half: float) -> float:
    """The classes in the model's order; the likeliest where they are many."""
    said, entries = document["prediction"], list(enumerate(document["beat"]["classes"]))
    values = said["probabilities"]
    shown = sorted(sorted(entries, key=lambda entry: -values[entry[0]])[:MOST_CLASSES])
    for index, entry in shown:
        symbol, weight = entry["symbol"], 700 if index == said["index"] else 400
        page.chip(LEFT + 8, y, symbol)
        page.text(LEFT + 24, y + 4, cut(classes.short(symbol, {symbol: entry["name"]}), 90, 12), weight=weight)
        room = half - 120 - 40
        page.rect((LEFT + 120, y - 3.5, room, 7), INK["sunken"], 2)
        page.rect((LEFT + 120, y - 3.5, max(1.0, room * values[index]), 7), colour(symbol, "light"), 0.5)
        page.text(LEFT + half, y + 4, format.probability(values[index]), weight=weight, across="right")
        y += 21
    left_out = len(entries) - len(shown)
    if left_out:
        page.text(
            LEFT + 24,
            y + 4,
            f"and {format.plural(left_out, 'less likely class', 'less likely classes')}",
            INK["ink2"],
            11,
        )
        y += 18
    return y


def _reference(page: Page, document: JSON, y: float) -> float:
    left, symbol, wide = LEFT + SHEET / 2 + 10, document["beat"]["symbol"], SHEET / 2 - 10
    page.line((left - 15, left - 15), (y + 10, y + 150), INK["line"])
    page.text(left, y + 22, "Reference", weight=700)
    if symbol:
        page.chip(left + 12, y + 48, symbol, 24)
        page.text(left + 34, y + 53, NAME.get(symbol, symbol), size=15, weight=700)
    else:
        page.text(left, y + 52, "none: beats by a detector", INK["ink2"])
    own = (document.get("readings") or {}).get("label")
    if own:
        page.text(left, y + 74, f"Label of whoever shared it: {own}", INK["ink2"], 11)
    page.text(left, y + 92, SEEN.get(document["model"]["seen"], SEEN["unknown"])[3], size=10.5, weight=700)
    return page.paragraph(left, y + 110, content.saw(document), wide, 11, INK["ink2"])


def _maps(page: Page, document: JSON, y: float, room: Room) -> float:
    found = content.maps(document)
    if not found:
        page.text(LEFT, y + 16, "No map was frozen with this link.", INK["ink2"])
        return y + 26
    shown, words = content.lettered(document, room.maps), content.words(document, room.maps)
    rows = -(-len(shown) // 2)
    size = Size(HALF, room.paper)
    title = f"Regions that changed the score for {content.target(document)}"
    page.text(LEFT, y + 14, title, weight=700)
    beside = LEFT + width(title, 12, 700) + 12
    for token, meaning in content.key(document, room.maps):
        page.rect((beside, y + 6, 9, 9), rgba(INK[token], beat.ALPHA), 1.5)
        page.text(beside + 13, y + 14, meaning, INK["ink2"], 10.5)
        beside += 13 + width(meaning, 10.5) + 10
    page.text(RIGHT, y + 14, map_facts.of(document["beat"], size), INK["ink2"], 10.5, across="right")
    height = 0.0
    for i, (letter, explanation) in enumerate(shown):
        figure, _ = content.drawn(document, explanation, size)
        height = figure["layout"]["height"] + 20
        left, top = LEFT + (i % 2) * (SHEET - HALF), y + 20 + (i // 2) * height
        _title(page, explanation, letter, left, top + 12)
        Plot(page, figure, left, top + 18).draw()
    below = y + 24 + rows * height
    if len(shown) % 2:  # the words take the half that an odd map leaves free
        beside = page.paragraph(LEFT + SHEET - HALF, below - height + 20, words, HALF, 10.5)
        return max(below, beside)
    return page.paragraph(LEFT, below + 10, words, SHEET, 11.5)


def _title(page: Page, explanation: JSON, letter: str, left: float, y: float) -> None:
    name = f"{letter}  {explanation['title']}"
    page.text(left, y, name, weight=700)
    full = content.full(explanation)
    if full:
        page.text(left + width(name, 12, 700) + 8, y, full, INK["ink3"], 11)
        page.text(left + HALF, y, content.most(explanation), size=11, across="right")


def _trust(page: Page, document: JSON, y: float, room: Room) -> float:
    """Each map's verdict; the first one's curves where there is room."""
    late = content.unjudged(document, room.maps)
    judged, curved = content.judged(document, room.maps), content.curved(document, room.maps) if room.curves else None
    if not judged and not late:
        return y
    page.line((LEFT, RIGHT), (y, y), INK["line"])
    page.text(LEFT, y + 18, "Can the maps be trusted?", weight=700)
    wide = SHEET - (2 * curves.WIDTH + 40 if curved else 0)
    line = y + 36
    for letter, one, known in judged:
        words = f"{letter} {one['title']}: {trust_view.MARKS[known['verdict']][1].lower()}; {trust_view.reason(known)}."
        line = page.paragraph(LEFT, line, words, wide, 11)
    if late:
        line = page.paragraph(LEFT, line, late, wide, 11, INK["ink2"])
    if curved:
        letter, known = curved
        line = page.paragraph(LEFT, line, content.legend(letter, known), wide, 11, INK["ink2"])
        for i, (key, words) in enumerate((("deletion", "Delete most relevant"), ("insertion", "Insert most relevant"))):
            left = RIGHT - (2 - i) * (curves.WIDTH + 8)
            page.text(left, y + 14, f"{letter}: {words}", INK["ink2"], 11)
            Plot(page, curves.figure(known[key], known["fractions"], "light"), left, y + 18).draw()
        line = max(line, y + 18 + curves.HEIGHT + 8)
    return line


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
