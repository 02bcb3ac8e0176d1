"""The rhythm on a sheet."""

from frontend.api import JSON
from frontend.sheets import content, rows
from frontend.sheets.page import INK, Page, cut, width
from frontend.sheets.plot import Plot
from frontend.sheets.room import LEFT, RIGHT, Room


def draw(page: Page, document: JSON, y: float, room: Room) -> float:
    """The strip at true scale; nothing of what is no ECG."""
    if rows.has_rows(document):
        return in_rows(page, document, y, rows.speed(room.paper))
    if not content.has_strip(document):
        return y
    shown = content.strip_of(document)
    words = f"Rhythm, {shown.span[1] - shown.begin:.1f} s"
    page.text(LEFT, y + 16, words, weight=700)
    scale, beside = content.scale(shown), LEFT + width(words, 12, 700) + 8
    page.text(RIGHT, y + 16, scale, size=11, across="right")
    free = RIGHT - width(scale, 11) - 8 - beside
    page.text(beside, y + 16, cut("upper letters reference, lower model; RR in ms", free, 11), INK["ink2"], 11)
    Plot(page, content.rhythm(shown), LEFT, y + 24).draw()
    return y + 24 + shown.height


def in_rows(page: Page, document: JSON, y: float, speed: float) -> float:
    """A window of rhythm, one row below the other."""
    title, scale = rows.drawn_title(document), rows.words(document, speed)
    page.text(LEFT, y + 16, title, weight=700)
    page.text(RIGHT, y + 16, scale, size=11, across="right")
    beside = LEFT + width(title, 12, 700) + 8
    said = cut("ribbon: output if it ended there; RR in ms", RIGHT - width(scale, 11) - 8 - beside, 11)
    page.text(beside, y + 16, said, INK["ink2"], 11)
    y += 24
    for figure in rows.figures(document, speed):
        Plot(page, figure, LEFT, y).draw()
        y += figure["layout"]["height"] + 2
    return y
