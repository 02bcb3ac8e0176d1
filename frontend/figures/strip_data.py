"""What a rhythm strip shows, and its sizes."""

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from typing import Any

from frontend.figures import paper
from frontend.tokens import Theme

ROW = 21  # px: a row of labels
HEIGHT_MM, TALLEST_MM = 43.0, 65.0  # of the paper: what most recordings need, and the most that it grows to
RR, RULE = 20, 3  # px: the RR row, the rule above the paper


@dataclass(frozen=True)
class Strip:
    """What the strip shows; times in s from the start of the recording."""

    signal: dict[str, Any]  # {time, value, start, seconds, fs, lead, filter, decimated}
    beats: dict[str, Any]  # columns, see the service
    chosen: int | None = None  # sample of the chosen beat
    window: tuple[float, float] | None = None  # what the model reads of the chosen beat
    model: bool = False  # whether the beats carry predictions
    synthetic: bool = False
    theme: Theme = "light"
    width: float = 945.0  # px
    scale: paper.Scale = paper.STANDARD
    rows: int = 2  # reference, model and, on the desk, reader
    paper_mm: float = HEIGHT_MM  # height of the paper
    pulse: bool = True  # whether the first 10 mm are the calibration pulse's

    @property
    def paper(self) -> float:
        """Height of the paper in px."""
        return self.paper_mm * self.scale.mm

    @property
    def height(self) -> float:
        """The height of the whole figure in px."""
        return self.rows * ROW + RULE + self.paper + RR

    @property
    def begin(self) -> float:
        """Where the trace begins, right of the calibration pulse."""
        return float(self.signal["start"])

    @property
    def span(self) -> tuple[float, float]:
        """First and last second on the paper, the calibration pulse included."""
        first = self.begin - (paper.PULSE_MM / self.scale.speed if self.pulse else 0)
        return first, first + self.width / self.scale.second

    @property
    def tall(self) -> float:
        """Millivolts from the lower to the upper edge of the paper."""
        return self.paper_mm / self.scale.gain

    @property
    def low(self) -> float:
        """Millivolts at the lower edge of the paper."""
        return paper.middle(self.signal["value"], self.tall)

    def inside(self) -> range:
        """Indices of the beats whose label fits on the paper."""
        times, edge = self.beats["time"], (5, 8) if self.pulse else (0, 0)
        first, last = self.begin + edge[0] / self.scale.second, self.span[1] - edge[1] / self.scale.second
        return range(bisect_left(times, first), bisect_right(times, last))
