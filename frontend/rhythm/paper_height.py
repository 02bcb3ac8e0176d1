"""How tall the paper of a recording is: so tall that its ordinary beats fit, and the same on every screen of it."""

from functools import lru_cache
from math import ceil

from frontend.api import JSON, Api
from frontend.figures.strip_data import HEIGHT_MM, TALLEST_MM

POINTS = 8000  # values of the whole lead: least and most of each bin
SCREEN = 9.6  # s that are looked at together
ORDINARY, USUAL = 0.95, 0.5  # of the screens fit; … need no more
MARGIN, STEP = 2.0, 1.0  # mm
LEAST_MM = 30.0  # of a paper that leaves room for another lead's


def paper_height(needed: float, least: float = HEIGHT_MM) -> float:
    """Height in mm of a paper on which `needed` mm of signal lie, `least` where they are few."""
    return min(TALLEST_MM, max(least, ceil((needed + MARGIN) / STEP) * STEP))


def reach_of(api: Api, record: str, lead: str | None, filter: str, part: float = ORDINARY) -> float:
    """Millivolts from the lowest to the highest value that this part of a lead's screens do not exceed."""
    return reached(reaches_of(api, record, lead, filter), part)


@lru_cache(maxsize=256)
def reaches_of(api: Api, record: str, lead: str | None, filter: str) -> tuple[float, ...]:
    """The reach in mV of each screen of a lead, the smallest first."""
    seconds = api.recording(record)["seconds"]
    return reaches(api.signal(record, lead, 0.0, seconds, POINTS, filter))


def reached(screens: tuple[float, ...], part: float) -> float:
    """The reach in mV that this part of the screens do not exceed; 0 where there is none."""
    return screens[min(len(screens) - 1, int(len(screens) * part))] if screens else 0.0


def reaches(signal: JSON) -> tuple[float, ...]:
    """The reach in mV of each of a signal's screens, the smallest first."""
    screens: dict[int, tuple[float, float]] = {}
    for time, value in zip(signal["time"], signal["value"], strict=True):
        if value is not None:
            least, most = screens.get(int(time / SCREEN), (value, value))
            screens[int(time / SCREEN)] = min(least, value), max(most, value)
    return tuple(sorted(most - least for least, most in screens.values()))
