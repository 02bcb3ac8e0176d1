"""`beatlens worker`: warm up, then work for as long as the process lives, through any absence of Redis."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

from redis.exceptions import RedisError
from rq.exceptions import StopRequested

from workers.cache import Cache
from workers.connection import api_connection, worker_connection
from workers.science import Science
from workers.status_store import JobStatusStore, Speed
from workers.tasks import WorkerContext, set_worker_context
from workers.worker import HeartbeatThread, ResidentWorker

log = logging.getLogger("beatlens.worker")


class Computer(Protocol):
    """What computes: Science, or a test's stand-in, with the methods that `tasks.KINDS` names."""

    device: str
    loaded: list[str]
    block: int
    speeds: dict[str, Speed]

    def warm(self) -> None:
        """Make ready."""


def serve(
    redis_url: str,
    *,
    model_dirs: Sequence[Path] = (),
    computer: Computer | None = None,
    grace: float = 5.0,
    **pulse: float,
) -> None:
    """Work until SIGTERM or SIGINT; then the job in hand has `grace` seconds before it is given back.

    `pulse`: beat, patience, sweep, stray_after in seconds (see Pulse).
    """
    science = computer or Science(model_dirs)
    science.warm()
    while True:
        worker = _worker(redis_url, science, grace, pulse)
        try:
            worker.work(logging_level="WARNING")
        except StopRequested:
            return
        if worker.leaving_since is not None:
            return
        log.warning("Redis went away; looking for it again")
        time.sleep(1)


def _worker(redis_url: str, science: Computer, grace: float, settings: dict[str, float]) -> ResidentWorker:
    """A worker on a Redis that answers, with its bench laid out."""
    _wait_for_redis(redis_url)
    quick = api_connection(redis_url)
    pulse = HeartbeatThread(quick, lambda: described(science), **settings)
    worker = ResidentWorker(worker_connection(redis_url), pulse, exception_handlers=[pulse.janitor.note_failure])
    worker.log_job_description = False
    for work, speed in science.speeds.items():
        pulse.status_store.note_rate(work, speed.per_second)
    set_worker_context(WorkerContext(JobStatusStore(quick), Cache(quick), science, _leave(worker, grace)))
    return worker


def described(science: Computer) -> dict[str, Any]:
    """What a worker says of itself."""
    speeds = list(science.speeds.values())
    return {"device": science.device, "models": list(science.loaded), "block": science.block, "speeds": speeds}


def _leave(worker: ResidentWorker, grace: float) -> Callable[[], bool]:
    def leave() -> bool:
        since = worker.leaving_since
        return since is not None and time.monotonic() - since >= grace

    return leave


def _wait_for_redis(redis_url: str) -> None:
    connection: Any = api_connection(redis_url)
    said = False
    while True:
        try:
            connection.ping()
            return
        except (RedisError, OSError) as error:
            if not said:
                log.warning("waiting for Redis: %s", error)
            said = True
            time.sleep(1)
