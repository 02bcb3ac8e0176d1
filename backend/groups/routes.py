"""What lies below /api/recordings/{id} about groups and queues of its beats."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.accounts.current import Caller, User, at_least
from backend.audit.opened import opened
from backend.deps import Here, RecordingId, Services, problems
from backend.groups.look import Look, look
from backend.groups.maps import maps
from backend.groups.queues import queues
from backend.groups.schemas import By, GroupsOut, MapsAsk, MapsOut, QueuesOut, TracesOut
from backend.groups.traces import traces
from backend.recordings.routes import Lead, ModelQuery
from backend.sessions import masking
from backend.sessions.blind import Sight
from backend.sessions.sight import Sees

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader")])


def _look(here: Services, user: User, sight: Sight, id: str, lead: str | None, model: str | None) -> Look:
    current = here.readings.of(id, user.id).readings
    own = {entry.sample: entry.label for entry in current if entry.label}
    return masking.look(look(here.predictor, own, id, lead, model), sight.of(here.shelf.checksum(id)))


@router.get("/{id}/queues", responses=problems(401, 404, 422, 503), dependencies=[Depends(opened)])
def get_queues(
    here: Here, user: Caller, sight: Sees, id: RecordingId, lead: Lead = None, model: ModelQuery = None
) -> QueuesOut:
    """Beats worth a look: output and reference differ, small margin, no reader's label, each class."""
    return queues(_look(here, user, sight, id, lead, model))


@router.get(
    "/{id}/groups", response_model=GroupsOut, responses=problems(401, 404, 422, 503), dependencies=[Depends(opened)]
)
def get_groups(
    here: Here,
    user: Caller,
    sight: Sees,
    id: RecordingId,
    lead: Lead = None,
    model: ModelQuery = None,
    by: By = "reference_and_model",
) -> Response:
    """All beats in groups, with some of each laid over each other."""
    found = here.gallery.groups(_look(here, user, sight, id, lead, model), by)
    return Response(found, media_type="application/json")


@router.get("/{id}/traces", responses=problems(401, 404, 422), dependencies=[Depends(opened)])
def get_traces(
    here: Here,
    id: RecordingId,
    sample: Annotated[list[int], Query(max_length=64, description="Samples of the beats")],
    lead: Lead = None,
    points: Annotated[int, Query(ge=10, le=1000, description="Most values wanted of each")] = 60,
) -> TracesOut:
    """−200 to 400 ms around some beats, each on its own level."""
    return traces(here.shelf, id, lead, sample, points)


@router.post("/{id}/maps", responses=problems(401, 403, 404, 422, 503), dependencies=[Depends(opened)])
def post_maps(here: Here, sight: Sees, id: RecordingId, ask: MapsAsk) -> MapsOut:
    """Mean relevance of groups of beats, over what is in the cache; instant methods are computed."""
    sight.at(here.shelf, id, *(sample for group in ask.groups for sample in group))
    return maps(here.predictor, here.explanations, id, ask)
