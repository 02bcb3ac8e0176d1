"""A WFDB header as text: what each of its lines states. Format: header(5) of the WFDB manual."""

import math
import re
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import BadRecordError
from models.records.text import decoded_lines

NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_GAIN = re.compile(rf"({NUMBER})(?:\(({NUMBER})\))?(?:/(\S+))?")
_FORMAT = re.compile(r"(\d+)(?:x(\d+))?(?::([-+]?\d+))?(?:\+(\d+))?")
_FS = re.compile(rf"({NUMBER})(?:/.*)?")
_TIME = re.compile(r"\d{1,2}(?::\d{1,2}){0,2}(?:\.\d*)?")
_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{1,4})")
_WHOLE_FIELDS = ("ADC resolution", "ADC zero", "initial value", "checksum", "block size")
_WHOLE = re.compile(r"[-+]?\d{1,15}")
DEFAULT_FS, DEFAULT_GAIN = 250.0, 200.0  # of header(5), where a header states none
LONGEST = 1 << 20  # bytes of a header; the longest of real ones have a few thousand segments
MOST_LEADS = 1024
MOST_PER_FRAME = 10_000


@dataclass(frozen=True)
class SignalLine:
    """One signal of a header."""

    line: int  # from 1
    file: str  # "~": none, a mere layout
    format: int
    gain: float  # digital units in one unit; DEFAULT_GAIN where none is stated
    baseline: float  # the digital value of 0
    unit: str
    name: str
    per_frame: int = 1  # samples in a frame
    skew: int = 0  # frames
    offset: int = 0  # bytes before the first sample
    first: int = 0  # initial value: what format 8 counts from
    checksum: int | None = None
    assumed: str = ""  # what was made of a gain that is not stated, or stated as 0


@dataclass(frozen=True)
class SegmentLine:
    """One segment of a header."""

    line: int
    name: str  # "~": none, a gap
    samples: int


@dataclass(frozen=True)
class HeaderText:
    """All lines of a header."""

    file: Path
    fs: float  # frames in a second
    samples: int  # frames; 0 where the header does not say
    signals: tuple[SignalLine, ...]
    segments: tuple[SegmentLine, ...] = ()
    segmented: bool = False
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = field(default=())


def read_text(file: Path) -> HeaderText:
    """The lines of the header `file`; BadRecordError names the first line that cannot be used, and its field."""
    with file.open("rb") as stream:
        data = stream.read(LONGEST + 1)
    if len(data) > LONGEST:
        raise BadRecordError(str(file), f"is longer than {LONGEST} bytes: no WFDB header")
    numbered = [(number, line.strip(" \t\0\x1a")) for number, line in enumerate(decoded_lines(data), 1)]
    comments = tuple(text for _, line in numbered if line.startswith("#") and (text := line[1:].strip()))
    lines = [(number, line) for number, line in numbered if line and not line.startswith("#")]
    if not lines:
        raise BadRecordError(str(file), "line 1: there is nothing but comments")
    return _parsed(file, lines, comments)


def _parsed(file: Path, lines: list[tuple[int, str]], comments: tuple[str, ...]) -> HeaderText:
    number, first = lines[0]
    fields = first.split()
    if len(fields) < 2 or not fields[1].isascii() or not fields[1].isdigit() or len(fields[1]) > 6:
        raise BadRecordError(str(file), f"line {number}: {first[:60]!r} is not `name leads fs samples`")
    count = _segment_count(file, fields[0], lines[1:])
    fs, samples, notes = _clock(file, number, fields[2:])
    comments += _odd_date(fields[4:])
    announced = int(fields[1]) if count is None else count
    described = lines[1:]
    if announced == 0:
        raise BadRecordError(str(file), "has no leads" if count is None else "has no segments")
    what = "leads" if count is None else "segments"
    if len(described) < announced:
        reason = f"line {lines[-1][0]}: ends here, with {len(described)} of {announced} {what}"
        raise BadRecordError(str(file), reason)
    if len(described) > announced:
        reason = f"line {described[announced][0]}: announces {announced} {what} and describes {len(described)}"
        raise BadRecordError(str(file), reason)
    if count is not None:
        segments = tuple(_segment(file, *line) for line in described)
        return HeaderText(file, fs, samples, (), segments, segmented=True, comments=comments, notes=notes)
    if announced > MOST_LEADS:
        raise BadRecordError(str(file), f"line {number}: {announced} leads: {MOST_LEADS} at most")
    signals = tuple(_signal(file, *line) for line in described)
    return HeaderText(file, fs, samples, signals, comments=comments, notes=notes)


def _segment_count(file: Path, name: str, described: list[tuple[int, str]]) -> int | None:
    """How many segments the record's name states, `name/3`; None where what follows the slash is part of a path."""
    _, slash, after = name.rpartition("/")
    if not slash or not after.isdigit() or not after.isascii() or len(after) > 6:
        return None
    if any(len(line.split()) > 2 for _, line in described[:1]):
        return None  # a segment's line has two fields; a signal's, nearly always, more
    return None if after == file.stem and len(described) != int(after) else int(after)


