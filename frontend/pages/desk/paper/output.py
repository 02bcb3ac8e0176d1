"""The output and the reference on a sheet."""

from frontend import format
from frontend.api import JSON
from frontend.figures.desk import SHEET
from frontend.sheets import content
from frontend.sheets.page import INK, Page, cut
from frontend.sheets.room import LEFT, MOST_CLASSES, Room
from frontend.ui.components import SEEN
from frontend.vocabulary import colour, label
from frontend.wording import classes, input_text


def draw(page: Page, document: JSON, y: float, _: Room) -> float:
    """Beside each other; what comes next keeps 6 px from them."""
    return max(_output(page, document, y), _reference(page, document, y)) + 6


def _output(page: Page, document: JSON, y: float) -> float:
    said, half = document["prediction"], SHEET / 2 - 20
    page.text(LEFT, y + 22, "Model output", weight=700)
    if said is None:
        return page.paragraph(LEFT, y + 42, document["beat"]["note"] or "No output", half, ink=INK["ink2"])
    known = document["beat"]["classes"]
    if said["symbol"]:
        page.chip(LEFT + 14, y + 48, said["symbol"], 28, said["name"])
    page.text(LEFT + 38, y + 47, cut(classes.answer(said, known), half - 90, 16), size=16, weight=700)
    warning = input_text.untrained(document["beat"]["untrained"])
    margin = classes.margin(said, known, document["model"].get("output"))
    page.text(LEFT + 38, y + 62, margin, INK["ink2"], 11)
    page.text(LEFT + half, y + 54, format.probability(max(said["probabilities"])), size=20, weight=700, across="right")
    below = page.paragraph(LEFT, y + 80, warning, half, 11, INK["warn"]) if warning else y + 66
    return _bars(page, document, below + 16, half)


def _bars(page: Page, document: JSON, y: float, half: float) -> float:
    """The classes in the model's order; the likeliest where they are many."""
    said, entries = document["prediction"], list(enumerate(document["beat"]["classes"]))
    values = said["probabilities"]
    shown = sorted(sorted(entries, key=lambda entry: -values[entry[0]])[:MOST_CLASSES])
    for index, entry in shown:
        symbol, weight = entry["symbol"], 700 if strong(document, index, entry["symbol"]) else 400
        page.chip(LEFT + 8, y, symbol, name=entry["name"])
        page.text(LEFT + 24, y + 4, cut(classes.short(symbol, {symbol: entry["name"]}), 90, 12), weight=weight)
        room = half - 120 - 40
        page.rect((LEFT + 120, y - 3.5, room, 7), INK["sunken"], 2)
        page.rect((LEFT + 120, y - 3.5, max(1.0, room * values[index]), 7), colour(symbol, "light", entry["name"]), 0.5)
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


def strong(document: JSON, index: int, symbol: str) -> bool:
    """Whether a class is the answer, or among the labels that are given."""
    said = document["prediction"]
    return symbol in said["labels"] if classes.several(document["model"].get("output")) else index == said["index"]


def _reference(page: Page, document: JSON, y: float) -> float:
    left, symbol, wide = LEFT + SHEET / 2 + 10, document["beat"]["symbol"], SHEET / 2 - 10
    page.line((left - 15, left - 15), (y + 10, y + 150), INK["line"])
    page.text(left, y + 22, "Reference", weight=700)
    if symbol:
        name = label(symbol, document["beat"].get("name")).short
        page.chip(left + 12, y + 48, symbol, 24, document["beat"].get("name"))
        page.text(left + 34, y + 53, name, size=15, weight=700)
    else:
        page.text(left, y + 52, content.no_reference(document["beat"], document.get("rhythm")), INK["ink2"])
    own = (document.get("readings") or {}).get("label")
    if own:
        page.text(left, y + 74, f"Label of whoever shared it: {own}", INK["ink2"], 11)
    page.text(left, y + 92, SEEN.get(document["model"]["seen"], SEEN["unknown"])[3], size=10.5, weight=700)
    return page.paragraph(left, y + 110, content.saw(document), wide, 11, INK["ink2"])
