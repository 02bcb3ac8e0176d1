"""Rows of tracks on a sheet: drawn below their map, named, or left out where there is no room."""

from collections.abc import Sequence

from frontend.figures.tracks import Row
from frontend.sheets.page import INK, Page, cut, width
from frontend.sheets.plot import Plot
from frontend.sheets.room import HALF, Tracks

SIZE, LINE, INDENT = 9.5, 13.0, 34.0  # px: letters, a line of them, and what is left of a map's paper


def draw(page: Page, found: Sequence[Row], left: float, y: float, how: Tracks) -> float:
    """The rows of one map from `y` on; the y below them."""
    for row in found if how != "left out" else ():
        y = _row(page, row, left, y, how == "drawn" and not row.aside)
    return y


def _row(page: Page, row: Row, left: float, y: float, drawn: bool) -> float:
    x, room = left + INDENT, HALF - INDENT
    name = cut(row.title, room / 2, SIZE, 700)
    page.text(x, y + 9, name, INK["ink2"], SIZE, 700)
    beside = width(name, SIZE, 700) + 6
    figure = row.figure if drawn else None
    said = row.facts if figure or row.figure is None else row.words.removeprefix(f"{row.title}, ").rstrip(".")
    page.text(x + beside, y + 9, cut(said, room - beside, SIZE), INK["ink3"], SIZE)
    if figure is None:
        return y + LINE
    Plot(page, figure, left, y + LINE).draw()
    return y + LINE + float(figure["layout"]["height"]) + 2
