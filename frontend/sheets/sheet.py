"""A shared document as one A4 page at true scale: 25 mm/s and 10 mm/mV on paper."""

import math

from frontend import classes, format, judging
from frontend.api import JSON
from frontend.explaining import Size
from frontend.figures import curves, strip
from frontend.figures.desk import SHEET
from frontend.pages import map_facts, output, provenance
from frontend.parts import SEEN
from frontend.sheets import content
from frontend.sheets.page import INK, Page, cut, width, wrapped
from frontend.sheets.plot import Plot
from frontend.tokens import NAME, colour

WIDTH, HEIGHT, LEFT = 794, 1123, 57  # px: A4, and its margin
RIGHT = LEFT + SHEET
HALF = 332.0  # of a map
PAPER = 148.0  # px of a map's paper, where there is room
MOST_MAPS, MOST_CLASSES = 2, 6
LEAST = 56.0  # px: of a map's paper
NOTE, MOST_LINES = 11.5 * 1.45, 8  # px: a line of the note; lines for which maps make room
SMALL = 10.0  # px: letters of the provenance
BOTTOM = HEIGHT - 26.0


def sheet(document: JSON) -> Page:
    """The page; its maps are lower where the note would otherwise find no room."""
    rows = -(-len(content.maps(document)[:MOST_MAPS]) // 2)
    tall = PAPER
    page, over = _filled(document, tall)
    if over > 0 and rows:
        tall = max(LEAST, tall - math.ceil(over / rows))
        page, over = _filled(document, tall)
    return page if over <= 0 else _filled(document, tall, roomy=False)[0]


def _filled(document: JSON, tall: float, roomy: bool = True) -> tuple[Page, float]:
    """The page with maps on paper `tall` px high, and by how many px it is too short; `roomy`: curves of trust too."""
    page = Page(WIDTH, HEIGHT)
    foot = _provenance(page, document)
    y = _head(page, document)
    y = _rhythm(page, document, y)
    y = max(_output(page, document, y), _reference(page, document, y))
    y = _maps(page, document, y + 6, tall)
    y = _trust(page, document, y, roomy)
    return page, _note(page, document, y, foot)


def _head(page: Page, document: JSON) -> float:
    page.text(LEFT, 50, cut(content.heading(document), SHEET - 170, 20, 700), size=20, weight=700)
    page.text(LEFT, 70, cut(content.place(document), SHEET - 170, 12), INK["ink2"])
    for i, words in enumerate(content.NOTICE):
        page.text(RIGHT, 54 + 16 * i, words, INK["ink2"], across="right")
    return 80


def _rhythm(page: Page, document: JSON, y: float) -> float:
    shown = content.strip_of(document)
    words = f"Rhythm, {shown.span[1] - shown.begin:.1f} s"
    page.text(LEFT, y + 16, words, weight=700)
    beside = LEFT + width(words, 12, 700) + 8
    page.text(beside, y + 16, "upper letters reference, lower model; RR in ms", INK["ink2"], 11)
    Plot(page, strip.figure(shown), LEFT, y + 22).draw()
    return y + 22 + shown.height


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
    page.text(left, y + 92, SEEN.get(document["model"]["seen"], SEEN["unknown"])[3], weight=700)
    return page.paragraph(left, y + 110, content.saw(document), wide, 11, INK["ink2"])


def _maps(page: Page, document: JSON, y: float, tall: float) -> float:
    found = content.maps(document)
    if not found:
        page.text(LEFT, y + 16, "No map was frozen with this link.", INK["ink2"])
        return y + 26
    shown = found[:MOST_MAPS]
    rows = -(-len(shown) // 2)
    size = Size(HALF, tall)
    left_out = f"; {len(found) - len(shown)} more in the JSON" if len(found) > len(shown) else ""
    title = f"Regions that changed the score for {content.target(document)}"
    page.text(LEFT, y + 14, title, weight=700)
    page.text(RIGHT, y + 14, map_facts.of(document["beat"], size) + left_out, INK["ink2"], 11, across="right")
    height = 0.0
    for i, explanation in enumerate(shown):
        figure, _ = content.drawn(document, explanation, size)
        height = figure["layout"]["height"] + 20
        left, top = LEFT + (i % 2) * (SHEET - HALF), y + 20 + (i // 2) * height
        _title(page, explanation, content.LETTERS[i], left, top + 12)
        Plot(page, figure, left, top + 18).draw()
    y += 24 + rows * height
    return page.paragraph(LEFT, y + 10, content.words(document), SHEET, 11.5)


def _title(page: Page, explanation: JSON, letter: str, left: float, y: float) -> None:
    name = f"{letter}  {explanation['title']}"
    page.text(left, y, name, weight=700)
    full = content.full(explanation)
    if full:
        page.text(left + width(name, 12, 700) + 8, y, full, INK["ink3"], 11)
        most = f"max {format.number(explanation['scale']['maximum'])}"
        page.text(left + HALF, y, most, size=11, across="right")


def _trust(page: Page, document: JSON, y: float, roomy: bool) -> float:
    """Each map's verdict; the first one's curves where there is room."""
    page.line((LEFT, RIGHT), (y, y), INK["line"])
    page.text(LEFT, y + 18, "Can the maps be trusted?", weight=700)
    judged = [one for one in content.judged(document) if one[0] in content.LETTERS[:MOST_MAPS]]
    if not judged:
        page.text(LEFT, y + 36, "Not judged yet when this was frozen.", INK["ink2"], 11)
        return y + 46
    wide = SHEET - (2 * curves.WIDTH + 40 if roomy else 0)
    line = y + 36
    for letter, one, known in judged:
        words = f"{letter} {one['title']}: {judging.MARKS[known['verdict']][2].lower()}; {judging.reason(known)}."
        line = page.paragraph(LEFT, line, words, wide, 11)
    if roomy:
        letter, _, known = judged[0]
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


def _provenance(page: Page, document: JSON) -> float:
    """At the foot of the page; its upper edge."""
    most_lines = 3 if len(document["explanations"]) <= 2 else 1
    columns = [
        (x, [(name, short(value, wide, most_lines)) for name, value in rows])
        for rows, x, wide in zip(provenance.rows(document), (LEFT, LEFT + 285), (165.0, 295.0), strict=True)
    ]
    line = SMALL * 1.45
    most = max(sum(len(lines) for _, lines in rows) for _, rows in columns)
    top = BOTTOM - line * most - 4
    page.line((LEFT, RIGHT), (top - 18, top - 18), INK["line"])
    page.text(LEFT, top, "Provenance", weight=700)
    for x, rows in columns:
        y = top + 18
        for name, lines in rows:
            page.text(x, y, name, INK["ink2"], SMALL)
            y = page.paragraph(x + 95, y, "\n".join(lines), RIGHT, SMALL)
    return top - 18


def short(words: str, wide: float, most: int) -> list[str]:
    """At most so many lines of them, with an ellipsis where that is not all."""
    lines = wrapped(words, wide, SMALL)
    return lines if len(lines) <= most else [*lines[: most - 1], cut(f"{lines[most - 1]} …", wide, SMALL)]
