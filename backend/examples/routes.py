"""Routes about examples: all of a model's, and those most like a window."""

from fastapi import APIRouter

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ModelId, problems
from backend.examples import views
from backend.examples.schemas import ExamplesResponse, SimilarRequest, SimilarResponse
from backend.predictions.deps import PredictorDep

router = APIRouter(tags=["models"], dependencies=[at_least("reader")])


@router.get("/models/{id}/examples", summary="List a model's examples", responses=problems(401, 403, 404, 422, 503))
def list_examples(predictor: PredictorDep, visibility: VisibilityDep, id: ModelId) -> ExamplesResponse:
    """List real windows of all recordings with their places on the map of the network's last state."""
    visibility.check_examples()
    model = predictor.model(id)
    return views.listed(model, predictor.examples.of(model))


@router.post("/similar", summary="Find similar windows", responses=problems(401, 403, 404, 422, 503))
def find_similar(
    predictor: PredictorDep, audit: AuditDep, user: CurrentUser, visibility: VisibilityDep, request: SimilarRequest
) -> SimilarResponse:
    """Find the real windows of other patients whose last states are nearest to that of a window."""
    visibility.check_examples()
    context = predictor.resolve_window(request.recording, request.at, request.lead, request.model)
    found = views.similar(context, predictor.examples.of(context.model), request.count)
    for recording in dict.fromkeys([request.recording, *(one.recording for one in found.nearest)]):
        audit.log_access(user.id, recording)
    return found
