"""Judgements of maps, waves of a beat, and both in words."""

from typing import Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from backend.accounts.current import Caller, at_least
from backend.audit.opened import opened
from backend.deps import ExplanationId, RecordingId, ServicesDep, problems
from backend.events import STREAM, of_job
from backend.sessions.visibility import VisibilityDep
from backend.trust.schemas import ByWaveRequest, ByWaveResponse, TrustRequest, WavesResponse
from models.trust import Trust
from workers.status import StatusOf

router = APIRouter(tags=["trust"], dependencies=[at_least("reader")])


@router.post("/trust", responses={202: {"model": StatusOf[Trust]}, **problems(401, 403, 404, 422, 503)})
def ask(
    services: ServicesDep, user: Caller, visibility: VisibilityDep, request: TrustRequest, response: Response
) -> StatusOf[Trust]:
    """Judge a map on its beat: 200 where that is known already, else 202 and where the job stands."""
    where = visibility.at(services.repository, request.recording, request.beat)
    status = services.trust.ask(request)
    visibility.note(where, lambda: status.id)
    services.audit.opened(user.id, request.recording)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/trust/{id}", responses=problems(401, 403, 404, 503))
def get_trust(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> StatusOf[Trust]:
    """Where a judgement stands."""
    visibility.check_id(id)
    return services.trust.status(id)


@router.get(
    "/trust/{id}/events",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(services: ServicesDep, visibility: VisibilityDep, id: ExplanationId) -> StreamingResponse:
    """Each change as an event named "status", until it has ended."""
    visibility.check_id(id)
    return await of_job(services.trust, id)


@router.delete("/trust/{id}", responses=problems(401, 403, 404, 503))
def cancel(
    services: ServicesDep, visibility: VisibilityDep, id: ExplanationId, only: Literal["prefetch"] | None = None
) -> StatusOf[Trust]:
    """Stop it, for everybody who asked; with only=prefetch only if it waits and nobody waits for it."""
    visibility.check_id(id)
    return services.trust.drop(id) if only else services.trust.cancel(id)


@router.get("/recordings/{id}/beats/{sample}/waves", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_waves(
    services: ServicesDep, id: RecordingId, sample: int, lead: str | None = None, model: str | None = None
) -> WavesResponse:
    """P, QRS and T of a beat in one lead, and the model's window cut at their boundaries."""
    return services.trust.waves(id, sample, lead, model)


@router.post("/by-wave", responses=problems(401, 403, 404, 422, 503))
def by_wave(services: ServicesDep, user: Caller, visibility: VisibilityDep, request: ByWaveRequest) -> ByWaveResponse:
    """What maps say of each wave, what hiding it does, with ranges, and all in words."""
    for id in request.explanations:
        visibility.check_id(id)
    visibility.at(services.repository, request.recording, request.beat)
    answer = services.trust.by_wave(request)
    services.audit.opened(user.id, request.recording)
    return answer
