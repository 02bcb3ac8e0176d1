"""POST and GET /api/readings."""

from typing import Annotated

from fastapi import APIRouter, Query

from backend.deps import Here, problems
from backend.readings.schemas import Entries, Readings, Stored

router = APIRouter(prefix="/readings", tags=["readings"])


@router.post("", status_code=201, responses=problems(404, 409, 422, 503))
def add_readings(here: Here, request: Entries) -> Stored:
    """Keep what a reader did, in one transaction; what was sent before is not kept twice."""
    return here.readings.add(request.entries)


@router.get("", responses=problems(404, 422, 503))
def get_readings(here: Here, recording: Annotated[str, Query(max_length=300)]) -> Readings:
    """What holds of each beat of a recording."""
    return here.readings.of(recording)