def _clock(file: Path, line: int, fields: list[str]) -> tuple[float, int, tuple[str, ...]]:
    """Frames in a second, frames in all (0: not stated), and notes; a date decides nothing."""
    if not fields:
        return (
            DEFAULT_FS,
            0,
            (f"The header states no sampling frequency: {DEFAULT_FS:g} Hz was assumed (WFDB default).",),
        )
    match = _FS.fullmatch(fields[0])
    fs = float(match[1]) if match else math.nan
    if not (math.isfinite(fs) and fs > 0):
        reason = f"line {line}: sampling frequency {fields[0][:40]!r}: expected a number of Hz above 0, like 360"
        raise BadRecordError(str(file), reason)
    stated = fields[1] if len(fields) > 1 else "0"
    if not (_WHOLE.fullmatch(stated) and int(stated) >= 0):
        reason = f"line {line}: number of samples {stated[:40]!r}: expected a whole number, or 0 for all of the file"
        raise BadRecordError(str(file), reason)
    odd = "The header's date is no WFDB time and date: it stands among the remarks, and nothing is computed from it."
    return fs, int(stated), (odd,) if _odd_date(fields[2:]) else ()


def _odd_date(fields: list[str]) -> tuple[str, ...]:
    """A time and date that are not as header(5) has them, as they stand; a fact of the patient, so a comment."""
    if not fields:
        return ()
    time_fits = _TIME.fullmatch(fields[0]) is not None and _in_clock(fields[0])
    date_fits = len(fields) < 2 or (_DATE.fullmatch(fields[1]) is not None and _in_calendar(fields[1]))
    if time_fits and date_fits and len(fields) <= 2 and ":" in fields[0]:
        return ()
    return (f"Date in the header: {' '.join(fields)[:60]}",)


def _in_clock(text: str) -> bool:
    """Whether hours, minutes and seconds are within a day."""
    parts = [float(part) for part in text.split(":")]
    return all(part < limit for part, limit in zip(parts[-3:], (24, 60, 60)[-len(parts) :], strict=True))


def _in_calendar(text: str) -> bool:
    day, month, _ = map(int, text.split("/"))
    return 1 <= day <= 31 and 1 <= month <= 12


def _segment(file: Path, number: int, line: str) -> SegmentLine:
    fields = line.split()
    if len(fields) != 2 or not _WHOLE.fullmatch(fields[1]) or int(fields[1]) < 0:
        raise BadRecordError(str(file), f"line {number}: {line[:60]!r} is not `segment samples`")
    return SegmentLine(number, fields[0], int(fields[1]))


def _signal(file: Path, number: int, line: str) -> SignalLine:
    fields = line.split(maxsplit=8)
    format_ = _FORMAT.fullmatch(fields[1]) if len(fields) > 1 else None
    if format_ is None or len(format_[1]) > 4:
        raise BadRecordError(str(file), f"line {number}: {line[:60]!r} is not `file format gain(baseline)/unit …`")
    per_frame, skew, offset = int(format_[2] or 1), int(format_[3] or 0), int(format_[4] or 0)
    if not 1 <= per_frame <= MOST_PER_FRAME:
        reason = f"line {number}: {per_frame} samples in a frame: expected 1 to {MOST_PER_FRAME}"
        raise BadRecordError(str(file), reason)
    if skew < 0:
        raise BadRecordError(str(file), f"line {number}: skew {skew}: expected frames, 0 or more")
    whole = _whole_fields(file, number, fields[3:8])
    gain, baseline, unit, assumed = _scale(file, number, fields[2:3], whole.get("ADC zero", 0))
    return SignalLine(
        line=number,
        file=fields[0],
        format=int(format_[1]),
        gain=gain,
        baseline=baseline,
        unit=unit,
        name=fields[8].strip() if len(fields) > 8 else "",
        per_frame=per_frame,
        skew=skew,
        offset=offset,
        first=whole.get("initial value", 0),
        checksum=whole.get("checksum"),
        assumed=assumed,
    )


def _whole_fields(file: Path, number: int, fields: list[str]) -> dict[str, int]:
    """The fields between gain and description, as far as they are there."""
    found = {}
    for name, text in zip(_WHOLE_FIELDS, fields, strict=False):
        if not re.fullmatch(NUMBER, text) or abs(float(text)) > 1e15:
            reason = f"line {number}: {name} {text[:40]!r}: expected a whole number, as header(5) orders the fields"
            raise BadRecordError(str(file), reason)
        found[name] = int(float(text))
    return found


def _scale(file: Path, number: int, fields: list[str], zero: int) -> tuple[float, float, str, str]:
    """Gain, baseline, unit, and what was assumed, from the field of the gain and the ADC zero."""
    match = _GAIN.fullmatch(fields[0]) if fields else None
    if fields and match is None:
        expected = "expected `gain(baseline)/unit` with a decimal point, like 200(0)/mV"
        raise BadRecordError(str(file), f"line {number}: gain {fields[0][:40]!r}: {expected}")
    gain = float(match[1]) if match else 0.0
    baseline = float(match[2]) if match and match[2] else float(zero)
    unit = (match[3] if match else None) or "mV"
    if not (math.isfinite(gain) and math.isfinite(baseline) and abs(gain) < 1e15 and abs(baseline) < 1e12):
        raise BadRecordError(str(file), f"line {number}: gain {fields[0][:40]!r}: expected a finite number")
    if match is None:
        return DEFAULT_GAIN, baseline, unit, "states no gain"
    if gain == 0:
        return DEFAULT_GAIN, baseline, unit, "states gain 0, uncalibrated"
    return gain, baseline, unit, ""
