"""From a recording to what a network reads: filtered, normalised, cut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.cards import BandPass, BeatWindow, Card, InputSpec, Step
from models.errors import InvalidError, NotFoundError
from models.placing import Anchors, anchors
from models.records.lru import Lru
from models.records.record import Record
from models.signals.channels import channels_of, check_kind, conversion
from models.signals.filters import bandpass
from models.signals.gaps import fill
from models.signals.resample import position, positions, resample, resample_mask

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
MOST_BYTES = 432_000  # of a batch: 500 beats of 0.6 s at 360 Hz, six minutes at 300 Hz
AROUND = 3  # samples: how far R is moved to see what the output hangs on
VALUE = np.dtype(np.float32).itemsize  # bytes


@dataclass(frozen=True)
class Prepared:
    """A whole recording as the network would read it, at the network's sampling frequency."""

    signal: Floats  # [leads, samples], preprocessed, gaps bridged
    raw: Floats  # [leads, samples], in the record's units, NaN is a gap
    missing: NDArray[np.bool_]  # [samples], a gap in any of the leads
    spec: InputSpec
    record_fs: float  # Hz
    record_samples: int


@dataclass(frozen=True)
class Window:
    """One network input and what was measured."""

    input: Floats  # [leads, samples], preprocessed, at the network's fs
    raw: Floats  # [leads, samples], in the record's units at the network's fs: its own samples where both fs are equal
    start: int  # first sample of the window, at the record's fs
    end: int  # the sample after its last, at the record's fs


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
    signals, raws, gaps = zip(*(_lead(record, lead, spec, row) for row, lead in enumerate(leads)), strict=True)
    missing = np.logical_or.reduce(gaps)
    arrays = (np.stack(signals).astype(np.float32), np.stack(raws).astype(np.float32), missing)
    for array in arrays:
        array.setflags(write=False)  # shared by every thread
    return Prepared(*arrays, spec=spec, record_fs=record.fs, record_samples=record.samples)


