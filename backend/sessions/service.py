"""Annotation sessions: their making, their data, and the log of what readers do: in order, once, for good."""

import json
import uuid
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.service import Accounts
from backend.current_user import LOCAL, User
from backend.database import Database, in_turn
from backend.errors import ConflictError, SealedError
from backend.predictions.service import Predictor
from backend.readings.service import ReadingLog
from backend.sessions.labels import check_set, labels_in
from backend.sessions.log import expects
from backend.sessions.sampling import BeatSampler, Chosen
from backend.sessions.schemas import EntryRequest, EntryResponse, Region, SessionRequest, SessionResponse
from backend.sessions.session_data import SessionData
from backend.sessions.tables import AnnotationSession, SessionEntry, SessionItem, SessionReader
from backend.settings import Settings
from backend.times import utc
from models.errors import InvalidError, NotFoundError
from models.explainers import Explainer, explainers, parse
from models.explanations.explaining import versions

LOCK = 0x7365_7373  # "sess": PostgreSQL's advisory lock
PART = 500  # client ids looked up at once


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
        label_set = check_set(ask.label_set, model.card)
        if ask.deadline and utc(ask.deadline) < datetime.now(UTC):
            raise InvalidError(f"The deadline {utc(ask.deadline):%Y-%m-%d %H:%M} UTC is past", field="deadline")
        methods = ask.methods if ask.methods is not None else default_methods()
        found = BeatSampler(self.predictor, ask, lambda recording: self.labelled(recording, user)).beats()
        row = AnnotationSession(
            id=uuid.uuid4().hex,
            title=ask.title.strip() or ask.title,
            maker=user.id,
            created=datetime.now(UTC),
            closed=None,
            blind=ask.blind,
            deadline=ask.deadline and utc(ask.deadline),
            vocabulary=label_set,
            spoken=model.card.vocabulary,
            labels=json.dumps(labels_in(label_set, ask.labels, model.card)),
            choice=json.dumps({"recordings": ask.recordings, "lead": ask.lead, **ask.choice.model_dump()}),
            methods=json.dumps([method.model_dump(mode="json") for method in methods]),
            model=model.card.id,
            weights_sha256=model.weights_sha256,
            versions=json.dumps(versions()),
        )
        with self.database.transaction(writing=True) as session:
            session.add(row)
            session.flush()
            session.add_all([_item(row.id, position, one) for position, one in enumerate(found)])
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

    def labelled(self, recording: str, user: User) -> Mapping[int, str]:
        """What this person has labelled in a recording: sample → label."""
        current = self.readings.of(recording, user.id).readings
        return {entry.at: entry.label for entry in current if entry.label}

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
        """A session as the user may see it; NotFoundError where it is none of theirs."""
        return self.load_session(user, id).out(user, self.accounts)

    def close(self, user: User, id: str) -> SessionResponse:
        """No more beats are handed out, and nothing is sealed any more. Closing again changes nothing."""
        with self.database.transaction(writing=True) as session:
            row = session.get(AnnotationSession, id)
            if row is None:
                raise NotFoundError("There is no such session", field="id")
            row.closed = row.closed or datetime.now(UTC)
        return self.get(user, id)

    def reopen(self, user: User, id: str) -> SessionResponse:
        """Beats are handed out again, and what was not decided is sealed again. Re-opening again changes nothing."""
        with self.database.transaction(writing=True) as session:
            row = session.get(AnnotationSession, id)
            if row is None:
                raise NotFoundError("There is no such session", field="id")
            row.closed = None
        return self.get(user, id)

    def load_session(self, user: User, id: str) -> SessionData:
        """Everything about a session; NotFoundError where it is none of theirs."""
        with self.database.transaction() as session:
            row = session.get(AnnotationSession, id)
            readers = session.scalars(select(SessionReader.user_id).where(SessionReader.session == id)).all()
            if row is None or not (user.may("lead") or user.id in readers):
                raise NotFoundError("There is no such session, or you do not read in it", field="id")
            items = session.scalars(select(SessionItem).where(SessionItem.session == id).order_by(SessionItem.position))
            entries = session.scalars(select(SessionEntry).where(SessionEntry.session == id).order_by(SessionEntry.id))
            return SessionData(row, list(items), sorted(readers), list(entries))

    def results(self, user: User, id: str) -> SessionData:
        """A session's data for a user who may see its results; SealedError for whoever still reads it blind."""
        data = self.load_session(user, id)
        if data.row.blind and not data.row.closed and user.id in data.readers:
            done = sum(read.final is not None for (reader, _), read in data.reads.items() if reader == user.id)
            if done < len(data.items):
                raise SealedError("Sealed until you have read all beats of this session")
        return data

    def post(self, user: User, id: str, asked: Sequence[EntryRequest]) -> list[EntryResponse]:
        """Keep a reader's steps, all or none; a step that was done with the same label is answered by what was kept.

        ConflictError for a step out of order, a step done before with another label, an id used for something else, and
        after the end; its `field` is the client id of the entry to blame.
        """
        now = datetime.now(UTC)
        with self.database.transaction(writing=True) as session:
            in_turn(session, LOCK)
            row = session.get(AnnotationSession, id)
            if row is None or session.get(SessionReader, (id, user.id)) is None:
                raise NotFoundError("There is no such session, or you do not read in it", field="id")
            size = len(session.scalars(select(SessionItem.position).where(SessionItem.session == id)).all())
            stored = kept_entries(session, [entry.client_id for entry in asked])
            done = _done(session, id, user.id, {entry.position for entry in asked})
            answers: list[SessionEntry] = []
            for entry in asked:
                steps = done.setdefault(entry.position, {})
                found = stored.get(entry.client_id)
                if found is not None:
                    found = _same(found, id, user.id, entry)
                elif _repeated(entry, steps):
                    found = steps[entry.step]
                else:
                    self._check(row, size, entry, tuple(steps))
                    found = stored[entry.client_id] = steps[entry.step] = _entry(id, user.id, entry, now)
                    session.add(found)
                answers.append(found)
            session.flush()
            return [entry_out(found) for found in answers]

    def _check(self, row: AnnotationSession, size: int, entry: EntryRequest, done: Sequence[str]) -> None:
        """Raise the error of a step that is not possible now, or incomplete."""
        if entry.position >= size:
            raise InvalidError(f"Position {entry.position}: this session has {size} items", field="position")
        if row.closed and not (entry.made and utc(entry.made) < utc(row.closed)):
            raise ConflictError("This session is closed", field=entry.client_id)
        wanted = expects(row.blind, done)
        if entry.step != wanted:
            message = f"Beat {entry.position + 1}: {entry.step} does not come now, but {wanted}"
            if entry.step in done:
                message = f"Beat {entry.position + 1}: {entry.step} was done before and stays; now comes {wanted}"
            raise ConflictError(message, field=entry.client_id, options=(wanted,))
        check_label(row, entry.label, needed=entry.step != "reveal")
        if entry.step in ("first", "final") and entry.confidence is None and "first" not in done:
            raise InvalidError("A reading says how sure the reader is: confidence from 1 to 5", field="confidence")
        if entry.plausibility is not None and entry.step == "first":
            raise InvalidError("The explanation is rated after the reveal", field="plausibility")


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
    """The response for an entry."""
    region = None
    if row.region_start is not None and row.region_end is not None:
        region = Region(start=row.region_start, end=row.region_end)
    fields = {name: getattr(row, name) for name in EntryResponse.model_fields if name != "region"}
    return EntryResponse(**fields, region=region)


