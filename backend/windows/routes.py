"""Routes below /api/recordings/{id} about the windows that a model reads, and about its marks."""

import math
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import RedirectResponse

from backend.audit.access import audit_access
from backend.blinding.deps import VisibilityDep
from backend.columns import FormQuery
from backend.current_user import at_least
from backend.deps import LeadQuery, ModelQuery, RecordingId, problems
from backend.predictions.deps import PredictorDep, PreparationsDep
from backend.recordings.schemas import ProgressResponse
from backend.windows import masking
from backend.windows.schemas import MarksResponse, TypedWindowsResponse, WindowResponse, WindowsResponse
from backend.windows.views import all_marks, all_windows, one_window

router = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader"), Depends(audit_access)])
under_way = APIRouter(prefix="/recordings", tags=["recordings"], dependencies=[at_least("reader")])
moved = APIRouter(prefix="/recordings", include_in_schema=False, dependencies=[at_least("reader")])

Address = Annotated[int, Path(ge=0, description="The window's address: a beat's sample, the first of any other")]


@router.get(
    "/{id}/windows",
    summary="List a recording's windows",
    response_model=WindowsResponse | TypedWindowsResponse,
    responses=problems(401, 404, 422),
)
def get_windows(
    predictor: PredictorDep,
    visibility: VisibilityDep,
    id: RecordingId,
    lead: LeadQuery = None,
    model: ModelQuery = None,
    start: Annotated[float, Query(ge=0, le=1e7, allow_inf_nan=False, description="s")] = 0.0,
    seconds: Annotated[float | None, Query(gt=0, le=1e7, description="to the end if left out")] = None,
    columns: FormQuery = "lists",
) -> Response:
    """List the windows that a model reads as columns, with what it says of each; without `model` the beats."""
    stretch = None if seconds is None and start == 0 else (start, math.inf if seconds is None else start + seconds)
    found = all_windows(predictor, id, lead, model, stretch)
    shown = found.without(visibility.of(predictor.repository.checksum(id)))
    return Response(shown.json(columns), media_type="application/json")  # once: a day's are 7 MB, as lists 20


@router.get("/{id}/windows/{at}", summary="Get a window", responses=problems(401, 404, 422))
def get_window(
    predictor: PredictorDep,
    visibility: VisibilityDep,
    id: RecordingId,
    at: Address,
    lead: LeadQuery = None,
    model: ModelQuery = None,
) -> WindowResponse:
    """Get one window, its surroundings, and what a model (the first by default) says of it."""
    context = predictor.resolve_window(id, at, lead, model)
    with predictor.repository.progress.step(id, "Filtering the signal"):
        found = one_window(context)
    return masking.window(found, visibility.of(predictor.repository.checksum(id)))


@router.get("/{id}/marks", summary="List a recording's marks", responses=problems(401, 404, 422))
def get_marks(predictor: PredictorDep, visibility: VisibilityDep, id: RecordingId) -> MarksResponse:
    """List what a recording's files say of it beside its beats: rhythms, notes, labels of the whole."""
    record = predictor.repository.open(id)
    return masking.marks(all_marks(record), visibility.of(record.sha256))


@under_way.get("/{id}/progress", summary="Get what is under way for a recording", responses=problems(401, 404))
def get_progress(
    predictor: PredictorDep,
    preparations: PreparationsDep,
    id: RecordingId,
    lead: LeadQuery = None,
    model: ModelQuery = None,
    prepare: Annotated[bool, Query(description="Whether a long recording is to be read, and its beats found")] = False,
) -> ProgressResponse:
    """Get what somebody who waits for a recording's windows waits for: its reading, its beats, a model's outputs."""
    predictor.repository.entry(id)
    ready = preparations.ready(id, lead, model) if prepare else True
    return predictor.repository.progress.of(id).model_copy(update={"ready": ready})


@moved.get("/{id}/beats")
@moved.get("/{id}/beats/{rest:path}")
def get_beats(request: Request, id: RecordingId, rest: str | None = None) -> RedirectResponse:
    """Say where beats are now: they are windows like any other."""
    below = "" if rest is None else f"/{rest}"
    base = request.url.path.removesuffix(f"/beats{below}")
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"{base}/windows{below}{query}", status_code=308)
