"""Methods of explanation."""

from fastapi import APIRouter

from backend.current_user import at_least
from backend.deps import ModelQuery, problems
from backend.explanations.schemas import ExplainersResponse
from backend.explanations.service import methods
from backend.predictions.deps import PredictorDep

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.get("/explainers", summary="List the methods", responses=problems(401, 404, 422))
def list_explainers(predictor: PredictorDep, model: ModelQuery = None) -> ExplainersResponse:
    """List every method of explanation with the JSON Schema of its parameters; of a model, which cannot explain it."""
    return ExplainersResponse(explainers=methods(predictor.model(model) if model else None))
