"""Status records that service and workers leave each other in Redis; every one of them expires.

An *attempt key* names one attempt at a job: `<id>-<attempt>`. Submitting again after a failure or a
cancellation is a new attempt, so that a worker still busy with the old one can never disturb the new one.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import redis
import rq
from pydantic import BaseModel, ConfigDict

from workers.status import URGENCIES, ProgressState, State, Urgency

PREFIX = "beatlens:1:"
RATES = PREFIX + "rates"  # work → windows (a pace → samples) per second of one worker, as last measured
RATES_TTL = 7 * 24 * 3600
ATTEMPT_TTL = 7 * 24 * 3600  # seconds
OUTCOME_TTL = 3600
PROGRESS_TTL = 600
WORKERS = PREFIX + "workers"

# One client of many may move a given attempt on to the next: the others find it moved.
NEXT_ATTEMPT = """
local now = tonumber(redis.call('GET', KEYS[1]) or '0')
if now == tonumber(ARGV[1]) then now = now + 1 end
redis.call('SET', KEYS[1], now, 'EX', ARGV[2])
return now
"""

# Of all that was asked of a job under way the most urgent holds: a place in URGENCIES, the first is served first.
RAISE_URGENCY = """
local now = tonumber(redis.call('GET', KEYS[1]))
local wanted = tonumber(ARGV[1])
if now and now < wanted then wanted = now end
redis.call('SET', KEYS[1], wanted, 'EX', ARGV[2])
"""


class Outcome(BaseModel):
    """How an attempt ended without a result."""

    model_config = ConfigDict(frozen=True)

    status: State
    error: str | None = None


class News(NamedTuple):
    """What a running job hears at a report."""

    outcome: Outcome | None  # it was cancelled
    raised: Urgency | None  # the most urgent that was asked of it since it began
    waiting: dict[Urgency, int]  # jobs in each queue


class Speed(BaseModel):
    """How fast a worker is at one method as it comes, with one model."""

    model_config = ConfigDict(frozen=True)

    model: str
    method: str
    per_second: float  # windows explained, a block at once
    pace: str = ""  # name under which the next is kept
    samples_per_second: float = 0.0  # that the network reads where a window is explained alone


class WorkerNotice(BaseModel):
    """What a worker says of itself at each heartbeat."""

    model_config = ConfigDict(frozen=True)

    name: str
    host: str
    pid: int
    device: str  # "cpu", "cuda:0 …"
    models: list[str]  # loaded and warm
    block: int  # windows that it is best given at once
    speeds: list[Speed]  # measured when it began, and again with each chunk of such work
    state: str  # idle, busy
    job: str | None
    born: float  # seconds since the epoch
    beat: float  # likewise, of this notice
    ttl: float  # seconds after which the worker must be taken for dead


def attempt_key_of(id: str, attempt: int) -> str:
    """Name of one attempt at a job."""
    return f"{id}-{attempt}"


def job_of(attempt_key: str) -> str:
    """The id of the job that an attempt belongs to."""
    return attempt_key.rpartition("-")[0]


def attempt_counter(id: str) -> str:
    """Counter of attempts at `id`."""
    return f"{PREFIX}attempt:{id}"


def outcome_key(attempt_key: str) -> str:
    """Where an attempt's failure or cancellation is written."""
    return f"{PREFIX}outcome:{attempt_key}"


def progress_key(attempt_key: str) -> str:
    """Where an attempt's progress is written."""
    return f"{PREFIX}progress:{attempt_key}"


def urgency_key(attempt_key: str) -> str:
    """Where it is written that a job under way has become more urgent."""
    return f"{PREFIX}raised:{attempt_key}"


def channel(id: str) -> str:
    """Where each change of `id` is announced; the message carries nothing, readers look the status up."""
    return f"{PREFIX}events:{id}"


def follower_channel(id: str, follower: str) -> str:
    """Where nothing is ever announced: who follows `id` listens there, so that followers can be told apart."""
    return f"{PREFIX}follower:{id}:{follower}"


