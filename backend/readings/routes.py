"""POST and GET /api/readings."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from backend.audit.deps import AuditDep
from backend.current_user import Annotator, CurrentUser
from backend.deps import problems
from backend.readings import export
from backend.readings.deps import ReadingLogDep
from backend.readings.schemas import ReadingsRequest, ReadingsResponse, StoredReadingsResponse
from models.records.wfdb_folder import slugify

router = APIRouter(prefix="/readings", tags=["readings"])


@router.post("", status_code=201, summary="Add readings", responses=problems(401, 403, 404, 409, 422, 503))
def add_readings(
    readings: ReadingLogDep, audit: AuditDep, user: Annotator, request: ReadingsRequest
) -> StoredReadingsResponse:
    """Keep what a reader did, in one transaction; what was sent before is not kept twice."""
    stored = readings.add(request.entries, user.id)
    for recording in {entry.recording for entry in request.entries}:
        audit.record(user.id, "labelled", recording)
    return stored


@router.get("", summary="List the caller's readings", responses=problems(401, 404, 422, 503))
def get_readings(
    readings: ReadingLogDep, user: CurrentUser, recording: Annotated[str, Query(max_length=300)]
) -> ReadingsResponse:
    """List what holds of each beat of a recording, for the caller."""
    return readings.of(recording, user.id)


@router.get(
    "/rhythms",
    summary="Export the caller's rhythms",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}}, **problems(401, 404, 422, 503)},
)
def export_rhythms(
    readings: ReadingLogDep, user: CurrentUser, recording: Annotated[str, Query(max_length=300)]
) -> Response:
    """Export what the caller calls the windows of a recording, as WFDB rhythm annotations (annotator "rhythm")."""
    body = export.rhythms(readings, recording, user.id)
    name = slugify(recording.split("~")[-1])
    return Response(
        body,
        media_type="application/octet-stream",
        headers={"Content-Disposition": f'attachment; filename="{name}.rhythm"'},
    )
