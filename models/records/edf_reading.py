"""One EDF or EDF+ file: its leads in volts, its annotations, with every fault named."""

import contextlib
import datetime
import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.memory import mapped
from models.records.edf_annotations import EdfMark, Lists, read_lists
from models.records.edf_header import VALUE, EdfHeader, EdfSignal, read_header
from models.records.lead_names import chosen, without_prefix
from models.records.record import Annotations, Mark
from models.records.stated import Stated, check_room, checked_fs, distinct
from models.records.units import KNOWN, millivolts
from models.vocabularies.mitbih import BEATS
from models.vocabularies.note import NOTE

SOURCE = "reference (EDF+)"
LONGEST_BEAT = 1.0  # s
PIECE = 1 << 22  # values read at once
JITTER = 0.5  # samples, beyond one, by which a record may come early or late and still follow on the one before
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Plan:
    """Which signals are read, and where each data record goes."""

    header: EdfHeader
    leads: tuple[EdfSignal, ...]
    fs: float  # Hz
    starts: NDArray[np.int64]  # first sample of each data record
    samples: int
    lists: Lists
    beats: tuple[tuple[int, str], ...]
    marks: tuple[Mark, ...]  # every other annotation
    notes: tuple[str, ...]


def describe(path: Path) -> Stated:
    """What the header and the annotations say; BadRecordError where the file cannot be used."""
    plan = _plan(path)
    age, sex = _patient(plan.header)
    return Stated(
        leads=tuple(distinct([without_prefix(signal.label) for signal in plan.leads])),
        fs=plan.fs,
        samples=plan.samples,
        notes=plan.notes,
        annotated=bool(plan.beats),
        age=age,
        sex=sex,
    )


def read(path: Path) -> tuple[NDArray[np.float32], Annotations | None]:
    """The signal [leads, samples] in mV, NaN in interruptions, and the annotations whose text is a beat's symbol."""
    plan = _plan(path)
    signal = mapped.empty(len(plan.leads), plan.samples)
    signal[:] = np.nan
    scales = [(lead, *lead.scale(), millivolts(lead.unit) or math.nan) for lead in plan.leads]
    for first, table in _tables(plan.header):
        for row, (lead, factor, summand, in_mv) in enumerate(scales):
            block = table[:, lead.offset : lead.offset + lead.samples].astype(np.float64) * factor + summand
            for values, start in zip(block * in_mv, plan.starts[first : first + len(table)], strict=True):
                signal[row, start : start + lead.samples] = values
        mapped.rest()
    if not plan.beats:
        return signal, None
    samples = np.array([at for at, _ in plan.beats], dtype=np.int64)
    return signal, Annotations(samples, tuple(text for _, text in plan.beats), SOURCE)


def annotations(path: Path) -> Annotations | None:
    """The annotations whose text is a beat's symbol, without the signal."""
    plan = _plan(path)
    samples = np.array([at for at, _ in plan.beats], dtype=np.int64)
    return Annotations(samples, tuple(text for _, text in plan.beats), SOURCE) if plan.beats else None


def marks(path: Path) -> tuple[Mark, ...]:
    """Every annotation whose text is no beat's symbol, as a note: a stretch where it states a duration."""
    return _plan(path).marks


def _plan(path: Path) -> Plan:
    header = read_header(path)
    leads, aside = _chosen(header)
    fs = checked_fs(header.rate(leads[0]), str(path))
    for lead in leads:
        lead.scale()
    lists = read_lists(_notes_of(header))
    starts, interrupted = _starts(header, lists, leads[0].samples, fs)
    samples = int(starts[-1]) + leads[0].samples
    check_room(samples * len(leads), header.records * header.width, str(path))
    onsets = np.sort(np.array(lists.starts))
    placed = [(_sample_of(mark.onset, onsets, starts, fs), mark) for mark in lists.marks]
    inside = sorted(((at, mark) for at, mark in placed if 0 <= at < samples), key=lambda one: one[0])
    found = [(at, mark.text) for at, mark in inside if _is_beat(mark)]
    others = [_note(at, mark, fs, samples) for at, mark in inside if not _is_beat(mark)]
    notes = [*_missing(header), *interrupted, *_about(lists, len(placed) - len(inside))]
    if aside:
        notes.append(f"Left out: {', '.join(aside)}.")
    return Plan(header, leads, fs, starts, samples, lists, tuple(found), tuple(others), tuple(notes))