def _lead(
    record: Record, lead: int, spec: InputSpec, row: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
    """Preprocessed, in the record's unit, and gaps [samples] at spec.fs of one lead: the network's `row`."""
    filled, gap = fill(record.signal[lead])
    raw = resample(filled, record.fs, spec.fs)
    missing = resample_mask(gap, record.fs, spec.fs, len(raw))
    signal = raw * conversion(record, lead, spec, row)
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


def cut(prepared: Prepared, first: int, samples: int, at: int) -> Window:
    """The window of `samples` from `first` on (network's fs), addressed by `at` (record's fs).

    InvalidError where it leaves the recording or touches a gap.
    """
    fs, stop, whole = prepared.spec.fs, first + samples, prepared.signal.shape[1]
    if first < 0 or stop > whole:
        raise InvalidError(
            f"The window around sample {at} leaves the recording: it would run from sample {first} to {stop} "
            f"of {whole} at {fs:g} Hz (the recording has {prepared.record_samples})",
            field="at",
        )
    if lost := int(prepared.missing[first:stop].sum()):
        raise InvalidError(f"The window around sample {at} touches a gap ({lost} samples missing)", field="at")
    columns = slice(first, stop)
    start, end = (position(edge, fs, prepared.record_fs) for edge in (first, stop))
    return Window(prepared.signal[:, columns].copy(), prepared.raw[:, columns].copy(), start, end)


def inside(prepared: Prepared, first: Indices, samples: Indices | int) -> NDArray[np.bool_]:
    """Which windows of `samples` from first [windows] on lie in the recording and touch no gap [windows]."""
    stop = first + samples
    valid = (first >= 0) & (stop <= prepared.signal.shape[1])
    lost = np.concatenate(([0], np.cumsum(prepared.missing)))  # missing samples before each
    valid[valid] = lost[stop[valid]] == lost[first[valid]]
    return np.asarray(valid)


def stacked(prepared: Prepared, first: Indices, samples: int) -> Floats:
    """Inputs [windows, leads, samples] from first [windows] on; all of them lie in the recording."""
    columns = first[:, None] + np.arange(samples)
    return np.ascontiguousarray(prepared.signal[:, columns].transpose(1, 0, 2))


def around(prepared: Prepared, r: Sequence[int] | Indices) -> tuple[Floats, NDArray[np.bool_]]:
    """Inputs around each R peak that has a window, and which have one [beats]; r [beats] at the record's fs."""
    spec = prepared.spec
    assert isinstance(spec.window, BeatWindow)
    first = positions(np.asarray(r, dtype=np.int64), prepared.record_fs, spec.fs) - spec.window.before
    valid = inside(prepared, first, spec.window.samples)
    return stacked(prepared, first[valid], spec.window.samples), valid


class Cutter:
    """The windows of one recording as one model reads them, placed in the lead in view.

    What cannot be read is told when it is asked for: UnsupportedError for a recording of another kind or without the
    model's channels, InvalidError for a lead that cannot be prepared.
    """

    def __init__(self, record: Record, card: Card, lead: int = 0) -> None:
        self.record, self.card, self.lead = record, card, lead

    @cached_property
    def channels(self) -> tuple[int, ...]:
        """Indices of the leads that the network reads, in its order."""
        return channels_of(self.record, self.card, self.lead)

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Their names, as the recording has them."""
        return tuple(self.record.leads[index] for index in self.channels)

    @cached_property
    def prepared(self) -> Prepared:
        """The recording as the network reads it."""
        return prepare(self.record, self.channels, self.card.input)

    @cached_property
    def anchors(self) -> Anchors:
        """Where the windows lie."""
        check_kind(self.record, self.card)
        return anchors(self.record, self.lead, self.card.input, self.card.vocabulary)

    @cached_property
    def valid(self) -> NDArray[np.bool_]:
        """Which of the windows the network can read [windows]."""
        shortest, longest = self.card.input.window.bounds
        lengths = self.anchors.lengths
        return inside(self.prepared, self.anchors.first, lengths) & (lengths >= shortest) & (lengths <= longest)

    def row(self, at: int) -> int:
        """The number of the window addressed by `at`; NotFoundError naming the nearest."""
        return locate(self.anchors.samples, at, "window" if self.anchors.beats is None else "beat")

    def window(self, at: int) -> Window:
        """The window addressed by `at`; InvalidError where the network cannot read it."""
        row = self.row(at)
        first, samples = int(self.anchors.first[row]), int(self.anchors.lengths[row])
        window, fs = self.card.input.window, self.card.input.fs
        if not window.fits(samples):
            message = f"The window at sample {at} has {samples} samples at {fs:g} Hz: {self.card.id} reads"
            raise InvalidError(f"{message} {window.length}", field="at")
        return cut(self.prepared, first, samples, at)

    def shifted(self, at: int, by: int = AROUND) -> tuple[Indices, Floats]:
        """Shifts −by … by (samples at the network's fs) of a window that can be read, and inputs [shifts, leads, …].

        Around a beat these are the windows had its R peak been placed so much earlier or later.
        """
        row = self.row(at)
        samples, shifts = int(self.anchors.lengths[row]), np.arange(-by, by + 1)
        first = self.anchors.first[row] + shifts
        valid = inside(self.prepared, first, samples)
        return shifts[valid], stacked(self.prepared, first[valid], samples)

    def batches(
        self, rows: Sequence[int] | Indices | None = None, most_bytes: int = MOST_BYTES
    ) -> Iterator[tuple[Indices, Floats]]:
        """Rows and their inputs [rows, leads, samples], those of equal length together; all rows where none are given.

        Rows without a window that can be read are left out. A batch holds at least one window.
        """
        asked = np.arange(len(self.anchors)) if rows is None else np.asarray(rows, dtype=np.int64)
        asked = asked[self.valid[asked]]
        lengths = self.anchors.lengths[asked]
        for length in np.unique(lengths).tolist():
            same = asked[lengths == length]
            step = max(1, most_bytes // (length * len(self.channels) * VALUE))
            for part in (same[i : i + step] for i in range(0, len(same), step)):
                yield part, stacked(self.prepared, self.anchors.first[part], length)

    def together(self, rows: Sequence[int] | Indices) -> tuple[Floats, NDArray[np.bool_]]:
        """Inputs [rows, leads, samples] in one array, and which are any [rows]; the others are zero.

        Of windows of several lengths only those of the commonest are taken.
        """
        asked = np.asarray(rows, dtype=np.int64)
        valid, lengths = self.valid[asked], self.anchors.lengths[asked]
        length = int(np.bincount(lengths[valid]).argmax()) if valid.any() else self.card.input.window.bounds[1]
        valid &= lengths == length
        inputs = np.zeros((len(asked), len(self.channels), length), dtype=np.float32)
        inputs[valid] = stacked(self.prepared, self.anchors.first[asked[valid]], length)
        return inputs, valid


def locate(samples: Indices, at: int, noun: str) -> int:
    """Index of `at` in samples [windows], ascending; NotFoundError naming the nearest."""
    index = int(np.searchsorted(samples, at))
    if index < len(samples) and samples[index] == at:
        return index
    options = tuple(str(int(other)) for other in samples[max(0, index - 2) : index + 2])
    near = f"the nearest are at {', '.join(options)}" if options else f"this recording has no {noun}s"
    raise NotFoundError(f"No {noun} at sample {at}: {near}", field="at", options=options)
