"""How tall the paper of a recording is: so tall that its ordinary beats fit, and the same on every screen of it."""

from functools import lru_cache
from math import ceil

from frontend.api import JSON, Api
from frontend.figures.strip_data import HEIGHT_MM, TALLEST_MM

POINTS = 8000  # values of the whole lead: least and most of each bin
SCREEN = 9.6  # s that are looked at together
ORDINARY = 0.95  # of the screens fit
MARGIN, STEP = 2.0, 1.0  # mm
LEAST_MM = 30.0  # of a paper that leaves room for another lead's


def paper_height(needed: float, least: float = HEIGHT_MM) -> float:
    """Height in mm of a paper on which `needed` mm of signal lie, `least` where they are few."""
    return min(TALLEST_MM, max(least, ceil((needed + MARGIN) / STEP) * STEP))


@lru_cache(maxsize=256)
def reach_of(api: Api, record: str, lead: str | None, filter: str) -> float:
    """Millivolts from the lowest to the highest value on an ordinary screen of a lead."""
    seconds = api.recording(record)["seconds"]
    return ordinary(api.signal(record, lead, 0.0, seconds, POINTS, filter))


def ordinary(signal: JSON) -> float:
    """The reach in mV that `ORDINARY` of a signal's screens do not exceed; 0 where there is no signal."""
    screens: dict[int, tuple[float, float]] = {}
    for time, value in zip(signal["time"], signal["value"], strict=True):
        if value is not None:
            least, most = screens.get(int(time / SCREEN), (value, value))
            screens[int(time / SCREEN)] = min(least, value), max(most, value)
    reaches = sorted(most - least for least, most in screens.values())
    return reaches[min(len(reaches) - 1, int(len(reaches) * ORDINARY))] if reaches else 0.0
