"""Summaries of recordings, beyond their headers: found out by a thread in the background, and kept."""

import hashlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Protocol

import numpy as np
from pydantic import ConfigDict, ValidationError
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.json_numbers import numbers
from backend.recordings.schemas import Findings
from backend.recordings.tables import RecordingFacts
from models.errors import DomainError
from models.records import Annotations, Catalogue, Entry, Kind, Problem, Record
from models.signals.beats import NO_BEATS, Beats, known
from models.signals.rpeaks import DETECTOR

log = logging.getLogger("beatlens.api")
SPARK_SECONDS, SPARK_POINTS = 3.0, 120
PATIENCE = 1.0  # s that the first listing waits for the counts of annotated beats
REST = 2.0  # of the time that reading one took: people's requests come first


class Opens(Protocol):
    """The part of the repository that summaries need."""

    @property
    def catalogue(self) -> Catalogue: ...

    def beats(self, record: Record, lead: int) -> Beats: ...

    def is_long(self, entry: Entry) -> bool: ...


class Summary(Findings):
    """The findings in one recording's files, and the hashes that they go by."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sha256: str = ""  # of the signal; empty: not yet read
    patient: str | None = None
    notes: list[str] | None = None  # what was assumed, dropped or left out in reading; null: not yet read
    beats_sha256: str | None = None  # of signal, lead, beats and labels: what a model's counts rest on


class Summaries:
    """The summaries: a thread counts the annotated beats, then reads the signals; its findings outlast a restart."""

    def __init__(self, repository: Opens, database: Database) -> None:
        self.repository = repository
        self.database = database
        self._known: dict[str, Summary] = {}
        self._problems: dict[str, Problem] = {}
        self._lock = threading.Lock()
        self._adding = threading.Lock()  # what two threads find out of one recording adds up
        self._stop = threading.Event()
        self._beats_counted = threading.Event()
        self._thread: threading.Thread | None = None

    def known(self, id: str) -> Summary:
        """A recording's summary, as far as it is known by now."""
        return self._known.get(id) or Summary()

    def trouble(self, entry: Entry) -> str | None:
        """Why nothing more will be found out about a recording by itself."""
        if problem := self._problems.get(entry.id):
            return problem.reason
        if self.known(entry.id).beats is None and self.repository.is_long(entry):
            return "a long recording: read once somebody opens it"
        return None

    def problems(self) -> list[Problem]:
        """Recordings found to be damaged while reading them."""
        return list(self._problems.values())

    def begin(self, entries: Sequence[Entry]) -> None:
        """Have unknown recordings read by one thread, and wait a moment for the counts, the quick part of it."""
        with self._lock:
            fresh = [entry for entry in entries if self._is_fresh(entry)]
            idle = self._thread is None or not self._thread.is_alive()
            starting = bool(fresh) and idle and not self._stop.is_set()
            if starting:
                self._beats_counted.clear()
                self._thread = threading.Thread(target=self._run, args=(fresh,), name="summaries", daemon=True)
                self._thread.start()
        if starting:
            self._beats_counted.wait(PATIENCE)

    def wait(self, seconds: float = 60.0) -> None:
        """Wait for the thread; for tests and the end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stop after the recording in hand."""
        self._stop.set()
        self.wait(5.0)

    def store_beats(self, record: Record) -> Summary:
        """The summary of an opened recording, but for its beats."""
        with self._adding:
            return self._stored(record)

    def _stored(self, record: Record) -> Summary:
        summary = self.known(record.id)
        if not summary.sha256:
            source, counts = _labels(record.annotations, record.kind)
            summary = self._known[record.id] = Summary(
                beat_source=source, counts=counts, spark=spark(record), sha256=record.sha256, patient=record.patient
            )
        if summary.notes is None:
            summary = self._known[record.id] = summary.model_copy(update={"notes": list(record.notes)})
        return summary

    def ensure_summary(self, record: Record, found: Beats) -> None:
        """Complete a recording's summary by the beats of the lead it opens on, and keep it."""
        about = {"beats": len(found), "beats_sha256": beats_sha256(record, record.lead_index(None), found)}
        with self._adding:
            self._known[record.id] = self._stored(record).model_copy(update=about)
        self._keep(self.repository.catalogue.entry(record.id))

    def _is_fresh(self, entry: Entry) -> bool:
        """Whether there is more to find out about a recording, as of one whose page was opened before any list."""
        unread = self.known(entry.id).beats is None and not self.repository.is_long(entry)
        return entry.id not in self._problems and (entry.id not in self._known or unread)

    def _run(self, entries: list[Entry]) -> None:
        self._recall(entries)
        for entry in entries:
            if entry.id not in self._known:
                self._guarded(entry, self._count)
        self._beats_counted.set()
        for entry in entries:
            if self.known(entry.id).beats is None and not self.repository.is_long(entry):
                began = time.monotonic()
                self._guarded(entry, self._open)
                self._stop.wait(REST * (time.monotonic() - began))

    def _recall(self, entries: Sequence[Entry]) -> None:
        """Read the summaries kept of files that have not changed since."""
        current = {entry.id: entry.file_version for entry in entries if entry.file_version}
        try:
            with self.database.transaction() as session:
                rows = session.execute(
                    select(RecordingFacts.recording, RecordingFacts.file_version, RecordingFacts.facts)
                ).all()
            for id, file_version, facts in rows:
                found = Summary.model_validate_json(facts)
                if current.get(id) == file_version and found.notes is not None:  # else of a version that kept none
                    self._known[id] = found
        except (SQLAlchemyError, ValidationError) as error:
            log.warning("what was known of the recordings is found out again: %s", error)

    def _keep(self, entry: Entry) -> None:
        """Keep a summary; without the database it is found out again next time."""
        if not entry.file_version:
            return
        facts = self._known[entry.id].model_dump_json()
        try:
            with self.database.transaction(writing=True) as session:  # a merge reads first
                session.merge(RecordingFacts(recording=entry.id, file_version=entry.file_version, facts=facts))
        except SQLAlchemyError as error:
            log.warning("what was found out about %s is not kept: %s", entry.id, error)

    def _guarded(self, entry: Entry, find: Callable[[Entry], None]) -> None:
        """Read one recording; its fault is noted and spoils no other."""
        if self._stop.is_set() or entry.id in self._problems:
            return
        try:
            find(entry)
        except DomainError as error:
            self._problems[entry.id] = Problem(entry.id, str(error))
        except Exception as error:
            log.exception("summary of %s", entry.id)
            self._problems[entry.id] = Problem(entry.id, f"could not be read: {type(error).__name__}")

    def _count(self, entry: Entry) -> None:
        marks = self.repository.catalogue.annotations(entry.id) if entry.annotated else None
        source, counts = _labels(marks, entry.kind)
        self._known.setdefault(entry.id, Summary(beat_source=source, counts=counts))

    def _open(self, entry: Entry) -> None:
        record = self.repository.catalogue.open(entry.id)
        self.store_beats(record)  # a signal without findable beats has a preview all the same
        found = self.repository.beats(record, record.lead_index(None))
        if self.known(entry.id).beats is None:  # they were in memory
            self.ensure_summary(record, found)


