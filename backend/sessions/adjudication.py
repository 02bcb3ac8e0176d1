"""Items on which the readers do not agree, and what a lead decides."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from backend.accounts.current import User
from backend.database import in_turn
from backend.errors import ConflictError
from backend.sessions.log import Read, decisions
from backend.sessions.schemas import (
    Adjudicated,
    AdjudicationRequest,
    DisagreementResponse,
    DisagreementsResponse,
    EntryResponse,
    LabelledBy,
)
from backend.sessions.service import LOCK, SessionData, Sessions, check_label, entry_out, kept_entries
from backend.sessions.tables import SessionEntry
from backend.times import utc


def readings(whole: SessionData, place: int) -> dict[str, Read]:
    """What each reader who has decided an item says of it."""
    found = {reader: whole.reads.get((reader, place)) for reader in whole.readers}
    return {reader: read for reader, read in found.items() if read is not None and read.label is not None}


def disagreed(whole: SessionData) -> list[int]:
    """Places of the items that bear different labels."""
    places = range(len(whole.items))
    return [place for place in places if len({read.label for read in readings(whole, place).values()}) > 1]


def consensus(whole: SessionData) -> dict[int, str]:
    """The label that holds of each item: a lead's decision, or what all readers who decided it say."""
    found: dict[int, str] = {}
    for item in whole.items:
        said = {read.label for read in readings(whole, item.place).values() if read.label is not None}
        if len(said) == 1:
            found[item.place] = said.pop()
    return found | {place: entry.label for place, entry in decisions(whole.entries).items() if entry.label is not None}


def disagreements(sessions: Sessions, user: User, id: str) -> DisagreementsResponse:
    """The adjudication queue: undecided items first, those with most different labels first."""
    whole = sessions.told(user, id)
    decided = decisions(whole.entries)
    people = sessions.accounts.names([*whole.readers, *(entry.user_id for entry in decided.values())])
    found = [_disagreement(whole, place, decided, people) for place in disagreed(whole)]
    found.sort(key=lambda one: (one.adjudicated is not None, -len({by.label for by in one.labels}), one.place))
    return DisagreementsResponse(open=sum(one.adjudicated is None for one in found), items=found)


def _disagreement(
    whole: SessionData, place: int, decided: Mapping[int, SessionEntry], people: Mapping[str, str]
) -> DisagreementResponse:
    item, decision = whole.items[place], decided.get(place)
    return DisagreementResponse(
        place=place,
        recording=item.recording,
        lead=item.lead,
        sample=item.sample,
        time=item.sample / item.fs,
        labels=[
            LabelledBy(
                reader=reader,
                name=people.get(reader, "a former reader"),
                first=read.first,
                label=read.label or "",
                confidence=read.confidence,
                comment=read.comment,
            )
            for reader, read in readings(whole, place).items()
        ],
        output=whole.facts.outputs[place],
        reference=whole.facts.references[place],
        adjudicated=Adjudicated(
            by=people.get(decision.user_id, "a former lead"),
            label=decision.label or "",
            comment=decision.comment,
            at=decision.at,
        )
        if decision
        else None,
    )


def adjudicate(sessions: Sessions, user: User, id: str, asked: Sequence[AdjudicationRequest]) -> list[EntryResponse]:
    """Keep a lead's decisions, all or none; ConflictError where readers do not disagree. The latest decision holds."""
    whole, now = sessions.told(user, id), datetime.now(UTC)
    open_items = set(disagreed(whole))
    with sessions.database.transaction(writing=True) as session:
        in_turn(session, LOCK)
        kept = kept_entries(session, [entry.client_id for entry in asked])
        for entry in asked:
            check_label(whole.row, entry.label, needed=True)
            if entry.place not in open_items:
                message = f"Beat {entry.place + 1}: its readers do not disagree"
                raise ConflictError(message, field=entry.client_id)
            if entry.client_id not in kept:
                kept[entry.client_id] = _entry(id, user.id, entry, now)
                session.add(kept[entry.client_id])
        session.flush()
        return [entry_out(_same(kept[entry.client_id], id, user.id, entry)) for entry in asked]


def _entry(session: str, user_id: str, entry: AdjudicationRequest, now: datetime) -> SessionEntry:
    return SessionEntry(
        client_id=entry.client_id,
        session=session,
        place=entry.place,
        user_id=user_id,
        step="adjudication",
        label=entry.label,
        comment=entry.comment,
        made=utc(entry.made) if entry.made else None,
        at=now,
    )


def _same(row: SessionEntry, session: str, user_id: str, entry: AdjudicationRequest) -> SessionEntry:
    kept = (row.session, row.user_id, row.place, row.step, row.label)
    if kept != (session, user_id, entry.place, "adjudication", entry.label):
        message = f"client_id {entry.client_id} was used for another entry: make a new one"
        raise ConflictError(message, field=entry.client_id)
    return row
