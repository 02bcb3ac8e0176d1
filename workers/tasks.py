"""What a worker does with a job. RQ finds `compute` by its import path, which a test holds."""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import rq
from pydantic import BaseModel
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException

from models.errors import DomainError
from workers import chunks
from workers.cache import Cache
from workers.chunks import ChunkJob
from workers.errors import CancelledError, InterruptedJobError
from workers.reporting import Reporter
from workers.requests import JobRequest
from workers.status import URGENCIES, Urgency
from workers.status_store import JobStatusStore, Speed

if TYPE_CHECKING:  # importing it would import torch
    from models.explainers.base import Report

log = logging.getLogger("beatlens.worker")


class Computer(Protocol):
    """What computes: Science, or a test's stand-in."""

    device: str
    loaded: list[str]
    block: int  # windows that it is best given at once
    speeds: dict[str, Speed]  # by the name of the work

    def warm(self) -> None:
        """Make ready."""

    def answer(self, request: JobRequest, report: "Report") -> BaseModel:
        """The answer to a question of any task."""

    def answer_many(self, request: ChunkJob, rows: Sequence[int], report: "Report") -> list[BaseModel]:
        """The answers to these rows of a chunk."""


@dataclass(frozen=True)
class WorkerContext:
    """What a resident worker keeps at hand between jobs."""

    status_store: JobStatusStore
    cache: Cache
    science: Computer
    leave: Callable[[], bool] = lambda: False  # whether the worker has to go now

    def note_rate(self, work: str, rate: float) -> None:
        """So many windows per second were answered: for whoever cuts the next chunks, and for the health page."""
        self.status_store.note_rate(work, rate)
        if known := self.science.speeds.get(work):
            self.science.speeds[work] = known.model_copy(update={"per_second": float(f"{rate:.3g}")})


_context: list[WorkerContext] = []


def set_worker_context(context: WorkerContext) -> None:
    """Set what this process computes with."""
    _context[:] = [context]


def compute(payload: dict[str, Any], attempt_key: str) -> None:
    """Do one job and put its result in the cache; a failure is written down, never raised, never retried."""
    (context,) = _context
    request = read_request(payload)
    if context.cache.get(request.id) is not None or context.status_store.outcome(attempt_key) is not None:
        context.status_store.announce(request.id)
        return
    job = rq.get_current_job()
    urgency: Urgency = next((name for name in URGENCIES if job and job.origin == name), "interactive")
    try:
        result = answer(context, request, Reporter(context.status_store, attempt_key, context.leave, urgency))
    except CancelledError:
        log.info("%s was cancelled", attempt_key)  # whoever cancelled has written the outcome
    except InterruptedJobError:
        if job:
            job.retries_left = (job.retries_left or 0) + 1  # it has not used up one of its chances
        raise  # RQ queues it again
    except DomainError as error:
        context.status_store.end(attempt_key, "failed", str(error))
    except JobTimeoutException:
        context.status_store.end(attempt_key, "failed", "It took longer than a job may take, and was stopped.")
    except Exception as error:
        log.exception("%s failed", attempt_key)
        context.status_store.end(
            attempt_key, "failed", f"Unexpected error in the worker: {type(error).__name__}: {error}"
        )
    else:
        store(context, request.id, result)


def read_request(payload: dict[str, Any]) -> JobRequest:
    """A request as RQ hands it over: of one question, or of a chunk of them."""
    return (ChunkJob if "ids" in payload else JobRequest).model_validate(payload)


def answer(context: WorkerContext, request: JobRequest, report: "Report") -> BaseModel:
    """What comes of a request."""
    if isinstance(request, ChunkJob):
        return chunks.answer(context, request, report)
    return context.science.answer(request, report)


def store(context: WorkerContext, id: str, result: BaseModel, tries: int = 10) -> None:
    """Store the result and announce it, waiting up to half a minute for a Redis that is away."""
    for left in reversed(range(tries)):
        try:
            context.cache.put(id, result)
            context.status_store.announce(id)
            return
        except (RedisError, OSError):
            if not left or context.leave():
                raise
            time.sleep(2)
