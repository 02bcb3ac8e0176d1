"""One WFDB record on disk: its header with those of its segments, its signal and its beats, with every fault named."""

import hashlib
import math
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError, DomainError
from models.records import wfdb_layout
from models.records.neighbours import find
from models.records.record import Annotations
from models.records.stated import check_plausible
from models.records.wfdb_annotations import read_marks
from models.records.wfdb_layout import Part
from models.records.wfdb_signals import read_millivolts
from models.symbols import BEATS

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
    parts: tuple[Part, ...]
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
        notes=layout.notes,
    )


def read_signal(header: Header) -> NDArray[np.float32]:
    """The signal [leads, samples] in mV, its checksums verified; NaN is a gap."""
    return guarded(header.file, lambda: _signal(header))


def _signal(header: Header) -> NDArray[np.float32]:
    signal = np.full((len(header.leads), header.samples), np.nan, dtype=np.float32)
    for part in header.parts:
        found = read_millivolts(part.segment, tuple(part.signals.values()))
        for lead, index in part.signals.items():
            if index in found:
                signal[lead, part.start : part.start + len(found[index])] = found[index]
    check_plausible(signal, header.leads, header.fs, str(header.file))
    return signal


def _annotation_files(header: Path) -> Iterator[tuple[str, Path]]:
    for annotator in REFERENCE:
        file = find(header.with_name(f"{header.stem}.{annotator}"))
        if file is not None:
            yield annotator, file


def read_annotations(header: Header) -> tuple[Annotations | None, tuple[str, ...]]:
    """The reference beats and notes on them; None where no annotation file holds any."""
    said: tuple[str, ...] = ()
    for annotator, file in header.annotations:
        beats, notes = guarded(file, partial(_beats, header, file, annotator))
        said += notes
        if beats is not None:
            return beats, said
    return None, said


def _beats(header: Header, file: Path, annotator: str) -> tuple[Annotations | None, tuple[str, ...]]:
    found = read_marks(file)
    scale = header.fs / (found.clock or header.frame_fs)
    placed = [(math.floor(mark.time * scale + 0.5), mark.symbol) for mark in found.marks if mark.symbol.strip()]
    inside = [mark for mark in placed if 0 <= mark[0] < header.samples]
    notes = []
    if beyond := len(placed) - len(inside):
        notes.append(f"Marks of {file.name} before the start or past the end, left out: {beyond}.")
    if not found.whole:
        notes.append(f"{file.name} ends without its end mark: marks may be missing.")
    doubles = sum(count - 1 for count in Counter(at for at, symbol in inside if symbol in BEATS).values())
    if doubles:
        notes.append(f"Beats of {file.name} on the same sample as another, all kept: {doubles}.")
    beats = sorted(((at, symbol) for at, symbol in inside if symbol in BEATS), key=lambda beat: beat[0])
    if not beats:
        return None, tuple(notes)
    samples = np.array([at for at, _ in beats], dtype=np.int64)
    symbols = tuple(symbol for _, symbol in beats)
    return Annotations(samples, symbols, f"reference ({annotator})"), tuple(notes)


def stamp(header: Header) -> str:
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
