"""POST and GET /api/readings."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.accounts.current import Annotator, Caller
from backend.deps import ServicesDep, problems
from backend.readings.schemas import Entries, Readings, Stored

router = APIRouter(prefix="/readings", tags=["readings"])


@router.post("", status_code=201, responses=problems(401, 403, 404, 409, 422, 503))
def add_readings(services: ServicesDep, user: Annotator, request: Entries) -> Stored:
    """Keep what a reader did, in one transaction; what was sent before is not kept twice."""
    stored = services.readings.add(request.entries, user.id)
    for recording in {entry.recording for entry in request.entries}:
        services.audit.record(user.id, "labelled", recording)
    return stored


@router.get("", responses=problems(401, 404, 422, 503))
def get_readings(services: ServicesDep, user: Caller, recording: Annotated[str, Query(max_length=300)]) -> Readings:
    """What holds of each beat of a recording, for the one who asks."""
    return services.readings.of(recording, user.id)
