"""Methods of explanation, and explanations."""

import json

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ExplanationId, problems
from backend.events import STREAM, of_job
from backend.explanations.deps import ExplanationsDep
from backend.explanations.schemas import ExplainersResponse, ExplanationRequest
from backend.explanations.service import Answer, methods
from backend.leaving import LeftDep
from models.explanation import Explanation
from workers.status import StatusOf

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.get("/explainers", summary="List the methods")
def list_explainers() -> ExplainersResponse:
    """List every method of explanation with the JSON Schema of its parameters."""
    return ExplainersResponse(explainers=methods())


@router.post(
    "/explanations",
    summary="Explain one beat",
    response_model=StatusOf[Explanation],
    responses={202: {"model": StatusOf[Explanation]}, **problems(401, 403, 404, 422, 503)},
)
def ask(
    explanations: ExplanationsDep,
    audit: AuditDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    request: ExplanationRequest,
) -> Response:
    """Explain a model's output for one beat: 200 with the result where it is instant or known already, else 202."""
    origin = visibility.check_windows(
        explanations.predictor, request.recording, request.lead, request.model, request.at
    )
    answer = explanations.ask(request)
    visibility.remember(origin, lambda: id_of(answer))
    audit.opened(user.id, request.recording)
    return sent(answer, under_way=202)


@router.get(
    "/explanations/{id}",
    summary="Get an explanation",
    response_model=StatusOf[Explanation],
    responses=problems(401, 403, 404, 503),
)
def get_explanation(explanations: ExplanationsDep, visibility: VisibilityDep, id: ExplanationId) -> Response:
    """Get where an explanation stands, with the result once it is there."""
    visibility.check_result(id)
    return sent(explanations.look(id))


@router.get(
    "/explanations/{id}/events",
    summary="Follow an explanation",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(explanations: ExplanationsDep, visibility: VisibilityDep, id: ExplanationId) -> StreamingResponse:
    """Stream each change of an explanation's job as an event named "status", until the job has ended."""
    visibility.check_result(id)
    return await of_job(explanations, id)


@router.delete(
    "/explanations/{id}",
    summary="Cancel an explanation",
    response_model=StatusOf[Explanation],
    responses=problems(401, 403, 404, 503),
)
def cancel(explanations: ExplanationsDep, visibility: VisibilityDep, id: ExplanationId, left: LeftDep) -> Response:
    """Cancel a job for everybody who asked for it; with `only` as far as nobody else waits for it."""
    visibility.check_result(id)
    return sent(explanations.drop(id, left) if left else explanations.cancel(id))


def id_of(answer: Answer) -> str:
    """Of which explanation an answer is."""
    return str(json.loads(answer)["id"]) if isinstance(answer, bytes) else answer.id


def sent(answer: Answer, under_way: int = 200) -> Response:
    """The response that carries an answer; `under_way` is the status of what has not ended."""
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/json")
    return Response(answer.model_dump_json(), 200 if answer.ended else under_way, media_type="application/json")
