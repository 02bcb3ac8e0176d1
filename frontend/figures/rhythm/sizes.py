"""Sizes of the rhythm page in px: a wider window shows longer rows, never another scale."""

from dataclasses import dataclass
from math import floor

from frontend.figures import paper
from frontend.figures.desk import desk

PULSE_MM = 10.0  # of paper before second 0, for the calibration pulse
TIMES = 38.0  # of the times left of the paper
LONGEST = 10.0  # s in a row


@dataclass(frozen=True)
class Sizes:
    """Of one window's rows."""

    content: float  # room of the page
    mm: float  # px
    row: float  # s in a row

    @property
    def second(self) -> float:
        """Px of a second."""
        return paper.px_per_second(paper.SPEED, self.mm)

    @property
    def pulse(self) -> float:
        """Px of the paper before second 0."""
        return PULSE_MM * self.mm

    @property
    def width(self) -> float:
        """Px of a row's figure."""
        return self.pulse + self.row * self.second


def sizes(window: float, mm: float = paper.PX_PER_MM) -> Sizes:
    """At most ten seconds in a row, fewer where the window is narrower, always whole ones."""
    content = float(desk(window).content)
    room = (content - TIMES - PULSE_MM * mm) / paper.px_per_second(paper.SPEED, mm)
    return Sizes(content, mm, max(2.0, min(LONGEST, float(floor(room + 0.01)))))