def beats_sha256(record: Record, lead: int, found: Beats) -> str:
    """Hash of everything a model's counts rest on but the model: signal, lead, where the beats are, their labels."""
    digest = hashlib.sha256(f"{record.sha256} {record.leads[lead]} {' '.join(found.symbols or ())}\n".encode())
    digest.update(found.samples.astype("<i8").tobytes())
    digest.update(found.r.astype("<i8").tobytes())
    return digest.hexdigest()


def _labels(annotations: Annotations | None, kind: Kind) -> tuple[str, dict[str, int] | None]:
    """The beats' source, and how many bear each symbol; the detector's bear none."""
    marks = known(annotations)
    if marks is None:
        return (DETECTOR if kind == "ecg" else NO_BEATS), None
    return marks.source, dict(Counter(marks.symbols).most_common())


def spark(record: Record) -> list[float | None]:
    """About 120 values of the first 3 s without a gap (else of the first) in the lead it opens on, in its unit.

    Of a series of measurements the whole.
    """
    size = min(record.samples, round(SPARK_SECONDS * record.fs)) if record.kind == "ecg" else record.samples
    first = record.signal[record.lead_index(None)]
    starts = range(0, max(1, record.samples - size), size)
    start = next((s for s in starts if not np.isnan(first[s : s + size]).any()), 0)
    values = first[start : start + size]
    if len(values) <= SPARK_POINTS:
        return numbers(values, 3)
    # The largest excursion of each bin from the middle: R peaks survive.
    edges = np.linspace(0, len(values), SPARK_POINTS + 1).astype(int)
    middle = np.nanmedian(values) if np.isfinite(values).any() else 0.0
    bins = (values[a:b] for a, b in pairwise(edges))
    return numbers(np.array([part[np.argmax(np.nan_to_num(np.abs(part - middle)))] for part in bins]), 3)
