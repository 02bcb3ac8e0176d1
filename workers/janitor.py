"""Finds the jobs of dead workers and puts them back in line. Workers and service each have one; one sweeps at once."""

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

# Push a run that no queue and no worker holds; the check and the push are one, so that it never stands in line twice.
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
        self.stray_after = stray_after  # seconds that a run may be in no queue and in no worker's hands
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
            log.warning("%s goes back in line: %s", job.id, kind.__name__)
            self.status_store.announce(job_status.job_of(job.id))
            return
        self.status_store.end(
            job.id, "failed", DIED if issubclass(kind, AbandonedJobError) else f"{kind.__name__}: {error}"
        )

    def _find_strays(self, now: float) -> None:
        """A worker killed between taking a job off the line and writing so leaves it nowhere: put it back."""
        found: Any = self.connection.zrange(OPEN, 0, -1, withscores=True)
        open_runs = {blob.decode(): seen for blob, seen in found}
        held, living, over = self._held(), {}, []
        for run, status in self._statuses(list(open_runs)).items():
            stale = now - open_runs[run] > self.stray_after
            if status not in ("created", "queued", "started", "deferred", "scheduled"):
                if stale:  # the submitter writes here first and enqueues then
                    over.append(run)
            elif run in held or status == "started":
                living[run] = now
            elif stale:
                self._put_back(run)
        if living:
            self.connection.zadd(OPEN, living, xx=True)
        if over:
            self.connection.zrem(OPEN, *over)

    def _statuses(self, runs: list[str]) -> dict[str, str | None]:
        """What RQ says of each run."""
        with self.connection.pipeline(transaction=False) as pipe:
            for run in runs:
                pipe.hget(Job.key_for(run), "status")
            return {run: job_status.as_text(blob) for run, blob in zip(runs, pipe.execute(), strict=True)}

    def _held(self) -> set[str]:
        """The runs in a queue or in a worker's hands."""
        waiting = {run for queue in self.queues for run in queue.get_job_ids()}
        working = {
            run
            for queue in self.queues
            for run, _ in queue.started_job_registry.get_job_and_execution_ids(cleanup=False)
        }
        return waiting | working

    def _put_back(self, run: str) -> None:
        origin = job_status.as_text(self.connection.hget(Job.key_for(run), "origin"))
        keys: list[Any] = [queue.key for queue in sorted(self.queues, key=lambda queue: queue.name != origin)]
        if self._push(keys=[Job.key_for(run), *keys], args=[run]):
            log.warning("%s was lost between the line and a worker, and is back in line", run)
