"""Models, and what they say of one window."""

from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import APIRouter, Depends

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ModelId, problems
from backend.predictions.deps import PredictorDep
from backend.predictions.schemas import (
    CoveredPredictionResponse,
    CoverRequest,
    CoverTableResponse,
    ModelsResponse,
    PredictionRequest,
    TableRequest,
)
from models.cards import Card

R = TypeVar("R", bound=CoverRequest)
A = TypeVar("A")


class Seen:
    """An answer about one window: refused where that is sealed, and written into the audit log."""

    def __init__(self, predictor: PredictorDep, audit: AuditDep, user: CurrentUser, visibility: VisibilityDep) -> None:
        self.predictor, self.audit, self.user, self.visibility = predictor, audit, user, visibility

    def __call__(self, request: R, answer: Callable[[R], A]) -> A:
        """What `answer` says of the request."""
        self.visibility.check_windows(self.predictor, request.recording, request.lead, request.model, request.at)
        found = answer(request)
        self.audit.log_access(self.user.id, request.recording)
        return found


SeenDep = Annotated[Seen, Depends()]
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
def predict(seen: SeenDep, predictor: PredictorDep, request: PredictionRequest) -> CoveredPredictionResponse:
    """Tell what a model says of one beat with parts of its window hidden."""
    return seen(request, predictor.predict)


@router.post("/predictions/table", summary="Predict one beat under every cover", responses=problems(401, 403, 404, 422))
def predict_covers(seen: SeenDep, predictor: PredictorDep, request: TableRequest) -> CoverTableResponse:
    """Tell what a model says of one beat with any one span of its window hidden, on a grid."""
    return seen(request, predictor.table)
