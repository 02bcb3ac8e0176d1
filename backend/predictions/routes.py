"""Models, and what they say of one window."""

from fastapi import APIRouter

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ModelId, problems
from backend.predictions.deps import PredictorDep
from backend.predictions.schemas import (
    CoveredPredictionResponse,
    CoverTableResponse,
    ModelsResponse,
    PredictionRequest,
    TableRequest,
)
from models.cards import Card

router = APIRouter(tags=["models"], dependencies=[at_least("reader")])


@router.get("/models", summary="List the models")
def list_models(predictor: PredictorDep) -> ModelsResponse:
    """List every model in short, the default first."""
    return predictor.models()


@router.get("/models/{id}", summary="Get a model's card", responses=problems(401, 404))
def get_model(predictor: PredictorDep, id: ModelId) -> Card:
    """Get the whole card of one model."""
    return predictor.model(id).card


@router.post("/predictions", summary="Predict one beat", responses=problems(401, 403, 404, 422))
def predict(
    predictor: PredictorDep, audit: AuditDep, user: CurrentUser, visibility: VisibilityDep, request: PredictionRequest
) -> CoveredPredictionResponse:
    """Tell what a model says of one beat with parts of its window hidden."""
    visibility.check_windows(predictor, request.recording, request.lead, request.model, request.at)
    answer = predictor.predict(request)
    audit.opened(user.id, request.recording)
    return answer


@router.post("/predictions/table", summary="Predict one beat under every cover", responses=problems(401, 403, 404, 422))
def predict_covers(
    predictor: PredictorDep, audit: AuditDep, user: CurrentUser, visibility: VisibilityDep, request: TableRequest
) -> CoverTableResponse:
    """Tell what a model says of one beat with any one span of its window hidden, on a grid."""
    visibility.check_windows(predictor, request.recording, request.lead, request.model, request.at)
    answer = predictor.table(request)
    audit.opened(user.id, request.recording)
    return answer
