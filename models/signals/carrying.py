"""Irregular measurements at a network's rate: the last value of each period, carried forward until there is another."""

import numpy as np
from numpy.typing import NDArray

from models.cards import InputSpec, Scaling
from models.errors import UnsupportedError
from models.records.record import Record
from models.signals.channels import Channels, conversion

Floats = NDArray[np.float32]


def carry(record: Record, leads: Channels, spec: InputSpec) -> Floats:
    """What the network reads of a recording [channels, periods]."""
    found = scaled(last_measured(record, leads, spec), spec)
    found.setflags(write=False)  # shared by every thread
    return found


def scaled(raw: Floats, spec: InputSpec) -> Floats:
    """What the network reads of `last_measured` [..., channels, periods]: scaled, `fill` where there is none yet."""
    step = spec.carried
    assert step is not None
    rows = [
        raw[..., row, :] if channel.mask else _scaled(raw[..., row, :], scaling, step.most, channel.fill)
        for row, (channel, scaling) in enumerate(zip(spec.channels, step.scalings, strict=True))
    ]
    return np.stack(rows, axis=-2).astype(np.float32)


def last_measured(record: Record, leads: Channels, spec: InputSpec) -> Floats:
    """Values in the channels' units [channels, periods], NaN before the first; a mask is 1 or 0."""
    each = periods(record, spec)
    count = -(-record.samples // each)
    rows = []
    for row, (lead, channel) in enumerate(zip(leads, spec.channels, strict=True)):
        if lead is None:
            rows.append(np.full(count, 0.0 if channel.mask else np.nan))
            continue
        last, measured = _last(record.signal[lead], each)
        rows.append(measured.astype(np.float64) if channel.mask else last * conversion(record, lead, spec, row))
    return np.stack(rows).astype(np.float32)


def periods(record: Record, spec: InputSpec) -> int:
    """How many samples of the recording are one of the network's; UnsupportedError where that is no whole number."""
    each = record.fs / spec.fs
    if round(each) < 1 or abs(each - round(each)) > 1e-6 * each:
        message = f"A recording at {record.fs:g} Hz cannot be read at {spec.fs:g} Hz: no whole number of samples"
        raise UnsupportedError(message, field="model")
    return round(each)


def _last(values: Floats, each: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The last value of each period or of one before it [periods], and in which there is one [periods]."""
    padded = np.pad(values.astype(np.float64), (0, -len(values) % each), constant_values=np.nan).reshape(-1, each)
    there = ~np.isnan(padded)
    measured = there.any(axis=1)
    within = each - 1 - there[:, ::-1].argmax(axis=1)
    latest = np.maximum.accumulate(np.where(measured, np.arange(len(padded)), -1))
    found = padded[np.maximum(latest, 0), within[np.maximum(latest, 0)]]
    return np.where(latest < 0, np.nan, found), np.asarray(measured)


def _scaled(values: Floats, scaling: Scaling, most: float, fill: float) -> NDArray[np.float64]:
    known = np.log1p(np.maximum(values, 0)) if scaling.log else values.astype(np.float64)
    found = np.clip((known - scaling.centre) / scaling.spread, -most, most)
    return np.asarray(np.where(np.isnan(values), fill, found), dtype=np.float64)
