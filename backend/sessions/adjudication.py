"""Items on which the readers do not agree, and what a lead decides."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from backend.current_user import User
from backend.database import in_turn
from backend.errors import ConflictError
from backend.sessions.log import Read, decisions
from backend.sessions.result_schemas import Adjudicated, DisagreementResponse, DisagreementsResponse, LabelledBy
from backend.sessions.schemas import AdjudicationRequest, EntryResponse
from backend.sessions.service import LOCK, Sessions, check_label, entry_out, kept_entries
from backend.sessions.session_data import FORMER, SessionData, by_name
from backend.sessions.tables import SessionEntry
from backend.times import utc


def readings(data: SessionData, position: int) -> dict[str, Read]:
    """The reading of each reader who has decided an item."""
    found = {reader: data.reads.get((reader, position)) for reader in data.readers}
    return {reader: read for reader, read in found.items() if read is not None and read.label is not None}


def disagreed(data: SessionData) -> list[int]:
    """Positions of the items that bear different labels."""
    positions = range(len(data.items))
    return [position for position in positions if len({read.label for read in readings(data, position).values()}) > 1]


def consensus(data: SessionData) -> dict[int, str]:
    """The label that holds of each item: a lead's decision, or what all readers who decided it say."""
    found: dict[int, str] = {}
    for item in data.items:
        said = {read.label for read in readings(data, item.position).values() if read.label is not None}
        if len(said) == 1:
            found[item.position] = said.pop()
    return found | {
        position: entry.label for position, entry in decisions(data.entries).items() if entry.label is not None
    }


def disagreements(sessions: Sessions, user: User, id: str) -> DisagreementsResponse:
    """The adjudication queue: undecided items first, those with most different labels first."""
    data = sessions.results(user, id)
    decided = decisions(data.entries)
    people = sessions.accounts.names([*data.readers, *(entry.user_id for entry in decided.values())])
    found = [_disagreement(data, position, decided, people) for position in disagreed(data)]
    found.sort(key=lambda one: (one.adjudicated is not None, -len({by.label for by in one.labels}), one.position))
    return DisagreementsResponse(open=sum(one.adjudicated is None for one in found), items=found)


def _disagreement(
    data: SessionData, position: int, decided: Mapping[int, SessionEntry], people: Mapping[str, str]
) -> DisagreementResponse:
    item, decision = data.items[position], decided.get(position)
    output, reference = data.output(position), data.reference(position)
    said = readings(data, position)
    return DisagreementResponse(
        position=position,
        recording=item.recording,
        lead=item.lead,
        at=item.at,
        start=item.start,
        end=item.end,
        time=item.at / item.fs,
        labels=[
            LabelledBy(
                reader=reader,
                name=people.get(reader, FORMER),
                first=said[reader].first,
                label=said[reader].label or "",
                confidence=said[reader].confidence,
                comment=said[reader].comment,
            )
            for reader in by_name(said, people)
        ],
        output=output and output.label,
        output_name=output and output.name,
        reference=reference and reference.label,
        reference_name=reference and reference.name,
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
    data, now = sessions.results(user, id), datetime.now(UTC)
    open_items = set(disagreed(data))
    with sessions.database.transaction(writing=True) as session:
        in_turn(session, LOCK)
        stored = kept_entries(session, [entry.client_id for entry in asked])
        for entry in asked:
            check_label(data.row, entry.label, needed=True)
            if entry.position not in open_items:
                message = f"Beat {entry.position + 1}: its readers do not disagree"
                raise ConflictError(message, field=entry.client_id)
            if entry.client_id not in stored:
                stored[entry.client_id] = _entry(id, user.id, entry, now)
                session.add(stored[entry.client_id])
        session.flush()
        return [entry_out(_same(stored[entry.client_id], id, user.id, entry)) for entry in asked]


def _entry(session: str, user_id: str, entry: AdjudicationRequest, now: datetime) -> SessionEntry:
    return SessionEntry(
        client_id=entry.client_id,
        session=session,
        position=entry.position,
        user_id=user_id,
        step="adjudication",
        label=entry.label,
        comment=entry.comment,
        made=utc(entry.made) if entry.made else None,
        at=now,
    )


def _same(row: SessionEntry, session: str, user_id: str, entry: AdjudicationRequest) -> SessionEntry:
    stored = (row.session, row.user_id, row.position, row.step, row.label)
    if stored != (session, user_id, entry.position, "adjudication", entry.label):
        message = f"client_id {entry.client_id} was used for another entry: make a new one"
        raise ConflictError(message, field=entry.client_id)
    return row
