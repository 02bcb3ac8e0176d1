"""Models, and what they say of one window."""

from fastapi import APIRouter

from backend.accounts.current import Caller, at_least
from backend.deps import ModelId, ServicesDep, problems
from backend.predictions.schemas import CoveredPrediction, CoverTable, ModelsResponse, PredictionRequest, TableRequest
from backend.sessions.visibility import VisibilityDep
from models.cards import Card

router = APIRouter(tags=["models"], dependencies=[at_least("reader")])


@router.get("/models")
def list_models(services: ServicesDep) -> ModelsResponse:
    """Every model in short, the default first."""
    return services.predictor.models()


@router.get("/models/{id}", responses=problems(401, 404))
def get_model(services: ServicesDep, id: ModelId) -> Card:
    """A model's whole card."""
    return services.predictor.model(id).card


@router.post("/predictions", responses=problems(401, 403, 404, 422))
def predict(
    services: ServicesDep, user: Caller, visibility: VisibilityDep, request: PredictionRequest
) -> CoveredPrediction:
    """What a model says of one beat with parts of its window hidden."""
    visibility.at(services.repository, request.recording, request.beat)
    answer = services.predictor.predict(request)
    services.audit.opened(user.id, request.recording)
    return answer


@router.post("/predictions/table", responses=problems(401, 403, 404, 422))
def predict_covers(services: ServicesDep, user: Caller, visibility: VisibilityDep, request: TableRequest) -> CoverTable:
    """What a model says of one beat with any one span of its window hidden, on a grid."""
    visibility.at(services.repository, request.recording, request.beat)
    answer = services.predictor.table(request)
    services.audit.opened(user.id, request.recording)
    return answer
