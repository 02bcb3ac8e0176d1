"""A model's outputs for the windows of one recording: computed here, or by the workers chunk by chunk."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from backend.json_numbers import numbers
from models.cards import OutputSpec
from models.errors import DomainError
from models.signals.windows import Cutter
from models.tasks.prediction import Probabilities, prediction
from models.zoo import Model
from workers.queue import Queue
from workers.requests import JobRequest
from workers.status import Urgency

Floats = NDArray[np.float32]
AHEAD = 4  # jobs in the queue at once: each holds its windows in Redis
POLL = 0.1  # s between looks at a job


@dataclass(frozen=True)
class Outputs:
    """A model's outputs for every window of a recording."""

    probabilities: Floats  # [windows, classes], calibrated; zero where not valid
    valid: NDArray[np.bool_]  # [windows]
    spec: OutputSpec

    @cached_property
    def best(self) -> NDArray[np.int64]:
        """Index of the class that is answered [windows]; −1 where there is no answer, or none of the labels."""
        return np.where(self.valid, self.spec.best(self.probabilities), -1)

    @cached_property
    def margins(self) -> Floats:
        """How far each answer is from another [windows]: of classes, largest − second probability."""
        return self.spec.margins(self.probabilities)

    def of(self, rows: NDArray[np.int64]) -> "Outputs":
        """The outputs of these windows alone."""
        return Outputs(self.probabilities[rows], self.valid[rows], self.spec)

    def said(self, symbols: Sequence[str]) -> list[str | None]:
        """The symbol that is answered [windows], of the model's classes in order."""
        return [symbols[i] if i >= 0 else None for i in self.best.tolist()]

    def margins_rounded(self) -> list[float | None]:
        """The margins [windows] as they are sent; None where there is no window."""
        return [value if ok else None for value, ok in zip(numbers(self.margins, 4), self.valid, strict=True)]


def outputs_here(cutter: Cutter, model: Model, done: Callable[[int], object] = lambda _: None) -> Outputs:
    """The outputs, computed in this process; `done` hears of how many more there are."""
    answers = _empty(cutter, model)
    for rows, inputs in cutter.batches():
        answers[rows] = model.probabilities(inputs)
        done(len(rows))
    return Outputs(answers, cutter.valid, model.card.output)


class WorkersOutputs:
    """The outputs, computed by the workers; each chunk's answer is kept in the cache, equal chunks are one job."""

    def __init__(self, queue: Queue, stop: threading.Event) -> None:
        self.queue = queue
        self._stop = stop

    def compute(
        self, cutter: Cutter, model: Model, urgency: Urgency, done: Callable[[int], object] = lambda _: None
    ) -> Outputs:
        """Every window's output; `done` hears of how many more there are. DomainError where a chunk has no answer."""
        answers = _empty(cutter, model)
        ahead: list[tuple[NDArray[np.int64], JobRequest]] = []
        for rows, inputs in cutter.batches():  # about a second of a worker each
            ahead.append((rows, JobRequest.of(prediction(model, inputs), remembered=0)))
            self.queue.submit(ahead[-1][1], urgency)
            if len(ahead) == AHEAD:
                self._take(ahead, answers, urgency, done)
        while ahead:
            self._take(ahead, answers, urgency, done)
        return Outputs(answers, cutter.valid, model.card.output)

    def _take(
        self,
        ahead: list[tuple[NDArray[np.int64], JobRequest]],
        answers: Floats,
        urgency: Urgency,
        done: Callable[[int], object],
    ) -> None:
        rows, request = ahead.pop(0)
        answers[rows] = self._answer(request)
        done(len(rows))

    def _answer(self, request: JobRequest) -> Floats:
        """Wait for the job's answer; DomainError where it has none."""
        while not self._stop.is_set():
            status = self.queue.status(request.id)
            if status is not None and status.result is not None:
                return Probabilities.model_validate(status.result).array()
            if status is None or status.ended:
                raise DomainError((status and status.error) or "the job was lost")
            self._stop.wait(POLL)
        raise DomainError("the service is stopping")


def _empty(cutter: Cutter, model: Model) -> Floats:
    return np.zeros((len(cutter.anchors), len(model.card.classes)), np.float32)
