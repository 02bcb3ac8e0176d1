"""Explanations of many beats."""

from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import StreamingResponse

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.bulk import masking
from backend.bulk.deps import BulkDep
from backend.bulk.schemas import BulkJobsResponse, BulkRequest, BulkResultsResponse
from backend.current_user import CurrentUser, at_least
from backend.deps import ResultId, problems
from backend.events import STREAM, following
from workers.bulk_work import BulkStatus

router = APIRouter(tags=["explanations"], dependencies=[at_least("reader")])


@router.post(
    "/bulk",
    summary="Explain many beats",
    responses={202: {"model": BulkStatus}, **problems(401, 403, 404, 422, 503)},
)
def ask(
    bulk: BulkDep,
    audit: AuditDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    request: BulkRequest,
    response: Response,
) -> BulkStatus:
    """Explain beats of a recording: 200 where every explanation is there already, else 202 and how far it is."""
    repository = bulk.predictor.repository
    named = request.which if isinstance(request.which, list) else []
    origin = visibility.check_windows(bulk.predictor, request.recording, request.lead, request.model, *named)
    status = bulk.ask(request, user, visibility.of(repository.checksum(request.recording)).model.affects)
    visibility.remember(origin, lambda: status.id)
    audit.log_access(user.id, request.recording)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/bulk", summary="List the bulk requests", responses=problems(401, 503))
def list_bulk(
    bulk: BulkDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    recording: Annotated[str | None, Query(max_length=300, description="Only those of this recording")] = None,
) -> BulkJobsResponse:
    """List everybody's bulk requests that have not ended, the latest first."""
    return masking.jobs(bulk.under_way(user, recording), bulk, visibility)


@router.get("/bulk/{id}", summary="Get a bulk request", responses=problems(401, 403, 404, 503))
def get_bulk(bulk: BulkDep, visibility: VisibilityDep, id: ResultId) -> BulkStatus:
    """Get how far a bulk request is."""
    visibility.check_result(id)
    return bulk.status(id)


@router.get(
    "/bulk/{id}/events",
    summary="Follow a bulk request",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(bulk: BulkDep, visibility: VisibilityDep, id: ResultId) -> StreamingResponse:
    """Stream how far a bulk request is, as events named "status", until it has ended."""
    visibility.check_result(id)
    return following(await bulk.follow(id))


@router.get("/bulk/{id}/results", summary="List a bulk request's explanations", responses=problems(401, 403, 404, 503))
def get_results(bulk: BulkDep, visibility: VisibilityDep, id: ResultId) -> BulkResultsResponse:
    """List the explanations that are there by now, each an ordinary one."""
    visibility.check_result(id)
    return masking.results(bulk.results(id), bulk, visibility, id)


@router.delete("/bulk/{id}", summary="Cancel a bulk request", responses=problems(401, 403, 404, 503))
def cancel(bulk: BulkDep, user: CurrentUser, visibility: VisibilityDep, id: ResultId) -> BulkStatus:
    """Cancel a bulk request for everybody who made it, as who made it or as a lead; what is explained stays."""
    visibility.check_result(id)
    return bulk.cancel(id, user)
