"""Keeps what readers do, and knows what holds: the log is read once, and then only what was added to it."""

import threading
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from backend.database import Database
from backend.errors import ConflictError
from backend.readings.schemas import Current, Entry, ReadingResponse, Readings, Stored
from backend.readings.tables import Reading
from backend.recordings.service import RecordingRepository
from models.errors import InvalidError

LOCK = 0x7265_6164  # "read": PostgreSQL's advisory lock, so that ids become visible in their order
PART = 500  # client ids looked up at once


class ReadingLog:
    """Readings of all recordings."""

    def __init__(self, database: Database, repository: RecordingRepository) -> None:
        self.database = database
        self.repository = repository
        self._lock = threading.Lock()
        self._last = 0  # id of the last row taken into account
        self._held: dict[tuple[str, str], Held] = {}  # by reader and the recording's SHA-256

    def add(self, entries: Sequence[Entry], reader: str) -> Stored:
        """Keep them all or none, as acts of the user with id `reader`.

        NotFoundError for a recording that is not there, InvalidError for a sample after its end, ConflictError for an
        id that was used for something else.
        """
        checksums = {id: self.repository.checksum(id) for id in {entry.recording for entry in entries}}
        for entry in entries:
            self._check(entry)
        now = datetime.now(UTC)
        with self.database.transaction(writing=True) as session:
            if session.get_bind().dialect.name == "postgresql":
                session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            kept = _kept(session, [entry.client_id for entry in entries])
            for entry in entries:
                if entry.client_id not in kept:
                    row = kept[entry.client_id] = _row(entry, reader, checksums[entry.recording], now)
                    session.add(row)
            session.flush()
            rows = [_same(kept[entry.client_id], entry, reader) for entry in entries]
            return Stored(readings=[ReadingResponse.model_validate(row, from_attributes=True) for row in rows])

    def _check(self, entry: Entry) -> None:
        samples = self.repository.entry(entry.recording).samples
        if entry.sample >= samples:
            message = f"Sample {entry.sample} is after the end: {entry.recording} has {samples} samples"
            raise InvalidError(message, field="sample")

    def of(self, recording: str, reader: str) -> Readings:
        """What holds of each beat of a recording, for one reader."""
        found = self.held(recording, reader).current
        return Readings(recording=recording, reader=reader, readings=[found[sample] for sample in sorted(found)])

    def held(self, recording: str, reader: str) -> "Held":
        """The same by sample, and which samples bear a label."""
        checksum = self.repository.checksum(recording)
        self._catch_up()
        return self._held.get((reader, checksum), NOTHING)

    def labelled(self, reader: str) -> dict[str, frozenset[int]]:
        """The samples that bear one reader's label, by the recording's SHA-256; one query, of what is new."""
        self._catch_up()
        return {sha256: held.labelled for (who, sha256), held in self._held.items() if who == reader}

    def _catch_up(self) -> None:
        with self._lock:
            with self.database.transaction() as session:
                rows = session.scalars(select(Reading).where(Reading.id > self._last).order_by(Reading.id)).all()
            new: dict[tuple[str, str], list[Reading]] = defaultdict(list)
            for row in rows:
                new[row.reader, row.recording_sha256].append(row)
            changed = {key: self._held.get(key, NOTHING).after(acts) for key, acts in new.items()}
            self._held = self._held | changed  # whoever reads the old one reads on undisturbed
            self._last = rows[-1].id if rows else self._last


@dataclass(frozen=True)
class Held:
    """What holds of one recording, for one reader."""

    current: Mapping[int, Current]  # by sample; a beat without label and comment is not in it
    labelled: frozenset[int]  # samples with a label

    def after(self, acts: Iterable[Reading]) -> "Held":
        """What holds after further acts, the earliest first."""
        current = dict(self.current)
        for act in acts:
            current[act.sample] = Current(sample=act.sample, label=act.label, comment=act.comment)
        kept = {sample: held for sample, held in current.items() if held.label is not None or held.comment}
        return Held(kept, frozenset(sample for sample, held in kept.items() if held.label is not None))


NOTHING = Held({}, frozenset())


def _kept(session: Session, ids: Sequence[str]) -> dict[str, Reading]:
    """The rows that are there already, by client id."""
    parts = (ids[first : first + PART] for first in range(0, len(ids), PART))
    return {
        row.client_id: row
        for part in parts
        for row in session.scalars(select(Reading).where(Reading.client_id.in_(part)))
    }


def _row(entry: Entry, reader: str, checksum: str, now: datetime) -> Reading:
    return Reading(**entry.model_dump(), reader=reader, recording_sha256=checksum, created=now)


def _same(row: Reading, entry: Entry, reader: str) -> Reading:
    """The row, if it says what the entry says: one id is one act of one person."""
    kept, sent = (row.reader, row.sample, row.label, row.comment), (reader, entry.sample, entry.label, entry.comment)
    if kept != sent:
        raise ConflictError(f"client_id {entry.client_id} was used for another reading: make a new one")
    return row
