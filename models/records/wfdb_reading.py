"""One WFDB record on disk: its header with those of its segments, its signal and its beats, with every fault named."""

import hashlib
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError, DomainError
from models.memory import mapped
from models.records import wfdb_layout
from models.records.marks import marks_of
from models.records.neighbours import find, own
from models.records.record import Annotations, Mark
from models.records.stated import check_plausible
from models.records.wfdb_annotations import read_marks
from models.records.wfdb_layout import PlacedSegment
from models.records.wfdb_signals import read_millivolts
from models.vocabularies.mitbih import BEATS

REFERENCE = ("atr", "ecg")  # annotators whose beats people checked
T = TypeVar("T")


@dataclass(frozen=True)
class Header:
    """What a header states, checked for being readable at all."""

    file: Path
    leads: tuple[str, ...]  # only those of an ECG, in volts, of one fs
    fs: float  # Hz, of the leads
    frame_fs: float  # Hz: what annotations count in where they do not say
    samples: int
    comments: tuple[str, ...]
    parts: tuple[PlacedSegment, ...]
    segments: tuple[Path, ...] = ()  # headers that are parts of this record
    annotations: tuple[tuple[str, Path], ...] = ()  # annotator and file, of those that people checked
    notes: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The record's name."""
        return self.file.stem

    @property
    def data(self) -> tuple[Path, ...]:
        """Signal files, each once, in header order."""
        return tuple(dict.fromkeys(group.path for part in self.parts for group in part.segment.groups))


def guarded(path: Path, read: Callable[[], T]) -> T:
    """The value of `read`; whatever goes wrong inside becomes a BadRecordError naming `path`."""
    try:
        return read()
    except DomainError:
        raise
    except FileNotFoundError as error:
        raise BadRecordError(str(path), f"the file {Path(error.filename or '?').name} is missing") from error
    except Exception as error:  # a file can be wrong in more ways than a reader foresees
        raise BadRecordError(str(path), f"cannot be read as WFDB ({error or type(error).__name__})") from error


def read_header(file: Path) -> Header:
    """The record whose header is `file`, its segments' headers included; BadRecordError where it cannot be used."""
    return guarded(file, lambda: _header(file))


def _header(file: Path) -> Header:
    layout = wfdb_layout.read(file)
    return Header(
        file=file,
        leads=layout.leads,
        fs=layout.fs,
        frame_fs=layout.text.fs,
        samples=layout.samples,
        comments=layout.text.comments,
        parts=layout.parts,
        segments=layout.segments,
        annotations=tuple(_annotation_files(file)),
        notes=(*layout.notes, *_links(file)),
    )


def read_signal(header: Header) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    """The signal [leads, samples] in mV, its checksums verified, and notes on it; NaN is a gap."""
    return guarded(header.file, lambda: _signal(header))


def _signal(header: Header) -> tuple[NDArray[np.float32], tuple[str, ...]]:
    signal = mapped.empty(len(header.leads), header.samples)
    for row in signal:
        row[:] = np.nan
        mapped.rest()
    for part in header.parts:
        text = part.segment.text
        ends = {
            index: part.start + part.segment.frames * text.signals[index].per_frame for index in part.signals.values()
        }
        rows = {index: signal[lead, part.start : ends[index]] for lead, index in part.signals.items()}
        read_millivolts(part.segment, rows)
    notes = check_plausible(signal, header.leads, header.fs, str(header.file))
    mapped.rest()
    return signal, notes


def _annotation_files(header: Path) -> Iterator[tuple[str, Path]]:
    for annotator in REFERENCE:
        file = own(header, f"{header.stem}.{annotator}")
        if file is not None:
            yield annotator, file


def _links(header: Path) -> Iterator[str]:
    """Notes on annotation files that are not read, since they are links out of the folder."""
    for annotator in REFERENCE:
        name = f"{header.stem}.{annotator}"
        if own(header, name) is None and find(header.with_name(name)) is not None:
            yield f"{name} is a link that leads out of its folder: its marks were not read."


class Noted(NamedTuple):
    """What annotators wrote, and what was left out of it."""

    beats: Annotations | None
    marks: tuple[Mark, ...]
    notes: tuple[str, ...]


def read_annotations(header: Header) -> Noted:
    """The beats of the first annotation file that holds any, and the marks of all."""
    found = [
        guarded(file, partial(_noted, header, file, f"reference ({annotator})"))
        for annotator, file in header.annotations
    ]
    beats = next((one.beats for one in found if one.beats is not None), None)
    marks = tuple(mark for one in found for mark in one.marks)
    return Noted(beats, marks, tuple(note for one in found for note in one.notes))


def _noted(header: Header, file: Path, source: str) -> Noted:
    found = read_marks(file)
    scale = header.fs / (found.clock or header.frame_fs)
    rows = [
        (math.floor(mark.time * scale + 0.5), mark.symbol, mark.text) for mark in found.marks if mark.says_something
    ]
    inside = [row for row in rows if 0 <= row[0] < header.samples]
    beats = sorted(((at, symbol) for at, symbol, _ in inside if symbol in BEATS), key=lambda beat: beat[0])
    notes = []
    if beyond := len(rows) - len(inside):
        notes.append(f"Marks of {file.name} before the start or past the end, left out: {beyond}.")
    if found.foreign:
        codes = ", ".join(map(str, sorted(set(found.foreign))))
        notes.append(
            f"Marks of {file.name} of codes that WFDB leaves to users, {codes}, left out: {len(found.foreign)}."
        )
    if not found.whole:
        notes.append(f"{file.name} ends without its end mark: marks may be missing.")
    if doubles := len(beats) - len({at for at, _ in beats}):
        notes.append(f"Beats of {file.name} on the same sample as another, all kept: {doubles}.")
    annotations = None
    if beats:
        samples = np.array([at for at, _ in beats], dtype=np.int64)
        annotations = Annotations(samples, tuple(symbol for _, symbol in beats), source)
    return Noted(annotations, marks_of(inside, header.samples, source), tuple(notes))


def file_version(header: Header) -> str:
    """Hash of name, size and time of change of the record's files: what can be known without reading them."""
    digest = hashlib.sha256()
    marks = (file for _, file in header.annotations)
    for file in sorted({header.file, *header.segments, *header.data, *marks}):
        found = file.stat()
        digest.update(f"{file.name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def checksum(header: Header) -> str:
    """SHA-256 (hex) over the bytes of the signal files, each once, in header order."""
    digest = hashlib.sha256()
    for path in header.data:
        with path.open("rb") as file:
            while piece := file.read(1 << 20):
                digest.update(piece)
    return digest.hexdigest()
