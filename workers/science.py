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
from workers.chunks import ChunkRequest
from workers.errors import CancelledError
from workers.requests import ExplanationRequest, PredictRequest, TrustRequest, WindowsRequest

if TYPE_CHECKING:  # importing them would import torch, which a worker does when it warms up
    from models.explainers.base import Report
    from models.predicting import Probabilities
    from models.trust import Trust
    from models.zoo import Model

log = logging.getLogger("beatlens.worker")


def _enough(_: object) -> None:
    raise CancelledError("rehearsed")


class Science:
    """Answers requests with the zoo's models; `folders` hold further models."""

    device = "cpu"

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self.folders = tuple(folders)
        self.loaded: list[str] = []

    def warm(self) -> None:
        """Load every network and rehearse, so that the first person waits no longer than the second."""
        import torch

        from models import zoo

        torch.set_num_threads(1)  # two threads on one busy core are 100 times slower: scale by workers
        began = time.monotonic()
        for name in zoo.names(self.folders):
            try:
                self._rehearse(self._model(name))
            except DomainError as error:  # its requests will fail with this text; the others are served
                log.error("%s is left out: %s", name, error)
        log.info("warm after %.1f s: %s", time.monotonic() - began, ", ".join(self.loaded) or "no model")

    def explain(self, request: ExplanationRequest, report: "Report") -> Explanation:
        """One explanation; InvalidError if this worker's weights or code would answer something else."""
        from models.explainers import parse
        from models.explaining import explain

        model = self.model_for(request)
        result = explain(model, request.inputs(), request.target, parse(request.explainer), report)
        self._agree(result, request.id)
        return result

    def explain_many(self, request: ChunkRequest, rows: Sequence[int], report: "Report") -> list[Explanation]:
        """The explanations of these rows of a chunk; InvalidError as for `explain`."""
        from models.explainers import parse
        from models.explaining import explain_many

        model, some = self.model_for(request), list(rows)
        targets = [request.targets[row] for row in some]
        results = explain_many(model, request.inputs()[some], targets, parse(request.explainer), report)
        for row, result in zip(some, results, strict=True):
            self._agree(result, request.ids[row])
        return results

    def trust(self, request: TrustRequest, report: "Report") -> "Trust":
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

    def predict(self, request: PredictRequest, _: "Report") -> "Probabilities":
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

    def model_for(self, request: WindowsRequest) -> "Model":
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
        """Run the network once, and each queued method up to its first report: what they import is then there."""
        from models.explainers import explainers
        from models.explaining import explain

        spec = model.card.input
        inputs = np.zeros((spec.leads, spec.window.samples), np.float32)
        model.logits(inputs[None])
        for kind in explainers().values():
            if kind.cost == "queued" and kind.unsupported(model.network) is None:
                with suppress(CancelledError):
                    explain(model, inputs, 0, kind(method=kind.model_fields["method"].default), _enough)
