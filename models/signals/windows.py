"""Windows of a prepared recording: what a network reads, and where it lies."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.cards import BeatWindow, Card
from models.errors import InvalidError, NotFoundError
from models.placing import Anchors, anchors
from models.records.record import Record
from models.signals.channels import Channels, channels_of, check_kind
from models.signals.groups import evenly
from models.signals.preparing import Prepared, measured, prepare
from models.signals.resample import position, positions
from models.signals.usual import BEATS, usual_beat

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
MOST_BYTES = 432_000  # of a batch: 500 beats of 0.6 s at 360 Hz, six minutes at 300 Hz
AROUND = 3  # samples: how far R is moved to see what the output hangs on
VALUE = np.dtype(np.float32).itemsize  # bytes


@dataclass(frozen=True)
class Window:
    """One network input and what was measured."""

    input: Floats  # [leads, samples], preprocessed, at the network's fs
    raw: Floats  # [leads, samples], in the record's units at the network's fs: its own samples where both fs are equal
    start: int  # first sample of the window, at the record's fs
    end: int  # the sample after its last, at the record's fs


def cut(record: Record, prepared: Prepared, first: int, samples: int, at: int) -> Window:
    """The window of `samples` from `first` on (network's fs), addressed by `at` (record's fs).

    InvalidError where it leaves the recording or touches a gap.
    """
    fs, stop, whole = prepared.spec.fs, first + samples, prepared.samples
    if first < 0 or stop > whole:
        raise InvalidError(
            f"The window around sample {at} leaves the recording: it would run from sample {first} to {stop} "
            f"of {whole} at {fs:g} Hz (the recording has {prepared.record_samples})",
            field="at",
        )
    if lost := prepared.lost(first, stop):
        raise InvalidError(f"The window around sample {at} touches a gap ({lost} samples missing)", field="at")
    start, end = (position(edge, fs, prepared.record_fs) for edge in (first, stop))
    return Window(prepared.signal[:, first:stop].copy(), measured(record, prepared, first, stop), start, end)


def stacked(prepared: Prepared, first: Indices, samples: int) -> Floats:
    """Inputs [windows, leads, samples] from first [windows] on; all of them lie in the recording."""
    columns = first[:, None] + np.arange(samples)
    return np.ascontiguousarray(prepared.signal[:, columns].transpose(1, 0, 2))


def around(prepared: Prepared, r: Sequence[int] | Indices) -> tuple[Floats, NDArray[np.bool_]]:
    """Inputs around each R peak that has a window, and which have one [beats]; r [beats] at the record's fs."""
    spec = prepared.spec
    assert isinstance(spec.window, BeatWindow)
    first = positions(np.asarray(r, dtype=np.int64), prepared.record_fs, spec.fs) - spec.window.before
    valid = prepared.inside(first, spec.window.samples)
    return stacked(prepared, first[valid], spec.window.samples), valid


class Cutter:
    """The windows of one recording as one model reads them, placed in the lead in view.

    What cannot be read is told when it is asked for: UnsupportedError for a recording of another kind or without the
    model's channels, InvalidError for a lead that cannot be prepared.
    """

    def __init__(self, record: Record, card: Card, lead: int = 0) -> None:
        self.record, self.card, self.lead = record, card, lead

    @cached_property
    def channels(self) -> Channels:
        """Indices of the leads that the network reads, in its order; None where the recording has not got one."""
        return channels_of(self.record, self.card, self.lead)

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Their names, as the recording has them; of those it has not, as the card has them."""
        known = self.card.input.channels
        return tuple(
            known[row].name if index is None or (known and known[row].mask) else self.record.leads[index]
            for row, index in enumerate(self.channels)
        )

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
        return self.prepared.inside(self.anchors.first, lengths) & (lengths >= shortest) & (lengths <= longest)

    @cached_property
    def usual(self) -> Floats | None:
        """The usual beat [leads, samples]; None where windows lie around no beats, or hardly any are alike."""
        if self.anchors.beats is None:
            return None
        readable = np.flatnonzero(self.valid)
        inputs, alike = self.together(readable[evenly(len(readable), BEATS)] if len(readable) else readable)
        return usual_beat(inputs[alike])

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
        return cut(self.record, self.prepared, first, samples, at)

    def shifted(self, at: int, by: int = AROUND) -> tuple[Indices, Floats]:
        """Shifts −by … by (samples at the network's fs) of a window that can be read, and inputs [shifts, leads, …].

        Around a beat these are the windows had its R peak been placed so much earlier or later.
        """
        row = self.row(at)
        samples, shifts = int(self.anchors.lengths[row]), np.arange(-by, by + 1)
        first = self.anchors.first[row] + shifts
        valid = self.prepared.inside(first, samples)
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
