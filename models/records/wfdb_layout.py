"""Which leads a WFDB record has, and where each of its segments puts them."""

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from models.errors import BadRecordError
from models.records.lead_names import chosen
from models.records.neighbours import beside
from models.records.stated import check_room, checked_fs
from models.records.units import KNOWN
from models.records.wfdb_header import DEFAULT_GAIN, HeaderText, read_text
from models.records.wfdb_signals import Segment, read_segment


@dataclass(frozen=True)
class PlacedSegment:
    """A segment in its place."""

    segment: Segment
    start: int  # sample of the leads
    signals: dict[int, int]  # lead → signal of the segment


@dataclass(frozen=True)
class Layout:
    """The leads of a record and its parts."""

    text: HeaderText
    leads: tuple[str, ...]
    fs: float  # Hz
    samples: int
    parts: tuple[PlacedSegment, ...]
    segments: tuple[Path, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Placed:
    """A segment and its first frame."""

    segment: Segment
    frame: int


@dataclass
class _Found:
    """What the segments of a record say, gathered while its lines are read."""

    order: list[str] = field(default_factory=list)  # names of signals, as they come
    placed: list[_Placed] = field(default_factory=list)
    files: list[Path] = field(default_factory=list)
    frames: int = 0

    def add_segment(self, segment: Segment) -> None:
        """Takes note of the names of a segment."""
        self.order += [name for name in segment.names if name not in self.order]


def read(file: Path) -> Layout:
    """The layout of the record whose header is `file`; BadRecordError where it cannot be used."""
    text = read_text(file)
    found = _segments(file, text) if text.segmented else _single(file, text)
    if not any(placed.segment.groups for placed in found.placed):
        raise BadRecordError(str(file), "has no signal file: it is a mere layout of leads")
    usable, aside = _in_volts(file, found)
    rate, slow = _one_rate(file, found, usable)
    leads = [name for name in usable if name not in slow]
    per_frame = round(rate / text.fs)
    held = sum(group.frames * group.width for placed in found.placed for group in placed.segment.groups)
    check_room(found.frames * per_frame * len(leads), held, str(file))
    parts = tuple(_part(placed, leads, per_frame) for placed in found.placed)
    return Layout(
        text=text,
        leads=tuple(leads),
        fs=checked_fs(rate, str(file)),
        samples=found.frames * per_frame,
        parts=parts,
        segments=tuple(found.files),
        notes=_notes(text, found, leads, parts, [*aside, *slow.values()]),
    )


def _single(file: Path, text: HeaderText) -> _Found:
    segment = read_segment(file, text)
    found = _Found(placed=[_Placed(segment, 0)], frames=segment.frames)
    found.add_segment(segment)
    return found


def _segments(file: Path, text: HeaderText) -> _Found:
    found = _Found()
    for position, line in enumerate(text.segments):
        if line.name != "~":
            where = f"line {line.line}: "
            header = beside(file, f"{line.name}.hea", "segment", where)
            segment = read_segment(header, frames=line.samples)
            _check_segment(file, text, segment, where)
            found.files.append(header)
            found.add_segment(segment)
            if not (position == 0 and segment.is_layout):
                if segment.frames != line.samples:
                    reason = f"{where}states {line.samples} samples, and {header.name} {segment.frames}"
                    raise BadRecordError(str(file), reason)
                found.placed.append(_Placed(segment, found.frames))
        found.frames += line.samples
    if text.samples and text.samples != found.frames:
        raise BadRecordError(str(file), f"states {text.samples} samples, and its segments hold {found.frames}")
    return found


def _check_segment(file: Path, text: HeaderText, segment: Segment, where: str) -> None:
    if abs(segment.text.fs - text.fs) > 1e-6 * text.fs:
        both = f"{segment.text.file.name} is at {segment.text.fs:g} Hz, the record at {text.fs:g} Hz"
        raise BadRecordError(str(file), f"{where}{both}: all segments must have one sampling frequency")


def _in_volts(file: Path, found: _Found) -> tuple[list[str], list[str]]:
    """Names of the signals that are an ECG in volts, and of the others with the reason."""
    units: dict[str, str] = {}
    volts: set[str] = set()
    for placed in found.placed:
        for index, name in enumerate(placed.segment.names):
            units.setdefault(name, placed.segment.text.signals[index].unit)
            if placed.segment.factor(index) is not None:
                volts.add(name)
    names = [name for name in found.order if name in volts]
    if not names:
        stated = ", ".join(f"{name} in {unit}" for name, unit in units.items())
        raise BadRecordError(str(file), f"no lead is in volts: {stated}; known units are {KNOWN}")
    ecg = [names[index] for index in chosen(names)]
    if not ecg:
        raise BadRecordError(str(file), f"no signal is an ECG by its name: {', '.join(names)}")
    others = [f"{name} (unit {units[name]})" for name in found.order if name in units and name not in volts]
    return ecg, others + [f"{name} (no ECG by its name)" for name in names if name not in ecg]


def _one_rate(file: Path, found: _Found, names: list[str]) -> tuple[float, dict[str, str]]:
    """The sampling frequency of most leads, the higher one where two are as frequent, and the leads at another."""
    rates: dict[str, float] = {}
    for placed in found.placed:
        for index, name in enumerate(placed.segment.names):
            rate = placed.segment.rate(index)
            if abs(rates.setdefault(name, rate) - rate) > 1e-6 * rate:
                both = f"{rates[name]:g} Hz, and at {rate:g} Hz in {placed.segment.text.file.name}"
                raise BadRecordError(str(file), f"lead {name} is at {both}: expected one sampling frequency")
    counts = Counter(round(rates[name], 6) for name in names)
    best = max(counts, key=lambda rate: (counts[rate], rate))
    rate = next(rates[name] for name in names if round(rates[name], 6) == best)
    return rate, {name: f"{name} (at {rates[name]:g} Hz)" for name in names if round(rates[name], 6) != best}


def _part(placed: _Placed, leads: list[str], per_frame: int) -> PlacedSegment:
    """The segment's signals that are leads, in volts there."""
    segment = placed.segment
    signals = {
        leads.index(name): index
        for index, name in enumerate(segment.names)
        if name in leads and segment.factor(index) is not None
    }
    return PlacedSegment(segment, placed.frame * per_frame, signals)


def _notes(
    text: HeaderText, found: _Found, leads: list[str], parts: tuple[PlacedSegment, ...], aside: list[str]
) -> tuple[str, ...]:
    """What was assumed, dropped or left out, each once."""
    notes = list(text.notes)
    for part in parts:
        notes += [note for note in (*part.segment.text.notes, *part.segment.notes) if note not in notes]
    for assumed in ("states no gain", "states gain 0, uncalibrated"):
        names = [leads[lead] for part in parts for lead, index in part.signals.items()
                 if part.segment.text.signals[index].assumed == assumed]  # fmt: skip
        if names:
            of = f" for {', '.join(dict.fromkeys(names))}"
            notes.append(f"The header {assumed}{of}: {DEFAULT_GAIN:g} per mV was assumed (WFDB default).")
    for lead, name in enumerate(leads):
        without = sum(not _holds(part, lead) for part in parts)
        if without:
            notes.append(f"Lead {name} is missing in {without} of {len(parts)} segments: gaps there.")
    if aside:
        notes.append(f"Left out: {', '.join(aside)}.")
    return tuple(notes)


def _holds(part: PlacedSegment, lead: int) -> bool:
    return any(part.signals.get(lead) in group.signals for group in part.segment.groups)
