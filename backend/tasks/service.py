"""Tasks: one question of any kind is made, answered here or by the workers, and looked up again; equal work once."""

import logging
import threading
from collections.abc import AsyncGenerator
from contextlib import suppress
from typing import Any

from cachetools import LRUCache
from pydantic import BaseModel, ValidationError
from starlette.concurrency import run_in_threadpool

from backend.errors import ConflictError, UnavailableError
from backend.events import PING, once
from backend.leaving import Left
from backend.predictions.answers import class_index
from backend.predictions.service import Predictor
from backend.tasks.requests import parameters_of, parsed, request_of
from backend.tasks.result_cache import ResultCache
from backend.tasks.schemas import TaskRequest, TaskResponse
from backend.tasks.scopes import Subject, access
from models.errors import NotFoundError
from models.explainers import Explainer
from models.explanations.explanation import Explanation
from models.memory import Memory, SingleFlight
from models.tasks import Question, Task, tasks
from models.tasks.explanation import EXPLANATION
from workers.errors import QueueUnavailableError, redis_as_domain_error
from workers.queue import Queue
from workers.requests import JobRequest
from workers.status import Status, StatusOf, Urgency

Work = Task[Any, Any]
Answer = bytes | StatusOf[Any]  # bytes: the JSON of a status that is done

OTHER = "Its result was kept by another version of Beatlens, and cannot be read. Start it again."
log = logging.getLogger("beatlens.api")

DROPPED = 1000  # jobs remembered as dropped


