"""The beats of a recording: where they are, what they were called, and who says so."""

import math
from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from models.cards import BandPass
from models.errors import InvalidError
from models.memory import Memory
from models.records.record import Annotations, Record
from models.signals.filters import bandpass, order_at
from models.signals.gaps import bridged, edges, fill
from models.signals.pieces import Signal, by_pieces
from models.signals.resample import positions, ratio, resample_mask, resampled
from models.signals.rpeaks import DETECTOR, Indices, detect, hamilton, match
from models.vocabularies.mitbih import BEATS

NO_BEATS = "a series of measurements has no beats"
REACH = 0.05  # s, either side of a mark in which its R peak is sought


@dataclass(frozen=True)
class Beats:
    """Beats of one recording, seen in one lead, in order of time."""

    samples: Indices  # [beats], as annotated or detected, at the record's fs: a beat's address
    r: Indices  # [beats], the R peak in this lead: what windows are placed on
    symbols: tuple[str, ...] | None  # [beats], MIT-BIH; None where only a detector has seen them
    source: str  # "reference (atr)", "truth (synthesised)", "detector (sleepecg)"

    def __len__(self) -> int:
        return len(self.samples)

    def counts(self) -> dict[str, int]:
        """How many beats bear each symbol, most frequent first; empty where they bear none."""
        return dict(Counter(self.symbols or ()).most_common())


def weight(found: Beats) -> int:
    """Bytes of beats in memory: samples, R peaks, symbols."""
    return 3 * found.samples.nbytes


_beats: Memory[Beats] = Memory("beats", weight)
_placed: Memory[tuple[Beats, Indices]] = Memory("placed beats", lambda placed: weight(placed[0]) + placed[1].nbytes)


def beats(record: Record, lead_index: int = 0) -> Beats:
    """The reference beats where the record has any, else those of the detector in this lead; a series has none.

    Kept in memory where the record has a checksum.
    """
    if not record.sha256:
        return _find(record, lead_index)
    key = (record.id, record.sha256, lead_index, record.annotations)
    return _beats.get(key, lambda: _find(record, lead_index))


def _find(record: Record, lead_index: int) -> Beats:
    if record.kind != "ecg":
        nothing = np.empty(0, dtype=np.int64)
        return Beats(nothing, nothing, None, NO_BEATS)
    marks = known(record.annotations)
    if marks is not None:
        return Beats(marks.samples, to_peaks(record, lead_index, marks.samples), marks.symbols, marks.source)
    found = detect(record.signal[lead_index], record.fs)
    return Beats(found, to_peaks(record, lead_index, found), None, DETECTOR)


def known(annotations: Annotations | None) -> Annotations | None:
    """The annotations that are beats; None where there are none."""
    if annotations is None:
        return None
    keep = np.array([symbol in BEATS for symbol in annotations.symbols], dtype=bool)
    if not keep.any():
        return None
    symbols = tuple(symbol for symbol in annotations.symbols if symbol in BEATS)
    return Annotations(annotations.samples[keep], symbols, annotations.source)


def to_peaks(record: Record, lead_index: int, samples: Indices, fs: float | None = None) -> Indices:
    """Each of samples[beats] moved to the largest |band-passed signal| within ±50 ms, whichever way the QRS points.

    Samples are the record's; peaks are those at `fs` Hz, to which the lead is brought first, or else the record's.
    """
    rate = record.fs if fs is None else fs
    at = positions(samples, record.fs, rate)
    try:
        size = _heights(record, lead_index, rate)
    except InvalidError:  # a few seconds only: marks stay where they are
        return at
    reach = round(REACH * rate)
    return np.array([_peak(size, one, reach) for one in at.tolist()], dtype=np.int64)


def _heights(record: Record, lead_index: int, rate: float) -> Signal:
    """|band-passed lead| [samples] at `rate` Hz, 0 in gaps."""
    filled, missing = bridged(record.signal[lead_index])
    samples = len(filled) if rate == record.fs else math.ceil(len(filled) * ratio(record.fs, rate))
    spec = BandPass(order=order_at(rate), high=min(45.0, 0.45 * rate))

    def height(first: int, stop: int) -> Signal:
        return np.abs(bandpass(resampled(filled, record.fs, rate, first, stop), rate, spec))

    size = by_pieces(samples, 4 * (spec.order + 1), height)
    for first, stop in edges(resample_mask(missing, record.fs, rate, samples)).tolist():
        size[first:stop] = 0
    return size


def _peak(size: Signal, sample: int, reach: int) -> int:
    first = max(0, sample - reach)
    return first + int(np.argmax(size[first : sample + reach + 1]))


def placed(record: Record, lead_index: int, fs: float) -> tuple[Beats, Indices]:
    """The beats of `beats`, and their R peaks [beats] at `fs` Hz, sought there: the record's own grid moves none.

    The beats' `r` are the nearest samples of the record. Kept in memory where the record has a checksum.
    """
    found = beats(record, lead_index)
    if record.fs == fs or not len(found):
        return found, found.r
    if not record.sha256:
        return _placed_at_peaks(record, lead_index, found, fs)
    key = (record.id, record.sha256, lead_index, record.annotations, fs)
    return _placed.get(key, lambda: _placed_at_peaks(record, lead_index, found, fs))


def _placed_at_peaks(record: Record, lead_index: int, found: Beats, fs: float) -> tuple[Beats, Indices]:
    peaks = to_peaks(record, lead_index, found.samples, fs)
    nearest = np.minimum(positions(peaks, fs, record.fs), record.samples - 1)
    return replace(found, r=nearest), peaks


def paper_beats(record: Record, lead_index: int = 0) -> tuple[Beats, dict[str, int]]:
    """Paper 000's beats (each reference beat that Hamilton's detector finds within ±150 ms), and misses by symbol.

    `samples` are the reference's, `r` the detector's. Raises InvalidError for a record without reference beats.
    """
    marks = known(record.annotations)
    if marks is None:
        raise InvalidError(f"Recording {record.name} has no reference beats to pair with the detector's")
    peaks = hamilton(bandpass(fill(record.signal[lead_index])[0], record.fs), record.fs)
    pair = match(marks.samples, peaks, record.fs)
    found = pair >= 0
    symbols = np.array(marks.symbols)
    beats_kept = Beats(marks.samples[found], peaks[pair[found]], tuple(symbols[found].tolist()), marks.source)
    return beats_kept, dict(Counter(symbols[~found].tolist()))
