"""Annotation sessions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from backend.accounts.current import Annotator, Lead
from backend.deps import Here, problems
from backend.sessions import exports
from backend.sessions.adjudication import adjudicate, disagreements
from backend.sessions.items import following, item
from backend.sessions.results import results
from backend.sessions.schemas import (
    MOST,
    AdjudicationsAsk,
    AdjudicationsOut,
    DisagreementsOut,
    EntriesAsk,
    EntriesOut,
    ItemOut,
    NextOut,
    ResultsOut,
    SessionAsk,
    SessionOut,
    SessionsOut,
)
from backend.sessions.sight import Sees

router = APIRouter(prefix="/sessions", tags=["sessions"])

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Id of a session")]
Place = Annotated[int, Path(ge=0, lt=MOST, description="Place of the item, from 0")]
FILES = {
    "wfdb": (exports.as_wfdb, "application/zip", "zip"),
    "csv": (exports.as_csv, "text/csv; charset=utf-8", "csv"),
    "json": (exports.as_json, "application/json", "json"),
}


@router.post("", status_code=201, responses=problems(401, 403, 404, 422, 503))
def create_session(here: Here, user: Lead, request: SessionAsk) -> SessionOut:
    """Draw beats and have them read."""
    made = here.sessions.create(user, request)
    here.seals.forget()
    here.audit.record(user.id, "session", f"{made.id} made")
    return made


@router.get("", responses=problems(401, 403, 503))
def list_sessions(here: Here, user: Annotator) -> SessionsOut:
    """All sessions for a lead, else those in which you read."""
    return SessionsOut(sessions=here.sessions.all(user))


@router.get("/{id}", responses=problems(401, 403, 404, 422, 503))
def get_session(here: Here, user: Annotator, id: SessionId) -> SessionOut:
    """One session, and how far you are; for a lead, how far everybody is."""
    return here.sessions.get(user, id)


@router.post("/{id}/close", responses=problems(401, 403, 404, 422, 503))
def close_session(here: Here, user: Lead, id: SessionId) -> SessionOut:
    """End the reading; what was read offline before may still arrive."""
    closed = here.sessions.close(user, id)
    here.audit.record(user.id, "session", f"{id} closed")
    return closed


@router.get("/{id}/next", responses=problems(401, 403, 404, 409, 422, 503))
def get_next(here: Here, user: Annotator, sight: Sees, id: SessionId) -> NextOut:
    """The first item that waits for you."""
    return following(here.sessions, user, sight, id)


@router.get("/{id}/items/{place}", responses=problems(401, 403, 404, 409, 422, 503))
def get_item(here: Here, user: Annotator, sight: Sees, id: SessionId, place: Place) -> ItemOut:
    """One item: without the model before your reveal, without reference and other readers before your final reading."""
    return item(here.sessions, user, sight, id, place)


@router.post("/{id}/entries", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def add_entries(here: Here, user: Annotator, id: SessionId, request: EntriesAsk) -> EntriesOut:
    """Keep your steps, in order, all or none; what was sent before is not kept twice. 409 names the entry to blame."""
    kept = here.sessions.post(user, id, request.entries)
    here.audit.record(user.id, "labelled", f"session {id}")
    return EntriesOut(entries=kept)


@router.get("/{id}/results", responses=problems(401, 403, 404, 422, 503))
def get_results(here: Here, user: Lead, id: SessionId) -> ResultsOut:
    """Progress, agreement, changes after the reveal, and regions beside maps."""
    return results(here.sessions, here.explanations, user, id)


@router.get("/{id}/disagreements", responses=problems(401, 403, 404, 422, 503))
def get_disagreements(here: Here, user: Lead, id: SessionId) -> DisagreementsOut:
    """Items on which the readers do not agree."""
    return disagreements(here.sessions, user, id)


@router.post("/{id}/adjudications", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def add_adjudications(here: Here, user: Lead, id: SessionId, request: AdjudicationsAsk) -> AdjudicationsOut:
    """Decide items on which the readers do not agree; the latest decision holds."""
    kept = adjudicate(here.sessions, user, id, request.entries)
    here.audit.record(user.id, "session", f"{id} adjudicated")
    return AdjudicationsOut(entries=kept)


@router.get(
    "/{id}/export",
    response_class=Response,
    responses={
        200: {"content": {media.split(";")[0]: {} for _, media, _ in FILES.values()}},
        **problems(401, 403, 404, 422, 503),
    },
)
def export_session(
    here: Here,
    user: Lead,
    id: SessionId,
    format: Annotated[Literal["wfdb", "csv", "json"], Query(description="wfdb is a zip of annotation files")],
) -> Response:
    """Everything that was read, as a file."""
    make, media, ending = FILES[format]
    body = make(here.sessions, user, id)
    here.audit.record(user.id, "exported", f"session {id} {format}")
    return Response(
        body, media_type=media, headers={"Content-Disposition": f'attachment; filename="session-{id[:8]}.{ending}"'}
    )
