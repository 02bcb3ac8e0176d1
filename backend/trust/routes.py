"""Judgements of maps, waves of a beat, and both in words."""

from typing import Literal

from fastapi import APIRouter, Depends, Response
from fastapi.responses import StreamingResponse

from backend.accounts.current import Caller, at_least
from backend.audit.opened import opened
from backend.deps import ExplanationId, Here, RecordingId, problems
from backend.events import STREAM, of_job
from backend.sessions.sight import Sees
from backend.trust.schemas import ByWaveAsk, ByWaveOut, TrustAsk, WavesOut
from models.trust import Trust
from workers.status import StatusOf

router = APIRouter(tags=["trust"], dependencies=[at_least("reader")])


@router.post("/trust", responses={202: {"model": StatusOf[Trust]}, **problems(401, 403, 404, 422, 503)})
def ask(here: Here, user: Caller, sight: Sees, request: TrustAsk, response: Response) -> StatusOf[Trust]:
    """Judge a map on its beat: 200 where that is known already, else 202 and where the job stands."""
    where = sight.at(here.shelf, request.recording, request.beat)
    status = here.trust.ask(request)
    sight.note(where, lambda: status.id)
    here.audit.opened(user.id, request.recording)
    response.status_code = 200 if status.ended else 202
    return status


@router.get("/trust/{id}", responses=problems(401, 403, 404, 503))
def get_trust(here: Here, sight: Sees, id: ExplanationId) -> StatusOf[Trust]:
    """Where a judgement stands."""
    sight.check_id(id)
    return here.trust.status(id)


@router.get(
    "/trust/{id}/events",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(here: Here, sight: Sees, id: ExplanationId) -> StreamingResponse:
    """Each change as an event named "status", until it has ended."""
    sight.check_id(id)
    return await of_job(here.trust, id)


@router.delete("/trust/{id}", responses=problems(401, 403, 404, 503))
def cancel(here: Here, sight: Sees, id: ExplanationId, only: Literal["prefetch"] | None = None) -> StatusOf[Trust]:
    """Stop it, for everybody who asked; with only=prefetch only if it waits and nobody waits for it."""
    sight.check_id(id)
    return here.trust.drop(id) if only else here.trust.cancel(id)


@router.get("/recordings/{id}/beats/{sample}/waves", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_waves(here: Here, id: RecordingId, sample: int, lead: str | None = None, model: str | None = None) -> WavesOut:
    """P, QRS and T of a beat in one lead, and the model's window cut at their boundaries."""
    return here.trust.waves(id, sample, lead, model)


@router.post("/by-wave", responses=problems(401, 403, 404, 422, 503))
def by_wave(here: Here, user: Caller, sight: Sees, request: ByWaveAsk) -> ByWaveOut:
    """What maps say of each wave, what hiding it does, with ranges, and all in words."""
    for id in request.explanations:
        sight.check_id(id)
    sight.at(here.shelf, request.recording, request.beat)
    answer = here.trust.by_wave(request)
    here.audit.opened(user.id, request.recording)
    return answer
