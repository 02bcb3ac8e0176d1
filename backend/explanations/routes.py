"""Methods of explanation, and explanations."""

import json
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from backend.accounts.current import Caller, at_least
from backend.deps import ExplanationId, ServicesDep, problems
from backend.events import STREAM, of_job
from backend.explanations.schemas import ExplainersResponse, ExplanationRequest
from backend.explanations.service import Answer, methods
from backend.sessions.visibility import VisibilityDep
from models.explanation import Explanation
from workers.status import StatusOf

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.get("/explainers")
def list_explainers() -> ExplainersResponse:
    """Every method with the JSON Schema of its parameters."""
    return ExplainersResponse(explainers=methods())


@router.post(
    "/explanations",
    response_model=StatusOf[Explanation],
    responses={202: {"model": StatusOf[Explanation]}, **problems(401, 403, 404, 422, 503)},
)
def ask(services: ServicesDep, user: Caller, visibility: VisibilityDep, request: ExplanationRequest) -> Response:
    """200 with the result where it is instant or known already, else 202 and where the job stands."""
    where = visibility.at(services.repository, request.recording, request.beat)
    answer = services.explanations.ask(request)
    visibility.note(where, lambda: id_of(answer))
    services.audit.opened(user.id, request.recording)
    return sent(answer, under_way=202)


@router.get("/explanations/{id}", response_model=StatusOf[Explanation], responses=problems(401, 403, 404, 503))
def get_explanation(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> Response:
    """Where an explanation stands, with the result once it is there."""
    visibility.check_id(id)
    return sent(services.explanations.look(id))


@router.get(
    "/explanations/{id}/events",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> StreamingResponse:
    """Each change as an event named "status", until it has ended."""
    visibility.check_id(id)
    return await of_job(services.explanations, id)


@router.delete("/explanations/{id}", response_model=StatusOf[Explanation], responses=problems(401, 403, 404, 503))
def cancel(
    services: ServicesDep, visibility: VisibilityDep, id: ExplanationId, only: Literal["prefetch"] | None = None
) -> Response:
    """Stop it, for everybody who asked for it; with only=prefetch only if it waits and nobody waits for it."""
    visibility.check_id(id)
    return sent(services.explanations.drop(id) if only else services.explanations.cancel(id))


def id_of(answer: Answer) -> str:
    """Of which explanation an answer is."""
    return str(json.loads(answer)["id"]) if isinstance(answer, bytes) else answer.id


def sent(answer: Answer, under_way: int = 200) -> Response:
    """The response that carries an answer; `under_way` is the status of what has not ended."""
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/json")
    return Response(answer.model_dump_json(), 200 if answer.ended else under_way, media_type="application/json")
