"""Waves of a beat, and what maps say of each, in numbers and in words."""

from fastapi import APIRouter, Depends

from backend.audit.access import audit_access
from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import RecordingId, problems
from backend.trust.deps import TrustDep
from backend.trust.schemas import ByWaveRequest, ByWaveResponse, WavesResponse

router = APIRouter(tags=["trust"], dependencies=[at_least("reader")])


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
    audit.log_access(user.id, request.recording)
    return answer
