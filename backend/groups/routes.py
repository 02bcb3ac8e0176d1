"""What lies below /api/recordings/{id} about groups and queues of its beats."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.accounts.current import Caller, User, at_least
from backend.audit.opened import opened
from backend.deps import RecordingId, Services, ServicesDep, problems
from backend.groups.look import Look, look
from backend.groups.maps import maps
from backend.groups.queues import queues
from backend.groups.schemas import By, GroupsResponse, MapsRequest, MapsResponse, QueuesResponse, TracesResponse
from backend.groups.traces import traces
from backend.recordings.routes import Lead, ModelQuery
from backend.sessions import masking
from backend.sessions.blind import Visibility
from backend.sessions.visibility import VisibilityDep

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader")])


def _look(services: Services, user: User, visibility: Visibility, id: str, lead: str | None, model: str | None) -> Look:
    current = services.readings.of(id, user.id).readings
    own = {entry.sample: entry.label for entry in current if entry.label}
    return masking.look(look(services.predictor, own, id, lead, model), visibility.of(services.repository.checksum(id)))


@router.get("/{id}/queues", responses=problems(401, 404, 422, 503), dependencies=[Depends(opened)])
def get_queues(
    services: ServicesDep,
    user: Caller,
    visibility: VisibilityDep,
    id: RecordingId,
    lead: Lead = None,
    model: ModelQuery = None,
) -> QueuesResponse:
    """Beats worth a look: output and reference differ, small margin, no reader's label, each class."""
    return queues(_look(services, user, visibility, id, lead, model))


@router.get(
    "/{id}/groups",
    response_model=GroupsResponse,
    responses=problems(401, 404, 422, 503),
    dependencies=[Depends(opened)],
)
def get_groups(
    services: ServicesDep,
    user: Caller,
    visibility: VisibilityDep,
    id: RecordingId,
    lead: Lead = None,
    model: ModelQuery = None,
    by: By = "reference_and_model",
) -> Response:
    """All beats in groups, with some of each laid over each other."""
    found = services.gallery.groups(_look(services, user, visibility, id, lead, model), by)
    return Response(found, media_type="application/json")


@router.get("/{id}/traces", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_traces(
    services: ServicesDep,
    id: RecordingId,
    sample: Annotated[list[int], Query(max_length=64, description="Samples of the beats")],
    lead: Lead = None,
    points: Annotated[int, Query(ge=10, le=1000, description="Most values wanted of each")] = 60,
) -> TracesResponse:
    """−200 to 400 ms around some beats, each on its own level."""
    return traces(services.repository, id, lead, sample, points)


@router.post("/{id}/maps", responses=problems(401, 403, 404, 422, 503), dependencies=[Depends(opened)])
def post_maps(services: ServicesDep, visibility: VisibilityDep, id: RecordingId, ask: MapsRequest) -> MapsResponse:
    """Mean relevance of groups of beats, over what is in the cache; instant methods are computed."""
    visibility.at(services.repository, id, *(sample for group in ask.groups for sample in group))
    return maps(services.predictor, services.explanations, id, ask)
