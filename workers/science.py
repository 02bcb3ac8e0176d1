"""The models' side of a worker: networks loaded once and checked against each request."""

import logging
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from models.errors import DomainError, InvalidError
from models.explanation import Explanation
from workers.chunks import ChunkJob, work_of
from workers.errors import CancelledError
from workers.requests import ExplanationJob, PredictionJob, TrustJob, WindowsJob
from workers.status_store import Speed

if TYPE_CHECKING:  # importing them would import torch, which a worker does when it warms up
    from models.explainers.base import Progress, Report
    from models.predicting import Probabilities
    from models.trust import Trust
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

    def explain(self, request: ExplanationJob, report: "Report") -> Explanation:
        """One explanation; InvalidError if this worker's weights or code would answer something else."""
        from models.explainers import parse
        from models.explaining import explain

        model = self.model_for(request)
        result = explain(model, request.inputs(), request.target, parse(request.explainer), report)
        self._agree(result, request.id)
        return result

    def explain_many(self, request: ChunkJob, rows: Sequence[int], report: "Report") -> list[Explanation]:
        """The explanations of these rows of a chunk; InvalidError as for `explain`."""
        from models.explainers import parse
        from models.explaining import explain_many

        model, some = self.model_for(request), list(rows)
        targets = [request.targets[row] for row in some]
        results = explain_many(model, request.inputs()[some], targets, parse(request.explainer), report)
        for row, result in zip(some, results, strict=True):
            self._agree(result, request.ids[row])
        return results

    def trust(self, request: TrustJob, report: "Report") -> "Trust":
        """Whether a map holds up; InvalidError as for `explain`."""
        from models.evaluation.trust import trust
        from models.explainers import parse

        result = trust(self.model_for(request), request.inputs(), request.target, parse(request.explainer), report)
        if result.id != request.id:
            raise InvalidError(
                f"The worker judges {result.method!r} as {result.id}, the request is for {request.id}: "
                "restart the workers with the service's version"
            )
        return result

    def predict(self, request: PredictionJob, _: "Report") -> "Probabilities":
        """What the model says of many windows; InvalidError as for `explain`."""
        from models.predicting import predict

        result = predict(self.model_for(request), request.inputs())
        if result.id != request.id:
            raise InvalidError(
                f"The worker's {request.model!r} answers {result.id}, the request is for {request.id}: "
                "restart the workers with the service's version"
            )
        return result

    @staticmethod
    def _agree(result: Explanation, id: str) -> None:
        if result.id != id:
            raise InvalidError(
                f"The worker's version of {result.method!r} answers {result.id}, the request is for {id}: "
                "restart the workers with the service's version"
            )

    def model_for(self, request: WindowsJob) -> "Model":
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
        """Run the network once, and a block by each queued method for a moment: what they import is then there."""
        from models.explainers import explainers
        from models.explaining import explain_many

        spec = model.card.input
        shape = (self.block, spec.leads, spec.window.bounds[1])
        inputs = np.random.default_rng(0).normal(size=shape).astype(np.float32)
        model.logits(inputs)
        for name, kind in explainers().items():
            if kind.cost == "queued" and kind.unsupported(model.network) is None:
                method, rehearsal = kind(method=name), Rehearsal()
                with suppress(CancelledError):
                    explain_many(model, inputs, [0] * len(inputs), method, rehearsal)
                work = work_of(model.weights_sha256, method.model_dump(mode="json"), inputs.shape[1:])
                speed = Speed(model=model.card.id, method=name, per_second=rehearsal.speed(len(inputs)))
                self.speeds[work] = speed


class Rehearsal:
    """The `report` of a rehearsal: lets it run for a moment after its first report, and knows how fast that was."""

    def __init__(self, seconds: float = REHEARSAL) -> None:
        self.seconds = seconds
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
