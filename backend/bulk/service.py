"""From beats of a recording to windows that workers explain."""

from collections.abc import AsyncGenerator, Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from backend.bulk.schemas import BulkRequest, BulkResults
from backend.errors import UnavailableError
from backend.predictions.service import Outputs, Predictor, class_index, leads_for
from backend.recordings.service import locate
from models.errors import InvalidError, NotFoundError
from models.explaining import check_supported, explanation_ids
from models.signals.beats import Beats
from models.signals.windows import cut_all, prepare
from models.zoo import Model
from workers.bulk import Bulk, BulkStatus, Work
from workers.queue import Queue

T = TypeVar("T")
Hides = Callable[[NDArray[np.int64]], NDArray[np.bool_]]  # samples of beats → which of them are hidden
LARGEST = 64 * 2**20  # bytes of windows that one request may put into Redis


def nothing(samples: NDArray[np.int64]) -> NDArray[np.bool_]:
    """No beat is hidden."""
    return np.zeros(len(samples), bool)


class BulkService:
    """Ask for, look up, follow and cancel explanations of many beats."""

    def __init__(self, predictor: Predictor, queue: Queue | None) -> None:
        self.predictor = predictor
        self._bulk = Bulk(queue) if queue else None

    @property
    def bulk(self) -> Bulk:
        """What the queue knows of them; UnavailableError where there is none."""
        if self._bulk is None:
            raise UnavailableError("Explaining many beats needs the queue, and no Redis is set (BEATLENS_REDIS_URL)")
        return self._bulk

    def ask(self, request: BulkRequest, hidden: Hides = nothing) -> BulkStatus:
        """Have the beats explained that are not yet, but for those that are hidden from whoever asks."""
        return self.bulk.submit(self.work(request, hidden))

    def status(self, id: str) -> BulkStatus:
        """How far it is."""
        return known(self.bulk.status(id), id)

    def cancel(self, id: str) -> BulkStatus:
        """Stop it for everybody who asked."""
        return known(self.bulk.cancel(id), id)

    def results(self, id: str) -> BulkResults:
        """Which explanations are there by now."""
        found = known(self.bulk.results(id), id)
        return BulkResults(samples=[sample for sample, _ in found], ids=[found_id for _, found_id in found])

    def events(self, id: str) -> AsyncGenerator[BulkStatus]:
        """How far it is, again and again."""
        return self.bulk.events(id)

    def work(self, request: BulkRequest, hidden: Hides = nothing) -> Work:
        """The windows that the request names."""
        record = self.predictor.repository.open(request.recording)
        lead = record.lead_index(request.lead)
        model, method = self.predictor.model(request.model), request.explainer
        check_supported(model, method)
        target = class_index(model, request.target)
        beats = self.predictor.repository.beats(record, lead)
        outputs = self.predictor.outputs(record, lead, model)
        rows = chosen(request, model, beats, outputs)
        rows = rows[~hidden(beats.samples[rows])]
        seen = rows[outputs.valid[rows]]
        if len(seen) * model.card.input.leads * model.card.input.window.samples * 4 > LARGEST:
            message = f"{len(seen)} windows of {model.card.id} are more than {LARGEST >> 20} MB: ask for fewer beats"
            raise InvalidError(message, field="which")
        inputs, _ = cut_all(prepare(record, leads_for(model, record, lead), model.card.input), beats.r[seen])
        answers = outputs.probabilities[seen].argmax(axis=1).tolist()
        targets = answers if target is None else [target] * len(seen)
        ids = explanation_ids(model, inputs, targets, method)
        named = dict(zip(seen.tolist(), ids, strict=True))
        return Work(
            model=model.card.id,
            weights_sha256=model.weights_sha256,
            explainer=method.model_dump(mode="json"),
            ids=ids,
            targets=targets,
            inputs=inputs,
            asked=[(int(beats.samples[row]), named.get(row)) for row in rows.tolist()],
        )


def chosen(request: BulkRequest, model: Model, beats: Beats, outputs: Outputs) -> NDArray[np.intp]:
    """Indices of the beats that are asked for."""
    if isinstance(request.which, list):
        return np.array([locate(beats, sample) for sample in dict.fromkeys(request.which)], dtype=np.intp)
    if request.which == "all":
        return np.arange(len(beats), dtype=np.intp)
    try:
        wanted = class_index(model, request.which)
    except InvalidError as error:
        raise InvalidError(str(error), field="which", options=("all", *error.options)) from error
    return np.flatnonzero(outputs.valid & (outputs.probabilities.argmax(axis=1) == wanted))


def known(found: T | None, id: str) -> T:
    """What was found; NotFoundError where it is nothing."""
    if found is None:
        raise NotFoundError(f"Unknown request {id!r}: it was never made here, or long ago", field="id")
    return found