class JobStatusStore:
    """Reads and writes the status records."""

    def __init__(self, connection: redis.Redis) -> None:
        self.connection = connection
        self._next = connection.register_script(NEXT_ATTEMPT)
        self._raise = connection.register_script(RAISE_URGENCY)

    def attempts(self, ids: Sequence[str]) -> list[int]:
        """Number of the present attempt at each, from 0."""
        found: list[Any] = self.connection.mget([attempt_counter(id) for id in ids]) if ids else []
        return [int(attempt or 0) for attempt in found]

    def attempt_keys(self, ids: Sequence[str]) -> list[str]:
        """The present attempt at each."""
        return [attempt_key_of(id, attempt) for id, attempt in zip(ids, self.attempts(ids), strict=True)]

    def after(self, id: str, attempt: int) -> int:
        """The attempt that follows `attempt`, the same one for everybody who asks."""
        return int(self._next(keys=[attempt_counter(id)], args=[attempt, ATTEMPT_TTL]))

    def announce(self, id: str) -> None:
        """Wake everybody who follows `id`."""
        self.connection.publish(channel(id), b"")

    def followers(self, id: str) -> set[str]:
        """Names of those who follow `id` now; one who listens twice is one."""
        first = follower_channel(id, "")
        found: list[Any] = self.connection.pubsub_channels(first + "*")
        return {str(as_text(name)).removeprefix(first) for name in found}

    def outcome(self, attempt_key: str) -> Outcome | None:
        """How the attempt ended, if it ended badly."""
        return read_outcome(self.connection.get(outcome_key(attempt_key)))

    def end(self, attempt_key: str, status: State, error: str | None = None) -> None:
        """Write how an attempt ended and announce it; a cancelled one stays cancelled."""
        self.end_all([attempt_key], status, error)

    def end_all(self, attempt_keys: Sequence[str], status: State, error: str | None = None) -> None:
        """End several attempts, in one trip."""
        text = Outcome(status=status, error=error).model_dump_json()
        with self.connection.pipeline() as pipe:
            for attempt_key in attempt_keys:
                pipe.set(outcome_key(attempt_key), text, ex=OUTCOME_TTL, nx=True)
                pipe.delete(progress_key(attempt_key))
                pipe.publish(channel(job_of(attempt_key)), b"")
            pipe.execute()

    def progress(self, attempt_key: str, progress: ProgressState) -> News:
        """Write progress, announce it, and learn in the same round trip what has happened meanwhile."""
        with self.connection.pipeline(transaction=False) as pipe:
            pipe.set(progress_key(attempt_key), progress.model_dump_json(), ex=PROGRESS_TTL)
            pipe.publish(channel(job_of(attempt_key)), b"")
            pipe.get(outcome_key(attempt_key))
            pipe.get(urgency_key(attempt_key))
            for urgency in URGENCIES:
                pipe.llen(rq.Queue.redis_queue_namespace_prefix + urgency)
            _, _, outcome, raised, *waiting = pipe.execute()
        wanted = None if raised is None else URGENCIES[int(raised)]
        return News(read_outcome(outcome), wanted, dict(zip(URGENCIES, waiting, strict=True)))

    def raise_urgency(self, attempt_key: str, urgency: Urgency) -> None:
        """Raise the urgency of a job that runs already: it gives way to less than before, whatever is asked later."""
        self._raise(keys=[urgency_key(attempt_key)], args=[URGENCIES.index(urgency), PROGRESS_TTL])

    def note_rate(self, work: str, rate: float) -> None:
        """A worker answered `rate` windows, or read so many samples, per second of this work."""
        with self.connection.pipeline() as pipe:
            pipe.hset(RATES, work, f"{rate:.4g}")
            pipe.expire(RATES, RATES_TTL)
            pipe.execute()

    def rate(self, work: str) -> float | None:
        """Windows or samples per second of one worker, if this work was done before."""
        found = self.connection.hget(RATES, work)
        return None if found is None else float(found)

    def notice(self, worker: WorkerNotice) -> None:
        """A worker's sign of life."""
        self.connection.hset(WORKERS, worker.name, worker.model_dump_json())

    def leave(self, name: str) -> None:
        """A worker takes its leave."""
        self.connection.hdel(WORKERS, name)

    def workers(self, now: float) -> list[WorkerNotice]:
        """The workers alive at `now` (seconds since the epoch), oldest first; notices of the dead are removed."""
        every = self.connection.hgetall(WORKERS).values()
        job_status = [WorkerNotice.model_validate_json(text) for text in every]
        dead = [worker.name for worker in job_status if now - worker.beat > worker.ttl]
        if dead:
            self.connection.hdel(WORKERS, *dead)
        alive = [worker for worker in job_status if worker.name not in dead]
        return sorted(alive, key=lambda worker: worker.born)


def read_outcome(blob: bytes | str | None) -> Outcome | None:
    """An outcome as Redis holds it."""
    return None if blob is None else Outcome.model_validate_json(blob)


def read_progress(blob: bytes | str | None) -> ProgressState | None:
    """Progress as Redis holds it."""
    return None if blob is None else ProgressState.model_validate_json(blob)


def as_text(blob: Any) -> str | None:
    """Text of a Redis answer."""
    return blob.decode() if isinstance(blob, bytes) else blob
