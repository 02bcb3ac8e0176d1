"""Sizes of the gallery at a window's width and height, in px: tiles of one shape, as large as all of them find room."""

from dataclasses import dataclass

GAP, PADDING, BETWEEN = 20, 20, 36
SIDE, WIDEST, SHARE = 436, 700, 0.27  # of the Poincaré plot's card: at least, at most, of a wide page
TILE, LARGEST = 296.0, 560.0  # of a tile: as drawn at 1440, and at most
HEAD, FRAME = 52.0, 8.0  # what a tile has above and below its plot, and beside it
SHAPE = 0.5  # a plot's height for its width, whatever the screen: a QRS has one shape on all of them
AREA, REST = 416.0, 356.0  # of the tiles at least; everything above and below them but the tachogram
TALL, HIGH = 128.0, 900.0  # of the tachogram; a window for which this is enough
STACKED = 1100


@dataclass(frozen=True)
class Sizes:
    """The sizes of everything on the page."""

    columns: int
    tile: float
    side: float  # the Poincaré plot's card
    tachogram: tuple[float, float]
    area: float  # the height of all tiles that are in sight

    @property
    def plot(self) -> tuple[float, float]:
        """A tile's plot."""
        return self.tile - FRAME, round((self.tile - FRAME) * SHAPE)

    @property
    def style(self) -> dict[str, str]:
        """As the style sheet reads them."""
        return {
            "--columns": str(self.columns),
            "--side": f"{self.side:.0f}px",
            "--tile": f"{self.plot[1] + HEAD:.0f}px",
            "--area": f"{self.area:.0f}px",
        }


def sizes(window: float, height: float, tiles: int, rr: bool = True) -> Sizes:
    """For a window of this width and height; without RR there is no plot beside the tiles."""
    content = window - 2 * PADDING
    side = min(WIDEST, max(SIDE, round(SHARE * content)))
    left = content - side - BETWEEN if rr and window >= STACKED else content
    tall = TALL + max(0.0, round((height - HIGH) * 0.15))
    area = max(AREA, height - REST - tall)
    columns = fitting(left, area, tiles) or max(3, int((left + GAP) // (TILE + GAP)))
    return Sizes(columns, width(left, columns), side, (content - 24, tall), area)


def width(left: float, columns: int) -> float:
    """The width of one of so many tiles in a row."""
    return float((left - (columns - 1) * GAP) // columns)


def fitting(left: float, area: float, tiles: int) -> int | None:
    """The fewest columns, so the largest tiles, with which all are in sight; None where none does."""
    for columns in range(1, 13):
        tile, rows = width(left, columns), -(-tiles // columns)
        tall = rows * ((tile - FRAME) * SHAPE + HEAD) + (rows - 1) * GAP
        if tile <= LARGEST and tall <= area and tile >= TILE:
            return columns
    return None
