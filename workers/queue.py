"""Submit, look up, follow and cancel jobs of every kind: the one place that knows how RQ keeps its jobs."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass
from itertools import islice
from typing import Any

import redis
import rq
from redis.exceptions import RedisError
from rq.exceptions import DuplicateJobError
from rq.job import Job

from workers import status_store as job_status
from workers.cache import Cache, unpack
from workers.connection import api_connection, async_api_connection
from workers.errors import redis_as_domain_error
from workers.janitor import Janitor
from workers.queue_names import DIED, OPEN, TASK, queues
from workers.requests import Request
from workers.status import URGENCIES, Status, Urgency
from workers.status_store import JobStatusStore, Outcome, run_of

ROWS = 5  # of what Redis says of one job, before two for each queue
FAILURE_TTL = 600  # seconds that RQ remembers a failed job
LOST = "The queue no longer knows this job: Redis was restarted or emptied. Start it again."

# A waiting job moves up to the more urgent queue KEYS[1] from one of the queues KEYS[3…].
PROMOTE_LUA = """
for i = 3, #KEYS do
  if redis.call('LREM', KEYS[i], 0, ARGV[1]) > 0 then
    redis.call('RPUSH', KEYS[1], ARGV[1])
    redis.call('HSET', KEYS[2], 'origin', ARGV[2])
    return 1
  end
