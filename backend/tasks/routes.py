"""Routes below /api/tasks: one set for work of every kind."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Body, Request, Response
from fastapi.responses import RedirectResponse, StreamingResponse

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ResultId, problems
from backend.events import STREAM, Follower, following
from backend.leaving import LeftDep
from backend.tasks.deps import TaskDep, TasksDep
from backend.tasks.requests import inlined, parsed, request_of
from backend.tasks.schemas import TasksResponse
from backend.tasks.scopes import access
from backend.tasks.service import Answer, in_short
from models.tasks import tasks as every_task
from workers.status import Status

router = APIRouter(prefix="/tasks", tags=["tasks"], dependencies=[at_least("reader")])
moved = APIRouter(include_in_schema=False, dependencies=[at_least("reader")])

BODIES = [inlined(request_of(work).model_json_schema()) for work in every_task().values()]
DESCRIBED = {"requestBody": {"content": {"application/json": {"schema": {"anyOf": BODIES}}}, "required": True}}
MOVED = {"explanations": "explanation", "trust": "trust"}  # where each was → the task


@router.get("", summary="List the tasks")
def list_tasks() -> TasksResponse:
    """List every kind of work with its scope and the JSON Schemas of its request and its result."""
    return TasksResponse(tasks=in_short())


@router.post(
    "/{task}",
    summary="Ask for a task",
    response_model=Status,
    responses={202: {"model": Status}, **problems(401, 403, 404, 409, 422, 503)},
    openapi_extra=DESCRIBED,
)
def ask(
    tasks: TasksDep,
    audit: AuditDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    work: TaskDep,
    body: Annotated[dict[str, Any], Body()],
) -> Response:
    """Ask about a window, a recording or a model: 200 with the result where it is known or instant, else 202."""
    request, rules = parsed(request_of(work), body), access(work)
    origin = rules.origin(tasks.predictor, visibility, request)
    answer = tasks.ask(work, request)
    visibility.remember(origin, lambda: id_of(answer))
    if recording := rules.recording(request):
        audit.log_access(user.id, recording)
    return sent(answer, under_way=202)


@router.get("/{task}/{id}", summary="Get an answer", response_model=Status, responses=problems(401, 403, 404, 503))
def get_answer(tasks: TasksDep, visibility: VisibilityDep, work: TaskDep, id: ResultId) -> Response:
    """Get where a question stands, with the result once it is there."""
    visibility.check_result(id)
    return sent(tasks.current(work, id))


@router.get(
    "/{task}/{id}/events",
    summary="Follow a job",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(
    tasks: TasksDep, visibility: VisibilityDep, work: TaskDep, id: ResultId, follower: Follower = None
) -> StreamingResponse:
    """Stream each change of a question's job as an event named "status", until the job has ended."""
    visibility.check_result(id)
    return following(await tasks.follow(work, id, follower))


@router.delete("/{task}/{id}", summary="Cancel a job", response_model=Status, responses=problems(401, 403, 404, 503))
def cancel(tasks: TasksDep, visibility: VisibilityDep, work: TaskDep, id: ResultId, left: LeftDep) -> Response:
    """Cancel a job for everybody who asked for it; with `only` as far as nobody else waits for it."""
    visibility.check_result(id)
    return sent(tasks.drop(work, id, left) if left else tasks.cancel(work, id))


def id_of(answer: Answer) -> str:
    """The id of the question that an answer belongs to."""
    return str(json.loads(answer)["id"]) if isinstance(answer, bytes) else answer.id


def sent(answer: Answer, under_way: int = 200) -> Response:
    """The response that carries an answer; `under_way` is the status of what has not ended."""
    if isinstance(answer, bytes):
        return Response(answer, media_type="application/json")
    return Response(answer.model_dump_json(), 200 if answer.ended else under_way, media_type="application/json")


def _add_moved(old: str, task: str) -> None:
    """Have the paths below /api/`old` say that they are those of a task now."""

    def now_a_task(request: Request) -> RedirectResponse:
        path = request.url.path.replace(f"/api/{old}", f"/api/tasks/{task}", 1)
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(path + query, status_code=308)

    moved.add_api_route(f"/{old}", now_a_task, methods=["POST"])
    moved.add_api_route(f"/{old}/{{rest:path}}", now_a_task, methods=["GET", "DELETE"])


for _old, _task in MOVED.items():
    _add_moved(_old, _task)
