"""GET /api/recordings and what lies below it."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Response

from backend.accounts.current import Caller, at_least
from backend.audit.opened import opened
from backend.deps import RecordingId, ServicesDep, problems
from backend.recordings.beats import all_beats, one_beat
from backend.recordings.rows import recording, without_patient
from backend.recordings.schemas import BeatResponse, BeatsResponse, RecordingDetail, Recordings, Signal
from backend.recordings.signals import Filter, stretch
from backend.sessions import masking
from backend.sessions.visibility import VisibilityDep

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader")])

Lead = Annotated[str | None, Query(max_length=100, description="Name of a lead; the first one by default")]
ModelQuery = Annotated[str | None, Query(max_length=100, description="Id of a model")]


@router.get("", response_model=Recordings, responses=problems(401, 404, 503))
def list_recordings(
    services: ServicesDep, user: Caller, visibility: VisibilityDep, model: ModelQuery = None
) -> Response:
    """Every recording by its header, what a model (the first by default) says of it, and the files it cannot use."""
    listing = masking.worklist(services.worklist.listing(user, model), visibility, services.repository.summaries)
    return Response(listing.model_dump_json(), media_type="application/json")  # checked once: there may be hundreds


@router.get("/{id}", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_recording(services: ServicesDep, user: Caller, visibility: VisibilityDep, id: RecordingId) -> RecordingDetail:
    """One recording, and which models have seen its patient."""
    entry, record = services.repository.entry(id), services.repository.open(id)
    row = recording(entry, services.repository.summaries.store_beats(record))
    row = masking.row(
        row if services.repository.shows_patient(user) else without_patient(row), visibility, record.sha256
    )
    seen = {model.card.id: model.seen(record) for model in services.predictor.usable()}
    return RecordingDetail(**dict(row), sha256=record.sha256, seen=seen)


@router.get("/{id}/signal", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_signal(
    services: ServicesDep,
    id: RecordingId,
    lead: Lead = None,
    start: Annotated[float, Query(ge=0, le=1e7, allow_inf_nan=False, description="s")] = 0.0,
    seconds: Annotated[
        float | None, Query(gt=0, le=1e7, allow_inf_nan=False, description="to the end if left out")
    ] = None,
    points: Annotated[int, Query(ge=10, le=40_000, description="Most values wanted; more are decimated")] = 8000,
    filter: Annotated[Filter, Query(description="As recorded, or zero-phase 0.5–40 Hz")] = "raw",
) -> Signal:
    """A stretch of one lead in mV; null is a gap."""
    return stretch(services.repository.open(id), lead, start, seconds, points, filter)


@router.get("/{id}/beats", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_beats(
    services: ServicesDep, visibility: VisibilityDep, id: RecordingId, lead: Lead = None, model: ModelQuery = None
) -> BeatsResponse:
    """All beats as columns; with `model` also what it says of each."""
    return masking.beats(
        all_beats(services.predictor, id, lead, model), visibility.of(services.repository.checksum(id))
    )


@router.get("/{id}/beats/{sample}", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_beat(
    services: ServicesDep,
    visibility: VisibilityDep,
    id: RecordingId,
    sample: Annotated[int, Path(ge=0, description="The beat's sample")],
    lead: Lead = None,
    model: ModelQuery = None,
) -> BeatResponse:
    """One beat, its surroundings, and what a model (the first by default) says of it."""
    beat = one_beat(services.predictor.resolve_window(id, sample, lead, model))
    return masking.beat(beat, visibility.of(services.repository.checksum(id)))
