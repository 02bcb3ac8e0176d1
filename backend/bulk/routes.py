"""Explanations of many beats."""

from fastapi import APIRouter, Response
from fastapi.responses import StreamingResponse
from starlette.concurrency import run_in_threadpool

from backend.accounts.current import Caller, at_least
from backend.bulk.schemas import BulkRequest, BulkResults
from backend.deps import ExplanationId, ServicesDep, problems
from backend.events import STREAM, following
from backend.sessions import masking
from backend.sessions.visibility import VisibilityDep
from workers.bulk import BulkStatus

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.post("/bulk", responses={202: {"model": BulkStatus}, **problems(401, 403, 404, 422, 503)})
def ask(
    services: ServicesDep, user: Caller, visibility: VisibilityDep, request: BulkRequest, response: Response
) -> BulkStatus:
    """200 where every explanation is there already, else 202 and how far it is."""
    named = request.which if isinstance(request.which, list) else []
    where = visibility.at(services.repository, request.recording, *named)
    status = services.bulk_service.ask(request, visibility.of(services.repository.checksum(request.recording)).models)
    visibility.note(where, lambda: status.id)
    services.audit.opened(user.id, request.recording)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/bulk/{id}", responses=problems(401, 403, 404, 503))
def get_bulk(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> BulkStatus:
    """How far it is."""
    visibility.check_id(id)
    return services.bulk_service.status(id)


@router.get(
    "/bulk/{id}/events",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> StreamingResponse:
    """How far it is, as events named "status", until it has ended."""
    visibility.check_id(id)
    await run_in_threadpool(services.bulk_service.status, id)
    return following(services.bulk_service.events(id))


@router.get("/bulk/{id}/results", responses=problems(401, 403, 404, 503))
def get_results(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> BulkResults:
    """The explanations that are there by now, each an ordinary one."""
    visibility.check_id(id)
    return masking.explained(services.bulk_service.results(id), visibility, id)


@router.delete("/bulk/{id}", responses=problems(401, 403, 404, 503))
def cancel(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> BulkStatus:
    """Stop it, for everybody who asked for it; what is explained stays."""
    visibility.check_id(id)
    return services.bulk_service.cancel(id)
