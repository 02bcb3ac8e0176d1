"""What a file says of itself, checked for being usable."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError

MILLIVOLTS = {"mv": 1.0, "v": 1e3, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "nv": 1e-6}  # what a form may state → mV
SLOWEST, FASTEST = 20.0, 20_000.0  # Hz; outside it is no ECG, or a mistake
HIGHEST = 20.0  # mV, half the usual range of a lead; in 10,139 real recordings (see docs) it is 3.8 at most
LOWEST = 0.01  # mV; below it is what a unit taken too small leaves of an ECG, or hardly a signal
MOST = 1_000.0  # mV of any sample: no amplifier for the skin takes a volt (direct-coupled ones end at 0.4 V)
STRETCH, STRETCHES = 2.0, 500  # s of each look at a lead, and how many looks at most
MOST_GAP = 2**26  # values (256 MB) that gaps may add to what a file holds


@dataclass(frozen=True)
class Stated:
    """One recording by its own header."""

    leads: tuple[str, ...]
    fs: float  # Hz
    samples: int  # per lead
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what was assumed, dropped or left out
    annotated: bool = False
    age: int | None = None  # years
    sex: str | None = None  # "M" or "F"


def checked_fs(fs: float, file: str, where: str = "") -> float:
    """`fs` where it can be that of an ECG; BadRecordError otherwise. `where`: how the message begins."""
    if not (math.isfinite(fs) and SLOWEST <= fs <= FASTEST):
        raise BadRecordError(file, f"{where}sampling frequency {fs:g} Hz: expected {SLOWEST:g} to {FASTEST:g} Hz")
    return fs


def check_room(values: float, held: int, file: str) -> None:
    """BadRecordError where gaps would make `held` values of a file into many times as many."""
    if values > max(MOST_GAP, 8 * held):
        raise BadRecordError(file, f"would be {values:.3g} values long with its gaps, and holds {held}: split it there")


def check_plausible(signal: NDArray[np.float32], leads: tuple[str, ...], fs: float, file: str) -> tuple[str, ...]:
    """Notes on tiny leads [leads, samples] in mV; BadRecordError where one cannot be a surface ECG, or holds nothing.

    The range from the 1st to the 99th percentile in most stretches of 2 s is what decides: electrodes that come off,
    and steep offsets, are in few of them.
    """
    notes: list[str] = []
    for name, lead in zip(leads, signal, strict=True):
        low, high = float(np.fmin.reduce(lead)), float(np.fmax.reduce(lead))  # of what is no gap
        if math.isnan(high):
            raise BadRecordError(file, f"lead {name} has no valid sample, all are marked missing: leave it out")
        span = _span(lead, max(2, round(STRETCH * fs)))
        if span > HIGHEST:
            raise BadRecordError(file, _WORDS.format(name, f"mostly reaches ±{span:.3g} mV", f"±{HIGHEST:g} mV"))
        highest = max(high, -low)
        if not highest <= MOST:
            raise BadRecordError(file, _WORDS.format(name, f"reaches {highest:.3g} mV", f"{MOST:g} mV"))
        if 0 < span < LOWEST:
            notes.append(f"Lead {name} mostly stays within ±{span * 1000:.2g} µV: check its unit and gain.")
    return tuple(notes)


_WORDS = "lead {} {}, and no surface ECG is beyond {}: check its unit and gain"


def _span(lead: NDArray[np.float32], stretch: int) -> float:
    """Half the range of most stretches of this lead, in mV."""
    count = max(1, len(lead) // stretch)
    picked = np.unique(np.linspace(0, count - 1, min(count, STRETCHES)).astype(int))
    halves = []
    for index in picked:
        part = lead[index * stretch : (index + 1) * stretch]
        part = part[~np.isnan(part)]
        if len(part) > stretch // 10 or (count == 1 and len(part)):
            low, high = np.percentile(part, [1, 99])
            halves.append(float(high - low) / 2)
    return float(np.median(halves)) if halves else 0.0


def distinct(names: list[str | None]) -> list[str]:
    """Lead names, all different: an unnamed lead gets its number, a repeated name a suffix."""
    result: list[str] = []
    for index, name in enumerate(names):
        base = (name or "").strip() or f"lead {index + 1}"
        count = sum(other == base or other.startswith(f"{base} #") for other in result)
        result.append(f"{base} #{count + 1}" if count else base)
    return result
