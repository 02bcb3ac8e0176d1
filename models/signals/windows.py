"""From a recording to what a network reads: filtered, normalised, cut."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.cards import BandPass, InputSpec, Step
from models.errors import InvalidError
from models.records.lru import Lru
from models.records.record import Record
from models.signals.filters import bandpass
from models.signals.gaps import fill
from models.signals.resample import position, resample, resample_mask

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Prepared:
    """A whole recording as the network would read it, at the network's sampling frequency."""

    signal: Floats  # [leads, samples], preprocessed, gaps bridged
    raw: Floats  # [leads, samples], mV, NaN is a gap
    missing: NDArray[np.bool_]  # [samples], a gap in any of the leads
    spec: InputSpec
    record_fs: float  # Hz
    record_samples: int


@dataclass(frozen=True)
class Window:
    """One network input and the millivolts it came from."""

    input: Floats  # [leads, samples], preprocessed, at the network's fs
    raw: Floats  # [leads, samples], mV, at the network's fs: the recording's own samples where the two fs are equal
    start: int  # first sample of the window, at the record's fs


_prepared: Lru[Prepared] = Lru(256 * 2**20, lambda p: p.signal.nbytes + p.raw.nbytes + p.missing.nbytes)


def prepare(record: Record, lead_indices: Sequence[int], spec: InputSpec) -> Prepared:
    """The recording's leads resampled to spec.fs and preprocessed; kept in memory where the record has a checksum."""
    leads = tuple(lead_indices)
    if len(leads) != spec.leads:
        raise InvalidError(f"The model reads {spec.leads} lead(s), {len(leads)} were chosen", field="lead")
    if wrong := [lead for lead in leads if not 0 <= lead < len(record.leads)]:
        options = tuple(map(str, range(len(record.leads))))
        raise InvalidError(f"Lead index {wrong[0]} is not one of {', '.join(options)}", field="lead", options=options)
    if not record.sha256:
        return _prepare(record, leads, spec)
    return _prepared.get((record.id, record.sha256, leads, spec), lambda: _prepare(record, leads, spec))


def _prepare(record: Record, leads: tuple[int, ...], spec: InputSpec) -> Prepared:
    signals, raws, gaps = zip(*(_lead(record, lead, spec) for lead in leads), strict=True)
    missing = np.logical_or.reduce(gaps)
    arrays = (np.stack(signals).astype(np.float32), np.stack(raws).astype(np.float32), missing)
    for array in arrays:
        array.setflags(write=False)  # shared by every thread
    return Prepared(*arrays, spec=spec, record_fs=record.fs, record_samples=record.samples)


def _lead(
    record: Record, lead: int, spec: InputSpec
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Preprocessed, millivolts and gaps of one lead, each [samples] at spec.fs."""
    filled, gap = fill(record.signal[lead])
    raw = resample(filled, record.fs, spec.fs)
    missing = resample_mask(gap, record.fs, spec.fs, len(raw))
    signal = raw
    for step in spec.preprocessing:
        signal = _apply(step, signal, missing, spec.fs, record.leads[lead])
    return signal, np.where(missing, np.nan, raw), missing


def _apply(
    step: Step, signal: NDArray[np.float64], missing: NDArray[np.bool_], fs: float, lead: str
) -> NDArray[np.float64]:
    """One preprocessing step; the mean and spread of a z-score are those of the valid samples."""
    if isinstance(step, BandPass):
        return bandpass(signal, fs, step)
    valid = signal[~missing]
    spread = float(valid.std())
    if spread == 0:
        raise InvalidError(f"Lead {lead} is flat: it cannot be normalised", field="lead")
    return np.asarray((signal - valid.mean()) / spread)


def cut(prepared: Prepared, r_sample: int) -> Window:
    """The window around `r_sample` (record's fs); InvalidError where it leaves the record or meets a gap."""
    spec = prepared.spec
    start = position(r_sample, prepared.record_fs, spec.fs) - spec.window.before
    stop = start + spec.window.samples
    if start < 0 or stop > prepared.signal.shape[1]:
        raise InvalidError(
            f"The window around sample {r_sample} leaves the recording: it would run from sample {start} to {stop} "
            f"of {prepared.signal.shape[1]} at {spec.fs:g} Hz (the recording has {prepared.record_samples})",
            field="beat",
        )
    if prepared.missing[start:stop].any():
        lost = int(prepared.missing[start:stop].sum())
        raise InvalidError(f"The window around sample {r_sample} touches a gap ({lost} samples missing)", field="beat")
    columns = slice(start, stop)
    first = position(start, spec.fs, prepared.record_fs)
    return Window(prepared.signal[:, columns].copy(), prepared.raw[:, columns].copy(), first)


def cut_all(prepared: Prepared, r_samples: Sequence[int] | NDArray[np.int64]) -> tuple[Floats, NDArray[np.bool_]]:
    """Inputs [beats, leads, samples] around each R peak, and which are valid [beats]; the others are zero."""
    spec = prepared.spec
    centres = [position(int(r), prepared.record_fs, spec.fs) for r in r_samples]
    starts = np.array(centres, dtype=np.int64) - spec.window.before
    lost = np.concatenate(([0], np.cumsum(prepared.missing)))  # missing samples before each
    valid = (starts >= 0) & (starts + spec.window.samples <= prepared.signal.shape[1])
    valid[valid] = lost[starts[valid] + spec.window.samples] == lost[starts[valid]]
    inputs = np.zeros((len(starts), spec.leads, spec.window.samples), dtype=np.float32)
    columns = starts[valid, None] + np.arange(spec.window.samples)
    inputs[valid] = prepared.signal[:, columns].transpose(1, 0, 2)
    return inputs, valid
