"""Submit, look up, follow and cancel jobs of every kind: the one place that knows how RQ keeps its jobs."""

import asyncio
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing, suppress
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
from workers.errors import TooLongError, redis_as_domain_error, spoken
from workers.janitor import Janitor
from workers.queue_names import OPEN, TASK, queues
from workers.requests import JobRequest
from workers.scripts import DROP_LUA, PROMOTE_LUA
from workers.snapshots import JobSnapshot, ahead_of, by_rq
from workers.status import URGENCIES, Status, Urgency
from workers.status_store import JobStatusStore, Outcome, attempt_key_of

ROWS = 5  # of what Redis says of one job, before two for each queue
FAILURE_TTL = 600  # seconds that RQ remembers a failed job
LOST = "The queue no longer knows this job: Redis was restarted or emptied. Start it again."


class Queue:
    """The service's access to the workers. Every method but `available` and `health` raises QueueUnavailableError."""

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
        self._drop = self.connection.register_script(DROP_LUA)

    def available(self) -> bool:
        """Whether Redis answers, found out within about a second."""
        try:
            return bool(self.connection.ping())
        except (RedisError, OSError):
            return False

    def submit(self, request: JobRequest, urgency: Urgency = "interactive") -> Status:
        """Have it computed once, however many ask: a result or a job that is there already is what they get.

        What failed or was cancelled before starts again. A waiting job asked for with more urgency moves up.
        Raises TooLongError for work that a worker could not end within a job's time.
        """
        with redis_as_domain_error():
            for _ in range(3):  # once more where somebody dropped it between our look and our asking
                snapshot = self._snapshot(request.id)
                status = snapshot.status
                if status is None or status.status in ("failed", "cancelled"):
                    self.check_length(request)
                    self._start(request, urgency, snapshot)
                elif status.status == "queued":
                    self._move_up(snapshot.attempt_key, urgency)
                else:
                    if status.status == "running":
                        self.status_store.raise_urgency(snapshot.attempt_key, urgency)
                    return status
                if (status := self._snapshot(request.id).status) is not None:
                    return status
            return Status(id=request.id, status="queued", position=0)

    def estimate(self, request: JobRequest) -> float | None:
        """Seconds that a worker will take, by the speeds last measured; None where none was."""
        rate = self.status_store.rate(request.pace) if request.effort and request.pace else None
        return request.effort / rate if request.effort and rate else None

    def check_length(self, request: JobRequest) -> None:
        """TooLongError, with the estimate, for work that would not end within the time that a job may run."""
        seconds = self.estimate(request)
        if seconds is not None and seconds > self.timeout:
            words = request.words[:1].upper() + request.words[1:]
            message = f"{words} would take about {spoken(seconds)}, a job may run {spoken(self.timeout)}"
            raise TooLongError(message, field="explainer")

    def submit_all(self, requests: Sequence[JobRequest], urgency: Urgency) -> None:
        """Submit many jobs that nobody else asks for; what is done, under way or waiting already stays as it is."""
        with redis_as_domain_error():
            for request, snapshot in zip(requests, self._snapshots([request.id for request in requests]), strict=True):
                if snapshot.status is None or snapshot.status.status in ("failed", "cancelled"):
                    self._start(request, urgency, snapshot)

    def status(self, id: str) -> Status | None:
        """What is known about `id`; None if it was never asked for or is long forgotten."""
        with redis_as_domain_error():
            self.janitor.sweep()  # a running job's worker may be dead, and no other alive to notice
            return self._snapshot(id).status

    def cancel(self, id: str) -> Status | None:
        """Take it out of the queue, or have its worker stop at its next report; for everybody who asked for it."""
        with redis_as_domain_error():
            snapshot = self._snapshot(id)
            if snapshot.status is None or snapshot.status.ended:
                return snapshot.status
            self._cancel([snapshot.attempt_key])
            return self._snapshot(id).status

    def cancel_all(self, ids: Sequence[str]) -> None:
        """Cancel several jobs, in a few trips."""
        with redis_as_domain_error():
            known = self.cache.known(ids)
            self._cancel(self.status_store.attempt_keys([id for id in ids if id not in known]))

    def _cancel(self, attempt_keys: Sequence[str]) -> None:
        """Take attempts out of the queues; those that are in none stop at their next report."""
        with self.connection.pipeline() as pipe:
            for attempt_key in attempt_keys:
                for queue in self._queues.values():
                    pipe.lrem(queue.key, 0, attempt_key)
            removed = pipe.execute()
        count = len(self._queues)
        waited = [
            attempt_key
            for position, attempt_key in enumerate(attempt_keys)
            if any(removed[position * count : (position + 1) * count])
        ]
        self.status_store.end_all(attempt_keys, "cancelled")
        if waited:
            self.connection.delete(*map(Job.key_for, waited))

    def drop(self, id: str, urgencies: Sequence[Urgency] = ("prefetch",)) -> bool:
        """Forget it if it waits in these queues; whether it did. What runs, or was asked for otherwise, goes on."""
        with redis_as_domain_error():
            (attempt_key,) = self.status_store.attempt_keys([id])
            keys = [Job.key_for(attempt_key), OPEN]
            return any(self._drop(keys=[self._queues[name].key, *keys], args=[attempt_key]) for name in urgencies)

    def leave(self, id: str, follower: str | None = None) -> bool:
        """Take back one follower's interest: the job is dropped unless others follow it; whether it waited.

        What waits is forgotten, what runs stops at its next report. `follower`: the name under which it was followed.
        """
        with redis_as_domain_error():
            if self.status_store.followers(id) - {follower}:
                return False
            if self.drop(id, URGENCIES[:-1]):
                return True
            snapshot = self._snapshot(id)
            if snapshot.status is not None and snapshot.status.status == "running":
                self._cancel([snapshot.attempt_key])
            return False

    async def events(
        self, id: str, *, poll: float = 1.0, ping: float | None = None, follower: str | None = None
    ) -> AsyncGenerator[Status]:
        """Each change of `id`, the present status first, until it has ended.

        Redis announces changes; should it forget one, a look every `poll` seconds finds it. With `ping`, the status
        comes again after that many seconds of silence. Redis away for more than ten seconds ends it as failed.
        Whoever follows under the same name counts as one `follower`; without a name each does.
        """
        last, said, heard = None, 0.0, time.monotonic()
        name = job_status.follower_channel(id, follower or uuid.uuid4().hex)
        async with aclosing(self._changes(id, name, poll)) as changes:
            async for status in changes:
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

    def _snapshot(self, id: str) -> JobSnapshot:
        return self._snapshots([id])[0]

    def _snapshots(self, ids: Sequence[str]) -> list[JobSnapshot]:
        attempts = self.status_store.attempts(ids)
        with self.connection.pipeline(transaction=True) as pipe:  # one instant: no gap between result and job
            for id, attempt in zip(ids, attempts, strict=True):
                self._ask(pipe, id, attempt)
            rows = iter(pipe.execute())
        size = ROWS + 2 * len(self._queues)
        return [self._answer(id, attempt, list(islice(rows, size))) for id, attempt in zip(ids, attempts, strict=True)]

    def _ask(self, pipe: Any, id: str, attempt: int) -> Any:
        attempt_key, key = attempt_key_of(id, attempt), Cache.key(id)
        pipe.get(key)
        pipe.expire(key, self.cache.ttl)
        pipe.get(job_status.outcome_key(attempt_key))
        pipe.get(job_status.progress_key(attempt_key))
        pipe.hget(Job.key_for(attempt_key), "status")
        for queue in self._queues.values():
            pipe.llen(queue.key)
            pipe.lpos(queue.key, attempt_key)
        return pipe

    def _answer(self, id: str, attempt: int, rows: list[Any]) -> JobSnapshot:
        """Read the rows that `_ask` asked for: the result decides, then the outcome, then RQ."""
        result, outcome, job = unpack(rows[0]), job_status.read_outcome(rows[2]), job_status.as_text(rows[4])
        status: Status | None
        if result is not None:
            status = Status(id=id, status="done", result=result)
        elif outcome is not None:
            status = Status(id=id, status=outcome.status, error=outcome.error)
        else:
            status = by_rq(id, job, rows[3], ahead_of(rows[ROWS:]))
        return JobSnapshot(
            attempt_key_of(id, attempt), attempt, status, used=job is not None or isinstance(outcome, Outcome)
        )

    def _start(self, request: JobRequest, urgency: Urgency, snapshot: JobSnapshot) -> None:
        attempt = self.status_store.after(request.id, snapshot.attempt) if snapshot.used else snapshot.attempt
        attempt_key = attempt_key_of(request.id, attempt)
        self.connection.zadd(OPEN, {attempt_key: time.time()})
        with suppress(DuplicateJobError):  # somebody was faster: theirs is the job
            self._queues[urgency].enqueue_call(
                TASK,
                args=(request.model_dump(mode="json"), attempt_key),
                job_id=attempt_key,
                unique=True,
                timeout=self.timeout,
                result_ttl=request.remembered,
                failure_ttl=FAILURE_TTL,
                retry=rq.Retry(max=self.retries, enqueue_at_front=True) if self.retries else None,
                description=f"{request.words}, {attempt_key}",
            )
        self.status_store.announce(request.id)

    def _move_up(self, attempt_key: str, urgency: Urgency) -> None:
        wanted = self._queues[urgency]
        lower = [self._queues[name].key for name in URGENCIES[URGENCIES.index(urgency) + 1 :]]
        if lower:
            self._promote(keys=[wanted.key, Job.key_for(attempt_key), *lower], args=[attempt_key, wanted.name])

    async def _changes(self, id: str, follower: str, poll: float) -> AsyncGenerator[Status | Exception | None]:
        """The status now, at each announcement and every `poll` seconds; a failure of Redis comes as itself."""
        while True:
            client = async_api_connection(self.url)
            try:
                async with client, client.pubsub() as messages:
                    await messages.subscribe(job_status.channel(id), follower)
                    while True:
                        if self.janitor.due():
                            await asyncio.to_thread(self.janitor.sweep)
                        yield await self._snapshot_async(client, id)
                        await _next_message(messages, poll)
            except (RedisError, OSError) as error:
                yield error
            await asyncio.sleep(poll)

    async def _snapshot_async(self, client: "redis.asyncio.Redis", id: str) -> Status | None:
        attempt = int(await client.get(job_status.attempt_counter(id)) or 0)
        async with client.pipeline(transaction=True) as pipe:
            rows = await self._ask(pipe, id, attempt).execute()
        return self._answer(id, attempt, rows).status


async def _next_message(messages: Any, seconds: float) -> None:
    """Wait for an announcement, at most so long; several at once count as one."""
    await messages.get_message(ignore_subscribe_messages=True, timeout=seconds)
    while await messages.get_message(ignore_subscribe_messages=True, timeout=0) is not None:
        pass