def _is_beat(mark: EdfMark) -> bool:
    """Whether an annotation is a beat's symbol at a place; R for 30 s is a stage of sleep, A for 20 s an apnoea."""
    return mark.text in BEATS and mark.duration <= LONGEST_BEAT


def _note(at: int, mark: EdfMark, fs: float, samples: int) -> Mark:
    """An annotation as a mark; one that lasts beyond the recording's end ends there."""
    end = min(samples, max(at + 1, at + round(mark.duration * fs))) if mark.duration else None
    return Mark(at, end, NOTE, NOTE, SOURCE, mark.text)


def _chosen(header: EdfHeader) -> tuple[tuple[EdfSignal, ...], list[str]]:
    """The signals in volts, only the ECG where some are named so, of the fs of most; and the others with the reason."""
    signals = [signal for signal in header.signals if signal.samples]
    volts = [signal for signal in signals if millivolts(signal.unit) is not None and not signal.flat]
    if not volts:
        units = ", ".join(f"{signal.label} in {signal.unit or 'none'}" for signal in header.signals)
        raise BadRecordError(str(header.file), f"no signal is in volts: {units}; known units are {KNOWN}")
    named = [volts[index] for index in chosen([signal.label for signal in volts], strict=True)]
    if not named:
        labels = ", ".join(signal.label for signal in volts)
        raise BadRecordError(str(header.file), f"no signal is an ECG by its label: {labels}")
    counts = Counter(signal.samples for signal in named)
    best = max(counts, key=lambda samples: (counts[samples], samples))
    leads = tuple(signal for signal in named if signal.samples == best)
    return leads, [f"{signal.label} at {header.rate(signal):g} Hz" for signal in signals if signal not in leads]


