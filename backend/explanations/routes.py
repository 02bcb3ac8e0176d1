"""Methods of explanation, and explanations."""

import json
from typing import Literal

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse

from backend.accounts.current import Caller, at_least
from backend.deps import ExplanationId, Here, problems
from backend.events import STREAM, of_job
from backend.explanations.schemas import ExplainersOut, ExplanationAsk
from backend.explanations.service import Answer, methods
from backend.sessions.sight import Sees
from models.explanation import Explanation
from workers.status import StatusOf

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.get("/explainers")
def list_explainers() -> ExplainersOut:
    """Every method with the JSON Schema of its parameters."""
    return ExplainersOut(explainers=methods())


@router.post(
    "/explanations",
    response_model=StatusOf[Explanation],
    responses={202: {"model": StatusOf[Explanation]}, **problems(401, 403, 404, 422, 503)},
)
def ask(here: Here, user: Caller, sight: Sees, request: ExplanationAsk) -> Response:
    """200 with the result where it is instant or known already, else 202 and where the job stands."""
    where = sight.at(here.shelf, request.recording, request.beat)
    answer = here.explanations.ask(request)
    sight.note(where, lambda: id_of(answer))
    here.audit.opened(user.id, request.recording)
    return sent(answer, under_way=202)


@router.get("/explanations/{id}", response_model=StatusOf[Explanation], responses=problems(401, 403, 404, 503))
def get_explanation(here: Here, sight: Sees, id: ExplanationId) -> Response:
    """Where an explanation stands, with the result once it is there."""
    sight.check_id(id)
    return sent(here.explanations.look(id))


@router.get(
    "/explanations/{id}/events",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(here: Here, sight: Sees, id: ExplanationId) -> StreamingResponse:
    """Each change as an event named "status", until it has ended."""
    sight.check_id(id)
    return await of_job(here.explanations, id)


@router.delete("/explanations/{id}", response_model=StatusOf[Explanation], responses=problems(401, 403, 404, 503))
def cancel(here: Here, sight: Sees, id: ExplanationId, only: Literal["prefetch"] | None = None) -> Response:
    """Stop it, for everybody who asked for it; with only=prefetch only if it waits and nobody waits for it."""
    sight.check_id(id)
    return sent(here.explanations.drop(id) if only else here.explanations.cancel(id))


def id_of(answer: Answer) -> str:
    """Of which explanation an answer is."""
    return str(json.loads(answer)["id"]) if isinstance(answer, bytes) else answer.id


def sent(answer: Answer, under_way: int = 200) -> Response:
    """The response that carries an answer; `under_way` is the status of what has not ended."""
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/json")
    return Response(answer.model_dump_json(), 200 if answer.ended else under_way, media_type="application/json")
