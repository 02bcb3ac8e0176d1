"""`beatlens worker`: warm up, then work for as long as the process lives, through any absence of Redis."""

import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from redis.exceptions import RedisError
from rq.exceptions import StopRequested

from workers.cache import Cache
from workers.connection import api_connection, worker_connection
from workers.science import Science
from workers.status_store import JobStatusStore
from workers.tasks import Computer, WorkerContext, set_worker_context
from workers.worker import HeartbeatThread, ResidentWorker

log = logging.getLogger("beatlens.worker")


def serve(
    redis_url: str,
    *,
    model_dirs: Sequence[Path] = (),
    computer: Computer | None = None,
    grace: float = 5.0,
    **heartbeat: float,
) -> None:
    """Work until SIGTERM or SIGINT; then the job in hand has `grace` seconds before it is given back.

    `heartbeat`: beat, patience, sweep, stray_after in seconds (see HeartbeatThread).
    """
    science = computer or Science(model_dirs)
    science.warm()
    while True:
        worker = _worker(redis_url, science, grace, heartbeat)
        try:
            worker.work(logging_level="WARNING")
        except StopRequested:
            return
        if worker.leaving_since is not None:
            return
        log.warning("Redis went away; looking for it again")
        time.sleep(1)


def _worker(redis_url: str, science: Computer, grace: float, settings: dict[str, float]) -> ResidentWorker:
    """A worker on a Redis that answers, with its context set."""
    _wait_for_redis(redis_url)
    connection = api_connection(redis_url)
    heartbeat = HeartbeatThread(connection, lambda: described(science), **settings)
    worker = ResidentWorker(
        worker_connection(redis_url), heartbeat, exception_handlers=[heartbeat.janitor.note_failure]
    )
    worker.log_job_description = False
    for work, speed in science.speeds.items():
        heartbeat.status_store.note_rate(work, speed.per_second)
        if speed.pace:
            heartbeat.status_store.note_rate(speed.pace, speed.samples_per_second)
    set_worker_context(
        WorkerContext(JobStatusStore(connection), Cache(connection), science, _told_to_leave(worker, grace))
    )
    return worker


def described(science: Computer) -> dict[str, Any]:
    """What a worker says of itself."""
    speeds = list(science.speeds.values())
    return {"device": science.device, "models": list(science.loaded), "block": science.block, "speeds": speeds}


def _told_to_leave(worker: ResidentWorker, grace: float) -> Callable[[], bool]:
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
