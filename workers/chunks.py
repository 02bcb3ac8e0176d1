"""A part of a request for many windows: those that one worker answers in one go, in a second or two."""

import hashlib
import json
import logging
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from models.errors import DomainError
from workers.requests import JobRequest

if TYPE_CHECKING:  # importing it would import torch; and tasks imports this
    from models.explainers.base import Report
    from workers.tasks import WorkerContext

OWN = ("target", "marks", "segments", "usual")  # parameters that may differ between windows without costing more
log = logging.getLogger("beatlens.worker")


class ChunkJob(JobRequest):
    """Questions of one task on windows of one length; `parameters` are those of the first."""

    shape: tuple[int, int, int]  # windows, leads, samples
    ids: tuple[str, ...]  # of the questions
    own: tuple[dict[str, Any], ...]  # of each: the parameters that are not the first's

    @property
    def words(self) -> str:
        """What this is, for the log and for the reader."""
        return f"{super().words}, {len(self.ids)} windows"

    @property
    def work(self) -> str:
        """Name of work that costs the same for each window."""
        return work_of(self.task, self.weights_sha256, self.parameters, self.shape[1:])


class ChunkResult(BaseModel):
    """What became of a chunk; the answers themselves are in the cache, each under its own id."""

    model_config = ConfigDict(frozen=True)

    computed: int  # windows; the others had been answered before
    failed: dict[str, str]  # id → why there is no answer
    began: float  # seconds since the epoch
    ended: float


def chunk_id(ids: Sequence[str]) -> str:
    """The id of the chunk of these questions."""
    return hashlib.sha256("\n".join(ids).encode()).hexdigest()[:32]


def work_of(task: str, weights_sha256: str, parameters: dict[str, Any], shape: Sequence[int]) -> str:
    """Name of one task with one model on windows of `shape` [leads, samples], whatever is each one's own."""
    shared = {name: value for name, value in parameters.items() if name not in OWN}
    decisive = json.dumps([task, weights_sha256, shared, list(shape)], sort_keys=True)
    return hashlib.sha256(decisive.encode()).hexdigest()[:16]


def answer(context: "WorkerContext", request: ChunkJob, report: "Report") -> ChunkResult:
    """Answer what is not in the cache yet, and put it there."""
    began = time.time()
    known = context.cache.known(request.ids)
    rows = [row for row, id in enumerate(request.ids) if id not in known]
    failed: dict[str, str] = {}
    results = _answered(context, request, rows, report, failed)
    context.cache.put_all(results)
    for id in results:
        context.status_store.announce(id)
    ended = time.time()
    if rows and not failed:
        context.note_rate(request.work, len(rows) / (ended - began))
    return ChunkResult(computed=len(rows), failed=failed, began=began, ended=ended)


def _answered(
    context: "WorkerContext", request: ChunkJob, rows: list[int], report: "Report", failed: dict[str, str]
) -> dict[str, BaseModel]:
    """The answers to these rows by id; a window that has none leaves the others alone."""
    if not rows:
        return {}
    try:
        found = context.science.answer_many(request, rows, report)
    except DomainError as error:
        if len(rows) == 1:
            failed[request.ids[rows[0]]] = str(error)
            return {}
        parts = [_answered(context, request, [row], report, failed) for row in rows]
        return {id: result for part in parts for id, result in part.items()}
    return {request.ids[row]: result for row, result in zip(rows, found, strict=True)}
