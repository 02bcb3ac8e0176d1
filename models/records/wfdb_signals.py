"""The signals of one WFDB segment: its files, their lengths, and their samples in millivolts."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.memory import mapped
from models.records import wfdb_formats as formats
from models.records.neighbours import beside
from models.records.stated import check_room, distinct
from models.records.units import millivolts
from models.records.wfdb_header import HeaderText, SignalLine, read_text

Millivolts = NDArray[np.float32]
PIECE = 1 << 20  # values read at once
WHOLE_BYTES = 6  # frames that end on a byte in every format


@dataclass(frozen=True)
class Group:
    """The signals that share one signal file, in the order of its frames."""

    path: Path
    signals: tuple[int, ...]
    format: int
    offset: int  # bytes before the first sample
    width: int  # samples in a frame, of all its signals
    size: int  # bytes

    @cached_property
    def frames(self) -> int:
        """How many the file holds."""
        if self.format in formats.FLAC:
            return formats.flac_length(self.path) // (self.width // len(self.signals))
        return formats.count_in(self.format, max(0, self.size - self.offset)) // self.width


@dataclass(frozen=True)
class Segment:
    """One header with signals, its files found and long enough."""

    text: HeaderText
    names: tuple[str, ...]  # of the signals, all different
    groups: tuple[Group, ...]
    frames: int
    notes: tuple[str, ...]

    @property
    def is_layout(self) -> bool:
        """Whether it only says which leads a multi-segment record has."""
        return not self.groups and all(signal.file == "~" for signal in self.text.signals)

    def factor(self, index: int) -> float | None:
        """mV in the unit of signal `index`; None where that is no voltage. What is uncalibrated is 200 per mV."""
        signal = self.text.signals[index]
        found = millivolts(signal.unit)
        return 1.0 if signal.assumed and found is not None else found

    def rate(self, index: int) -> float:
        """Sampling frequency of signal `index` in Hz."""
        return self.text.fs * self.text.signals[index].per_frame


def read_segment(file: Path, text: HeaderText | None = None, frames: int = 0) -> Segment:
    """The segment that the header `file` describes. `frames`: how many, where it does not say itself."""
    text = text or read_text(file)
    if text.segmented:
        raise BadRecordError(str(file), "is a segment and has segments itself: WFDB knows none such")
    groups = tuple(_groups(file, text.signals))
    stated = text.samples or frames
    notes = []
    if not stated and groups:
        stated = min(_usable(group, text) for group in groups)
        notes.append(f"The header states no length: {stated} samples, all of the signal file, were read.")
        if not stated:
            raise BadRecordError(str(file), "is empty: its leads have no samples")
    for group in groups:
        _check_size(file, group, stated)
        if (held := _usable(group, text)) > stated:
            notes.append(f"{group.path.name} holds {held} samples, the header states {stated}: those were read.")
    names = tuple(distinct([signal.name for signal in text.signals]))
    return Segment(text, names, groups, stated, tuple(notes))


def _usable(group: Group, text: HeaderText) -> int:
    """Frames in which every signal of the group has a sample."""
    return max(0, group.frames - max(text.signals[index].skew for index in group.signals))


def _groups(file: Path, signals: tuple[SignalLine, ...]) -> list[Group]:
    by_name: dict[str, list[int]] = {}
    for index, signal in enumerate(signals):
        if signal.format not in formats.FORMATS:
            known = ", ".join(map(str, formats.FORMATS))
            raise BadRecordError(
                str(file), f"line {signal.line}: unknown signal format '{signal.format}': known are {known}"
            )
        if signal.file != "~" and signal.format != 0:
            by_name.setdefault(signal.file, []).append(index)
    return [_group(file, signals, tuple(indices)) for indices in by_name.values()]


def _group(file: Path, signals: tuple[SignalLine, ...], indices: tuple[int, ...]) -> Group:
    first = signals[indices[0]]
    where = f"line {first.line}: "
    for index in indices[1:]:
        if signals[index].format != first.format:
            both = f"formats {first.format} and {signals[index].format}"
            raise BadRecordError(str(file), f"line {signals[index].line}: {first.file} is said to have {both}")
        if signals[index].offset != first.offset:
            both = f"begin after {first.offset} and {signals[index].offset} bytes"
            raise BadRecordError(str(file), f"line {signals[index].line}: signals of {first.file} are said to {both}")
    per_frame = {signals[index].per_frame for index in indices}
    if first.format in formats.FLAC and len(per_frame) > 1:
        raise BadRecordError(str(file), f"{where}the signals of a FLAC file have one number of samples in a frame")
    path = beside(file, first.file, where=where)
    width = sum(signals[index].per_frame for index in indices)
    return Group(path, indices, first.format, first.offset, width, path.stat().st_size)


def _check_size(file: Path, group: Group, frames: int) -> None:
    """A signal file must be as long as its header says, before anything that long is asked of memory."""
    name = group.path.name
    if group.format in formats.FLAC:
        if group.frames < frames:
            raise BadRecordError(str(file), f"the signal file {name} is cut short: {group.frames} of {frames} samples")
        check_room(frames * group.width, 64 * group.size, str(group.path))
        return
    needed = group.offset + formats.size_of(group.format, frames * group.width)
    if group.size < needed:
        raise BadRecordError(str(file), f"the signal file {name} is cut short: {group.size} of {needed} bytes")


def read_millivolts(segment: Segment, into: Mapping[int, Millivolts]) -> None:
    """Writes signals in mV, each at its own rate, into [samples] of NaN: signal → where; gaps stay what they are.

    BadRecordError for a wrong checksum.
    """
    tracks: list[_Track] = []
    for group in segment.groups:
        mine = [_Track(segment, index, into.get(index)) for index in group.signals]
        for first, table in _tables(segment, group):
            at = 0
            for track in mine:
                track.add(first, table[:, at : at + track.signal.per_frame])
                at += track.signal.per_frame
            mapped.rest()
        tracks += mine
    if any(signal.checksum for signal in segment.text.signals):  # CinC 2017 writes 0 everywhere: never computed
        for track in tracks:
            track.verify()


def _tables(segment: Segment, group: Group) -> Iterator[tuple[int, formats.Digital]]:
    """First frame and [frames, width] as stored; beyond the stated length as far as skewed signals reach."""
    skew = max(segment.text.signals[index].skew for index in group.signals)
    frames = max(segment.frames, min(group.frames, segment.frames + skew))  # a last value in half a byte counts
    if group.format in formats.FLAC:
        per_frame = group.width // len(group.signals)
        values = formats.flac(group.path, group.format, len(group.signals), frames * per_frame)
        yield 0, values.reshape(frames, per_frame, -1).swapaxes(1, 2).reshape(frames, -1)
        return
    many = max(1, PIECE // (WHOLE_BYTES * group.width)) * WHOLE_BYTES
    with group.path.open("rb") as file:
        file.seek(group.offset)
        for first in range(0, frames, many):
            count = min(many, frames - first)
            data = file.read(formats.size_of(group.format, count * group.width))
            yield first, formats.unpacked(group.format, data, count * group.width).reshape(count, group.width)


class _Track:
    """One signal, taken piece by piece."""

    def __init__(self, segment: Segment, index: int, lead: Millivolts | None) -> None:
        self.signal = segment.text.signals[index]
        self._segment, self._index = segment, index
        self._scale = (segment.factor(index) or np.nan) / self.signal.gain
        self._last = self.signal.first  # of format 8, which stores differences
        self._sums = {0: 0, self.signal.skew: 0}  # by the frame at which they begin
        self._lead = lead  # where it is written; None: it is only added up

    def add(self, first: int, block: formats.Digital) -> None:
        """Takes the values block[frames, per_frame] from frame `first` on."""
        if self.signal.format == 8:
            steps = np.cumsum(block.reshape(-1), dtype=np.int64) + self._last
            self._last = int(steps[-1])
            block = steps.astype(np.int32).reshape(block.shape)
        for start in self._sums:
            values = block[max(0, start - first) : max(0, start + self._segment.frames - first)]
            self._sums[start] += int(values.sum(dtype=np.int64))
        if self._lead is not None:
            digital = block[max(0, self.signal.skew - first) :].reshape(-1)
            at = max(0, first - self.signal.skew) * self.signal.per_frame
            digital = digital[: max(0, len(self._lead) - at)]
            physical = (digital - self.signal.baseline) * self._scale
            physical[formats.missing(self.signal.format, digital)] = np.nan
            self._lead[at : at + len(digital)] = physical

    def verify(self) -> None:
        """BadRecordError where the signal does not add up to its checksum, with its skew or without."""
        if self.signal.checksum is None:
            return
        stated = self.signal.checksum % 65536
        sums = {total % 65536 for total in self._sums.values()}
        if stated not in sums:
            found = f"stated {stated}, found {min(sums)}"
            name = self._segment.names[self._index]
            raise BadRecordError(str(self._segment.text.file), f"wrong checksum of lead {name}: {found}")
