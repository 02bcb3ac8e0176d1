"""Annotation sessions."""

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response

from backend.accounts.current import Annotator, Lead
from backend.deps import ServicesDep, problems
from backend.sessions import exports
from backend.sessions.adjudication import adjudicate, disagreements
from backend.sessions.items import following, item
from backend.sessions.results import results
from backend.sessions.schemas import (
    MOST,
    AdjudicationsRequest,
    AdjudicationsResponse,
    DisagreementsResponse,
    EntriesRequest,
    EntriesResponse,
    ItemResponse,
    NextResponse,
    ResultsResponse,
    SessionRequest,
    SessionResponse,
    SessionsResponse,
)
from backend.sessions.visibility import VisibilityDep

router = APIRouter(prefix="/sessions", tags=["sessions"])

SessionId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Id of a session")]
Position = Annotated[int, Path(ge=0, lt=MOST, description="Place of the item, from 0")]
FILES = {
    "wfdb": (exports.as_wfdb, "application/zip", "zip"),
    "csv": (exports.as_csv, "text/csv; charset=utf-8", "csv"),
    "json": (exports.as_json, "application/json", "json"),
}


@router.post("", status_code=201, responses=problems(401, 403, 404, 422, 503))
def create_session(services: ServicesDep, user: Lead, request: SessionRequest) -> SessionResponse:
    """Draw beats and have them read."""
    made = services.sessions.create(user, request)
    services.blinding.forget()
    services.audit.record(user.id, "session", f"{made.id} made")
    return made


@router.get("", responses=problems(401, 403, 503))
def list_sessions(services: ServicesDep, user: Annotator) -> SessionsResponse:
    """All sessions for a lead, else those in which you read."""
    return SessionsResponse(sessions=services.sessions.all(user))


@router.get("/{id}", responses=problems(401, 403, 404, 422, 503))
def get_session(services: ServicesDep, user: Annotator, id: SessionId) -> SessionResponse:
    """One session, and how far you are; for a lead, how far everybody is."""
    return services.sessions.get(user, id)


@router.post("/{id}/close", responses=problems(401, 403, 404, 422, 503))
def close_session(services: ServicesDep, user: Lead, id: SessionId) -> SessionResponse:
    """End the reading; what was read offline before may still arrive."""
    closed = services.sessions.close(user, id)
    services.audit.record(user.id, "session", f"{id} closed")
    return closed


@router.get("/{id}/next", responses=problems(401, 403, 404, 409, 422, 503))
def get_next(services: ServicesDep, user: Annotator, visibility: VisibilityDep, id: SessionId) -> NextResponse:
    """The first item that waits for you."""
    return following(services.sessions, user, visibility, id)


@router.get("/{id}/items/{place}", responses=problems(401, 403, 404, 409, 422, 503))
def get_item(
    services: ServicesDep, user: Annotator, visibility: VisibilityDep, id: SessionId, place: Position
) -> ItemResponse:
    """One item: without the model before your reveal, without reference and other readers before your final reading."""
    return item(services.sessions, user, visibility, id, place)


@router.post("/{id}/entries", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def add_entries(services: ServicesDep, user: Annotator, id: SessionId, request: EntriesRequest) -> EntriesResponse:
    """Keep your steps, in order, all or none; what was sent before is not kept twice. 409 names the entry to blame."""
    kept = services.sessions.post(user, id, request.entries)
    services.audit.record(user.id, "labelled", f"session {id}")
    return EntriesResponse(entries=kept)


@router.get("/{id}/results", responses=problems(401, 403, 404, 422, 503))
def get_results(services: ServicesDep, user: Lead, id: SessionId) -> ResultsResponse:
    """Progress, agreement, changes after the reveal, and regions beside maps."""
    return results(services.sessions, services.explanations, user, id)


@router.get("/{id}/disagreements", responses=problems(401, 403, 404, 422, 503))
def get_disagreements(services: ServicesDep, user: Lead, id: SessionId) -> DisagreementsResponse:
    """Items on which the readers do not agree."""
    return disagreements(services.sessions, user, id)


@router.post("/{id}/adjudications", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def add_adjudications(
    services: ServicesDep, user: Lead, id: SessionId, request: AdjudicationsRequest
) -> AdjudicationsResponse:
    """Decide items on which the readers do not agree; the latest decision holds."""
    kept = adjudicate(services.sessions, user, id, request.entries)
    services.audit.record(user.id, "session", f"{id} adjudicated")
    return AdjudicationsResponse(entries=kept)


@router.get(
    "/{id}/export",
    response_class=Response,
    responses={
        200: {"content": {media.split(";")[0]: {} for _, media, _ in FILES.values()}},
        **problems(401, 403, 404, 422, 503),
    },
)
def export_session(
    services: ServicesDep,
    user: Lead,
    id: SessionId,
    format: Annotated[Literal["wfdb", "csv", "json"], Query(description="wfdb is a zip of annotation files")],
) -> Response:
    """Everything that was read, as a file."""
    make, media, ending = FILES[format]
    body = make(services.sessions, user, id)
    services.audit.record(user.id, "exported", f"session {id} {format}")
    return Response(
        body, media_type=media, headers={"Content-Disposition": f'attachment; filename="session-{id[:8]}.{ending}"'}
    )
