"""How large the parts of a stay's picture are, in px."""

ROW = 34  # of a variable
HOURS = 48
MARGIN = 372  # of the window's width left of and right of the hours: gutter, shares, the page's own margins
SIDE, NARROW_SIDE = 360, 340
PROBABILITY = 70
BY_HOUR = 62  # bars and the axis below them


def hour(window: float) -> float:
    """Width of an hour in a window of this width: whole px, 16 at 1440."""
    return max(8.0, (min(window, 1440.0) - SIDE - 312) // HOURS)
