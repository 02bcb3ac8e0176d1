"""Stretches of a lead for the screen: raw or filtered, gaps kept, never more values than can be seen."""

import math
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from backend.json_numbers import numbers
from backend.recordings.schemas import SignalResponse
from models.errors import InvalidError
from models.memory import mapped
from models.records import Record
from models.signals.filters import SETTLED, monitoring
from models.signals.pieces import pieces

Filter = Literal["raw", "0.5-40"]  # as the address of a signal says it
STATED: dict[Filter, str] = {"raw": "none", "0.5-40": "0.5–40 Hz"}


def stretch(
    record: Record, lead: str | None, start: float, seconds: float | None, points: int, kind: Filter
) -> SignalResponse:
    """`seconds` of one lead from `start` s on (to the end where None), with at most about `points` values."""
    index = record.lead_index(lead)
    if start >= record.seconds:
        message = f"start = {start:g} s is after the end: {record.id} lasts {record.seconds:g} s"
        raise InvalidError(message, field="start")
    first = round(start * record.fs)
    wanted = record.samples if seconds is None else first + max(1, round(seconds * record.fs))
    values = _values(record, index, first, min(wanted, record.samples), kind)
    at, shown = decimate(values, points)
    mapped.rest()
    return SignalResponse(
        lead=record.leads[index],
        unit=record.units[index],
        fs=record.fs,
        start=first / record.fs,
        seconds=len(values) / record.fs,
        decimated=len(at) < len(values),
        filter=STATED[kind],
        time=numbers((first + at) / record.fs, 5),
        value=numbers(shown, 4),
    )


def _values(record: Record, lead: int, first: int, end: int, kind: Filter) -> NDArray[np.float32]:
    """Samples first … end of a lead in mV, the same whichever stretch they are asked for in."""
    if kind == "raw":
        return record.signal[lead, first:end]
    values = mapped.empty(end - first)
    for begin, stop in pieces(end - first):
        values[begin:stop] = _monitored(record, lead, first + begin, first + stop)
        mapped.rest()
    return values


def _monitored(record: Record, lead: int, first: int, end: int) -> NDArray[np.float32]:
    """Samples first … end of a lead in mV, 0.5–40 Hz."""
    margin = math.ceil(SETTLED * record.fs)
    begin = max(0, first - margin)
    filtered = monitoring(record.signal[lead, begin : end + margin], record.fs)
    return filtered[first - begin : end - begin].astype(np.float32)


def decimate(values: NDArray[np.float32], points: int) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Positions and values [about points] of values [samples]: minimum and maximum of each bin, gaps kept as gaps."""
    if len(values) <= points:
        return np.arange(len(values)), values
    from tsdownsample import MinMaxDownsampler

    gap = np.isnan(values)
    count = points - points % 2
    if not gap.any():
        contiguous = np.ascontiguousarray(values)
        chosen = np.asarray(MinMaxDownsampler().downsample(contiguous, n_out=count), dtype=np.int64)  # type: ignore[no-untyped-call]
        return chosen, values[chosen]
    return _with_gaps(values, gap, count)


def _with_gaps(
    values: NDArray[np.float32], gap: NDArray[np.bool_], count: int
) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """As `decimate`, bin by bin: whatever a bin holds of signal shows, and a gap in it stays visible as a null."""
    edges = np.linspace(0, len(values), max(2, count // 3) + 1).astype(np.int64)
    chosen: set[int] = set()
    for first, end in pairwise(edges):
        part, missing = values[first:end], gap[first:end]
        if missing.any():
            chosen.add(int(first + np.argmax(missing)))
        if not missing.all():
            chosen |= {int(first + np.nanargmin(part)), int(first + np.nanargmax(part))}
    at = np.array(sorted(chosen), dtype=np.int64)
    return at, values[at]
