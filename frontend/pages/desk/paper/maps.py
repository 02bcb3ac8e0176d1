"""The maps on a sheet."""

from frontend.api import JSON
from frontend.explanations import Size
from frontend.figures import beat
from frontend.figures.desk import SHEET
from frontend.maps import scale as map_facts
from frontend.sheets import content, rows, tracks
from frontend.sheets.page import INK, Page, width
from frontend.sheets.plot import Plot
from frontend.sheets.room import HALF, LEFT, RIGHT, Room
from frontend.tokens import rgba


def draw(page: Page, document: JSON, y: float, room: Room) -> float:
    """Two in a row, and what they say in words."""
    found = content.maps(document)
    if not found:
        page.text(LEFT, y + 16, "No map was frozen with this link.", INK["ink2"])
        return y + 26
    if rows.has_rows(document):
        return in_words(page, document, y)
    shown, words = content.lettered(document, room.maps), content.words(document, room.maps)
    size = Size(HALF, room.paper, lead=0.0)
    title = f"Regions that changed the score for {content.target(document)}"
    page.text(LEFT, y + 14, title, weight=700)
    beside = LEFT + width(title, 12, 700) + 12
    for token, meaning in content.key(document, room.maps):
        page.rect((beside, y + 6, 9, 9), rgba(INK[token], beat.ALPHA), 1.5)
        page.text(beside + 13, y + 14, meaning, INK["ink2"], 10.5)
        beside += 13 + width(meaning, 10.5) + 10
    page.text(RIGHT, y + 14, map_facts.of(document["beat"], size), INK["ink2"], 10.5, across="right")
    top, foot = y + 20.0, y + 20.0
    for i, (letter, explanation) in enumerate(shown):
        left = LEFT + (i % 2) * (SHEET - HALF)
        if i % 2 == 0:
            top = foot
        figure, _ = content.drawn(document, explanation, size)
        _title(page, explanation, letter, left, top + 12)
        Plot(page, figure, left, top + 18).draw()
        under = top + 20 + figure["layout"]["height"]
        foot = max(foot, tracks.draw(page, content.beside(document, explanation, size), left, under, room.tracks))
    if len(shown) % 2:  # the words take the half that an odd map leaves free
        return max(foot + 4, page.paragraph(LEFT + SHEET - HALF, top + 16, words, HALF, 10.5))
    return page.paragraph(LEFT, foot + 14, words, SHEET, 11.5)


def _title(page: Page, explanation: JSON, letter: str, left: float, y: float) -> None:
    name = f"{letter}  {explanation['title']}"
    page.text(left, y, name, weight=700)
    full = content.full(explanation)
    if full:
        page.text(left + width(name, 12, 700) + 8, y, full, INK["ink3"], 11)
        page.text(left + HALF, y, content.most(explanation), size=11, across="right")


def in_words(page: Page, document: JSON, y: float) -> float:
    """What is said of the map that lies behind a rhythm's rows; it is not drawn again."""
    title = f"Behind the trace: regions that changed the score for {content.target(document)}"
    page.text(LEFT, y + 14, title, weight=700)
    return page.paragraph(LEFT, y + 32, content.words(document, 1), SHEET, 11)
