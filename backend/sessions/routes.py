"""Annotation sessions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from backend.audit.deps import AuditDep
from backend.blinding.deps import BlindingDep, VisibilityDep
from backend.current_user import Annotator, Lead
from backend.deps import problems
from backend.explanations.deps import ExplanationsDep
from backend.sessions import exports
from backend.sessions.adjudication import adjudicate, disagreements
from backend.sessions.choice_schemas import MOST, DrawRequest, DrawResponse
from backend.sessions.deps import SessionsDep
from backend.sessions.items import following, item
from backend.sessions.preview import preview
from backend.sessions.result_schemas import DisagreementsResponse, ResultsResponse
from backend.sessions.results import results
from backend.sessions.schemas import (
    AdjudicationsRequest,
    AdjudicationsResponse,
    EntriesRequest,
    EntriesResponse,
    ItemResponse,
    NextResponse,
    SessionRequest,
    SessionResponse,
    SessionsResponse,
)

router = APIRouter(prefix="/sessions", tags=["sessions"])

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Id of a session")]
Position = Annotated[int, Path(ge=0, lt=MOST, description="Position of the item, from 0")]
FILES = {
    "wfdb": (exports.as_wfdb, "application/zip", "zip"),
    "csv": (exports.as_csv, "text/csv; charset=utf-8", "csv"),
    "json": (exports.as_json, "application/json", "json"),
}


@router.post("", status_code=201, summary="Create an annotation session", responses=problems(401, 403, 404, 422, 503))
def create_session(
    sessions: SessionsDep, blinding: BlindingDep, audit: AuditDep, user: Lead, request: SessionRequest
) -> SessionResponse:
    """Create an annotation session: beats are drawn, and its readers get them to read."""
    made = sessions.create(user, request)
    blinding.forget()
    audit.record(user.id, "session", f"{made.id} made")
    return made


@router.post("/draw", summary="Preview a draw", responses=problems(401, 403, 404, 422, 503))
def preview_draw(sessions: SessionsDep, visibility: VisibilityDep, user: Lead, request: DrawRequest) -> DrawResponse:
    """Preview which beats a new session would draw: how many, of which classes, and how long one takes to read."""
    return preview(sessions, user, visibility, request)


@router.get("", summary="List annotation sessions", responses=problems(401, 403, 503))
def list_sessions(sessions: SessionsDep, user: Annotator) -> SessionsResponse:
    """List all annotation sessions for a lead, else those in which the caller reads."""
    return SessionsResponse(sessions=sessions.all(user))


@router.get("/{id}", summary="Get an annotation session", responses=problems(401, 403, 404, 422, 503))
def get_session(sessions: SessionsDep, user: Annotator, id: SessionId) -> SessionResponse:
    """Get one annotation session and the caller's progress; for a lead, the progress of every reader."""
    return sessions.get(user, id)


@router.post("/{id}/close", summary="Close an annotation session", responses=problems(401, 403, 404, 422, 503))
def close_session(sessions: SessionsDep, audit: AuditDep, user: Lead, id: SessionId) -> SessionResponse:
    """Close an annotation session; what was read offline before may still arrive."""
    closed = sessions.close(user, id)
    audit.record(user.id, "session", f"{id} closed")
    return closed


@router.post("/{id}/reopen", summary="Re-open an annotation session", responses=problems(401, 403, 404, 422, 503))
def reopen_session(
    sessions: SessionsDep, blinding: BlindingDep, audit: AuditDep, user: Lead, id: SessionId
) -> SessionResponse:
    """Re-open a closed annotation session: its readers go on; the audit log keeps from when to when it was closed."""
    ended = sessions.get(user, id).closed
    session = sessions.reopen(user, id)
    blinding.forget()
    if ended:
        audit.record(user.id, "session", f"{id} re-opened, closed since {ended.isoformat(timespec='seconds')}")
    return session


@router.get("/{id}/next", summary="Get the next item", responses=problems(401, 403, 404, 409, 422, 503))
def get_next(sessions: SessionsDep, user: Annotator, visibility: VisibilityDep, id: SessionId) -> NextResponse:
    """Get the first item that waits for the caller."""
    return following(sessions, user, visibility, id)


@router.get("/{id}/items/{position}", summary="Get an item", responses=problems(401, 403, 404, 409, 422, 503))
def get_item(
    sessions: SessionsDep, user: Annotator, visibility: VisibilityDep, id: SessionId, position: Position
) -> ItemResponse:
    """Get one item: without model before the reveal, without reference and other readers before the final reading."""
    return item(sessions, user, visibility, id, position)


@router.post("/{id}/entries", status_code=201, summary="Add entries", responses=problems(401, 403, 404, 409, 422, 503))
def add_entries(
    sessions: SessionsDep, audit: AuditDep, user: Annotator, id: SessionId, request: EntriesRequest
) -> EntriesResponse:
    """Keep the caller's steps, in order, all or none; what was sent before is not kept twice.

    409 names the entry to blame.
    """
    taken = sessions.post(user, id, request.entries)
    audit.record(user.id, "labelled", f"session {id}")
    return EntriesResponse(entries=taken)


@router.get("/{id}/results", summary="Get a session's results", responses=problems(401, 403, 404, 422, 503))
def get_results(sessions: SessionsDep, explanations: ExplanationsDep, user: Lead, id: SessionId) -> ResultsResponse:
    """Get progress, agreement, changes after the reveal, and regions beside maps."""
    return results(sessions, explanations, user, id)


@router.get("/{id}/disagreements", summary="List disagreements", responses=problems(401, 403, 404, 422, 503))
def get_disagreements(sessions: SessionsDep, user: Lead, id: SessionId) -> DisagreementsResponse:
    """List items on which the readers do not agree."""
    return disagreements(sessions, user, id)


@router.post(
    "/{id}/adjudications",
    status_code=201,
    summary="Add adjudications",
    responses=problems(401, 403, 404, 409, 422, 503),
)
def add_adjudications(
    sessions: SessionsDep, audit: AuditDep, user: Lead, id: SessionId, request: AdjudicationsRequest
) -> AdjudicationsResponse:
    """Keep a lead's decisions on items on which the readers do not agree; the latest decision holds."""
    taken = adjudicate(sessions, user, id, request.entries)
    audit.record(user.id, "session", f"{id} adjudicated")
    return AdjudicationsResponse(entries=taken)


@router.get(
    "/{id}/export",
    summary="Export a session",
    response_class=Response,
    responses={
        200: {"content": {media.split(";")[0]: {} for _, media, _ in FILES.values()}},
        **problems(401, 403, 404, 422, 503),
    },
)
def export_session(
    sessions: SessionsDep,
    audit: AuditDep,
    user: Lead,
    id: SessionId,
    format: Annotated[Literal["wfdb", "csv", "json"], Query(description="wfdb is a zip of annotation files")],
) -> Response:
    """Export everything that was read in a session, as a file."""
    make, media, ending = FILES[format]
    body = make(sessions, user, id)
    audit.record(user.id, "exported", f"session {id} {format}")
    return Response(
        body, media_type=media, headers={"Content-Disposition": f'attachment; filename="session-{id[:8]}.{ending}"'}
    )
