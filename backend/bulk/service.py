"""From beats of a recording to windows that workers explain."""

import threading
from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from backend.blinding.intervals import extents
from backend.bulk.schemas import BulkRequest, BulkResultsResponse
from backend.errors import UnavailableError
from backend.predictions.outputs import Outputs
from backend.predictions.service import Predictor, class_index
from models.errors import InvalidError, NotFoundError
from models.signals.window_marks import window_marks
from models.signals.windows import VALUE, Cutter
from models.tasks.explanation import check_supported, explanations
from models.zoo import Model
from workers.bulk import Bulk, BulkStatus, Work
from workers.queue import Queue

T = TypeVar("T")
Edges = NDArray[np.int64]
Hides = Callable[[Edges, Edges], NDArray[np.bool_]]  # starts and ends of windows → which of them are hidden
LARGEST = 64 * 2**20  # bytes of windows that one request may put into Redis


REMEMBERED = 10_000  # bulk requests


def nothing(starts: Edges, ends: Edges) -> NDArray[np.bool_]:
    """No window is hidden."""
    return np.zeros(len(starts), bool)


Seen = tuple[str, str | None, str | None]  # recording, lead, model


class BulkService:
    """Ask for, look up, follow and cancel explanations of many beats."""

    def __init__(self, predictor: Predictor, queue: Queue | None) -> None:
        self.predictor = predictor
        self._bulk = Bulk(queue) if queue else None
        self._asked: LRUCache[str, Seen] = LRUCache(REMEMBERED)
        self._lock = threading.Lock()

    @property
    def bulk(self) -> Bulk:
        """The queue's bulk requests; UnavailableError where there is no queue."""
        if self._bulk is None:
            raise UnavailableError("Explaining many beats needs the queue, and no Redis is set (BEATLENS_REDIS_URL)")
        return self._bulk

    def ask(self, request: BulkRequest, hidden: Hides = nothing) -> BulkStatus:
        """Have the beats explained that are not yet, but for those that are hidden from whoever asks."""
        status = self.bulk.submit(self.work(request, hidden))
        with self._lock:
            self._asked[status.id] = (request.recording, request.lead, request.model)
        return status

    def status(self, id: str) -> BulkStatus:
        """How far a bulk request is."""
        return known(self.bulk.status(id), id)

    def cancel(self, id: str) -> BulkStatus:
        """Cancel a bulk request for everybody who made it."""
        return known(self.bulk.cancel(id), id)

    def results(self, id: str) -> BulkResultsResponse:
        """The explanations that are there by now."""
        found = known(self.bulk.results(id), id)
        return BulkResultsResponse(samples=[sample for sample, _ in found], ids=[found_id for _, found_id in found])

    def seen_in(self, id: str) -> Seen:
        """Recording, lead and model of a request; NotFoundError where it was made in another process, or long ago."""
        with self._lock:
            return known(self._asked.get(id), id)

    def events(self, id: str) -> AsyncGenerator[BulkStatus]:
        """How far a bulk request is, with each change."""
        return self.bulk.events(id)

    def work(self, request: BulkRequest, hidden: Hides = nothing) -> Work:
        """The windows that the request names."""
        record = self.predictor.repository.open(request.recording)
        lead = record.lead_index(request.lead)
        model, method = self.predictor.model(request.model), request.explainer
        check_supported(model, method)
        target = class_index(model, request.target)
        cutter = Cutter(record, model.card, lead)
        outputs, samples = self.predictor.outputs(record, lead, model), cutter.anchors.samples
        rows = chosen(request, model, cutter, outputs)
        starts, ends = extents(cutter.anchors)
        rows = rows[~hidden(starts[rows], ends[rows])]
        seen = rows[outputs.valid[rows]]
        if cutter.anchors.lengths[seen].sum() * model.card.input.leads * VALUE > LARGEST:
            message = f"{len(seen)} windows of {model.card.id} are more than {LARGEST >> 20} MB: ask for fewer beats"
            raise InvalidError(message, field="which")
        inputs, alike = cutter.together(seen)
        inputs, seen = inputs[alike], seen[alike]
        answers = outputs.probabilities[seen].argmax(axis=1).tolist()
        targets = answers if target is None else [target] * len(seen)
        marks = [window_marks(cutter, int(samples[row])) for row in seen] if "marks" in method.reads else None
        questions = explanations(model, inputs, targets, method, marks)
        named = {row: question.id for row, question in zip(seen.tolist(), questions, strict=True)}
        return Work(questions, asked=[(int(samples[row]), named.get(row)) for row in rows.tolist()])


def chosen(request: BulkRequest, model: Model, cutter: Cutter, outputs: Outputs) -> NDArray[np.intp]:
    """Indices of the beats that are asked for."""
    if isinstance(request.which, list):
        return np.array([cutter.row(sample) for sample in dict.fromkeys(request.which)], dtype=np.intp)
    if request.which == "all":
        return np.arange(len(cutter.anchors), dtype=np.intp)
    try:
        wanted = class_index(model, request.which)
    except InvalidError as error:
        raise InvalidError(str(error), field="which", options=("all", *error.options)) from error
    return np.flatnonzero(outputs.valid & outputs.spec.given(outputs.probabilities)[:, wanted])


def _unknown(id: str) -> NotFoundError:
    return NotFoundError(f"Unknown request {id!r}: it was never made here, or long ago", field="id")


def known(found: T | None, id: str) -> T:
    """The value found; NotFoundError where there is none."""
    if found is None:
        raise _unknown(id)
    return found