end
return 0
"""


# A run KEYS[2] that waits in the queue KEYS[1] leaves it without a trace; one that does not is left alone.
DROP = """
if redis.call('LREM', KEYS[1], 0, ARGV[1]) == 0 then return 0 end
redis.call('DEL', KEYS[2])
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
"""


@dataclass(frozen=True)
class Look:
    """What Redis said of one job, all at the same instant."""

    run: str
    attempt: int
    status: Status | None
    used: bool  # this attempt's name is taken: by a job or by its outcome


class Queue:
    """The service's door to the workers. Every method but `available` and `health` raises QueueUnavailableError."""

    def __init__(self, redis_url: str, *, timeout: int = 300, retries: int = 2) -> None:
        self.url = redis_url
        self.timeout = timeout  # seconds a job may run
        self.retries = retries  # times that a job whose worker died is started again
        self.connection = api_connection(redis_url)
        self.cache = Cache(self.connection)
        self.status_store = JobStatusStore(self.connection)
        self.janitor = Janitor(self.connection)
        self._queues = queues(self.connection)
        self._promote = self.connection.register_script(PROMOTE_LUA)
        self._drop = self.connection.register_script(DROP)

    def available(self) -> bool:
        """Whether Redis answers, found out within about a second."""
        try:
            return bool(self.connection.ping())
        except (RedisError, OSError):
            return False

    def submit(self, request: Request, urgency: Urgency = "interactive") -> Status:
        """Have it computed once, however many ask: a result or a job that is there already is what they get.

        What failed or was cancelled before starts again. A waiting job asked for with more urgency moves up.
        """
        with redis_as_domain_error():
            for _ in range(3):  # once more where somebody dropped it between our look and our asking
                look = self._look(request.id)
                status = look.status
                if status is None or status.status in ("failed", "cancelled"):
                    self._start(request, urgency, look)
                elif status.status == "queued":
                    self._raise(look.run, urgency)
                else:
                    return status
                if (status := self._look(request.id).status) is not None:
                    return status
            return Status(id=request.id, status="queued", position=0)

    def submit_all(self, requests: Sequence[Request], urgency: Urgency) -> None:
        """The same for many that nobody else asks for; what is done, under way or waiting already stays as it is."""
        with redis_as_domain_error():
            for request, look in zip(requests, self._look_at([request.id for request in requests]), strict=True):
                if look.status is None or look.status.status in ("failed", "cancelled"):
                    self._start(request, urgency, look)

    def status(self, id: str) -> Status | None:
        """What is known about `id`; None if it was never asked for or is long forgotten."""
        with redis_as_domain_error():
            self.janitor.sweep()  # a running job's worker may be dead, and no other alive to notice
            return self._look(id).status

    def cancel(self, id: str) -> Status | None:
        """Take it out of the line, or have its worker stop at its next report; for everybody who asked for it."""
        with redis_as_domain_error():
            look = self._look(id)
            if look.status is None or look.status.ended:
                return look.status
            self._cancel([look.run])
            return self._look(id).status

    def cancel_all(self, ids: Sequence[str]) -> None:
        """The same for several, in a few trips."""
        with redis_as_domain_error():
            known = self.cache.known(ids)
            self._cancel(self.status_store.runs([id for id in ids if id not in known]))

    def _cancel(self, runs: Sequence[str]) -> None:
        """Take runs out of the line; those that are not in it stop at their next report."""
        with self.connection.pipeline() as pipe:
            for run in runs:
                for queue in self._queues.values():
                    pipe.lrem(queue.key, 0, run)
            removed = pipe.execute()
        lines = len(self._queues)
        waited = [run for place, run in enumerate(runs) if any(removed[place * lines : (place + 1) * lines])]
        self.status_store.end_all(runs, "cancelled")
        if waited:
            self.connection.delete(*map(Job.key_for, waited))

    def drop(self, id: str, urgency: Urgency = "prefetch") -> bool:
        """Forget it if it waits in this queue; whether it did. What runs, or was asked for otherwise, goes on."""
        with redis_as_domain_error():
            (run,) = self.status_store.runs([id])
            return bool(self._drop(keys=[self._queues[urgency].key, Job.key_for(run), OPEN], args=[run]))

    async def events(self, id: str, *, poll: float = 1.0, ping: float | None = None) -> AsyncGenerator[Status]:
        """Each change of `id`, the present status first, until it has ended.

        Redis announces changes; should it forget one, a look every `poll` seconds finds it. With `ping`, the status
        comes again after that many seconds of silence. Redis away for more than ten seconds ends it as failed.
        """
        last, said, heard = None, 0.0, time.monotonic()
        async with aclosing(self._looks(id, poll)) as looks:
            async for status in looks:
                now = time.monotonic()
                if isinstance(status, Exception):
                    if now - heard < 10:
                        continue
                    status = Status(id=id, status="failed", error=f"The queue (Redis) cannot be used: {status}")
                elif status is None:
                    if last is None:
                        return
                    status = Status(id=id, status="failed", error=LOST)
                else:
                    heard = now
                if status != last or (ping is not None and now - said >= ping):
                    last, said = status, now
                    yield status
                if status.ended:
                    return

    def health(self) -> dict[str, Any]:
        """Redis and the workers: whether each is well, and what a person needs to know if not. Never raises."""
        try:
            policy = self.connection.config_get("maxmemory-policy").get("maxmemory-policy")
            workers = self.status_store.workers(time.time())
            self.janitor.sweep()
        except (RedisError, OSError) as error:
            return {
                "redis": {"ok": False, "detail": f"Redis cannot be reached: {error}"},
                "workers": {"ok": False, "count": 0, "detail": "unknown without Redis", "workers": []},
            }
        evicts = policy not in ("noeviction", None) and not str(policy).startswith("volatile-")
        detail = f"maxmemory-policy {policy} may evict waiting jobs: set volatile-lru" if evicts else "answers"
        listed = [worker.model_dump() | {"heartbeat": max(0.0, time.time() - worker.beat)} for worker in workers]
        busy = sum(worker.state == "busy" for worker in workers)
        said = f"{len(workers)} alive, {busy} busy" if workers else "no worker is alive: queued methods wait"
        return {
            "redis": {"ok": not evicts, "detail": detail},
            "workers": {"ok": bool(workers), "count": len(workers), "detail": said, "workers": listed},
        }

    def close(self) -> None:
        """Give the connections back."""
        self.connection.close()

    def _look(self, id: str) -> Look:
        return self._look_at([id])[0]

    def _look_at(self, ids: Sequence[str]) -> list[Look]:
        attempts = self.status_store.attempts(ids)
        with self.connection.pipeline(transaction=True) as pipe:  # one instant: no gap between result and job
            for id, attempt in zip(ids, attempts, strict=True):
                self._ask(pipe, id, attempt)
            rows = iter(pipe.execute())
        size = ROWS + 2 * len(self._queues)
        return [self._answer(id, attempt, list(islice(rows, size))) for id, attempt in zip(ids, attempts, strict=True)]

    def _ask(self, pipe: Any, id: str, attempt: int) -> Any:
        run, key = run_of(id, attempt), Cache.key(id)
        pipe.get(key)
        pipe.expire(key, self.cache.ttl)
        pipe.get(job_status.outcome_key(run))
        pipe.get(job_status.progress_key(run))
        pipe.hget(Job.key_for(run), "status")
        for queue in self._queues.values():
            pipe.llen(queue.key)
            pipe.lpos(queue.key, run)
        return pipe

    def _answer(self, id: str, attempt: int, rows: list[Any]) -> Look:
        """Read the rows that `_ask` asked for: the result decides, then the outcome, then RQ."""
        result, outcome, job = unpack(rows[0]), job_status.read_outcome(rows[2]), job_status.as_text(rows[4])
        status: Status | None
        if result is not None:
            status = Status(id=id, status="done", result=result)
        elif outcome is not None:
            status = Status(id=id, status=outcome.status, error=outcome.error)
        else:
            status = _by_rq(id, job, rows[3], _ahead(rows[ROWS:]))
        return Look(run_of(id, attempt), attempt, status, used=job is not None or isinstance(outcome, Outcome))

    def _start(self, request: Request, urgency: Urgency, look: Look) -> None:
        attempt = self.status_store.after(request.id, look.attempt) if look.used else look.attempt
        run = run_of(request.id, attempt)
        self.connection.zadd(OPEN, {run: time.time()})
        with suppress(DuplicateJobError):  # somebody was faster: theirs is the job
            self._queues[urgency].enqueue_call(
                TASK,
                args=(request.model_dump(mode="json"), run),
                job_id=run,
                unique=True,
                timeout=self.timeout,
                result_ttl=request.remembered,
                failure_ttl=FAILURE_TTL,
                retry=rq.Retry(max=self.retries, enqueue_at_front=True) if self.retries else None,
                description=f"{request.words}, {run}",
            )
        self.status_store.announce(request.id)

    def _raise(self, run: str, urgency: Urgency) -> None:
        wanted = self._queues[urgency]
        lower = [self._queues[name].key for name in URGENCIES[URGENCIES.index(urgency) + 1 :]]
        if lower:
            self._promote(keys=[wanted.key, Job.key_for(run), *lower], args=[run, wanted.name])

    async def _looks(self, id: str, poll: float) -> AsyncGenerator[Status | Exception | None]:
        """The status now, at each announcement and every `poll` seconds; a failure of Redis comes as itself."""
        while True:
            client = async_api_connection(self.url)
            try:
                async with client, client.pubsub() as messages:
                    await messages.subscribe(job_status.channel(id))
                    while True:
                        if self.janitor.due():
                            await asyncio.to_thread(self.janitor.sweep)
                        yield await self._look_async(client, id)
                        await _next_message(messages, poll)
            except (RedisError, OSError) as error:
                yield error
            await asyncio.sleep(poll)

    async def _look_async(self, client: "redis.asyncio.Redis", id: str) -> Status | None:
        attempt = int(await client.get(job_status.attempt_key(id)) or 0)
        async with client.pipeline(transaction=True) as pipe:
            rows = await self._ask(pipe, id, attempt).execute()
        return self._answer(id, attempt, rows).status


async def _next_message(messages: Any, seconds: float) -> None:
    """Wait for an announcement, at most so long; several at once count as one."""
    await messages.get_message(ignore_subscribe_messages=True, timeout=seconds)
    while await messages.get_message(ignore_subscribe_messages=True, timeout=0) is not None:
        pass


def _ahead(rows: list[Any]) -> int | None:
    """Jobs ahead of a waiting one, from (length, its place) of each queue, the most urgent first."""
    ahead = 0
    for length, place in zip(rows[::2], rows[1::2], strict=True):
        if place is not None:
            return ahead + int(place)
        ahead += int(length)
    return None


def _by_rq(id: str, job: str | None, progress: bytes | None, ahead: int | None) -> Status | None:
    """The status of a run that has neither result nor outcome."""
    if ahead is not None:
        return Status(id=id, status="queued", position=ahead)
    if job == "started":
        return Status(id=id, status="running", progress=job_status.read_progress(progress))
    if job in ("created", "queued", "deferred", "scheduled"):  # a worker takes it at this moment
        return Status(id=id, status="queued", position=0)
    if job in ("failed", "stopped"):
        return Status(id=id, status="failed", error=DIED)
    return None  # never asked for, or finished so long ago that the result has gone
