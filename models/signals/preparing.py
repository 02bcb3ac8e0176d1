"""From a recording to the signal that a network reads: resampled, filtered, normalised, whole, and kept."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.cards import BandPass, InputSpec
from models.errors import InvalidError
from models.memory import Memory, mapped
from models.records.record import Record
from models.signals.carrying import carry, last_measured
from models.signals.channels import Channels, conversion
from models.signals.filters import bandpass
from models.signals.gaps import bridged, edges, fill
from models.signals.pieces import Signal, by_pieces, pieces
from models.signals.resample import REACH, ratio, resample_mask, resampled

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Prepared:
    """A whole recording as the network would read it, at the network's sampling frequency."""

    signal: Floats  # [leads, samples], preprocessed, gaps bridged
    gaps: Indices  # [gaps, 2], in any of the leads: first sample, and the one after the last; in order of time
    leads: Channels  # indices in the recording; None: not recorded, filled as the card says
    spec: InputSpec
    record_fs: float  # Hz
    record_samples: int

    @property
    def samples(self) -> int:
        """Length in samples."""
        return int(self.signal.shape[1])

    @property
    def weight(self) -> int:
        """Bytes in memory."""
        return mapped.weight(self.signal) + self.gaps.nbytes

    def lost(self, first: int, stop: int) -> int:
        """How many of the samples first … stop lie in a gap."""
        shared = np.minimum(self.gaps[:, 1], stop) - np.maximum(self.gaps[:, 0], first)
        return int(np.maximum(shared, 0).sum())

    def inside(self, first: Indices, samples: Indices | int) -> NDArray[np.bool_]:
        """Which windows of `samples` from first [windows] on lie in the recording and touch no gap [windows]."""
        stop = first + samples
        starts, ends = np.append(self.gaps[:, 0], self.samples), self.gaps[:, 1]
        ahead = starts[np.searchsorted(ends, first, side="right")]  # where the first gap begins that ends after `first`
        return np.asarray((first >= 0) & (stop <= self.samples) & (ahead >= stop))


_prepared: Memory[Prepared] = Memory("prepared signals", lambda prepared: prepared.weight)


def prepare(record: Record, lead_indices: Sequence[int | None], spec: InputSpec) -> Prepared:
    """The recording's leads resampled to spec.fs and preprocessed; kept in memory where the record has a checksum."""
    leads = tuple(lead_indices)
    if len(leads) != spec.leads:
        raise InvalidError(f"The model reads {spec.leads} lead(s), {len(leads)} were chosen", field="lead")
    if wrong := [lead for lead in leads if lead is not None and not 0 <= lead < len(record.leads)]:
        options = tuple(map(str, range(len(record.leads))))
        raise InvalidError(f"Lead index {wrong[0]} is not one of {', '.join(options)}", field="lead", options=options)
    if not record.sha256:
        return _prepare(record, leads, spec)
    return _prepared.get((record.id, record.sha256, leads, spec), lambda: _prepare(record, leads, spec))


def _prepare(record: Record, leads: Channels, spec: InputSpec) -> Prepared:
    if spec.carried:
        carried = carry(record, leads, spec)
        return Prepared(carried, np.empty((0, 2), dtype=np.int64), leads, spec, record.fs, record.samples)
    up, down = ratio(record.fs, spec.fs).as_integer_ratio()
    samples = record.samples if record.fs == spec.fs else -(-record.samples * up // down)
    signal, missing = mapped.empty(len(leads), samples), np.zeros(samples, dtype=bool)
    for row, lead in enumerate(leads):
        if lead is None:
            signal[row] = spec.channels[row].fill
            continue
        signal[row], gap = _lead(record, lead, spec, row, samples)
        missing |= gap
    gaps = edges(missing)
    for array in (signal, gaps):
        array.setflags(write=False)  # shared by every thread
    return Prepared(signal, gaps, leads, spec, record.fs, record.samples)


def _lead(record: Record, lead: int, spec: InputSpec, row: int, samples: int) -> tuple[Signal, NDArray[np.bool_]]:
    """Preprocessed, and gaps [samples] at spec.fs of one lead: the network's `row`."""
    signal, missing = _at_rate(record, lead, spec.fs, samples, conversion(record, lead, spec, row))
    for step in spec.preprocessing:
        if isinstance(step, BandPass):
            signal = _filtered(signal, spec.fs, step)
        else:
            signal = _normalised(signal, missing, record.leads[lead])
    return signal, missing


def _at_rate(record: Record, lead: int, fs: float, samples: int, factor: float) -> tuple[Signal, NDArray[np.bool_]]:
    """One lead times `factor`, its gaps bridged, and where they were, [samples] at fs Hz."""
    filled, gap = bridged(record.signal[lead])
    signal = by_pieces(samples, 0, lambda a, z: resampled(filled, record.fs, fs, a, z) * factor)
    return signal, resample_mask(gap, record.fs, fs, samples)


def _filtered(signal: Signal, fs: float, step: BandPass) -> Signal:
    """The whole signal [samples] through the filter; a sample depends on `order` neighbours on either side."""
    return by_pieces(len(signal), 4 * (step.order + 1), lambda a, z: bandpass(signal[a:z], fs, step))


def _normalised(signal: Signal, missing: NDArray[np.bool_], name: str) -> Signal:
    """The z-score of signal [samples]; mean and spread are those of the valid samples."""
    parts = list(pieces(len(signal)))
    valid = len(signal) - int(missing.sum())
    mean = sum(float(signal[a:z][~missing[a:z]].sum(dtype=np.float64)) for a, z in parts) / valid
    squares = (np.square(signal[a:z][~missing[a:z]].astype(np.float64) - mean).sum() for a, z in parts)
    spread = math.sqrt(float(sum(squares)) / valid)
    if spread == 0:
        raise InvalidError(f"Lead {name} is flat: it cannot be normalised", field="lead")
    return by_pieces(len(signal), 0, lambda a, z: (signal[a:z].astype(np.float64) - mean) / spread)


def measured(record: Record, prepared: Prepared, first: int, stop: int) -> Floats:
    """Samples first … stop [leads, samples] in the record's units at the network's fs.

    There is no gap among them; a channel that the recording has not is NaN, and one carried forward until it begins.
    """
    if prepared.spec.carried:
        return last_measured(record, prepared.leads, prepared.spec)[:, first:stop]
    rows = np.full((len(prepared.leads), stop - first), np.nan, dtype=np.float32)
    for row, lead in enumerate(prepared.leads):
        if lead is not None:
            rows[row] = _measured(record.signal[lead], record.fs, prepared.spec.fs, first, stop)
    return rows


def _measured(signal: Floats, source: float, target: float, first: int, stop: int) -> Signal:
    if source == target:
        return signal[first:stop]
    up, down = ratio(source, target).as_integer_ratio()
    beside = 2 * math.ceil(REACH * max(up, down) / (up * down))  # periods of `up` samples there, `down` here
    begin = max(0, first // up - beside)
    stretch = fill(signal[begin * down : (-(-stop // up) + beside) * down])[0]
    return resampled(stretch, source, target, first - begin * up, stop - begin * up)
