"""Methods of explanation, and explanations."""

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from backend.deps import ExplanationId, Here, problems
from backend.explanations.schemas import ExplainersOut, ExplanationAsk
from backend.explanations.service import methods
from backend.explanations.stream import once, stream
from workers.status import Status

router = APIRouter(tags=["explanations"])


@router.get("/explainers")
def list_explainers() -> ExplainersOut:
    """Every method with the JSON Schema of its parameters."""
    return ExplainersOut(explainers=methods())


@router.post("/explanations", responses={202: {"model": Status}, **problems(404, 422, 503)})
def ask(here: Here, request: ExplanationAsk, response: Response) -> Status:
    """200 with the result where it is instant or known already, else 202 and where the job stands."""
    status = here.explanations.ask(request)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/explanations/{id}", responses=problems(404, 503))
def get_explanation(here: Here, id: ExplanationId) -> Status:
    """Where an explanation stands, with the result once it is there."""
    return here.explanations.status(id)


@router.get(
    "/explanations/{id}/events",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/event-stream": {}}}, **problems(404, 503)},
)
async def follow(here: Here, id: ExplanationId) -> StreamingResponse:
    """Each change as an event named "status", until it has ended."""
    status = await run_in_threadpool(here.explanations.status, id)
    queue = here.explanations.queue
    changes = once(status) if status.ended or queue is None else queue.events(id)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return StreamingResponse(stream(changes), media_type="text/event-stream", headers=headers)


@router.delete("/explanations/{id}", responses=problems(404, 503))
def cancel(here: Here, id: ExplanationId) -> Status:
    """Stop it, for everybody who asked for it."""
    return here.explanations.cancel(id)