class TaskService:
    """Ask for, look up, cancel and drop work of any task."""

    def __init__(self, predictor: Predictor, queue: Queue | None) -> None:
        self.predictor = predictor
        self.queue = queue
        self.result_cache = ResultCache()
        self._outputs: Memory[int] = Memory("answers", lambda _: 0)
        self._flights: SingleFlight[bytes] = SingleFlight()
        self._dropped: LRUCache[str, StatusOf[Any]] = LRUCache(DROPPED)
        self._lock = threading.Lock()  # of what was dropped

    def ask(self, work: Work, request: TaskRequest) -> Answer:
        """The result if it is instant or known, else where the job stands."""
        subject, values = access(work).subject(self.predictor, request, work), parameters_of(work, request)
        if "target" in values:
            values["target"] = class_index(subject.model, values["target"])
        values = work.named(values, self._explanation)
        return self.answer(self.question(work, subject, values), request.urgency, request.start)

    def question(self, work: Work, subject: Subject, values: dict[str, Any]) -> Question[Any]:
        """A question of a subject; the model's output stands for a class that is not named."""
        model, inputs, given = subject.model, subject.inputs, dict(values)
        if given.get("target", 0) is None and inputs is not None and work.scope == "window":
            key = (model.card.id, model.weights_sha256, inputs.tobytes())
            given["target"] = self._outputs.get(key, lambda: int(model.logits(inputs[None])[0].argmax()))
        given |= subject.known
        if "marks" in work.Parameters.model_fields and (work.reads_marks or _reads(values, "marks")):
            given["marks"] = subject.marks()
        if "usual" in work.Parameters.model_fields and any(_reads_usual(value) for value in values.values()):
            usual = subject.usual()
            given["usual"] = None if usual is None else usual.tolist()
        return work.ask(model, inputs, parsed(work.Parameters, given))

    def answer(self, question: Question[Any], urgency: Urgency, start: bool = True) -> Answer:
        """The result if it is instant or known, else where its job stands; NotFoundError where none may start."""
        work: Work = question.task
        if kept := self.result_cache.body(work.name, question.id):
            return kept
        if known := work.known(question, self._explanation_made):
            return self._keep(work, known)
        if work.instant(question):
            return self._flights.get(question.id, lambda: self._keep(work, question.run()))
        if not start:
            return self.current(work, question.id)
        queue, request = self._queue_for(question), JobRequest.of(question)
        status = queue.submit(request, urgency)
        if status.status == "done" and not _readable(work, status):
            with redis_as_domain_error():
                queue.cache.forget([question.id])
            status = queue.submit(request, urgency)
        return self.note(work, status)

    def current(self, work: Work, id: str) -> Answer:
        """What is known of an answer, as it is sent; NotFoundError where nothing is."""
        if kept := self.result_cache.body(work.name, id):
            return kept
        status = self.queue.status(id) if self.queue else None
        if status is None and (dropped := self._was_dropped(id)):
            return dropped
        if status is None:
            raise NotFoundError(f"Unknown {work.name} {id!r}: it was never asked for here, or long ago", field="id")
        return self.note(work, status)

    def status(self, work: Work, id: str) -> StatusOf[Any]:
        """The same, with its result read."""
        found = self.current(work, id)
        return StatusOf[Any].model_validate_json(found).of(work.Result) if isinstance(found, bytes) else found

    async def follow(self, work: Work, id: str, follower: str | None = None) -> AsyncGenerator[StatusOf[Any]]:
        """Each change of a job until it has ended; NotFoundError where nothing is known of it."""
        status: StatusOf[Any] = await run_in_threadpool(self.status, work, id)
        if status.ended or self.queue is None:
            return once(status)
        return self.queue.events(id, ping=PING, follower=follower)

    def cancel(self, work: Work, id: str) -> Answer:
        """Stop it for everybody who asked; what has ended stays as it is."""
        if self.queue and not self.result_cache.body(work.name, id):
            self.queue.cancel(id)
        return self.current(work, id)

    def drop(self, work: Work, id: str, left: Left) -> Answer:
        """Drop what somebody no longer waits for; else where it stands. What is unknown was dropped before."""
        if not (self.queue and not self.result_cache.body(work.name, id) and left.of(self.queue, id)):
            with suppress(NotFoundError):
                return self.current(work, id)
        dropped: StatusOf[Any] = StatusOf(id=id, status="cancelled")
        with self._lock:
            self._dropped[id] = dropped
        return dropped

    def _explanation(self, id: str) -> Explanation:
        """An explanation by its id; NotFoundError where nothing is known of it, ConflictError where it is not there."""
        found = self.status(EXPLANATION, id)
        if found.result is None:
            raise ConflictError(f"Explanation {id} is {found.status}: ask again once it is done", field="explanations")
        made: Explanation = found.result
        return made

    def _explanation_made(self, id: str) -> Explanation | None:
        """The same; None where it is not there."""
        with suppress(NotFoundError):
            return self.status(EXPLANATION, id).result
        return None

    def _was_dropped(self, id: str) -> StatusOf[Any] | None:
        """The status of a job dropped a while ago: who was on the way to look hears what became of it."""
        with self._lock:
            return self._dropped.get(id)

    def note(self, work: Work, status: Status) -> Answer:
        """Read and remember a result that passes by."""
        if not _readable(work, status):
            return StatusOf(id=status.id, status="failed", error=OTHER)
        if status.result is None:
            return status
        result: BaseModel = work.Result.model_validate(status.result)
        return self.result_cache.put(work.name, status.id, result)

    def _keep(self, work: Work, result: Any) -> bytes:
        """Keep an instant result here, and in Redis where there is one."""
        if self.queue:
            try:
                with redis_as_domain_error():
                    self.queue.cache.put(result.id, result)
            except QueueUnavailableError as error:
                log.warning("an instant result is kept in this process only: %s", error)
        return self.result_cache.put(work.name, result.id, result)

    def _queue_for(self, question: Question[Any]) -> Queue:
        if self.queue is None:
            work: Work = question.task
            needs = f"{work.subject(question)} needs the queue, and no Redis is set (BEATLENS_REDIS_URL)"
            options = work.instant_options(question.model)
            rest = f". Without it there are {', '.join(options)}" if options else ""
            raise UnavailableError(needs + rest, field="explainer" if options else None, options=options)
        return self.queue


def _reads(values: dict[str, Any], name: str) -> bool:
    """Whether a method among the parameters reads marks or segments."""
    return any(isinstance(value, Explainer) and name in value.reads for value in values.values())


def _reads_usual(value: Any) -> bool:
    """Whether a parameter is a method that compares the window with the recording's usual one."""
    return isinstance(value, Explainer) and value.reads_usual


def _readable(work: Work, status: Status) -> bool:
    """Whether a result, if there is one, is this task's."""
    try:
        status.of(work.Result)
    except ValidationError:
        return False
    return True


def in_short() -> list[TaskResponse]:
    """Every task as it is listed."""
    return [
        TaskResponse(
            name=name,
            title=work.title,
            scope=work.scope,
            version=work.version,
            request=request_of(work).model_json_schema(),
            result=work.Result.model_json_schema(mode="serialization"),
        )
        for name, work in tasks().items()
    ]
