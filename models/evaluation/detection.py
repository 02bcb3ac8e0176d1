"""How well the beat detectors find the reference beats: sensitivity and positive predictive value per record."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import InvalidError
from models.records import Entry, Record
from models.records.wfdb_folder import WfdbFolder
from models.signals.beats import known, to_peaks
from models.signals.filters import bandpass
from models.signals.gaps import fill
from models.signals.rpeaks import TOLERANCE, Indices, detect, hamilton, match

FAR = 0.05  # s between the R peaks of a found beat and of the reference's: the window would be another
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
    far: int = 0  # of those found: R peaks further than FAR from where the reference's is placed

    @property
    def misplaced(self) -> float:
        """far / found; NaN where nothing was found."""
        return _share(self.far, self.found)

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
        far = f"R off by > {FAR * 1000:.0f} ms"
        lines = [f"| detector | reference beats | sensitivity | PPV | {far} | missed, by symbol |", "|---" * 6 + "|"]
        for row in self.overall:
            beats = row.found + sum(row.missed.values())
            missed = ", ".join(f"{symbol} {count:,}" for symbol, count in row.missed.items()) or "none"
            rates = f"{row.sensitivity:.2%} | {row.ppv:.2%} | {row.misplaced:.2%}"
            lines.append(f"| {row.detector} | {beats:,} | {rates} | {missed} |")
        note = (
            f"A reference beat within ±{self.tolerance * 1000:.0f} ms of a detection counts as found. “R off” are "
            f"those found whose R peak, sought around the detection, lies more than {FAR * 1000:.0f} ms from that "
            "sought around the reference: the model reads another window there."
        )
        return "\n".join([note, "", *lines, "", *self._records()])

    def _records(self) -> list[str]:
        names = [row.detector for row in self.overall]
        rows = {(row.record, row.detector): row for row in self.per_record}
        lines = ["| record | " + " | ".join(f"{name} sensitivity | PPV | R off" for name in names) + " |"]
        lines.append("|---" * (1 + 3 * len(names)) + "|")
        for record in dict.fromkeys(row.record for row in self.per_record):
            found = [rows[record, name] for name in names]
            cells = [f"{row.sensitivity:.2%} | {row.ppv:.2%} | {row.misplaced:.2%}" for row in found]
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
    pairs = match(marks.samples, detected, record.fs)
    paired = pairs >= 0
    own, other = (to_peaks(record, 0, at) for at in (marks.samples[paired], detected[pairs[paired]]))
    far = int((np.abs(own - other) > FAR * record.fs).sum())
    missed = Counter(np.array(marks.symbols)[~paired].tolist())
    hits = int(paired.sum())
    return Detection(record.name, detector, hits, dict(missed.most_common()), len(detected) - hits, far)


def _pool(rows: list[Detection]) -> Detection:
    missed: Counter[str] = Counter()
    for row in rows:
        missed.update(row.missed)
    found, false = sum(row.found for row in rows), sum(row.false for row in rows)
    far = sum(row.far for row in rows)
    return Detection("all", rows[0].detector, found, dict(missed.most_common()), false, far)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
