"""How far each boundary was from the cardiologists', measured on recordings of LUDB that trained nothing."""

import json
from functools import cache
from pathlib import Path

ERRORS = Path(__file__).parent / "wave_errors.json"
BROAD, VERY_BROAD = 0.120, 0.140  # s: a QRS at least as long, as found, has ranges of its own
HELD = 0.95  # share of the measured boundaries that lie within a range
BOUNDARIES = tuple(f"{name} {side}" for name in ("P", "QRS", "T") for side in ("onset", "end"))
WIDTHS = ("narrow", "broad", "very broad")  # of the QRS

Range = tuple[float, float]  # s: how much earlier (≤ 0) and later (≥ 0) than found the boundary may be


@cache
def ranges() -> dict[tuple[str, str], Range]:
    """(boundary, width of the QRS) → its range."""
    stated = json.loads(ERRORS.read_text(encoding="utf-8"))
    return {
        (name, width): (stated[name][width][0] / 1000, stated[name][width][1] / 1000)
        for name in BOUNDARIES
        for width in WIDTHS
    }


def width_of(seconds: float) -> str:
    """How broad a QRS of this length is."""
    return WIDTHS[(seconds >= BROAD) + (seconds >= VERY_BROAD)]
