"""The rhythm on a sheet."""

from frontend.api import JSON
from frontend.sheets import content
from frontend.sheets.page import INK, Page, cut, width
from frontend.sheets.plot import Plot
from frontend.sheets.room import LEFT, RIGHT, Room


def draw(page: Page, document: JSON, y: float, _: Room) -> float:
    """The strip at true scale; nothing of what is no ECG."""
    if not content.has_strip(document):
        return y
    shown = content.strip_of(document)
    words = f"Rhythm, {shown.span[1] - shown.begin:.1f} s"
    page.text(LEFT, y + 16, words, weight=700)
    scale, beside = content.scale(shown), LEFT + width(words, 12, 700) + 8
    page.text(RIGHT, y + 16, scale, size=11, across="right")
    room = RIGHT - width(scale, 11) - 8 - beside
    page.text(beside, y + 16, cut("upper letters reference, lower model; RR in ms", room, 11), INK["ink2"], 11)
    Plot(page, content.rhythm(shown), LEFT, y + 24).draw()
    return y + 24 + shown.height
