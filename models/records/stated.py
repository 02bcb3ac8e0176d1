"""What a file says of itself, checked for being usable."""

import math
from dataclasses import dataclass

from models.errors import BadRecordError

MILLIVOLTS = {"mv": 1.0, "v": 1e3, "uv": 1e-3, "µv": 1e-3, "μv": 1e-3, "nv": 1e-6}  # unit, small letters → mV
SLOWEST, FASTEST = 20.0, 50_000.0  # Hz; outside it is no ECG, or a mistake


@dataclass(frozen=True)
class Stated:
    """One recording by its own header."""

    leads: tuple[str, ...]
    fs: float  # Hz
    samples: int  # per lead
    comments: tuple[str, ...] = ()
    annotated: bool = False
    age: int | None = None  # years
    sex: str | None = None  # "M" or "F"


def checked_fs(fs: float, file: str) -> float:
    """`fs` where it can be that of an ECG; BadRecordError otherwise."""
    if not (math.isfinite(fs) and SLOWEST <= fs <= FASTEST):
        raise BadRecordError(file, f"sampling frequency {fs:g} Hz: expected {SLOWEST:g} to {FASTEST:g} Hz")
    return fs


def distinct(names: list[str | None]) -> list[str]:
    """Lead names, all different: an unnamed lead gets its number, a repeated name a suffix."""
    result: list[str] = []
    for index, name in enumerate(names):
        base = (name or "").strip() or f"lead {index + 1}"
        count = sum(other == base or other.startswith(f"{base} #") for other in result)
        result.append(f"{base} #{count + 1}" if count else base)
    return result