def _repeated(entry: EntryRequest, done: Mapping[str, SessionEntry]) -> bool:
    """Whether a step says what its reader's own step says already, in another tab or by a key pressed twice."""
    return entry.step != "correction" and entry.step in done and done[entry.step].label == entry.label


def _done(session: Session, id: str, user_id: str, positions: set[int]) -> dict[int, dict[str, SessionEntry]]:
    """A reader's entries on some items, by position and step; of corrections the latest."""
    done: dict[int, dict[str, SessionEntry]] = {}
    wanted = sorted(positions)
    for first in range(0, len(wanted), PART):
        rows = session.scalars(
            select(SessionEntry)
            .where(
                SessionEntry.session == id,
                SessionEntry.user_id == user_id,
                SessionEntry.step != "adjudication",
                SessionEntry.position.in_(wanted[first : first + PART]),
            )
            .order_by(SessionEntry.id)
        )
        for row in rows:
            done.setdefault(row.position, {})[row.step] = row
    return done


def _item(session: str, position: int, one: Chosen) -> SessionItem:
    return SessionItem(session=session, position=position, **vars(one))


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
    stored = (row.session, row.user_id, row.position, row.step, row.label, row.confidence)
    if stored != (session, user_id, entry.position, entry.step, entry.label, entry.confidence):
        message = f"client_id {entry.client_id} was used for another entry: make a new one"
        raise ConflictError(message, field=entry.client_id)
    return row


def default_methods() -> list[Explainer]:
    """The methods that the desk shows where nobody chose, slot a before slot b."""
    shown = [(kind.default_slot, name) for name, kind in explainers().items() if kind.default_slot]
    return [parse({"method": name}) for _, name in sorted(shown)]
