"""One WFDB record on disk: its header, signal, annotations and checksums, with every fault named."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import wfdb
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records.header_lines import fault
from models.records.marks import marks_of
from models.records.record import Annotations, Mark
from models.records.stated import MILLIVOLTS, distinct
from models.vocabularies.mitbih import BEATS

REFERENCE = ("atr", "ecg")  # annotators whose beats people checked
BITS = {"8": 8, "16": 16, "24": 24, "32": 32, "61": 16, "80": 8, "160": 16, "212": 12, "310": 32 / 3, "311": 32 / 3}
FORMATS = (*BITS, "508", "516", "524")  # the last three are FLAC
NO_GAIN = "Gain not stated in the header of lead {}: 200 units per mV assumed (the WFDB default)"


@dataclass(frozen=True)
class Header:
    """What a header states, checked for being readable at all."""

    path: Path  # without extension
    leads: tuple[str, ...]  # only those in volts
    channels: tuple[int, ...]  # their columns
    to_millivolts: tuple[float, ...]
    fs: float  # Hz
    samples: int
    comments: tuple[str, ...]
    segments: tuple[str, ...]  # headers that are parts of this record
    notes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()  # signal files beside it; of several segments, those of the first


def guarded(path: Path, read: Callable[[], Any]) -> Any:
    """The value of `read`; whatever goes wrong inside becomes a BadRecordError naming `path`."""
    try:
        return read()
    except BadRecordError:
        raise
    except FileNotFoundError as error:
        raise BadRecordError(str(path), f"the file {Path(error.filename or '?').name} is missing") from error
    except Exception as error:  # wfdb raises almost anything, bare Exception included, on a file it cannot parse
        raise BadRecordError(str(path), f"cannot be read as WFDB ({error or type(error).__name__})") from error


def _inside(folder: Path, name: str, header: Path) -> None:
    """A header may name files beside it only; a path in it would read anything on the machine."""
    if "/" in name or "\\" in name or name.startswith(".."):
        raise BadRecordError(str(header), f"names a file outside its folder {folder.name}: {name!r}")


def _leaf(path: Path) -> Any:
    """The parsed header of one segment, with the faults that wfdb passes over in silence."""
    file = path.with_name(path.name + ".hea")
    header = guarded(file, lambda: wfdb.rdheader(str(path)))
    if not header.n_sig or not header.sig_name:
        raise BadRecordError(str(file), "has no leads")
    if header.n_sig != len(header.sig_name):
        raise BadRecordError(str(file), f"announces {header.n_sig} leads and describes {len(header.sig_name)}")
    if not header.fs or header.fs <= 0:
        raise BadRecordError(str(file), f"sampling frequency {header.fs} Hz")
    for name, fmt in zip(header.file_name, header.fmt, strict=True):
        if name != "~":
            if header.sig_len == 0:
                raise BadRecordError(str(file), "is empty: its leads have no samples")
            _inside(path.parent, name, file)
            if fmt not in FORMATS:
                raise BadRecordError(str(file), f"unknown signal format {fmt!r}: known are {', '.join(FORMATS)}")
            _check_size(file, header, path.parent / name)
    return header


def _check_size(file: Path, header: Any, data: Path) -> None:
    """A signal file must be there and as long as its header says, before anything that long is asked of memory."""
    if not data.is_file():
        raise BadRecordError(str(file), f"the signal file {data.name} is missing")
    mine = [i for i, name in enumerate(header.file_name) if name == data.name]
    fmt, offset = header.fmt[mine[0]], header.byte_offset[mine[0]] or 0
    if fmt in BITS and header.sig_len:
        values = header.sig_len * sum(header.samps_per_frame[i] or 1 for i in mine)
        needed, size = offset + int(values * BITS[fmt] / 8), data.stat().st_size
        if size < needed:
            raise BadRecordError(str(file), f"the signal file {data.name} is cut short: {size} of {needed} bytes")


def _gains(path: Path) -> list[str]:
    """The gain fields of the leads as written, since wfdb reads a stated zero as 200; none for a mere layout."""
    text = path.with_name(path.name + ".hea").read_text("ascii", errors="ignore")
    lines = [line.split() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [fields[2] if len(fields) > 2 else "" for fields in lines[1:] if fields[0] != "~"]


def _check_gains(path: Path, names: list[str]) -> tuple[str, ...]:
    """Notes on leads without a stated gain; BadRecordError for a stated zero."""
    notes = []
    for name, gain in zip(names, _gains(path), strict=False):
        number = re.match(r"-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?", gain)
        if number is None:
            notes.append(NO_GAIN.format(name))
        elif float(number[0]) == 0:
            raise BadRecordError(f"{path}.hea", f"lead {name} has gain zero, so its millivolts are unknown")
    return tuple(notes)


def read_header(path: Path) -> Header:
    """The header of the record at `path` (without extension), its segments' headers included.

    BadRecordError where it cannot be used, with the line at fault where a line is.
    """
    try:
        return _header(path)
    except BadRecordError as error:
        file = Path(error.file) if error.file.endswith(".hea") else path.with_name(path.name + ".hea")
        found = fault(file, FORMATS) if file.is_file() else None
        if found is None:
            raise
        raise BadRecordError(str(file), f"line {found[0]}: {found[1]}") from error


def _header(path: Path) -> Header:
    file = path.with_name(path.name + ".hea")
    top = guarded(file, lambda: wfdb.rdheader(str(path)))
    segments: tuple[str, ...] = ()
    first = path
    if isinstance(top, wfdb.MultiRecord):
        segments = tuple(name for name in top.seg_name if name != "~")
        for name in segments:
            _inside(path.parent, name, file)
        if not segments:
            raise BadRecordError(str(file), "has no segments")
        if top.sig_len and top.sig_len != sum(top.seg_len):
            reason = f"states {top.sig_len} samples, and its segments hold {sum(top.seg_len)}"
            raise BadRecordError(str(file), reason)
        first = path.parent / segments[0]
    described = _leaf(first)
    names = distinct(described.sig_name)
    units = [(unit or "mV").lower() for unit in described.units]
    channels = tuple(i for i, unit in enumerate(units) if unit in MILLIVOLTS)
    if not channels:
        raise BadRecordError(str(file), f"no lead is in volts: units are {', '.join(units)}")
    return Header(
        path=path,
        leads=tuple(names[i] for i in channels),
        channels=channels,
        to_millivolts=tuple(MILLIVOLTS[units[i]] for i in channels),
        fs=float(top.fs or described.fs),
        samples=int(top.sig_len or 0) or _length(first, described),
        comments=tuple(line for line in top.comments if line),
        segments=segments,
        notes=_check_gains(first, names),
        files=tuple(name for name in dict.fromkeys(described.file_name) if name != "~"),
    )


def _length(path: Path, header: Any) -> int:
    """Samples per lead of a record whose header does not say."""
    if header.sig_len is not None:
        return int(header.sig_len)
    return int(guarded(path, lambda: wfdb.rdrecord(str(path), physical=False)).sig_len)


def verify(path: Path) -> None:
    """BadRecordError where a lead of this single-segment record does not add up to the checksum its header states."""
    header = _leaf(path)
    file = path.with_name(path.name + ".hea")
    _check_gains(path, distinct(header.sig_name))
    record = guarded(file, lambda: wfdb.rdrecord(str(path), physical=False, smooth_frames=False))
    if any(len(lead) == 0 for lead in record.e_d_signal):
        raise BadRecordError(str(file), "is empty: its leads have no samples")
    for name, stated, lead in zip(header.sig_name, header.checksum, record.e_d_signal, strict=True):
        if stated is None or not any(header.checksum):
            continue  # not stated; CinC 2017 writes 0 everywhere
        found = int(np.sum(lead, dtype=np.int64))
        if (stated - found) % 65536:
            values = f"stated {stated % 65536}, found {found % 65536}"
            raise BadRecordError(str(file), f"wrong checksum of lead {name}: {values}")


def read_signal(header: Header) -> NDArray[np.float32]:
    """The signal [leads, samples] in mV; NaN is a gap."""
    file = header.path.with_name(header.path.name + ".hea")
    for part in header.segments or (header.path.name,):
        if not _is_layout(header.path.parent / part):
            verify(header.path.parent / part)
    volts = guarded(file, lambda: _joined(header)[:, list(header.channels)].T)
    signal = volts * np.array(header.to_millivolts)[:, None]
    for name, lead in zip(header.leads, signal, strict=True):
        if np.isnan(lead).all():
            raise BadRecordError(str(file), f"lead {name} has no valid sample: all are marked missing")
    return np.ascontiguousarray(signal, dtype=np.float32)


def _joined(header: Header) -> NDArray[np.float64]:
    """Physical values [samples, channels]; joins fixed-layout segments itself, as wfdb 4.3 fails on a null one."""
    top = wfdb.rdheader(str(header.path))
    if not isinstance(top, wfdb.MultiRecord) or top.layout == "variable":
        return np.asarray(wfdb.rdrecord(str(header.path)).p_signal)
    parts = [
        np.full((length, top.n_sig), np.nan) if name == "~" else wfdb.rdrecord(str(header.path.parent / name)).p_signal
        for name, length in zip(top.seg_name, top.seg_len, strict=True)
    ]
    return np.concatenate(parts)


def _is_layout(path: Path) -> bool:
    """Whether this header only lays out the leads of a multi-segment record (file name ~, no samples)."""
    header = guarded(path, lambda: wfdb.rdheader(str(path)))
    return bool(header.file_name) and all(name == "~" for name in header.file_name)


def read_annotations(path: Path, samples: int) -> Annotations | None:
    """The reference beats of the record at `path`, None where no annotation file holds any."""
    for annotator in REFERENCE:
        file = path.with_name(f"{path.name}.{annotator}")
        if not file.is_file():
            continue
        found = guarded(file, partial(wfdb.rdann, str(path), annotator))
        beats = [
            (int(sample), symbol)
            for sample, symbol in zip(found.sample, found.symbol, strict=True)
            if symbol in BEATS and 0 <= sample < samples
        ]
        if beats:
            beats.sort(key=lambda beat: beat[0])
            positions = np.array([sample for sample, _ in beats], dtype=np.int64)
            return Annotations(positions, tuple(symbol for _, symbol in beats), f"reference ({annotator})")
    return None


def read_marks(path: Path, samples: int) -> tuple[Mark, ...]:
    """What the annotators of the record at `path` wrote that is no beat."""
    marks: tuple[Mark, ...] = ()
    for annotator in REFERENCE:
        if path.with_name(f"{path.name}.{annotator}").is_file():
            found = guarded(path.with_name(f"{path.name}.{annotator}"), partial(wfdb.rdann, str(path), annotator))
            rows = zip(map(int, found.sample), found.symbol, found.aux_note, strict=True)
            marks += marks_of(rows, samples, f"reference ({annotator})")
    return marks


def stamp(header: Header) -> str:
    """Hash of name, size and time of change of the record's files: what can be known without reading them."""
    own = [f"{name}.hea" for name in (header.path.name, *header.segments)]
    parts = [f"{name}.dat" for name in header.segments]
    marks = [f"{header.path.name}.{annotator}" for annotator in REFERENCE]
    digest = hashlib.sha256()
    for name in sorted({*own, *parts, *marks, *header.files}):
        file = header.path.parent / name
        if file.is_file():
            found = file.stat()
            digest.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def checksum(header: Header) -> str:
    """SHA-256 (hex) over the bytes of the signal files, each once, in header order."""
    digest = hashlib.sha256()
    seen: set[str] = set()
    for part in header.segments or (header.path.name,):
        for name in guarded(header.path, partial(wfdb.rdheader, str(header.path.parent / part))).file_name:
            if name != "~" and name not in seen:
                seen.add(name)
                digest.update((header.path.parent / name).read_bytes())
    return digest.hexdigest()
