"""From beats of a recording to windows that workers explain."""

from collections.abc import AsyncGenerator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from starlette.concurrency import run_in_threadpool

from backend.blinding.intervals import extents
from backend.bulk.schemas import BulkJobResponse, BulkRequest, BulkResultsResponse
from backend.current_user import User
from backend.errors import ForbiddenError, UnavailableError
from backend.predictions.answers import class_index
from backend.predictions.outputs import Outputs
from backend.predictions.service import Predictor
from models.errors import InvalidError, NotFoundError
from models.signals.window_marks import window_marks
from models.signals.windows import VALUE, Cutter
from models.tasks.explanation import check_supported, explanations
from models.zoo import Model
from workers.bulk import Bulk
from workers.bulk_work import About, BulkStatus, Work
from workers.errors import QueueUnavailableError
from workers.queue import Queue

T = TypeVar("T")
Edges = NDArray[np.int64]
Hides = Callable[[Edges, Edges], NDArray[np.bool_]]  # starts and ends of windows → which of them are hidden
LARGEST = 64 * 2**20  # bytes of windows that one request may put into Redis


def nothing(starts: Edges, ends: Edges) -> NDArray[np.bool_]:
    """No window is hidden."""
    return np.zeros(len(starts), bool)


Seen = tuple[str, str | None, str | None]  # recording, lead, model


class BulkService:
    """Ask for, look up, follow and cancel explanations of many beats."""

    def __init__(self, predictor: Predictor, queue: Queue | None) -> None:
        self.predictor = predictor
        self._bulk = Bulk(queue) if queue else None

    @property
    def bulk(self) -> Bulk:
        """The queue's bulk requests; UnavailableError where there is no queue."""
        if self._bulk is None:
            raise UnavailableError("Explaining many beats needs the queue, and no Redis is set (BEATLENS_REDIS_URL)")
        return self._bulk

    def ask(self, request: BulkRequest, user: User, hidden: Hides = nothing) -> BulkStatus:
        """Have the beats explained that are not yet, but for those that are hidden from whoever asks."""
        about = About(
            recording=request.recording,
            lead=request.lead,
            model=request.model,
            title=title_of(request),
            user_id=user.id,
            user_name=user.name,
        )
        return self.bulk.submit(self.work(request, hidden), about)

    def under_way(self, user: User, recording: str | None = None) -> list[BulkJobResponse]:
        """The requests of everybody that have not ended, the latest first; of one recording, or of all."""
        found: list[tuple[BulkStatus, About]] = []
        if self._bulk is not None:
            with suppress(QueueUnavailableError):  # the health answer tells of a queue that is away
                found = self._bulk.under_way()
        names = {entry.id: entry.name for entry in self.predictor.repository.catalogue.entries()}
        return [
            BulkJobResponse(
                recording=about.recording,
                name=names[about.recording],
                title=about.title,
                started_by=about.user_name,
                created=datetime.fromtimestamp(about.created, UTC),
                may_cancel=may_cancel(user, about),
                progress=status,
            )
            for status, about in found
            if about.recording in names and recording in (None, about.recording)
        ]

    def status(self, id: str) -> BulkStatus:
        """How far a bulk request is."""
        return known(self.bulk.status(id), id)

    def cancel(self, id: str, user: User) -> BulkStatus:
        """Cancel a bulk request for everybody who made it; ForbiddenError for who neither made it nor leads."""
        about = self.bulk.about(id)
        if about is not None and not may_cancel(user, about):
            message = f"{about.user_name} started this: {about.user_name}, a lead or an administrator may cancel it"
            raise ForbiddenError(message)
        return known(self.bulk.cancel(id), id)

    def results(self, id: str) -> BulkResultsResponse:
        """The explanations that are there by now."""
        found = known(self.bulk.results(id), id)
        return BulkResultsResponse(at=[at for at, _ in found], ids=[found_id for _, found_id in found])

    def seen_in(self, id: str) -> Seen:
        """Recording, lead and model of a request; NotFoundError where it was made long ago."""
        about = known(self.bulk.about(id), id)
        return about.recording, about.lead, about.model

    async def follow(self, id: str) -> AsyncGenerator[BulkStatus]:
        """How far a bulk request is, with each change, until it has ended; NotFoundError where nobody knows it."""
        await run_in_threadpool(self.status, id)
        return self.bulk.events(id)

    def work(self, request: BulkRequest, hidden: Hides = nothing) -> Work:
        """The windows that the request names."""
        record = self.predictor.repository.open(request.recording)
        lead = record.lead_index(request.lead)
        model, method = self.predictor.model(request.model, record.kind), request.explainer
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
        usual = cutter.usual if method.reads_usual else None
        questions = explanations(model, inputs, targets, method, marks, usual)
        named = {row: question.id for row, question in zip(seen.tolist(), questions, strict=True)}
        return Work(questions, asked=[(int(samples[row]), named.get(row)) for row in rows.tolist()])


def may_cancel(user: User, about: About) -> bool:
    """Whether the user may cancel a request: one's own, and for who leads everybody's."""
    return user.id == about.user_id or user.may("lead")


def title_of(request: BulkRequest) -> str:
    """The request in words."""
    which = request.which
    beats = f"{len(which):,} beats" if isinstance(which, list) else "every beat" if which == "all" else f"all {which}"
    return f"{request.explainer.title}, {beats}"


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
