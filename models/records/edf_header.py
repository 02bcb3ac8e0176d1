"""An EDF header as text: what its fields state, each checked. Format: edfplus.info/specs."""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from models.errors import BadRecordError
from models.records.text import decoded

VALUE = 2  # bytes of a sample
MOST_SIGNALS = 2048
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_FIELDS = (  # of each signal: name, bytes
    ("label", 16), ("transducer", 80), ("unit", 8), ("physical minimum", 8), ("physical maximum", 8),
    ("digital minimum", 8), ("digital maximum", 8), ("prefilter", 80), ("samples in a record", 8), ("reserved", 32),
)  # fmt: skip
_ANNOTATIONS = "edf annotations"


@dataclass(frozen=True)
class EdfSignal:
    """One signal of a header; the fields that only an ECG needs are read when they are asked for."""

    file: Path
    number: int  # from 1
    label: str
    unit: str
    samples: int  # in a data record
    offset: int  # samples before it in a data record
    limits: tuple[str, str, str, str]  # physical minimum, maximum, digital minimum, maximum, as they stand

    @property
    def flat(self) -> bool:
        """Whether it is a dummy: its least and largest value are the same."""
        low, high, least, most = (float(text) if _NUMBER.fullmatch(text) else text for text in self.limits)
        return low == high or least == most

    def scale(self) -> tuple[float, float]:
        """Factor and summand from digital to physical values; BadRecordError names the field that is no number."""
        names = ("physical minimum", "physical maximum", "digital minimum", "digital maximum")
        low, high, least, most = (
            _number(self.file, f"signal {self.number} ({self.label}), {name}", text)
            for name, text in zip(names, self.limits, strict=True)
        )
        if low == high or least >= most:
            stated = f"physical {low:g} to {high:g}, digital {least:g} to {most:g}"
            reason = f"signal {self.number} ({self.label}) has no range: {stated}; expected a minimum below a maximum"
            raise BadRecordError(str(self.file), reason)
        factor = (high - low) / (most - least)
        return factor, low - factor * least


@dataclass(frozen=True)
class EdfHeader:
    """What stands before the data records."""

    file: Path
    signals: tuple[EdfSignal, ...]  # but for those of annotations
    annotations: tuple[EdfSignal, ...]
    patient: str
    recording: str
    kind: str  # "", "EDF+C", "EDF+D"
    seconds: float  # of a data record
    stated: int  # data records; −1: not known when the recording began
    records: int  # that are whole in the file
    bytes: int  # of the header
    width: int  # samples of a data record
    size: int  # bytes of the file

    @property
    def interrupted(self) -> bool:
        """Whether the data records state their own times, with gaps between them."""
        return self.kind == "EDF+D"

    def rate(self, signal: EdfSignal) -> float:
        """Sampling frequency in Hz."""
        return signal.samples / self.seconds


def read_header(file: Path) -> EdfHeader:
    """The header of `file`; BadRecordError names the field that cannot be used, and its value."""
    size = file.stat().st_size
    with file.open("rb") as stream:
        fixed = stream.read(256)
        _check_version(file, fixed)
        if len(fixed) < 256:
            raise BadRecordError(str(file), f"ends within its header, after {len(fixed)} of 256 bytes")
        count = _whole(file, "number of signals", _text(fixed[252:256]))
        if not 0 < count <= MOST_SIGNALS:
            raise BadRecordError(str(file), f"number of signals {count}: expected 1 to {MOST_SIGNALS}")
        length = 256 * (count + 1)
        table = stream.read(256 * count)
    if len(table) < 256 * count:
        raise BadRecordError(str(file), f"ends within its header: {count} signals need {length} bytes, it has {size}")
    stated = _whole(file, "bytes of the header", _text(fixed[184:192]))
    if stated != length:
        raise BadRecordError(str(file), f"bytes of the header {stated}: {count} signals have {length}")
    return _header(file, fixed, _signals(file, table, count, _text(fixed[192:236])), length, size)


def _check_version(file: Path, fixed: bytes) -> None:
    if fixed[:8].rstrip() == b"\xffBIOSEMI":
        raise BadRecordError(str(file), "is BDF, of 24 bits, not EDF: convert it to EDF")
    if fixed[:8] != b"0       ":
        raise BadRecordError(str(file), "is not EDF: an EDF file begins with its version, 0")


def _header(file: Path, fixed: bytes, signals: list[EdfSignal], length: int, size: int) -> EdfHeader:
    reserved = _text(fixed[192:236])
    plain = tuple(signal for signal in signals if signal.label.lower() != _ANNOTATIONS)
    notes = tuple(signal for signal in signals if signal.label.lower() == _ANNOTATIONS)
    width = sum(signal.samples for signal in signals)
    seconds = _number(file, "duration of a data record", _text(fixed[244:252]))
    stated = _whole(file, "number of data records", _text(fixed[236:244]))
    if not plain or not sum(signal.samples for signal in plain):
        raise BadRecordError(str(file), "has no signal but annotations")
    if not seconds > 0:
        reason = f"duration of a data record {seconds:g} s: expected more than 0, as its sampling frequency rests on it"
        raise BadRecordError(str(file), reason)
    whole = (size - length) // (VALUE * width)
    if stated < -1 or stated == 0 or whole == 0:
        raise BadRecordError(
            str(file), f"number of data records {stated}, whole ones in the file {whole}: nothing to read"
        )
    records = whole if stated == -1 else min(stated, whole)
    kind = reserved[:5].upper() if reserved[:5].upper() in ("EDF+C", "EDF+D") else ""
    patient, recording = _text(fixed[8:88]), _text(fixed[88:168])
    return EdfHeader(file, plain, notes, patient, recording, kind, seconds, stated, records, length, width, size)


def _signals(file: Path, table: bytes, count: int, reserved: str) -> list[EdfSignal]:
    columns: dict[str, list[str]] = {}
    at = 0
    for name, width in _FIELDS:
        columns[name] = [_text(table[at + width * index : at + width * (index + 1)]) for index in range(count)]
        at += width * count
    result: list[EdfSignal] = []
    offset = 0
    for index in range(count):
        label = columns["label"][index]
        samples = _whole(
            file, f"signal {index + 1} ({label}), samples in a record", columns["samples in a record"][index]
        )
        if samples < 0:
            raise BadRecordError(
                str(file), f"signal {index + 1} ({label}), samples in a record {samples}: expected 0 or more"
            )
        limits = tuple(columns[name][index] for name, _ in _FIELDS[3:7])
        signal = EdfSignal(file, index + 1, label, columns["unit"][index], samples, offset, limits)  # type: ignore[arg-type]
        result.append(signal)
        offset += samples
    return result


def _text(data: bytes) -> str:
    return decoded(data).strip(" \0\t\r\n")


def _whole(file: Path, name: str, text: str) -> int:
    number = _number(file, name, text)
    if number != int(number):
        raise BadRecordError(str(file), f"{name} {text!r}: expected a whole number")
    return int(number)


def _number(file: Path, name: str, text: str) -> float:
    number = float(text) if _NUMBER.fullmatch(text) else math.nan
    if not math.isfinite(number):
        raise BadRecordError(str(file), f"{name} {text!r}: expected a number with a decimal point, like -163.84")
    return number
