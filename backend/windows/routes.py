"""What lies below /api/recordings/{id} about the windows that a model reads: each is of one beat."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path

from backend.audit.access import audit_access
from backend.blinding.deps import VisibilityDep
from backend.current_user import at_least
from backend.deps import LeadQuery, ModelQuery, RecordingId, problems
from backend.predictions.deps import PredictorDep
from backend.windows import masking
from backend.windows.beats import all_beats, one_beat
from backend.windows.schemas import BeatResponse, BeatsResponse

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader"), Depends(audit_access)])


@router.get("/{id}/beats", summary="List a recording's beats", responses=problems(401, 404, 422))
def get_beats(
    predictor: PredictorDep,
    visibility: VisibilityDep,
    id: RecordingId,
    lead: LeadQuery = None,
    model: ModelQuery = None,
) -> BeatsResponse:
    """List all beats of a recording as columns; with `model` also what it says of each."""
    beats = all_beats(predictor, id, lead, model)
    return masking.beats(beats, visibility.of(predictor.repository.checksum(id)))


@router.get("/{id}/beats/{sample}", summary="Get a beat", responses=problems(401, 404, 422))
def get_beat(
    predictor: PredictorDep,
    visibility: VisibilityDep,
    id: RecordingId,
    sample: Annotated[int, Path(ge=0, description="The beat's sample")],
    lead: LeadQuery = None,
    model: ModelQuery = None,
) -> BeatResponse:
    """Get one beat, its surroundings, and what a model (the first by default) says of it."""
    beat = one_beat(predictor.resolve_window(id, sample, lead, model))
    return masking.beat(beat, visibility.of(predictor.repository.checksum(id)))
