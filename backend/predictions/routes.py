"""Models, and what they say of one window."""

from fastapi import APIRouter

from backend.accounts.current import Caller, at_least
from backend.deps import Here, ModelId, problems
from backend.predictions.schemas import CoveredPrediction, CoverTable, ModelsOut, PredictionRequest, TableRequest
from backend.sessions.sight import Sees
from models.cards import Card

router = APIRouter(tags=["models"], dependencies=[at_least("reader")])


@router.get("/models")
def list_models(here: Here) -> ModelsOut:
    """Every model in short, the default first."""
    return here.predictor.models()


@router.get("/models/{id}", responses=problems(401, 404))
def get_model(here: Here, id: ModelId) -> Card:
    """A model's whole card."""
    return here.predictor.model(id).card


@router.post("/predictions", responses=problems(401, 403, 404, 422))
def predict(here: Here, user: Caller, sight: Sees, request: PredictionRequest) -> CoveredPrediction:
    """What a model says of one beat with parts of its window hidden."""
    sight.at(here.shelf, request.recording, request.beat)
    answer = here.predictor.predict(request)
    here.audit.opened(user.id, request.recording)
    return answer


@router.post("/predictions/table", responses=problems(401, 403, 404, 422))
def predict_covers(here: Here, user: Caller, sight: Sees, request: TableRequest) -> CoverTable:
    """What a model says of one beat with any one span of its window hidden, on a grid."""
    sight.at(here.shelf, request.recording, request.beat)
    answer = here.predictor.table(request)
    here.audit.opened(user.id, request.recording)
    return answer
