"""One item of a session, as far as a reader may see it."""

from backend.blinding.visibility import Visibility
from backend.current_user import User
from backend.errors import ConflictError
from backend.sessions.log import expects, summary
from backend.sessions.schemas import ItemResponse, NextResponse, OthersResponse
from backend.sessions.service import Sessions, entry_out
from backend.sessions.session_data import FORMER, SessionData, by_name
from backend.sessions.tables import SessionItem
from backend.windows import masking
from backend.windows.views import one_window
from models.errors import NotFoundError


def item(sessions: Sessions, user: User, visibility: Visibility, id: str, position: int) -> ItemResponse:
    """The item at a position; NotFoundError where there is none, ConflictError where its recording is another today."""
    data = sessions.load_session(user, id)
    if position >= len(data.items):
        raise NotFoundError(f"Position {position}: this session has {len(data.items)} items", field="position")
    return _item(sessions, data, user, visibility, position)


def following(sessions: Sessions, user: User, visibility: Visibility, id: str) -> NextResponse:
    """The first item that this reader has not decided; none in a closed session."""
    data = sessions.load_session(user, id)
    positions = range(len(data.items)) if user.id in data.readers and not data.row.closed else ()
    found = next((position for position in positions if _undecided(data, user, position)), None)
    return NextResponse(position=found, item=None if found is None else _item(sessions, data, user, visibility, found))


def _undecided(data: SessionData, user: User, position: int) -> bool:
    read = data.reads.get((user.id, position))
    return read is None or read.final is None


def _item(sessions: Sessions, data: SessionData, user: User, visibility: Visibility, position: int) -> ItemResponse:
    row, reads = data.items[position], user.id in data.readers
    repository = sessions.predictor.repository
    entry = repository.entry(row.recording)
    if repository.checksum(row.recording) != row.recording_sha256:
        raise ConflictError(f"{row.recording} holds other samples than when this session was made")
    hidden = visibility.of(row.recording_sha256)
    output_hidden, reference_hidden = (
        part.affects([row.start], [row.end])[0] for part in (hidden.model, hidden.reference)
    )
    entries = [one for one in data.entries if one.user_id == user.id and one.position == position]
    ahead = reads and _undecided(data, user, position) and not data.row.closed
    window = one_window(sessions.predictor.resolve_window(row.recording, row.at, row.lead, data.row.model))
    return ItemResponse(
        session=data.row.id,
        position=position,
        items=len(data.items),
        expects=expects(data.row.blind, (one.step for one in entries)) if reads else None,
        recording=row.recording,
        name=entry.name,
        lead=row.lead,
        at=row.at,
        start=row.start,
        end=row.end,
        window=masking.window(window, hidden),
        entries=[entry_out(one) for one in entries],
        output=None if output_hidden else data.output(position),
        reference=None if reference_hidden else data.reference(position),
        others=None if reference_hidden or ahead else _others(sessions, data, user, row),
        previous=position - 1 if position else None,
        next=position + 1 if position + 1 < len(data.items) else None,
        mine=summary(user.id, data.reads, data.facts) if reads else None,
    )


def _others(sessions: Sessions, data: SessionData, user: User, row: SessionItem) -> list[OthersResponse]:
    """The other readers' labels of the item by now."""
    others = [reader for reader in data.readers if reader != user.id]
    names = sessions.accounts.names(others)
    found = [(reader, data.reads.get((reader, row.position))) for reader in by_name(others, names)]
    return [
        OthersResponse(name=names.get(reader, FORMER), label=read.label, confidence=read.confidence)
        for reader, read in found
        if read is not None and read.label is not None
    ]
