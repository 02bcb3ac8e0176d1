"""Routes below /api/recordings/{id} about groups and queues of its beats."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from backend.audit.access import audit_access
from backend.blinding.deps import VisibilityDep
from backend.columns import FormQuery
from backend.current_user import CurrentUser, at_least
from backend.deps import LeadQuery, ModelQuery, RecordingId, problems, refuse_renamed_query
from backend.explanations.deps import ExplanationsDep
from backend.groups.deps import GalleryDep
from backend.groups.grouping_input import GroupingInput, grouping_input
from backend.groups.maps import maps
from backend.groups.queues import queues
from backend.groups.schemas import (
    By,
    GroupsResponse,
    MapsRequest,
    MapsResponse,
    QueuesResponse,
    TracesResponse,
    TypedQueuesResponse,
)
from backend.groups.traces import traces
from backend.predictions.deps import PredictorDep
from backend.readings.deps import ReadingLogDep

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader"), Depends(audit_access)])


def visible_beats(
    predictor: PredictorDep,
    readings: ReadingLogDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    id: RecordingId,
    lead: LeadQuery = None,
    model: ModelQuery = None,
) -> GroupingInput:
    """The beats of a recording with the caller's readings, without what is hidden from the caller."""
    beats = grouping_input(predictor, {}, id, lead, model)
    said = [entry for entry in readings.of(id, user.id).readings if entry.vocabulary in beats.spoken]
    beats = replace(beats, readings={entry.at: entry.label for entry in said if entry.label})
    return beats.without(visibility.of(predictor.repository.checksum(id)))


Beats = Annotated[GroupingInput, Depends(visible_beats)]


@router.get(
    "/{id}/queues",
    summary="List beats worth a look",
    response_model=QueuesResponse | TypedQueuesResponse,
    responses=problems(401, 404, 422, 503),
)
def get_queues(beats: Beats, columns: FormQuery = "lists") -> Response:
    """List beats worth a look: output and reference differ, small margin, no reader's label, each class."""
    return Response(queues(beats).json(columns), media_type="application/json")


@router.get(
    "/{id}/groups",
    summary="List groups of beats",
    response_model=GroupsResponse,
    responses=problems(401, 404, 422, 503),
)
def get_groups(
    predictor: PredictorDep,
    gallery: GalleryDep,
    beats: Beats,
    by: By = "reference_and_model",
    columns: FormQuery = "lists",
) -> Response:
    """List all beats of a recording in groups, with some of each laid over each other."""
    with predictor.repository.progress.step(beats.record.id, "Grouping the beats"):
        return Response(gallery.groups(beats, by, columns), media_type="application/json")


@router.get(
    "/{id}/traces",
    summary="Get traces of beats",
    responses=problems(401, 404, 422),
    dependencies=[refuse_renamed_query(sample="at")],
)
def get_traces(
    predictor: PredictorDep,
    id: RecordingId,
    at: Annotated[list[int], Query(max_length=64, description="Addresses of the beats, or of a model's windows")],
    lead: LeadQuery = None,
    model: ModelQuery = None,
    points: Annotated[int, Query(ge=10, le=1000, description="Most values wanted of each")] = 60,
) -> TracesResponse:
    """Get −200 to 400 ms around some beats, or some windows of a model that reads others, each on its own level."""
    return traces(predictor, id, lead, model, at, points)


@router.post("/{id}/maps", summary="Average maps of beats", responses=problems(401, 403, 404, 422, 503))
def post_maps(
    explanations: ExplanationsDep, visibility: VisibilityDep, id: RecordingId, request: MapsRequest
) -> MapsResponse:
    """Average relevance over groups of beats from what is in the cache; instant methods are computed."""
    predictor = explanations.predictor
    asked = [at for group in request.groups for at in group]
    visibility.check_windows(predictor, id, request.lead, request.model, *asked)
    return maps(predictor, explanations, id, request)
