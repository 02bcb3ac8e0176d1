"""The sizes of a sheet, and what it finds room for."""

from dataclasses import dataclass
from typing import Literal

from frontend.figures.desk import SHEET

WIDTH, HEIGHT, LEFT = 794, 1123, 57  # px: A4, and its margin
RIGHT = LEFT + SHEET
HALF = 332.0  # of a map
PAPER = 148.0  # px of a map's paper, where there is room
MOST_CLASSES = 6
CRAMPED, LEAST = 84.0, 48.0  # px of a map's paper: below the first the curves of trust make room; the least
NOTE, MOST_LINES = 11.5 * 1.45, 8  # px: a line of the note; lines for which maps make room
SMALL, NAMES = 9.5, 92.0  # px: letters of the provenance; the width of its names
BOTTOM = HEIGHT - 26.0
Tracks = Literal["drawn", "named", "left out"]


@dataclass(frozen=True)
class Room:
    """What a page finds room for; the rest is in the JSON of the link."""

    maps: int  # at most
    paper: float  # px: height of each map's
    curves: bool  # those of trust
    tracks: Tracks = "drawn"  # below their map; named there; or not there
