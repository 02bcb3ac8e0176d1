"""The judgement of the maps on a sheet."""

from frontend import trust_view
from frontend.api import JSON
from frontend.figures import curves
from frontend.figures.desk import SHEET
from frontend.sheets import content
from frontend.sheets.page import INK, Page
from frontend.sheets.plot import Plot
from frontend.sheets.room import LEFT, RIGHT, Room


def draw(page: Page, document: JSON, y: float, room: Room) -> float:
    """Each map's verdict; the first one's curves where there is room."""
    waiting = content.unjudged(document, room.maps)
    judged, curved = content.judged(document, room.maps), content.curved(document, room.maps) if room.curves else None
    if not judged and not waiting:
        return y
    page.line((LEFT, RIGHT), (y, y), INK["line"])
    page.text(LEFT, y + 18, "Can the maps be trusted?", weight=700)
    wide = SHEET - (2 * curves.WIDTH + 40 if curved else 0)
    line = y + 36
    for letter, one, known in judged:
        words = f"{letter} {one['title']}: {trust_view.MARKS[known['verdict']][1].lower()}; {trust_view.reason(known)}."
        line = page.paragraph(LEFT, line, words, wide, 11)
    if waiting:
        line = page.paragraph(LEFT, line, waiting, wide, 11, INK["ink2"])
    if curved:
        letter, known = curved
        line = page.paragraph(LEFT, line, content.legend(letter, known), wide, 11, INK["ink2"])
        for i, (key, words) in enumerate((("deletion", "Delete most relevant"), ("insertion", "Insert most relevant"))):
            left = RIGHT - (2 - i) * (curves.WIDTH + 8)
            page.text(left, y + 14, f"{letter}: {words}", INK["ink2"], 11)
            Plot(page, curves.figure(known[key], known["fractions"], "light"), left, y + 18).draw()
        line = max(line, y + 18 + curves.HEIGHT + 8)
    return line
