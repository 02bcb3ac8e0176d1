"""Finds the jobs of dead workers and queues them again. Workers and service each have one; one sweeps at once."""

import logging
import time
from types import TracebackType
from typing import Any

import redis
from rq.exceptions import AbandonedJobError
from rq.job import Job
from rq.registry import clean_registries
from rq.worker_registration import clean_worker_registry

from workers import status_store as job_status
from workers.errors import InterruptedJobError
from workers.queue_names import DIED, OPEN, queues
from workers.status_store import JobStatusStore

log = logging.getLogger("beatlens.worker")
LOCK = job_status.PREFIX + "sweeping"

# Push an attempt that no queue and no worker holds; check and push are one, so that it is never queued twice.
PUSH_STRAY = """
if redis.call('HGET', KEYS[1], 'status') ~= 'queued' then return 0 end
for i = 2, #KEYS do
  if redis.call('LPOS', KEYS[i], ARGV[1]) then return 0 end
end
redis.call('LPUSH', KEYS[2], ARGV[1])
return 1
"""


class Janitor:
    """Sweeps at most every `interval` seconds over all of them together.

    RQ's own sweeping runs only between jobs and behind a lock of 15 minutes, which a killed worker would leave shut.
    """

    def __init__(self, connection: redis.Redis, interval: float = 5.0, stray_after: float = 10.0) -> None:
        self.connection = connection
        self.interval = interval  # seconds between sweeps
        self.stray_after = stray_after  # seconds that an attempt may be in no queue and in no worker's hands
        self.status_store = JobStatusStore(connection)
        self.queues = list(queues(connection).values())
        self._next = 0.0  # monotonic seconds
        self._push = connection.register_script(PUSH_STRAY)

    def due(self) -> bool:
        """Whether it is worth asking for the turn."""
        return time.monotonic() >= self._next

    def sweep(self) -> bool:
        """Whether it was our turn, and so all has been swept."""
        if not self.due():
            return False
        self._next = time.monotonic() + self.interval
        turn = self.connection.set(LOCK, 1, nx=True, px=max(1, int(self.interval * 1000)))
        if not turn:
            return False
        for queue in self.queues:
            clean_registries(queue, [self.note_failure])
            clean_worker_registry(queue)
        self._find_strays(time.time())
        return True

    def note_failure(self, job: Job, kind: type[BaseException], error: BaseException, _: TracebackType | None) -> None:
        """RQ's exception handler: tell the followers, and write the reason if nobody will try again."""
        if job.retries_left or issubclass(kind, InterruptedJobError):
            level = logging.INFO if issubclass(kind, InterruptedJobError) else logging.WARNING
            log.log(level, "%s goes back into the queue: %s", job.id, kind.__name__)
            self.status_store.announce(job_status.job_of(job.id))
            return
        self.status_store.end(
            job.id, "failed", DIED if issubclass(kind, AbandonedJobError) else f"{kind.__name__}: {error}"
        )

    def _find_strays(self, now: float) -> None:
        """A worker killed between taking a job off the queue and writing so leaves it nowhere: put it back."""
        found: Any = self.connection.zrange(OPEN, 0, -1, withscores=True)
        open_attempts = {blob.decode(): seen for blob, seen in found}
        held, living, over = self._held(), {}, []
        for attempt_key, status in self._statuses(list(open_attempts)).items():
            stale = now - open_attempts[attempt_key] > self.stray_after
            if status not in ("created", "queued", "started", "deferred", "scheduled"):
                if stale:  # the submitter writes here first and enqueues then
                    over.append(attempt_key)
            elif attempt_key in held or status == "started":
                living[attempt_key] = now
            elif stale:
                self._put_back(attempt_key)
        if living:
            self.connection.zadd(OPEN, living, xx=True)
        if over:
            self.connection.zrem(OPEN, *over)

    def _statuses(self, attempt_keys: list[str]) -> dict[str, str | None]:
        """RQ's status of each attempt."""
        with self.connection.pipeline(transaction=False) as pipe:
            for attempt_key in attempt_keys:
                pipe.hget(Job.key_for(attempt_key), "status")
            return {
                attempt_key: job_status.as_text(blob)
                for attempt_key, blob in zip(attempt_keys, pipe.execute(), strict=True)
            }

    def _held(self) -> set[str]:
        """Attempts in a queue or in a worker's hands."""
        waiting = {attempt_key for queue in self.queues for attempt_key in queue.get_job_ids()}
        working = {
            attempt_key
            for queue in self.queues
            for attempt_key, _ in queue.started_job_registry.get_job_and_execution_ids(cleanup=False)
        }
        return waiting | working

    def _put_back(self, attempt_key: str) -> None:
        origin = job_status.as_text(self.connection.hget(Job.key_for(attempt_key), "origin"))
        keys: list[Any] = [queue.key for queue in sorted(self.queues, key=lambda queue: queue.name != origin)]
        if self._push(keys=[Job.key_for(attempt_key), *keys], args=[attempt_key]):
            log.warning("%s was lost between the queue and a worker, and is back in the queue", attempt_key)
