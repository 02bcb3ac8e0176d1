"""Sizes of the rhythm page in px: a wider window shows longer rows, never another scale."""

from dataclasses import dataclass
from math import floor

from frontend.figures import paper
from frontend.figures.desk import desk

PULSE_MM = 10.0  # of paper before second 0, for the calibration pulse
TIMES = 38.0  # of the times left of the paper
LONGEST = 10.0  # s in a row at the standard speed


@dataclass(frozen=True)
class Sizes:
    """Of one window's rows."""

    content: float  # room of the page
    mm: float  # px
    row: float  # s in a row
    speed: float = paper.SPEED  # mm/s

    @property
    def second(self) -> float:
        """Px of a second."""
        return paper.px_per_second(self.speed, self.mm)

    @property
    def pulse(self) -> float:
        """Px of the paper before second 0."""
        return PULSE_MM * self.mm

    @property
    def width(self) -> float:
        """Px of a row's figure."""
        return self.pulse + self.row * self.second


def sizes(window: float, mm: float = paper.PX_PER_MM, speed: float = paper.SPEED) -> Sizes:
    """At most 250 mm in a row, ten seconds at 25 mm/s; fewer where the window is narrower; whole seconds."""
    content = float(desk(window).content)
    room = (content - TIMES - PULSE_MM * mm) / paper.px_per_second(speed, mm)
    longest = min(LONGEST * paper.SPEED / speed, room + 0.01)
    least = 2.0 * paper.SPEED / max(speed, paper.SPEED)
    return Sizes(content, mm, max(least, float(floor(longest)) if longest >= 1 else longest), speed)
