"""A part of a request for many explanations: windows that one worker explains in one go, in a second or two."""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from models.errors import DomainError
from models.explanation import Explanation
from workers.requests import WindowsJob

if TYPE_CHECKING:  # importing it would import torch; and tasks imports this
    from models.explainers.base import Report
    from workers.tasks import WorkerContext

log = logging.getLogger("beatlens.worker")


class ChunkJob(WindowsJob):
    """Windows with the ids that their explanations will have."""

    kind: Literal["chunk"] = "chunk"
    shape: tuple[int, int, int]  # windows, leads, samples
    ids: tuple[str, ...]  # of the explanations
    targets: tuple[int, ...]  # class indices
    explainer: dict[str, Any]  # parameters with their `method`

    @property
    def words(self) -> str:
        """What this is, for the log."""
        return f"{self.explainer.get('method')} of {len(self.ids)} windows by {self.model}"

    @property
    def work(self) -> str:
        """Name of work that costs the same for each window."""
        return work_of(self.weights_sha256, self.explainer, self.shape[1:])


class ChunkResult(BaseModel):
    """What became of a chunk; the explanations themselves are in the cache, each under its own id."""

    model_config = ConfigDict(frozen=True)

    computed: int  # windows; the others had been explained before
    failed: dict[str, str]  # explanation → why there is none
    began: float  # seconds since the epoch
    ended: float


def chunk_id(ids: Sequence[str]) -> str:
    """The id of the chunk of these explanations."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:32]


def work_of(weights_sha256: str, explainer: dict[str, Any], shape: Sequence[int]) -> str:
    """Name of explaining windows of `shape` [leads, samples] by one method with one model."""
    return hashlib.sha256(json.dumps([weights_sha256, explainer, list(shape)], sort_keys=True).encode()).hexdigest()[
        :16
    ]


def answer(context: "WorkerContext", request: ChunkJob, report: "Report") -> ChunkResult:
    """Explain what is not in the cache yet, and put it there."""
    began = time.time()
    known = context.cache.known(request.ids)
    rows = [row for row, id in enumerate(request.ids) if id not in known]
    failed: dict[str, str] = {}
    results = _explained(context, request, rows, report, failed)
    context.cache.put_all({result.id: result for result in results})
    for result in results:
        context.status_store.announce(result.id)
    ended = time.time()
    if rows and not failed:
        context.note_rate(request.work, len(rows) / (ended - began))
    return ChunkResult(computed=len(rows), failed=failed, began=began, ended=ended)


def _explained(
    context: "WorkerContext", request: ChunkJob, rows: list[int], report: "Report", failed: dict[str, str]
) -> list[Explanation]:
    """The explanations of these rows; a window that cannot be explained leaves the others alone."""
    if not rows:
        return []
    try:
        found: list[Explanation] = context.science.explain_many(request, rows, report)
    except DomainError as error:
        if len(rows) == 1:
            failed[request.ids[rows[0]]] = str(error)
            return []
        return [result for row in rows for result in _explained(context, request, [row], report, failed)]
    return found
