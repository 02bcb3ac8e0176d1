"""The models' side of a worker: networks loaded once and checked against each request."""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import BaseModel

from models.errors import DomainError, InvalidError
from workers.chunks import ChunkJob, work_of
from workers.errors import CancelledError
from workers.requests import JobRequest
from workers.status_store import Speed

if TYPE_CHECKING:  # importing them would import torch, which a worker does when it warms up
    from models.explainers.base import Explainer, Progress, Report
    from models.explainers.tracks import Floats
    from models.zoo import Model

log = logging.getLogger("beatlens.worker")
REHEARSAL = 0.3  # seconds that a method runs to measure its speed
GPU_BLOCK = 256  # windows


class Science:
    """Answers requests with the zoo's models; `folders` hold further models."""

    device = "cpu"
    block = 1  # windows that it is best given at once

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self.folders = tuple(folders)
        self.loaded: list[str] = []
        self.speeds: dict[str, Speed] = {}  # by the name of the work

    def warm(self) -> None:
        """Load every network and rehearse, so that the first person waits no longer than the second."""
        import torch

        from models import zoo

        torch.set_num_threads(1)  # two threads on one busy core are 100 times slower: scale by workers
        self.device, self.block = _machine()
        began = time.monotonic()
        for name in zoo.names(self.folders):
            try:
                self._rehearse(self._model(name))
            except DomainError as error:  # its requests will fail with this text; the others are served
                log.error("%s is left out: %s", name, error)
        log.info("warm after %.1f s: %s", time.monotonic() - began, ", ".join(self.loaded) or "no model")

    def answer(self, request: JobRequest, report: "Report") -> BaseModel:
        """The answer to one question; InvalidError if this worker's weights or code would answer something else."""
        from models.tasks import task

        work = task(request.task)
        asked = work.Parameters.model_validate(request.parameters)
        question = work.ask(self.model_for(request), request.inputs(), asked)
        self._agree(request, question.id, request.id)
        found: BaseModel = question.run(report)
        return found

    def answer_many(self, request: ChunkJob, rows: Sequence[int], report: "Report") -> list[BaseModel]:
        """The answers to these rows of a chunk; InvalidError as for `answer`."""
        from models.tasks import task

        work, inputs, some = task(request.task), request.inputs(), list(rows)
        asked = [work.Parameters.model_validate(request.parameters | request.own[row]) for row in some]
        questions = work.ask_many(self.model_for(request), None if inputs is None else inputs[some], asked)
        for row, question in zip(some, questions, strict=True):
            self._agree(request, question.id, request.ids[row])
        return work.run_many(questions, report)

    @staticmethod
    def _agree(request: JobRequest, own: str, id: str) -> None:
        if own != id:
            raise InvalidError(
                f"The worker takes the {request.words} for {own}, the request is for {id}: "
                "restart the workers with the service's version"
            )

    def model_for(self, request: JobRequest) -> "Model":
        """The model that is asked; InvalidError if this worker holds other weights of that name."""
        model = self._model(request.model)
        if model.weights_sha256 != request.weights_sha256:
            raise InvalidError(
                f"The worker's weights of {request.model!r} are {model.weights_sha256[:12]}…, the request is for "
                f"{request.weights_sha256[:12]}…: restart the workers with the service's version"
            )
        return model

    def _model(self, name: str) -> "Model":
        from models import zoo

        model = zoo.load(name, self.folders)
        if name not in self.loaded:
            self.loaded.append(name)
        return model

    def _rehearse(self, model: "Model") -> None:
        """Run the network once, and each queued method for a moment: what they import is then there."""
        from models.explainers import explainers

        spec = model.card.input
        shape = (self.block, spec.leads, spec.window.bounds[1])
        inputs = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        model.logits(inputs)
        for name, kind in explainers().items():
            if kind.cost == "queued" and kind.unsupported(model.network) is None:
                work, speed = measured(model, kind(method=name), inputs)
                self.speeds[work] = speed


def measured(model: "Model", method: "Explainer", inputs: "Floats") -> tuple[str, Speed]:
    """How fast a method is with inputs [windows, leads, samples] at once, and with the first of them alone."""
    from models.tasks.explanation import EXPLANATION, explanations

    questions = explanations(model, inputs, [0] * len(inputs), method)
    rates = []
    for some in (questions, questions[:1]):
        rehearsal = Rehearsal()
        with suppress(CancelledError):
            EXPLANATION.run_many(some, rehearsal)
        rates.append(rehearsal.speed(len(some)))
    first = questions[0]
    shared = first.parameters.model_dump(mode="json")
    return work_of(first.task.name, model.weights_sha256, shared, inputs.shape[1:]), Speed(
        model=model.card.id,
        method=method.method,
        per_second=rates[0],
        pace=first.pace,
        samples_per_second=float(f"{rates[1] * (first.effort or 0.0):.3g}"),
    )


class Rehearsal:
    """The `report` of a rehearsal: lets it run for a moment after its first report, and knows how fast that was."""

    def __init__(self, seconds: float = REHEARSAL) -> None:
        self.seconds = seconds  # after the first report
        self.seen: list[tuple[float, float]] = [(time.perf_counter(), 0.0)]  # when, and which fraction was done

    def __call__(self, progress: "Progress") -> None:
        """Take note of one report."""
        self.seen.append((time.perf_counter(), progress.fraction))
        if self.seen[-1][0] - self.seen[1][0] > self.seconds:
            raise CancelledError("rehearsed")

    def speed(self, windows: int) -> float:
        """Windows per second; the first report, before which everything was loaded, is left out where others follow."""
        (began, before), (ended, after) = self.seen[1 if len(self.seen) > 2 else 0], self.seen[-1]
        return float(f"{windows * (after - before) / (ended - began):.3g}")


def _machine() -> tuple[str, int]:
    """The device, and how many windows at once fill it."""
    import torch

    from models.explainers import engine

    if engine.device().type == "cuda":
        return f"cuda: {torch.cuda.get_device_name()}", GPU_BLOCK
    from models.kernels.tile import BLOCK

    return "cpu", BLOCK
