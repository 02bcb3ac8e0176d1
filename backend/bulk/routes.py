"""Explanations of many beats."""

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from backend.accounts.current import Caller, at_least
from backend.bulk.schemas import BulkAsk, BulkResults
from backend.deps import ExplanationId, Here, problems
from backend.events import STREAM, following
from backend.sessions import masking
from backend.sessions.sight import Sees
from workers.bulk import BulkStatus

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.post("/bulk", responses={202: {"model": BulkStatus}, **problems(401, 403, 404, 422, 503)})
def ask(here: Here, user: Caller, sight: Sees, request: BulkAsk, response: Response) -> BulkStatus:
    """200 where every explanation is there already, else 202 and how far it is."""
    named = request.which if isinstance(request.which, list) else []
    where = sight.at(here.shelf, request.recording, *named)
    status = here.bulks.ask(request, sight.of(here.shelf.checksum(request.recording)).models)
    sight.note(where, lambda: status.id)
    here.audit.opened(user.id, request.recording)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/bulk/{id}", responses=problems(401, 403, 404, 503))
def get_bulk(here: Here, sight: Sees, id: ExplanationId) -> BulkStatus:
    """How far it is."""
    sight.check_id(id)
    return here.bulks.status(id)


@router.get(
    "/bulk/{id}/events",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(here: Here, sight: Sees, id: ExplanationId) -> StreamingResponse:
    """How far it is, as events named "status", until it has ended."""
    sight.check_id(id)
    await run_in_threadpool(here.bulks.status, id)
    return following(here.bulks.events(id))


@router.get("/bulk/{id}/results", responses=problems(401, 403, 404, 503))
def get_results(here: Here, sight: Sees, id: ExplanationId) -> BulkResults:
    """The explanations that are there by now, each an ordinary one."""
    sight.check_id(id)
    return masking.explained(here.bulks.results(id), sight, id)


@router.delete("/bulk/{id}", responses=problems(401, 403, 404, 503))
def cancel(here: Here, sight: Sees, id: ExplanationId) -> BulkStatus:
    """Stop it, for everybody who asked for it; what is explained stays."""
    sight.check_id(id)
    return here.bulks.cancel(id)
