"""How well the beat detectors find the reference beats: sensitivity and positive predictive value per record."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import InvalidError
from models.records import Entry, Record
from models.records.wfdb_folder import WfdbFolder
from models.signals.beats import known
from models.signals.filters import bandpass
from models.signals.gaps import fill
from models.signals.rpeaks import TOLERANCE, Indices, detect, hamilton, match

DETECTORS: dict[str, Callable[[Record], Indices]] = {
    "sleepecg": lambda record: detect(record.signal[0], record.fs),
    "hamilton": lambda record: hamilton(bandpass(fill(record.signal[0])[0], record.fs), record.fs),
}


@dataclass(frozen=True)
class Detection:
    """One detector on one recording (or on all), first lead, ±150 ms, each detection paired once."""

    record: str  # name, or "all"
    detector: str
    found: int  # reference beats paired with a detection
    missed: dict[str, int]  # reference beats without one, by symbol
    false: int  # detections without a reference beat

    @property
    def sensitivity(self) -> float:
        """found / reference beats; NaN where there are none."""
        return _share(self.found, self.found + sum(self.missed.values()))

    @property
    def ppv(self) -> float:
        """found / detections; NaN where there are none."""
        return _share(self.found, self.found + self.false)


@dataclass(frozen=True)
class DetectorReport:
    """Every detector on every annotated recording of a folder."""

    per_record: tuple[Detection, ...]
    overall: tuple[Detection, ...]  # one per detector, gross (all beats pooled)
    tolerance: float = TOLERANCE  # s

    def markdown(self) -> str:
        """Tables for the results page: overall, misses by symbol, then per record."""
        lines = ["| detector | reference beats | sensitivity | PPV | missed, by symbol |", "|---|---|---|---|---|"]
        for row in self.overall:
            beats = row.found + sum(row.missed.values())
            missed = ", ".join(f"{symbol} {count:,}" for symbol, count in row.missed.items()) or "none"
            lines.append(f"| {row.detector} | {beats:,} | {row.sensitivity:.2%} | {row.ppv:.2%} | {missed} |")
        return "\n".join([*lines, "", *self._records()])

    def _records(self) -> list[str]:
        names = [row.detector for row in self.overall]
        rows = {(row.record, row.detector): row for row in self.per_record}
        lines = ["| record | " + " | ".join(f"{name} sensitivity | {name} PPV" for name in names) + " |"]
        lines.append("|---" * (1 + 2 * len(names)) + "|")
        for record in dict.fromkeys(row.record for row in self.per_record):
            cells = [f"{rows[record, name].sensitivity:.2%} | {rows[record, name].ppv:.2%}" for name in names]
            lines.append(f"| {record} | " + " | ".join(cells) + " |")
        return lines


def detector_report(folder: Path, report: Callable[[float], None] = lambda _: None) -> DetectorReport:
    """Judges every detector on the folder's annotated recordings; InvalidError where there are none."""
    source = WfdbFolder(folder)
    entries = [entry for entry in source.list() if isinstance(entry, Entry) and entry.annotated]
    rows: list[Detection] = []
    for done, entry in enumerate(entries):
        record = source.open(entry.id)
        rows += [judge(record, name) for name in DETECTORS if known(record.annotations)]
        report((done + 1) / len(entries))
    if not rows:
        raise InvalidError(f"{folder} has no recording with reference beats")
    return DetectorReport(
        tuple(rows), tuple(_pool([row for row in rows if row.detector == name]) for name in DETECTORS)
    )


def judge(record: Record, detector: str) -> Detection:
    """One detector on the first lead of one annotated recording; gaps are judged as missed beats."""
    marks = known(record.annotations)
    if marks is None:
        raise InvalidError(f"Recording {record.name} has no reference beats")
    detected = DETECTORS[detector](record)
    paired = match(marks.samples, detected, record.fs) >= 0
    missed = Counter(np.array(marks.symbols)[~paired].tolist())
    hits = int(paired.sum())
    return Detection(record.name, detector, hits, dict(missed.most_common()), len(detected) - hits)


def _pool(rows: list[Detection]) -> Detection:
    missed: Counter[str] = Counter()
    for row in rows:
        missed.update(row.missed)
    found, false = sum(row.found for row in rows), sum(row.false for row in rows)
    return Detection("all", rows[0].detector, found, dict(missed.most_common()), false)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
