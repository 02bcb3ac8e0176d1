"""Methods of explanation."""

from fastapi import APIRouter

from backend.current_user import at_least
from backend.explanations.schemas import ExplainersResponse
from backend.explanations.service import methods

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.get("/explainers", summary="List the methods")
def list_explainers() -> ExplainersResponse:
    """List every method of explanation with the JSON Schema of its parameters."""
    return ExplainersResponse(explainers=methods())
