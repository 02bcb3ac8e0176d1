"""The log of what readers do, and what holds by it: the log is read once, and then only what was added to it."""

import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.database import Database
from backend.errors import ConflictError
from backend.readings.schemas import (
    OTHERS,
    CurrentReading,
    ReadingRequest,
    ReadingResponse,
    ReadingsResponse,
    StoredReadingsResponse,
)
from backend.readings.tables import Reading
from backend.recordings.service import RecordingRepository
from models.errors import InvalidError
from models.memory import Memory
from models.vocabularies import vocabulary

LOCK = 0x7265_6164  # "read": PostgreSQL's advisory lock, so that ids become visible in their order
WINDOW = 1_400  # bytes of one window's label: key, model and its fields, address
PART = 500  # client ids looked up at once
Window = tuple[int, int, int]  # start, end, address


class ReadingLog:
    """Readings of all recordings."""

    def __init__(self, database: Database, repository: RecordingRepository) -> None:
        self.database = database
        self.repository = repository
        self._lock = threading.Lock()
        self._readers: Memory[OfReader] = Memory("readings", lambda held: held.weight)  # by the user's id

    def add(self, entries: Sequence[ReadingRequest], reader: str) -> StoredReadingsResponse:
        """Keep the acts, all or none, as those of the user with id `reader`.

        NotFoundError for a recording that is not there, InvalidError for a window that ends after it, ConflictError for
        an id that was used for something else.
        """
        checksums = {id: self.repository.checksum(id) for id in {entry.recording for entry in entries}}
        for entry in entries:
            self._check(entry)
        now = datetime.now(UTC)
        with self.database.transaction(writing=True) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            stored = _stored(session, [entry.client_id for entry in entries])
            for entry in entries:
                if entry.client_id not in stored:
                    row = stored[entry.client_id] = _row(entry, reader, checksums[entry.recording], now)
                    session.add(row)
            session.flush()
            rows = [_same(stored[entry.client_id], entry, reader) for entry in entries]
            return StoredReadingsResponse(
                readings=[ReadingResponse.model_validate(row, from_attributes=True) for row in rows]
            )

    def _check(self, entry: ReadingRequest) -> None:
        _check_label(entry)
        samples = self.repository.entry(entry.recording).samples
        if entry.interval[1] > samples:
            message = f"Sample {entry.interval[1] - 1} is after the end: {entry.recording} has {samples} samples"
            raise InvalidError(message, field="at" if entry.end is None else "end")

    def of(self, recording: str, reader: str) -> ReadingsResponse:
        """The labels and comments that hold of a recording's windows, for one reader."""
        found = self.held(recording, reader).current
        return ReadingsResponse(recording=recording, reader=reader, readings=[found[key] for key in sorted(found)])

    def held(self, recording: str, reader: str) -> "CurrentReadings":
        """Current readings by interval, and the addresses that bear a label."""
        return self._of(reader).recordings.get(self.repository.checksum(recording), NOTHING)

    def labelled(self, reader: str) -> dict[str, frozenset[int]]:
        """The addresses that bear one reader's label, by the recording's SHA-256; one query, of what is new."""
        return {sha256: held.labelled for sha256, held in self._of(reader).recordings.items()}

    def _of(self, reader: str) -> "OfReader":
        """All of one reader's: what is kept, and what was added to the log since; all of the log where nothing is."""
        with self._lock:
            began = time.monotonic()
            before = self._readers.peek(reader) or OfReader(0, {})
            newer = select(Reading).where(Reading.reader == reader, Reading.id > before.last).order_by(Reading.id)
            with self.database.transaction() as session:
                rows = session.scalars(newer).all()
            if not rows:
                return before
            after = before.after(rows)
            self._readers.put(reader, after, time.monotonic() - began)
            return after


@dataclass(frozen=True)
class OfReader:
    """What holds of all recordings for one reader, as far as the log was read."""

    last: int  # id of the last row taken into account
    recordings: "Mapping[str, CurrentReadings]"  # by their SHA-256

    @property
    def weight(self) -> int:
        """Bytes in memory."""
        return sum(held.weight for held in self.recordings.values())

    def after(self, rows: Sequence[Reading]) -> "OfReader":
        """What holds after further acts, the earliest first; whoever reads the old one reads on undisturbed."""
        new: dict[str, list[Reading]] = defaultdict(list)
        for row in rows:
            new[row.recording_sha256].append(row)
        changed = {sha256: self.recordings.get(sha256, NOTHING).after(acts) for sha256, acts in new.items()}
        return OfReader(rows[-1].id, {**self.recordings, **changed})


@dataclass(frozen=True)
class CurrentReadings:
    """One reader's labels and comments that hold of one recording."""

    current: Mapping[Window, CurrentReading]  # a window without label and comment is not in it
    labelled: frozenset[int]  # addresses of windows with a label

    @property
    def weight(self) -> int:
        """Bytes in memory."""
        return WINDOW * len(self.current) + sum(sys.getsizeof(held.comment) for held in self.current.values())

    def after(self, acts: Iterable[Reading]) -> "CurrentReadings":
        """The labels and comments that hold after further acts, the earliest first."""
        current = dict(self.current)
        for act in acts:
            current[act.start, act.end, act.at] = CurrentReading.model_validate(act, from_attributes=True)
        stored = {window: held for window, held in current.items() if held.label is not None or held.comment}
        return CurrentReadings(stored, frozenset(held.at for held in stored.values() if held.label is not None))


NOTHING = CurrentReadings({}, frozenset())


def _check_label(entry: ReadingRequest) -> None:
    """InvalidError for what is no label of the entry's vocabulary."""
    known = (*(label.code for label in vocabulary(entry.vocabulary).labels), *OTHERS)
    if entry.label is not None and entry.label not in known:
        message = f"Label {entry.label!r}: {entry.vocabulary} has {', '.join(known)}"
        raise InvalidError(message, field="label", options=known)


def _stored(session: Session, ids: Sequence[str]) -> dict[str, Reading]:
    """The rows that are there already, by client id."""
    parts = (ids[first : first + PART] for first in range(0, len(ids), PART))
    return {
        row.client_id: row
        for part in parts
        for row in session.scalars(select(Reading).where(Reading.client_id.in_(part)))
    }


def _row(entry: ReadingRequest, reader: str, checksum: str, now: datetime) -> Reading:
    start, end = entry.interval
    sent = entry.model_dump() | {"start": start, "end": end}
    return Reading(**sent, reader=reader, recording_sha256=checksum, created=now)


def _same(row: Reading, entry: ReadingRequest, reader: str) -> Reading:
    """The row, if it says what the entry says: one id is one act of one person."""
    stored = (row.reader, row.at, row.start, row.end, row.vocabulary, row.label, row.comment)
    sent = (reader, entry.at, *entry.interval, entry.vocabulary, entry.label, entry.comment)
    if stored != sent:
        raise ConflictError(f"client_id {entry.client_id} was used for another reading: make a new one")
    return row
