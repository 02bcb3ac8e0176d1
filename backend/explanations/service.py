"""Explanations: instant methods answered here, the others by the workers; equal work done once."""

import logging
from contextlib import suppress

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from backend.errors import UnavailableError
from backend.explanations.result_cache import ResultCache
from backend.explanations.schemas import ExplainerResponse, ExplanationRequest
from backend.leaving import Left
from backend.predictions.service import Predictor, WindowContext, class_index
from memory import Memory, SingleFlight
from models.errors import NotFoundError
from models.explainers import Explainer, explainers
from models.explanation import Explanation
from models.signals.window_marks import window_marks
from models.tasks import Question
from models.tasks.explanation import EXPLANATION, ExplanationParameters
from models.zoo import Model
from workers.errors import QueueUnavailableError, redis_as_domain_error
from workers.queue import Queue
from workers.requests import JobRequest
from workers.status import Status, StatusOf

Floats = NDArray[np.float32]
Answer = bytes | StatusOf[Explanation]  # bytes: the JSON of a status that is done

OTHER = "Its result was kept by another version of Beatlens, and cannot be read. Start it again."
log = logging.getLogger("beatlens.api")


class Explanations:
    """Ask for, look up and cancel explanations."""

    def __init__(self, predictor: Predictor, queue: Queue | None) -> None:
        self.predictor = predictor
        self.queue = queue
        self.result_cache = ResultCache()
        self._outputs: Memory[int] = Memory("answers", lambda _: 0)
        self._flights: SingleFlight[bytes] = SingleFlight()

    def ask(self, request: ExplanationRequest) -> Answer:
        """The result if it is instant or known, else where the job stands."""
        context = self.predictor.resolve_window(request.recording, request.at, request.lead, request.model)
        question = self.question(context, class_index(context.model, request.target), request.explainer)
        if kept := self.result_cache.body(question.id):
            return kept
        if request.explainer.cost == "instant":
            return self._flights.get(question.id, lambda: self._keep(question.run()))
        queue = self._queue_for(request.explainer)
        return self.note(queue.submit(JobRequest.of(question), request.urgency))

    def question(self, context: WindowContext, target: int | None, method: Explainer) -> Question[Explanation]:
        """What the method finds in a window for a class index (None: the model's output)."""
        inputs = context.window().input
        marks = window_marks(context.cutter, context.at) if "marks" in method.reads else None
        asked = ExplanationParameters(target=self._target(context.model, inputs, target), explainer=method, marks=marks)
        return EXPLANATION.ask(context.model, inputs, asked)

    def status(self, id: str) -> StatusOf[Explanation]:
        """What is known of the explanation; NotFoundError where nothing is."""
        found = self.look(id)
        return StatusOf[Explanation].model_validate_json(found) if isinstance(found, bytes) else found

    def look(self, id: str) -> Answer:
        """The same as it is sent."""
        if kept := self.result_cache.body(id):
            return kept
        status = self.queue.status(id) if self.queue else None
        if status is None:
            raise NotFoundError(f"Unknown explanation {id!r}: it was never asked for here, or long ago", field="id")
        return self.note(status)

    def cancel(self, id: str) -> Answer:
        """Stop it for everybody who asked; what has ended stays as it is."""
        if self.queue and not self.result_cache.body(id):
            self.queue.cancel(id)
        return self.look(id)

    def drop(self, id: str, left: Left) -> Answer:
        """Drop what somebody no longer waits for; else where it stands. What is unknown was dropped before."""
        if not (self.queue and not self.result_cache.body(id) and left.of(self.queue, id)):
            with suppress(NotFoundError):
                return self.look(id)
        return StatusOf(id=id, status="cancelled")

    def note(self, status: Status) -> Answer:
        """Read and remember a result that passes by."""
        try:
            read = status.of(Explanation)
        except ValidationError:
            if self.queue:
                self.queue.cache.forget([status.id])
            return StatusOf(id=status.id, status="failed", error=OTHER)
        return read if read.result is None else self.result_cache.put(read.result)

    def _target(self, model: Model, inputs: Floats, target: int | None) -> int:
        """The class to explain; the model's output for inputs [leads, samples] is asked for once."""
        if target is not None:
            return target
        key = (model.card.id, model.weights_sha256, inputs.tobytes())
        return self._outputs.get(key, lambda: int(model.logits(inputs[None])[0].argmax()))

    def _keep(self, result: Explanation) -> bytes:
        """Keep an instant result here, and in Redis where there is one."""
        if self.queue:
            try:
                with redis_as_domain_error():
                    self.queue.cache.put(result.id, result)
            except QueueUnavailableError as error:
                log.warning("an instant result is kept in this process only: %s", error)
        return self.result_cache.put(result)

    def _queue_for(self, method: Explainer) -> Queue:
        instant = tuple(name for name, kind in explainers().items() if kind.cost == "instant")
        if self.queue is None:
            raise UnavailableError(
                f"{method.title} needs the queue, and no Redis is set (BEATLENS_REDIS_URL). "
                f"Without it there are {', '.join(instant)}",
                field="explainer",
                options=instant,
            )
        return self.queue


def methods() -> list[ExplainerResponse]:
    """Every method with its JSON Schema, the instant ones first."""
    return [
        ExplainerResponse(
            method=name,
            title=kind.title,
            summary=kind.summary,
            source=kind.source,
            cost=kind.cost,
            roles=list(kind.roles),
            has_relevance="relevance" in kind.roles,
            needs=[need.__name__ for need in kind.needs],
            reads=list(kind.reads),
            default_slot=kind.default_slot,
            full_scale=kind.full_scale,
            measured_scale=kind.measured_scale,
            wording=kind.wording,
            signed=kind.signed,
            unit=kind.unit,
            version=kind.version,
            parameters=kind.model_json_schema(),
        )
        for name, kind in explainers().items()
    ]
