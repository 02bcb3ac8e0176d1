"""What a worker does with a job. RQ finds `compute` by its import path, which a test holds."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from operator import methodcaller
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel
from redis.exceptions import RedisError
from rq.timeouts import JobTimeoutException

from models.errors import DomainError
from workers import chunks
from workers.cache import Cache
from workers.errors import CancelledError, InterruptedJobError
from workers.reporting import Reporter
from workers.requests import ExplanationJob, PredictionJob, Request, TrustJob
from workers.status_store import JobStatusStore

if TYPE_CHECKING:  # importing it would import torch
    from models.explainers.base import Report

log = logging.getLogger("beatlens.worker")


@dataclass(frozen=True)
class WorkerContext:
    """What a resident worker keeps at hand between jobs."""

    status_store: JobStatusStore
    cache: Cache
    science: Any  # one method for each kind of work
    leave: Callable[[], bool] = lambda: False  # whether the worker has to go now

    def note_rate(self, work: str, rate: float) -> None:
        """So many windows per second were explained: for whoever cuts the next chunks, and for the health page."""
        self.status_store.note_rate(work, rate)
        if known := self.science.speeds.get(work):
            self.science.speeds[work] = known.model_copy(update={"per_second": float(f"{rate:.3g}")})


@dataclass(frozen=True)
class Kind:
    """One kind of work: what it is asked with, and who answers it."""

    request: type[Request]
    answer: Callable[[WorkerContext, Any, "Report"], BaseModel]


def by(method: str) -> Callable[[WorkerContext, Any, "Report"], BaseModel]:
    """Answered by this method of Science: request, report → result."""
    return lambda context, request, report: methodcaller(method, request, report)(context.science)


KINDS: dict[str, Kind] = {
    "explanation": Kind(ExplanationJob, by("explain")),
    "trust": Kind(TrustJob, by("trust")),
    "predict": Kind(PredictionJob, by("predict")),
    "chunk": Kind(chunks.ChunkJob, chunks.answer),
}

_context: list[WorkerContext] = []


def set_worker_context(context: WorkerContext) -> None:
    """Lay out the bench for this process."""
    _context[:] = [context]


def compute(payload: dict[str, Any], run: str) -> None:
    """Do one job and put its result in the cache; a failure is written down, never raised, never retried."""
    (context,) = _context
    kind = KINDS[payload["kind"]]
    request = kind.request.model_validate(payload)
    if context.cache.get(request.id) is not None or context.status_store.outcome(run) is not None:
        context.status_store.announce(request.id)
        return
    try:
        result = kind.answer(context, request, Reporter(context.status_store, run, context.leave))
    except CancelledError:
        log.info("%s was cancelled", run)  # whoever cancelled has written the outcome
    except InterruptedJobError:
        raise  # RQ puts it back in line
    except DomainError as error:
        context.status_store.end(run, "failed", str(error))
    except JobTimeoutException:
        context.status_store.end(run, "failed", "It took longer than a job may take, and was stopped.")
    except Exception as error:
        log.exception("%s failed", run)
        context.status_store.end(run, "failed", f"Unexpected error in the worker: {type(error).__name__}: {error}")
    else:
        store(context, request.id, result)


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
