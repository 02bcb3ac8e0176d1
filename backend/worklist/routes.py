"""GET /api/recordings and GET /api/recordings/{id}: the list, and one row of it in full."""

from fastapi import APIRouter, Depends, Response

from backend.audit.access import audit_access
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ModelQuery, RecordingId, problems
from backend.predictions.deps import PredictorDep
from backend.recordings.deps import RecordingRepositoryDep
from backend.worklist import masking
from backend.worklist.deps import WorklistDep
from backend.worklist.rows import recording, without_patient
from backend.worklist.schemas import RecordingDetailResponse, RecordingsResponse

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader")])


@router.get("", summary="List the recordings", response_model=RecordingsResponse, responses=problems(401, 404, 503))
def list_recordings(
    worklist: WorklistDep, user: CurrentUser, visibility: VisibilityDep, model: ModelQuery = None
) -> Response:
    """List every recording by its header, what a model (the first by default) says of it, and the unusable files."""
    listing = masking.rows(worklist.listing(user, model), visibility, worklist.repository.summaries)
    return Response(listing.model_dump_json(), media_type="application/json")  # checked once: there may be hundreds


@router.get("/{id}", summary="Get a recording", responses=problems(401, 404, 422), dependencies=[Depends(audit_access)])
def get_recording(
    repository: RecordingRepositoryDep,
    predictor: PredictorDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    id: RecordingId,
) -> RecordingDetailResponse:
    """Get one recording's row, and which models have seen its patient."""
    entry, record = repository.entry(id), repository.open(id)
    row = recording(entry, repository.summaries.store_beats(record))
    row = masking.row(row if repository.shows_patient(user) else without_patient(row), visibility, record.sha256)
    seen = {model.card.id: model.seen(record) for model in predictor.usable()}
    return RecordingDetailResponse(**dict(row), sha256=record.sha256, seen=seen)
