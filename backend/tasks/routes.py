"""Routes below /api/tasks: one set for work of every kind."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Response
from fastapi.responses import StreamingResponse

from backend.audit.deps import AuditDep
from backend.blinding.deps import VisibilityDep
from backend.current_user import CurrentUser, at_least
from backend.deps import ExplanationId, problems
from backend.events import STREAM, of_job
from backend.tasks.deps import TasksDep
from backend.tasks.schemas import TaskRequest, TasksResponse
from backend.tasks.service import TaskService, in_short
from models.tasks import Task, task
from workers.queue import Queue
from workers.status import StatusOf

router = APIRouter(prefix="/tasks", tags=["tasks"], dependencies=[at_least("reader")])

TaskName = Annotated[str, Path(max_length=100, description="Name of a task, as the list gives it")]
JobStatus = StatusOf[dict[str, Any]]


class Jobs:
    """The jobs of one task."""

    def __init__(self, tasks: TaskService, work: Task[Any, Any]) -> None:
        self.tasks, self.work = tasks, work
        self.queue: Queue | None = tasks.queue

    def status(self, id: str) -> StatusOf[Any]:
        """Where one stands."""
        return self.tasks.status(self.work, id)


@router.get("", summary="List the tasks")
def list_tasks() -> TasksResponse:
    """List every kind of work with its scope and the JSON Schema of its parameters."""
    return TasksResponse(tasks=in_short())


@router.post(
    "/{name}",
    summary="Ask for a task",
    response_model=JobStatus,
    responses={202: {"model": JobStatus}, **problems(401, 403, 404, 422, 503)},
)
def ask(
    tasks: TasksDep,
    audit: AuditDep,
    user: CurrentUser,
    visibility: VisibilityDep,
    name: TaskName,
    request: TaskRequest,
) -> Response:
    """Ask a question of a model, of a recording or of one window: 200 where the answer is known already, else 202."""
    work = task(name)
    origin = tasks.origin(work, request, visibility)
    status = tasks.ask(work, request)
    visibility.remember(origin, lambda: status.id)
    if request.recording is not None:
        audit.opened(user.id, request.recording)
    return sent(status, 200 if status.ended else 202)


@router.get(
    "/{name}/{id}", summary="Get a task's answer", response_model=JobStatus, responses=problems(401, 403, 404, 503)
)
def get_answer(tasks: TasksDep, visibility: VisibilityDep, name: TaskName, id: ExplanationId) -> Response:
    """Get where a question stands, with the answer once it is there."""
    visibility.check_result(id)
    return sent(tasks.status(task(name), id))


@router.get(
    "/{name}/{id}/events",
    summary="Follow a task",
    response_class=StreamingResponse,
    responses={**STREAM, **problems(401, 403, 404, 503)},
)
async def follow(tasks: TasksDep, visibility: VisibilityDep, name: TaskName, id: ExplanationId) -> StreamingResponse:
    """Stream each change of a question's job as an event named "status", until the job has ended."""
    visibility.check_result(id)
    return await of_job(Jobs(tasks, task(name)), id)


@router.delete(
    "/{name}/{id}", summary="Cancel a task", response_model=JobStatus, responses=problems(401, 403, 404, 503)
)
def cancel(
    tasks: TasksDep,
    visibility: VisibilityDep,
    name: TaskName,
    id: ExplanationId,
    only: Literal["prefetch"] | None = None,
) -> Response:
    """Cancel a job for everybody who asked for it; with only=prefetch only if it waits and nobody waits for it."""
    visibility.check_result(id)
    work = task(name)
    return sent(tasks.drop(work, id) if only else tasks.cancel(work, id))


def sent(status: StatusOf[Any], code: int = 200) -> Response:
    """The response that carries a status; its result is of whatever class the task answers with."""
    return Response(status.model_dump_json(), code, media_type="application/json")
