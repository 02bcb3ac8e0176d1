"""Makes sessions, hands out their beats, and keeps what readers do: in order, once, for good."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.current import LOCAL, User
from backend.accounts.service import Accounts
from backend.database import Database, in_turn
from backend.errors import ConflictError, SealedError
from backend.predictions.service import Predictor
from backend.readings.service import ReadingLog
from backend.sessions.labels import labels_of, name_of
from backend.sessions.log import Facts, Reads, expects, pace, reads, summary
from backend.sessions.sampling import BeatSampler, Chosen
from backend.sessions.schemas import (
    EntryRequest,
    EntryResponse,
    LabelResponse,
    ReaderResponse,
    Region,
    SessionRequest,
    SessionResponse,
)
from backend.sessions.tables import AnnotationSession, SessionEntry, SessionItem, SessionReader
from backend.settings import Settings
from backend.times import utc
from models.errors import InvalidError, NotFoundError
from models.explainers import parse
from models.explaining import versions

LOCK = 0x7365_7373  # "sess": PostgreSQL's advisory lock
PART = 500  # client ids looked up at once
METHODS = ({"method": "learned_mask"}, {"method": "occlusion"})  # what the desk shows first


class Sessions:
    """Annotation sessions."""

    def __init__(self, settings: Settings, database: Database, predictor: Predictor, readings: ReadingLog) -> None:
        self.settings = settings
        self.database = database
        self.predictor = predictor
        self.readings = readings
        self.accounts = Accounts(database)

    def create(self, user: User, ask: SessionRequest) -> SessionResponse:
        """Draw the beats and keep the session; InvalidError for a reader who cannot read, or where no beat fits."""
        readers = list(dict.fromkeys(ask.readers))
        for reader in readers:
            self._check_reader(reader)
        model = self.predictor.model(ask.model)
        methods = ask.methods if ask.methods is not None else [parse(dict(method)) for method in METHODS]
        found = BeatSampler(self.predictor, ask, lambda recording: self._labelled(recording, user)).beats()
        row = AnnotationSession(
            id=uuid.uuid4().hex,
            title=ask.title.strip() or ask.title,
            maker=user.id,
            created=datetime.now(UTC),
            closed=None,
            blind=ask.blind,
            label_set=ask.label_set,
            labels=json.dumps(labels_of(ask.label_set, ask.labels)),
            choice=json.dumps({"recordings": ask.recordings, "lead": ask.lead, **ask.choice.model_dump()}),
            methods=json.dumps([method.model_dump(mode="json") for method in methods]),
            model=model.card.id,
            weights_sha256=model.weights_sha256,
            versions=json.dumps(versions()),
        )
        with self.database.transaction(writing=True) as session:
            session.add(row)
            session.flush()
            session.add_all([_item(row.id, place, one) for place, one in enumerate(found)])
            session.add_all([SessionReader(session=row.id, user_id=reader) for reader in readers])
        return self.get(user, row.id)

    def _check_reader(self, id: str) -> None:
        if not self.settings.accounts:
            if id != LOCAL.id:
                raise InvalidError(f"Reader {id!r}: without accounts there is {LOCAL.id} alone", field="readers")
            return
        try:
            known = self.accounts.get(id)
        except NotFoundError as error:
            raise InvalidError(f"Reader {id!r}: there is no such account", field="readers") from error
        if known.disabled or not User(known.id, known.name, known.role).may("annotator"):
            raise InvalidError(f"{known.name} cannot read: that needs the role annotator", field="readers")

    def _labelled(self, recording: str, user: User) -> Mapping[int, str]:
        current = self.readings.of(recording, user.id).readings
        return {entry.sample: entry.label for entry in current if entry.label}

    def all(self, user: User) -> list[SessionResponse]:
        """The latest first: all of them for a lead, else those in which this person reads."""
        wanted = select(AnnotationSession.id).order_by(AnnotationSession.created.desc(), AnnotationSession.id)
        if not user.may("lead"):
            own = select(SessionReader.session).where(SessionReader.user_id == user.id)
            wanted = wanted.where(AnnotationSession.id.in_(own))
        with self.database.transaction() as session:
            ids = session.scalars(wanted).all()
        return [self.get(user, id) for id in ids]

    def get(self, user: User, id: str) -> SessionResponse:
        """One session as this person may see it; NotFoundError where it is none of theirs."""
        return self.whole(user, id).out(user, self.accounts)

    def close(self, user: User, id: str) -> SessionResponse:
        """No more beats are handed out, and nothing is sealed any more. Closing again changes nothing."""
        with self.database.transaction(writing=True) as session:
            row = session.get(AnnotationSession, id)
            if row is None:
                raise NotFoundError("There is no such session", field="id")
            row.closed = row.closed or datetime.now(UTC)
        return self.get(user, id)

    def whole(self, user: User, id: str) -> "SessionData":
        """Everything about a session; NotFoundError where it is none of theirs."""
        with self.database.transaction() as session:
            row = session.get(AnnotationSession, id)
            readers = session.scalars(select(SessionReader.user_id).where(SessionReader.session == id)).all()
            if row is None or not (user.may("lead") or user.id in readers):
                raise NotFoundError("There is no such session, or you do not read in it", field="id")
            items = session.scalars(select(SessionItem).where(SessionItem.session == id).order_by(SessionItem.place))
            entries = session.scalars(select(SessionEntry).where(SessionEntry.session == id).order_by(SessionEntry.id))
            return SessionData(row, list(items), sorted(readers), list(entries))

    def told(self, user: User, id: str) -> "SessionData":
        """The same for somebody who may see what others said: SealedError for whoever still reads it blind."""
        whole = self.whole(user, id)
        if whole.row.blind and not whole.row.closed and user.id in whole.readers:
            done = sum(read.final is not None for (reader, _), read in whole.reads.items() if reader == user.id)
            if done < len(whole.items):
                raise SealedError("Sealed until you have read all beats of this session")
        return whole

    def post(self, user: User, id: str, asked: Sequence[EntryRequest]) -> list[EntryResponse]:
        """Keep a reader's steps, all or none.

        ConflictError for a step out of order, a step done before, an id used for something else, and after the end;
        its `field` is the client id of the entry to blame.
        """
        now = datetime.now(UTC)
        with self.database.transaction(writing=True) as session:
            in_turn(session, LOCK)
            row = session.get(AnnotationSession, id)
            if row is None or session.get(SessionReader, (id, user.id)) is None:
                raise NotFoundError("There is no such session, or you do not read in it", field="id")
            size = len(session.scalars(select(SessionItem.place).where(SessionItem.session == id)).all())
            kept = kept_entries(session, [entry.client_id for entry in asked])
            done = _done(session, id, user.id, {entry.place for entry in asked})
            for entry in asked:
                if entry.client_id not in kept:
                    self._check(row, size, entry, done.setdefault(entry.place, []))
                    done[entry.place].append(entry.step)
                    kept[entry.client_id] = _entry(id, user.id, entry, now)
                    session.add(kept[entry.client_id])
            session.flush()
            return [entry_out(_same(kept[entry.client_id], id, user.id, entry)) for entry in asked]

    def _check(self, row: AnnotationSession, size: int, entry: EntryRequest, done: Sequence[str]) -> None:
        """One step must be possible now, and complete."""
        if entry.place >= size:
            raise InvalidError(f"Place {entry.place}: this session has {size} items", field="place")
        if row.closed and not (entry.made and utc(entry.made) < utc(row.closed)):
            raise ConflictError("This session is closed", field=entry.client_id)
        wanted = expects(row.blind, done)
        if entry.step != wanted:
            message = f"Beat {entry.place + 1}: {entry.step} does not come now, but {wanted}"
            if entry.step in done:
                message = f"Beat {entry.place + 1}: {entry.step} was done before and stays; now comes {wanted}"
            raise ConflictError(message, field=entry.client_id, options=(wanted,))
        check_label(row, entry.label, needed=entry.step != "reveal")
        if entry.step in ("first", "final") and entry.confidence is None and "first" not in done:
            raise InvalidError("A reading says how sure the reader is: confidence from 1 to 5", field="confidence")
        if entry.plausibility is not None and entry.step == "first":
            raise InvalidError("The explanation is rated after the reveal", field="plausibility")


class SessionData:
    """Everything about a session, as the database has it at one moment."""

    def __init__(
        self, row: AnnotationSession, items: list[SessionItem], readers: list[str], entries: list[SessionEntry]
    ) -> None:
        self.row, self.items, self.readers, self.entries = row, items, readers, entries
        self.reads: Reads = reads(entries)
        self.facts = Facts.of(items, row.label_set)  # type: ignore[arg-type]  # only label sets are written

    def label(self, label: str) -> LabelResponse:
        """A label with its name."""
        return LabelResponse(label=label, name=name_of(self.row.label_set, label))  # type: ignore[arg-type]

    def progress(self, accounts: Accounts) -> list[ReaderResponse]:
        """How far everybody is, by name."""
        names = accounts.names(self.readers)
        rows = [
            ReaderResponse(
                **dict(summary(reader, self.reads, self.facts)),
                id=reader,
                name=names.get(reader, "a former reader"),
                seconds=pace(reader, self.reads),
            )
            for reader in self.readers
        ]
        return sorted(rows, key=lambda row: (row.name.casefold(), row.id))

    def out(self, user: User, accounts: Accounts) -> SessionResponse:
        """The session as this person may see it."""
        row, lead = self.row, user.may("lead")
        return SessionResponse(
            id=row.id,
            title=row.title,
            created=row.created,
            closed=row.closed,
            blind=row.blind,
            label_set=row.label_set,
            labels=[self.label(label) for label in json.loads(row.labels)],
            model=row.model,
            weights_sha256=row.weights_sha256,
            methods=json.loads(row.methods),
            items=len(self.items),
            recordings=len({item.recording for item in self.items}),
            mine=summary(user.id, self.reads, self.facts) if user.id in self.readers else None,
            maker=accounts.names([row.maker]).get(row.maker) if lead else None,
            choice=json.loads(row.choice) if lead else None,
            readers=self.progress(accounts) if lead else None,
        )


def check_label(row: AnnotationSession, label: str | None, needed: bool) -> None:
    """InvalidError for a label that the session does not have, or that does not belong here."""
    known = tuple(json.loads(row.labels))
    if needed and label is None:
        raise InvalidError("A reading says a label", field="label", options=known)
    if not needed and label is not None:
        raise InvalidError("A reveal says no label", field="label")
    if label is not None and label not in known:
        raise InvalidError(f"Label {label!r}: this session has {', '.join(known)}", field="label", options=known)


def kept_entries(session: Session, ids: Sequence[str]) -> dict[str, SessionEntry]:
    """The entries that are there already, by client id."""
    parts = (ids[first : first + PART] for first in range(0, len(ids), PART))
    return {
        row.client_id: row
        for part in parts
        for row in session.scalars(select(SessionEntry).where(SessionEntry.client_id.in_(part)))
    }


def entry_out(row: SessionEntry) -> EntryResponse:
    """An entry as it is told."""
    region = None
    if row.region_start is not None and row.region_end is not None:
        region = Region(start=row.region_start, end=row.region_end)
    plain = {name: getattr(row, name) for name in EntryResponse.model_fields if name != "region"}
    return EntryResponse(**plain, region=region)


def _done(session: Session, id: str, user_id: str, places: set[int]) -> dict[int, list[str]]:
    """The steps that a reader has done on some items."""
    done: dict[int, list[str]] = {}
    wanted = sorted(places)
    for first in range(0, len(wanted), PART):
        rows = session.execute(
            select(SessionEntry.place, SessionEntry.step).where(
                SessionEntry.session == id,
                SessionEntry.user_id == user_id,
                SessionEntry.step != "adjudication",
                SessionEntry.place.in_(wanted[first : first + PART]),
            )
        )
        for place, step in rows:
            done.setdefault(place, []).append(step)
    return done


def _item(session: str, place: int, one: Chosen) -> SessionItem:
    return SessionItem(session=session, place=place, **vars(one))


def _entry(session: str, user_id: str, entry: EntryRequest, now: datetime) -> SessionEntry:
    return SessionEntry(
        session=session,
        user_id=user_id,
        at=now,
        region_start=entry.region.start if entry.region else None,
        region_end=entry.region.end if entry.region else None,
        made=utc(entry.made) if entry.made else None,
        **entry.model_dump(exclude={"region", "made"}),
    )


def _same(row: SessionEntry, session: str, user_id: str, entry: EntryRequest) -> SessionEntry:
    """The row, if it says what the entry says: one id is one act of one person."""
    kept = (row.session, row.user_id, row.place, row.step, row.label, row.confidence)
    if kept != (session, user_id, entry.place, entry.step, entry.label, entry.confidence):
        message = f"client_id {entry.client_id} was used for another entry: make a new one"
        raise ConflictError(message, field=entry.client_id)
    return row
