"""One item of a session, as far as a reader may see it."""

from backend.accounts.current import User
from backend.errors import ConflictError
from backend.recordings.beats import one_beat
from backend.sessions import masking
from backend.sessions.blind import Visibility
from backend.sessions.log import expects, summary
from backend.sessions.schemas import ItemResponse, LabelResponse, NextResponse, OthersResponse
from backend.sessions.service import SessionData, Sessions, entry_out
from backend.sessions.tables import SessionItem
from models.errors import NotFoundError


def item(sessions: Sessions, user: User, visibility: Visibility, id: str, place: int) -> ItemResponse:
    """The item at a place; NotFoundError where there is none, ConflictError where its recording is another today."""
    whole = sessions.whole(user, id)
    if place >= len(whole.items):
        raise NotFoundError(f"Place {place}: this session has {len(whole.items)} items", field="place")
    return _item(sessions, whole, user, visibility, place)


def following(sessions: Sessions, user: User, visibility: Visibility, id: str) -> NextResponse:
    """The first item that this reader has not decided; none in a closed session."""
    whole = sessions.whole(user, id)
    places = range(len(whole.items)) if user.id in whole.readers and not whole.row.closed else ()
    found = next((place for place in places if _undecided(whole, user, place)), None)
    return NextResponse(place=found, item=None if found is None else _item(sessions, whole, user, visibility, found))


def _undecided(whole: SessionData, user: User, place: int) -> bool:
    read = whole.reads.get((user.id, place))
    return read is None or read.final is None


def _item(sessions: Sessions, whole: SessionData, user: User, visibility: Visibility, place: int) -> ItemResponse:
    row, reads = whole.items[place], user.id in whole.readers
    repository = sessions.predictor.repository
    entry = repository.entry(row.recording)
    if repository.checksum(row.recording) != row.recording_sha256:
        raise ConflictError(f"{row.recording} holds other samples than when this session was made")
    hidden = visibility.of(row.recording_sha256)
    output_hidden, reference_hidden = hidden.models([row.sample])[0], hidden.references([row.sample])[0]
    entries = [one for one in whole.entries if one.user_id == user.id and one.place == place]
    ahead = reads and _undecided(whole, user, place) and not whole.row.closed
    beat = one_beat(sessions.predictor.resolve_window(row.recording, row.sample, row.lead, whole.row.model))
    return ItemResponse(
        session=whole.row.id,
        place=place,
        items=len(whole.items),
        expects=expects(whole.row.blind, (one.step for one in entries)) if reads else None,
        recording=row.recording,
        name=entry.name,
        lead=row.lead,
        sample=row.sample,
        beat=masking.beat(beat, hidden),
        entries=[entry_out(one) for one in entries],
        output=None if output_hidden else _label(whole, whole.facts.outputs[place]),
        reference=None if reference_hidden else _label(whole, whole.facts.references[place]),
        others=None if reference_hidden or ahead else _others(sessions, whole, user, row),
        previous=place - 1 if place else None,
        next=place + 1 if place + 1 < len(whole.items) else None,
        mine=summary(user.id, whole.reads, whole.facts) if reads else None,
    )


def _label(whole: SessionData, label: str | None) -> LabelResponse | None:
    return None if label is None else whole.label(label)


def _others(sessions: Sessions, whole: SessionData, user: User, row: SessionItem) -> list[OthersResponse]:
    """What the other readers call it by now."""
    others = [reader for reader in whole.readers if reader != user.id]
    names = sessions.accounts.names(others)
    found = [(reader, whole.reads.get((reader, row.place))) for reader in others]
    return [
        OthersResponse(name=names.get(reader, "a former reader"), label=read.label, confidence=read.confidence)
        for reader, read in found
        if read is not None and read.label is not None
    ]
