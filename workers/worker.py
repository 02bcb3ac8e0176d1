"""A resident worker: one process that keeps its networks loaded and never forks."""

import contextlib
import logging
import math
import os
import socket
import threading
import time
import uuid
from collections.abc import Callable
from typing import Any

import redis
from redis.exceptions import RedisError
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.queue import Queue
from rq.utils import now
from rq.worker import SimpleWorker, WorkerStatus

from workers.errors import InterruptedJobError
from workers.janitor import Janitor
from workers.queue_names import SERIALIZER
from workers.status import URGENCIES
from workers.status_store import JobStatusStore, WorkerNotice

log = logging.getLogger("beatlens.worker")
OVERRUN = 30.0  # seconds past its time limit after which a job is taken for stuck where no signal can reach it

# Renew an execution that RQ's registry still holds; never bring one back that has ended (as RQ issue 2424 does).
RENEW = """
if not redis.call('ZSCORE', KEYS[1], ARGV[1]) then return 0 end
redis.call('ZADD', KEYS[1], 'XX', ARGV[2], ARGV[1])
redis.call('HSET', KEYS[2], unpack(ARGV, 5))
redis.call('EXPIRE', KEYS[2], ARGV[3])
redis.call('ZADD', KEYS[3], ARGV[2] + 60, ARGV[4])
redis.call('EXPIRE', KEYS[3], ARGV[3] + 60)
return 1
"""


def worth_a_line(record: logging.LogRecord) -> bool:
    """Whether a line of RQ's log says something: a job that gives way is no error, and needs no traceback."""
    return InterruptedJobError.__name__ not in record.getMessage()


class ResidentWorker(SimpleWorker):
    """Runs jobs in its own process, with a thread beside them that beats and sweeps whatever the job does."""

    max_connection_wait_time = 5.0  # seconds between looks for a Redis that is away

    def __init__(self, connection: redis.Redis, heartbeat_thread: "HeartbeatThread", **settings: Any) -> None:
        name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
        super().__init__(
            list(URGENCIES), name=name, connection=connection, serializer=SERIALIZER, worker_ttl=60, **settings
        )
        self.log.addFilter(worth_a_line)
        self.heartbeat_thread = heartbeat_thread
        self.leaving_since: float | None = None  # monotonic seconds
        self.current: tuple[Job, float] | None = None  # the job and when it is to be taken for stuck

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Seconds after the last heartbeat when others may take the job: by the heartbeat, not the job's time limit."""
        return math.ceil(self.heartbeat_thread.patience)

    def clean_registries(self) -> None:
        """Leave this to the janitor, which sweeps during jobs as well."""
        self.last_cleaned_at = now()  # type: ignore[assignment]

    def bootstrap(self, *arguments: Any, **settings: Any) -> None:
        """Register, and begin to beat."""
        super().bootstrap(*arguments, **settings)
        self.heartbeat_thread.start(self)

    def teardown(self) -> None:
        """Stop beating, and deregister if Redis is there to be told."""
        self.heartbeat_thread.stop()
        with contextlib.suppress(RedisError, OSError):
            super().teardown()  # type: ignore[no-untyped-call]

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Run the job here, watched by the heartbeat thread."""
        self.current = (job, time.monotonic() + (job.timeout or self.queue_class.DEFAULT_TIMEOUT) + OVERRUN)
        try:
            super().execute_job(job, queue)
        finally:
            self.current = None

    def _shutdown(self) -> None:
        """Leave at once when idle; else let the job end, or be given back at its report after the grace."""
        self._stop_requested = True
        self.leaving_since = time.monotonic()
        if self.get_state() != WorkerStatus.BUSY:
            raise StopRequested


class HeartbeatThread:
    """The heartbeat thread: every `beat` seconds it renews the worker and its job, then lets the janitor sweep."""

    def __init__(
        self,
        connection: redis.Redis,
        describe: Callable[[], dict[str, Any]],
        *,
        beat: float = 3.0,
        patience: float = 15.0,
        sweep: float = 5.0,
        stray_after: float = 10.0,
    ) -> None:
        self.connection = connection
        self.status_store = JobStatusStore(connection)
        self.janitor = Janitor(connection, sweep, stray_after)
        self.describe = describe  # device and models
        self.beat_every, self.patience = beat, patience  # seconds
        self.born = time.time()
        self._renew = connection.register_script(RENEW)
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, worker: ResidentWorker) -> None:
        """Beat for this worker until `stop`."""
        self._stopping.clear()
        self._thread = threading.Thread(target=self._run, args=(worker,), name="heartbeat", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop, and wait for the beat under way."""
        self._stopping.set()
        if self._thread is not None:
            self._thread.join(timeout=5)

    def _run(self, worker: ResidentWorker) -> None:
        while not self._stopping.is_set():
            _exit_if_stuck(worker)
            try:
                self.beat(worker)  # before the sweep: after a suspended laptop wakes, our own job is alive
                self.janitor.sweep()
            except (RedisError, OSError) as error:
                log.warning("no heartbeat: %s", error)
            except Exception:
                log.exception("the heartbeat goes on after")
            self._stopping.wait(self.beat_every)
        with contextlib.suppress(RedisError, OSError):
            self.status_store.leave(worker.name)

    def beat(self, worker: ResidentWorker) -> None:
        """One sign of life: for the health page, for RQ's list of workers, for the job in hand."""
        current, execution = worker.current, worker.execution
        with self.connection.pipeline() as pipe:
            worker.heartbeat(pipeline=pipe)
            pipe.hset(worker.key, mapping=worker.serialize())  # whole: the key may have expired in the meantime
            pipe.execute()
        if current is not None and execution is not None:
            self._renew_execution(current[0], execution)
        self.status_store.notice(
            WorkerNotice(
                name=worker.name,
                host=worker.hostname or "",
                pid=os.getpid(),
                state="busy" if current else "idle",
                job=current[0].id if current else None,
                born=self.born,
                beat=time.time(),
                ttl=self.patience,
                **self.describe(),
            )
        )

    def _renew_execution(self, job: Job, execution: Execution) -> None:
        ttl, beat = math.ceil(self.patience), time.time()
        fields = execution.serialize() | {"last_heartbeat": beat}
        self._renew(
            keys=[job.started_job_registry.key, execution.key, job.execution_registry.key],
            args=[execution.composite_key, int(beat) + ttl, ttl, execution.id, *_flat(fields)],
        )


def _flat(mapping: dict[str, Any]) -> list[Any]:
    return [part for item in mapping.items() for part in item]


def _exit_if_stuck(worker: ResidentWorker) -> None:
    """A job past its limit in code that no signal interrupts would last for ever: end the process instead."""
    current = worker.current
    if current is not None and time.monotonic() > current[1]:
        log.critical("%s is stuck: this worker ends itself", current[0].id)
        os._exit(70)
