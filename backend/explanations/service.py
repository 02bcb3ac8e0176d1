"""Explanations: instant methods answered here, the others by the workers; equal work done once."""

import logging
import threading
from collections import OrderedDict

from backend.errors import UnavailableError
from backend.explanations.schemas import ExplainerOut, ExplanationAsk
from backend.predictions.service import Predictor, class_index
from models.errors import NotFoundError, UnsupportedError
from models.explainers import Explainer, explainers
from models.explaining import explain, explanation_id
from models.explanation import Explanation
from models.records.lru import Lru
from workers.errors import QueueUnavailableError, redis_as_domain_error
from workers.queue import Queue
from workers.requests import ExplanationRequest
from workers.status import Status, StatusOf

log = logging.getLogger("beatlens.api")
KEPT = 512  # explanations kept in this process: a link can freeze them even where Redis has gone


class Recent:
    """The results last seen by this process; safe among threads."""

    def __init__(self, limit: int = KEPT) -> None:
        self.limit = limit
        self._kept: OrderedDict[str, Explanation] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id: str) -> Explanation | None:
        """The result, if it is still here."""
        with self._lock:
            if id in self._kept:
                self._kept.move_to_end(id)
            return self._kept.get(id)

    def put(self, explanation: Explanation) -> None:
        """Keep it; the one unused for longest goes."""
        with self._lock:
            self._kept[explanation.id] = explanation
            self._kept.move_to_end(explanation.id)
            while len(self._kept) > self.limit:
                self._kept.popitem(last=False)


class Explanations:
    """Ask for, look up and cancel explanations."""

    def __init__(self, predictor: Predictor, queue: Queue | None) -> None:
        self.predictor = predictor
        self.queue = queue
        self.recent = Recent()
        self._flights: Lru[Explanation] = Lru(1)  # only so that equal instant work at the same time is done once

    def ask(self, request: ExplanationAsk) -> StatusOf[Explanation]:
        """The result if it is instant or known, else where the job stands."""
        place = self.predictor.place(request.recording, request.beat, request.lead, request.model)
        model, method = place.model, request.explainer
        if reason := method.unsupported(model.network):
            raise UnsupportedError(f"{method.title} cannot explain {model.card.id}: {reason}", field="explainer")
        target = class_index(model, request.target)
        inputs = place.window().input
        id = explanation_id(model, inputs, target, method)
        if kept := self.recent.get(id):
            return done(kept)
        if method.cost == "instant":
            return done(self._flights.get(id, lambda: self._keep(explain(model, inputs, target, method))))
        work = ExplanationRequest.of(
            id=id,
            model=model.card.id,
            weights_sha256=model.weights_sha256,
            inputs=inputs,
            target=target,
            explainer=method.model_dump(mode="json"),
        )
        return self.note(self._queue_for(method).submit(work, request.urgency))

    def status(self, id: str) -> StatusOf[Explanation]:
        """What is known of the explanation; NotFoundError where nothing is."""
        if kept := self.recent.get(id):
            return done(kept)
        status = self.queue.status(id) if self.queue else None
        if status is None:
            raise NotFoundError(f"Unknown explanation {id!r}: it was never asked for here, or long ago", field="id")
        return self.note(status)

    def cancel(self, id: str) -> StatusOf[Explanation]:
        """Stop it for everybody who asked; what has ended stays as it is."""
        if self.queue and not self.recent.get(id):
            self.queue.cancel(id)
        return self.status(id)

    def drop(self, id: str) -> StatusOf[Explanation]:
        """Forget it if it waits as a prefetch; else where it stands."""
        if self.queue and self.queue.drop(id):
            return StatusOf(id=id, status="cancelled")
        return self.status(id)

    def note(self, status: Status) -> StatusOf[Explanation]:
        """Read and remember a result that passes by."""
        read = status.of(Explanation)
        if read.result is not None:
            self.recent.put(read.result)
        return read

    def _keep(self, result: Explanation) -> Explanation:
        """Keep an instant result here, and in Redis where there is one."""
        self.recent.put(result)
        if self.queue:
            try:
                with redis_as_domain_error():
                    self.queue.cache.put(result.id, result)
            except QueueUnavailableError as error:
                log.warning("an instant result is kept in this process only: %s", error)
        return result

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


def done(result: Explanation) -> StatusOf[Explanation]:
    """The status of something finished."""
    return StatusOf(id=result.id, status="done", result=result)


def methods() -> list[ExplainerOut]:
    """Every method with its JSON Schema, the instant ones first."""
    return [
        ExplainerOut(
            method=name,
            title=kind.title,
            summary=kind.summary,
            source=kind.source,
            cost=kind.cost,
            signed=kind.signed,
            unit=kind.unit,
            version=kind.version,
            parameters=kind.model_json_schema(),
        )
        for name, kind in explainers().items()
    ]
