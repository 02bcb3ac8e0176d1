"""Sizes of the review desk at a given window width, in px: a wider window shows more seconds, never another scale."""

from dataclasses import dataclass

PADDING = 20
FACTS, GAP = 217, 16
WIDE = 379  # the side from 1440 px
SHEET = 680  # content of the A4 sheet
LEAST, USUAL, WIDEST = 260, 450, 800  # of a map


@dataclass(frozen=True)
class Desk:
    """Widths in px."""

    gutter: int  # labels left of the paper
    paper: int  # the rhythm strip
    beat: int  # one beat map
    content: int
    side: int
    curve: int  # one of two beside each other in the side


def desk(window: float) -> Desk:
    """Side by side from 1100 px; below that the side goes under the rhythm strip."""
    stacked = window < 1100
    side = 0 if stacked else 340 if window < 1440 else WIDE
    gutter = 76 if window >= 1440 else 64
    content = max(560, int(window) - side - 2 * PADDING)
    free = content - GAP if stacked else content - FACTS - 2 * GAP
    return Desk(gutter, content - gutter, _map(free), content, side, ((side or WIDE) - 56) // 2)


def _map(free: int) -> int:
    """Width of one of two maps in `free` px; on a large screen maps and facts share what is left over."""
    more = max(0, free - 2 * USUAL) // 3
    return min(WIDEST, USUAL + more, max(LEAST, free // 2))
