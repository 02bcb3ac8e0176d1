"""Tasks: one question of any kind is made, handed to the workers, and looked up again."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from backend.blinding.result_index import Origin
from backend.blinding.visibility import SEALED_RECORDING, Visibility
from backend.errors import SealedError, UnavailableError
from backend.predictions.service import Predictor
from backend.tasks.schemas import TaskRequest, TaskResponse
from models.errors import InvalidError, NotFoundError
from models.signals.window_marks import window_marks
from models.signals.windows import Cutter
from models.tasks import Question, Task, tasks
from models.zoo import Model
from workers.queue import Queue
from workers.requests import JobRequest
from workers.status import Status, StatusOf

OF_A_MODEL: Origin = ("", frozenset())  # there is nothing of a recording in it
NEEDS = {"window": ("recording", "at"), "recording": ("recording",), "model": ()}  # scope → what a request must name


@dataclass(frozen=True)
class TaskService:
    """Ask for, look up and cancel work of any task."""

    predictor: Predictor
    queue: Queue | None

    def ask(self, work: Task[Any, Any], request: TaskRequest) -> StatusOf[Any]:
        """The result if it is known already, else where the job stands."""
        question = self._question(work, request)
        if self.queue is None:
            raise UnavailableError(f"{work.title} needs the queue, and no Redis is set (BEATLENS_REDIS_URL)")
        return _read(self.queue.submit(JobRequest.of(question), request.urgency), work)

    def status(self, work: Task[Any, Any], id: str) -> StatusOf[Any]:
        """Where a question of this task stands; NotFoundError where nothing is known of it."""
        status = self.queue.status(id) if self.queue else None
        if status is None:
            raise NotFoundError(f"Unknown {work.name} {id!r}: it was never asked for here, or long ago", field="id")
        return _read(status, work)

    def cancel(self, work: Task[Any, Any], id: str) -> StatusOf[Any]:
        """Cancel it for everybody who asked; what has ended stays as it is."""
        if self.queue:
            self.queue.cancel(id)
        return self.status(work, id)

    def drop(self, work: Task[Any, Any], id: str) -> StatusOf[Any]:
        """Drop it if it waits as a prefetch; else where it stands. What is unknown was dropped before."""
        if not (self.queue and self.queue.drop(id)):
            with suppress(NotFoundError):
                return self.status(work, id)
        return StatusOf(id=id, status="cancelled")

    def origin(self, work: Task[Any, Any], request: TaskRequest, visibility: Visibility) -> Origin | None:
        """What of a recording a question reads, for `remember`; SealedError where a part of it is hidden."""
        _check_scope(work, request)
        if visibility.unrestricted:
            return None
        if request.recording is None:
            return OF_A_MODEL
        if request.at is not None:
            windows = self.predictor
            return visibility.check_windows(windows, request.recording, request.lead, request.model, request.at)
        sha256 = self.predictor.repository.checksum(request.recording)
        if visibility.affects(request.recording, sha256):
            raise SealedError(SEALED_RECORDING)
        return sha256, frozenset({(0, self.predictor.repository.entry(request.recording).samples)})

    def _question(self, work: Task[Any, Any], request: TaskRequest) -> Question[Any]:
        if request.recording is None:
            return work.ask(self.predictor.model(request.model), None, _parameters(work, request))
        record = self.predictor.repository.open(request.recording)
        model = self.predictor.model(request.model, record.kind)
        cutter = Cutter(record, model.card, record.lead_index(request.lead))
        if request.at is None:
            return self._of_recording(work, model, cutter, request)
        inputs = cutter.window(request.at).input
        # Methods may read where beats are; a task whose parameters have no such field does not.
        known = {"marks": window_marks(cutter, request.at)} if "marks" in work.Parameters.model_fields else {}
        return work.ask(model, inputs, _parameters(work, request, **known))

    def _of_recording(self, work: Task[Any, Any], model: Model, cutter: Cutter, request: TaskRequest) -> Question[Any]:
        inputs, valid = cutter.together(range(len(cutter.anchors)))
        if not valid.any():
            raise InvalidError(f"{model.card.id} reads no window of {cutter.record.id}", field="recording")
        return work.ask(model, inputs[valid], _parameters(work, request))


def in_short() -> list[TaskResponse]:
    """Every task as it is listed."""
    return [
        TaskResponse(
            name=name,
            title=work.title,
            scope=work.scope,
            version=work.version,
            parameters=work.Parameters.model_json_schema(),
        )
        for name, work in tasks().items()
    ]


def _check_scope(work: Task[Any, Any], request: TaskRequest) -> None:
    """InvalidError where a request names less than the task's scope asks for, or more."""
    named = {name for name in ("recording", "at", "lead") if getattr(request, name) is not None}
    needed = set(NEEDS[work.scope])
    allowed = needed | ({"lead"} if needed else set())
    for name in sorted(needed - named):
        raise InvalidError(f"{work.title} is asked of a {work.scope}: name its {name!r}", field=name)
    for name in sorted(named - allowed):
        raise InvalidError(f"{work.title} is asked of a {work.scope}: {name!r} decides nothing", field=name)


def _parameters(work: Task[Any, Any], request: TaskRequest, **known: Any) -> Any:
    """The task's parameters; InvalidError names the first that does not fit."""
    try:
        return work.Parameters.model_validate(request.parameters | known)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"])) or "parameters"
        options = tuple(work.Parameters.model_fields)
        raise InvalidError(f"{work.title}: {field}: {first['msg']}", field=field, options=options) from error


def _read(status: Status, work: Task[Any, Any]) -> StatusOf[Any]:
    """A status with its result as the task's; NotFoundError for the id of something else."""
    kind: type[BaseModel] = work.Result
    try:
        return status.of(kind)
    except ValidationError as error:
        raise NotFoundError(f"{status.id!r} is no {work.name}", field="id") from error
