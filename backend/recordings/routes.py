"""GET /api/recordings/{id}/signal and /api/progress."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query

from backend.audit.access import audit_access
from backend.current_user import at_least
from backend.deps import LeadQuery, RecordingId, problems
from backend.recordings.deps import RecordingRepositoryDep
from backend.recordings.schemas import AllProgressResponse, SignalResponse
from backend.recordings.signals import Filter, stretch

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader")])

under_way = APIRouter(tags=["recordings"], dependencies=[at_least("reader")])


@under_way.get("/progress", summary="List what is under way", responses=problems(401))
def list_progress(repository: RecordingRepositoryDep) -> AllProgressResponse:
    """List the recordings that are being read, searched for beats or predicted, and how far that is."""
    return AllProgressResponse(recordings=repository.progress.all())


@router.get(
    "/{id}/signal",
    summary="Get a stretch of a lead",
    responses=problems(401, 404, 422),
    dependencies=[Depends(audit_access)],
)
def get_signal(
    repository: RecordingRepositoryDep,
    id: RecordingId,
    lead: LeadQuery = None,
    start: Annotated[float, Query(ge=0, le=1e7, allow_inf_nan=False, description="s")] = 0.0,
    seconds: Annotated[
        float | None, Query(gt=0, le=1e7, allow_inf_nan=False, description="to the end if left out")
    ] = None,
    points: Annotated[int, Query(ge=10, le=40_000, description="Most values wanted; more are decimated")] = 8000,
    filter: Annotated[Filter, Query(description="As recorded, or zero-phase 0.5–40 Hz")] = "raw",
) -> SignalResponse:
    """Get a stretch of one lead in mV; null is a gap."""
    return stretch(repository.open(id), lead, start, seconds, points, filter)
