"""Judgements of maps, waves of a beat, and both in words."""

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from backend.audit.access import audit_access
from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ExplanationId, RecordingId, problems
from backend.events import STREAM, of_job
from backend.leaving import LeftDep
from backend.trust.deps import TrustDep
from backend.trust.schemas import ByWaveRequest, ByWaveResponse, TrustRequest, WavesResponse
from models.trust import Trust
from workers.status import StatusOf

router = APIRouter(tags=["trust"], dependencies=[at_least("reader")])


@router.post(
    "/trust",
    summary="Judge a map",
    responses={202: {"model": StatusOf[Trust]}, **problems(401, 403, 404, 422, 503)},
)
def ask(
    trust: TrustDep,
    audit: AuditDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    request: TrustRequest,
    response: Response,
) -> StatusOf[Trust]:
    """Judge a map on its beat: 200 where the judgement is known already, else 202 and where the job stands."""
    origin = visibility.check_windows(trust.predictor, request.recording, request.lead, request.model, request.at)
    status = trust.ask(request)
    visibility.remember(origin, lambda: status.id)
    audit.opened(user.id, request.recording)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/trust/{id}", summary="Get a judgement", responses=problems(401, 403, 404, 503))
def get_trust(trust: TrustDep, visibility: VisibilityDep, id: ExplanationId) -> StatusOf[Trust]:
    """Get where a judgement stands, with the result once it is there."""
    visibility.check_result(id)
    return trust.status(id)


@router.get(
    "/trust/{id}/events",
    summary="Follow a judgement",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(trust: TrustDep, visibility: VisibilityDep, id: ExplanationId) -> StreamingResponse:
    """Stream each change of a judgement's job as an event named "status", until the job has ended."""
    visibility.check_result(id)
    return await of_job(trust, id)


@router.delete("/trust/{id}", summary="Cancel a judgement", responses=problems(401, 403, 404, 503))
def cancel(trust: TrustDep, visibility: VisibilityDep, id: ExplanationId, left: LeftDep) -> StatusOf[Trust]:
    """Cancel a job for everybody who asked for it; with `only` as far as nobody else waits for it."""
    visibility.check_result(id)
    return trust.drop(id, left) if left else trust.cancel(id)


@router.get(
    "/recordings/{id}/windows/{at}/waves",
    summary="Get a beat's waves",
    responses=problems(401, 404, 422),
    dependencies=[Depends(audit_access)],
)
def get_waves(
    trust: TrustDep, id: RecordingId, at: int, lead: str | None = None, model: str | None = None
) -> WavesResponse:
    """Get P, QRS and T of a beat in one lead, and the model's window cut at their boundaries."""
    return trust.waves(id, at, lead, model)


@router.post("/by-wave", summary="Summarise maps by wave", responses=problems(401, 403, 404, 422, 503))
def by_wave(
    trust: TrustDep, audit: AuditDep, user: CurrentUser, visibility: VisibilityDep, request: ByWaveRequest
) -> ByWaveResponse:
    """Summarise what maps say of each wave and what hiding it does, with ranges, in numbers and in words."""
    for id in request.explanations:
        visibility.check_result(id)
    visibility.check_windows(trust.predictor, request.recording, request.lead, request.model, request.at)
    answer = trust.by_wave(request)
    audit.opened(user.id, request.recording)
    return answer