def _tables(header: EdfHeader) -> Iterator[tuple[int, NDArray[np.int16]]]:
    """First data record and values[records, width] of one piece after another."""
    many = max(1, PIECE // header.width)
    with header.file.open("rb") as file:
        file.seek(header.bytes)
        for first in range(0, header.records, many):
            count = min(many, header.records - first)
            values = np.frombuffer(file.read(VALUE * count * header.width), dtype="<i2")
            yield first, values.reshape(count, header.width)


def _notes_of(header: EdfHeader) -> Iterator[list[bytes]]:
    """The bytes of each data record's annotation signals; of no record where there are none."""
    spans = [(VALUE * signal.offset, VALUE * signal.samples) for signal in header.annotations if signal.samples]
    if not spans:
        return
    with header.file.open("rb") as file:
        for record in range(header.records):
            found = []
            for offset, length in spans:
                file.seek(header.bytes + VALUE * header.width * record + offset)
                found.append(file.read(length))
            yield found


def _starts(header: EdfHeader, lists: Lists, samples: int, fs: float) -> tuple[NDArray[np.int64], list[str]]:
    """First sample of each data record, and notes on interruptions."""
    even = np.arange(header.records, dtype=np.int64) * samples
    if not lists.starts:
        if header.interrupted:
            reason = "is EDF+D, with interruptions, and no annotation signal states the times of its data records"
            raise BadRecordError(str(header.file), reason)
        return even, []
    onsets = np.array(lists.starts)
    if header.interrupted and not np.isfinite(onsets).all():
        record = int(np.argmax(~np.isfinite(onsets))) + 1
        raise BadRecordError(str(header.file), f"is EDF+D, with interruptions, and data record {record} states no time")
    placed = (onsets - onsets[0]) * fs
    if not header.interrupted:
        off = np.isfinite(placed) & (np.abs(placed - even) > max(JITTER, 0.1 * samples))
        said = "Its records' times leave gaps, yet it says it has none (EDF+C): read as one."
        return even, [said] if off.any() else []
    return _interrupted(header, placed, samples, fs)


def _interrupted(
    header: EdfHeader, placed: NDArray[np.float64], samples: int, fs: float
) -> tuple[NDArray[np.int64], list[str]]:
    """Records of EDF+D by their times; one that follows on within a sample is joined without rounding."""
    starts, gaps, missing = [0], 0, 0
    for record, step in enumerate(np.diff(placed).tolist(), 1):
        if step < samples - 1 - JITTER:
            reason = f"data record {record + 1} begins before record {record} ends: expected rising times"
            raise BadRecordError(str(header.file), reason)
        wide = 0
        if step > samples + 1 + JITTER:
            wide = max(1, round(placed[record]) - (starts[-1] + samples))
            gaps, missing = gaps + 1, missing + wide
        starts.append(starts[-1] + samples + wide)
    said = f"Interruptions, shown as gaps: {gaps}, of {missing / fs:.4g} s in all."
    return np.array(starts, dtype=np.int64), [said] if gaps else []


def _sample_of(onset: float, onsets: NDArray[np.float64], starts: NDArray[np.int64], fs: float) -> int:
    """Sample of an onset in s, counted from the data record it falls into."""
    if not np.isfinite(onsets).all() or not len(onsets):
        origin = float(onsets[np.isfinite(onsets)][0]) if np.isfinite(onsets).any() else 0.0
        return math.floor((onset - origin) * fs + 0.5)
    record = max(0, int(np.searchsorted(onsets, onset + 1e-9, side="right")) - 1)
    return int(starts[record]) + math.floor((onset - float(onsets[record])) * fs + 0.5)


def _missing(header: EdfHeader) -> list[str]:
    """Notes on data records that are not there, or more than the header states."""
    rest = header.size - header.bytes - VALUE * header.width * header.records
    notes = []
    if header.stated == -1:
        said = f"The header states no number of data records: the {header.records} whole ones of the file were read."
        notes.append(said)
    if header.stated > header.records:
        seconds = (header.stated - header.records) * header.seconds
        whole = f"{header.records} of {header.stated} data records are whole"
        notes.append(f"The file ends early: {whole}, {seconds:g} s are missing.")
    elif rest:
        whole = f", {more} whole data records among them" if (more := rest // (VALUE * header.width)) else ""
        notes.append(f"{rest} bytes after the last data record of {header.records}, left out{whole}.")
    return notes


def _about(lists: Lists, beyond: int) -> list[str]:
    notes = []
    if beyond:
        notes.append(f"Annotations before the start or past the end, left out: {beyond}.")
    if lists.foreign:
        notes.append(f"Annotations that are not UTF-8, read as CP1252: {lists.foreign}.")
    if lists.garbled:
        notes.append(f"Annotations that cannot be read, left out: {lists.garbled}.")
    return notes


def _patient(header: EdfHeader) -> tuple[int | None, str | None]:
    """Age at the recording and sex, as far as EDF+ states them; the name is left where it is."""
    if not header.kind:
        return None, None
    patient, recording = header.patient.split(), header.recording.split()
    sex = patient[1] if len(patient) > 1 and patient[1] in ("M", "F") else None
    born = _day(patient[2]) if len(patient) > 2 else None
    day = _day(recording[1]) if len(recording) > 1 and recording[0] == "Startdate" else None
    age = (day.year - born.year - ((day.month, day.day) < (born.month, born.day))) if born and day else None
    return (age if age is not None and 0 <= age < 130 else None), sex


def _day(text: str) -> datetime.date | None:
    """A date such as 02-AUG-1951, in any locale; None for anything else."""
    match = re.fullmatch(r"(\d{1,2})-([A-Za-z]{3})-(\d{4})", text)
    if match and match[2].upper() in MONTHS:
        with contextlib.suppress(ValueError):
            return datetime.date(int(match[3]), MONTHS.index(match[2].upper()) + 1, int(match[1]))
    return None
