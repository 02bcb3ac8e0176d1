"""Explanations of many windows: cut into chunks that workers take one by one, seen and cancelled as a whole."""

import asyncio
import math
import time
import zlib
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from workers import status_store as job_status
from workers.bulk_work import About, BulkStatus, Plan, Work
from workers.cache import WEEK, Cache, unpack
from workers.chunks import OWN, ChunkJob, ChunkResult, chunk_id, work_of
from workers.errors import QueueUnavailableError, redis_as_domain_error
from workers.queue import LOST, Queue
from workers.queue_names import OPEN
from workers.requests import JobRequest, packed
from workers.status import State

if TYPE_CHECKING:  # importing it would import torch
    from models.tasks import Question

PREFIX = job_status.PREFIX + "bulk:"
LISTED = job_status.PREFIX + "bulks"  # wholes under way by the time when they were asked for
MOST_LISTED = 200
BLOCK = 8  # windows of a chunk where no worker says what it likes
SECONDS = 1.5  # that a chunk should last: interactive work waits no longer for its end
LONGEST = 60.0  # seconds that a chunk may last for the sake of a full block
RECENT = 60.0  # seconds over which the rate is measured
AWAY = 10.0  # seconds without Redis after which nobody is kept waiting


class Bulk:
    """Ask for, look up, follow and cancel wholes."""

    def __init__(self, queue: Queue) -> None:
        self.queue = queue
        self.connection = queue.connection

    def submit(self, work: Work, about: About | None = None) -> BulkStatus:
        """Have everything explained that is not yet; asking again for what is under way changes nothing.

        It is in the list of what is under way if it is said what it is `about`.
        """
        status = self.status(work.id)
        if status is not None and not status.ended:
            return status
        created = time.time()
        with redis_as_domain_error():
            known = self.queue.cache.known(work.ids)
            missing = {question.id: question for question in work.questions if question.id not in known}
            chunks = list(self._chunks(list(missing.values())))
            self.queue.cache.forget([chunk.id for chunk in chunks])  # what they made before has gone
            self.queue.submit_all(chunks, "bulk")
            plan = Plan(
                id=work.id,
                created=created,
                asked=work.asked,
                cached=len(set(work.ids)) - len(missing),
                chunks=[chunk.id for chunk in chunks],
            )
            with self.connection.pipeline() as pipe:
                pipe.delete(PREFIX + work.id)
                pipe.hset(PREFIX + work.id, "plan", zlib.compress(plan.model_dump_json().encode()))
                if about is not None:
                    listed = about.model_copy(update={"created": created})
                    pipe.hset(PREFIX + work.id, "about", listed.model_dump_json())
                    pipe.zadd(LISTED, {work.id: created})
                    pipe.zremrangebyrank(LISTED, 0, -MOST_LISTED - 1)
                pipe.expire(PREFIX + work.id, WEEK)
                pipe.execute()
            return self._status(plan, None)

    def status(self, id: str) -> BulkStatus | None:
        """How far it is; None if it was never asked for or is long forgotten."""
        with redis_as_domain_error():
            self.queue.janitor.sweep()
            plan, ended = self._plan(id)
            return None if plan is None else self._status(plan, ended)

    def about(self, id: str) -> About | None:
        """The subject of a bulk job, and whose it is; None where that is not known any more."""
        with redis_as_domain_error():
            found = self.connection.hget(PREFIX + id, "about")
        return None if found is None else About.model_validate_json(found)

    def under_way(self) -> list[tuple[BulkStatus, About]]:
        """Every whole that has not ended, the latest first."""
        with redis_as_domain_error():
            self.queue.janitor.sweep()
            listed: Any = self.connection.zrevrange(LISTED, 0, -1)
            found = []
            for id in map(bytes.decode, listed):
                (plan, ended), about = self._plan(id), self.about(id)
                status = None if plan is None or about is None or ended else self._status(plan, ended)
                if status is None or about is None or status.ended:
                    self.connection.zrem(LISTED, id)
                else:
                    found.append((status, about))
            return found

    def results(self, id: str) -> list[tuple[int, str | None]] | None:
        """What the asker calls each window, and the id of its explanation where there is one by now."""
        with redis_as_domain_error():
            plan, _ = self._plan(id)
            if plan is None:
                return None
            known = self.queue.cache.known(plan.ids)
            return [(label, id if id in known else None) for label, id in plan.asked]

    def cancel(self, id: str) -> BulkStatus | None:
        """Stop it for everybody who asked; what is explained stays explained."""
        with redis_as_domain_error():
            plan, ended = self._plan(id)
            if plan is not None and ended is None:
                self.queue.cancel_all(plan.chunks)
        return self.status(id)

    async def events(self, id: str, every: float = 1.0) -> AsyncGenerator[BulkStatus]:
        """How far it is, again and again until it has ended."""
        heard = time.monotonic()
        while True:
            try:
                status = await asyncio.to_thread(self.status, id)
            except QueueUnavailableError:
                if time.monotonic() - heard > AWAY:
                    return
            else:
                heard = time.monotonic()
                if status is None:
                    return
                yield status
                if status.ended:
                    return
            await asyncio.sleep(every)

    def _plan(self, id: str) -> tuple[Plan | None, float | None]:
        """The plan, and when it ended, if it has."""
        found: list[Any] = self.connection.hmget(PREFIX + id, "plan", "ended")
        text, ended = found
        return Plan.model_validate(unpack(text)) if text else None, float(ended) if ended else None

    def _status(self, plan: Plan, ended: float | None) -> BulkStatus:
        now = time.time()
        snapshot = self._snapshot(plan)
        results = [ChunkResult.model_validate(result) for blob in snapshot.results if (result := unpack(blob))]
        outcomes = [job_status.read_outcome(blob) for blob in snapshot.outcomes]
        waiting = [
            name
            for name, result, outcome, opened in zip(
                plan.chunks, snapshot.results, outcomes, snapshot.opened, strict=True
            )
            if result is None and outcome is None and opened is not None
        ]
        broken = [outcome for outcome in outcomes if outcome is not None]
        total, lost = len(plan.ids), 0
        if waiting:
            status: State = "running" if snapshot.done > plan.cached or any(snapshot.progress) else "queued"
        elif any(outcome.status == "cancelled" for outcome in broken):
            status = "cancelled"
        else:
            lost = total - snapshot.done
            status = "failed" if broken or lost > _failures(results) or (lost and not snapshot.done) else "done"
        reasons = [outcome.error for outcome in broken] + [why for result in results for why in result.failed.values()]
        if status in ("done", "failed", "cancelled") and ended is None:
            ended = now
            self.connection.hsetnx(PREFIX + plan.id, "ended", now)
        return BulkStatus(
            id=plan.id,
            status=status,
            total=total,
            cached=plan.cached,
            done=max(0, snapshot.done - plan.cached),
            failed=lost or _failures(results),
            skipped=sum(id is None for _, id in plan.asked),
            elapsed=round((ended or now) - plan.created, 1),
            remaining_seconds=_remaining(total - snapshot.done, results, now) if waiting else None,
            error=next((reason for reason in reasons if reason), LOST if status == "failed" else None),
        )

    def _snapshot(self, plan: Plan) -> "BulkSnapshot":
        """What Redis says of the explanations and of every chunk."""
        ids, names = plan.ids, plan.chunks
        if not names:
            return BulkSnapshot(done=self.connection.exists(*map(Cache.key, ids)) if ids else 0)
        attempt_keys = self.queue.status_store.attempt_keys(names)
        with self.connection.pipeline() as pipe:
            pipe.exists(*map(Cache.key, ids))
            pipe.mget([Cache.key(name) for name in names])
            pipe.mget([job_status.outcome_key(attempt_key) for attempt_key in attempt_keys])
            pipe.mget([job_status.progress_key(attempt_key) for attempt_key in attempt_keys])
            pipe.zmscore(OPEN, attempt_keys)
            done, results, outcomes, progress, opened = pipe.execute()
        return BulkSnapshot(done=done, results=results, outcomes=outcomes, progress=progress, opened=opened)

    def _chunks(self, questions: "list[Question[Any]]") -> Iterator[ChunkJob]:
        if not questions:
            return
        alone = JobRequest.of(questions[0])
        self.queue.check_length(alone)
        first = 0
        for size in self._sizes(alone, len(questions)):
            some = questions[first : first + size]
            ids = tuple(question.id for question in some)
            first += size
            yield ChunkJob(
                **alone.model_dump(exclude={"id", "input", "shape", "effort"}),
                **packed(np.stack([question.inputs for question in some if question.inputs is not None])),
                id=chunk_id(ids),
                ids=ids,
                own=tuple(differing(question, alone.parameters) for question in some),
            )

    def _sizes(self, alone: JobRequest, windows: int) -> Iterator[int]:
        """Windows of each chunk: blocks for a second or two at the rate last measured, fewer and fewer at the end.

        Of what is left a chunk takes half of one worker's share (guided self-scheduling, Polychronopoulos & Kuck 1987):
        so the workers end together, however fast each is.
        """
        work = work_of(alone.task, alone.weights_sha256, alone.parameters, alone.shape)
        rate = self.queue.status_store.rate(work)
        hands = self.queue.status_store.workers(time.time())
        block = max((worker.block for worker in hands), default=BLOCK)
        most = block if rate is None else block * max(1, int(rate * SECONDS / block))
        if rate is not None:
            most = max(1, min(most, int(rate * LONGEST)))
        while windows > 0:
            share = block * math.ceil(windows / (2 * max(1, len(hands))) / block)
            yield (size := min(most, share, windows))
            windows -= size


@dataclass(frozen=True)
class BulkSnapshot:
    """What Redis said: answers that are there, and of each chunk its result, outcome, progress and place."""

    done: int
    results: list[bytes | None] = field(default_factory=list)
    outcomes: list[bytes | None] = field(default_factory=list)
    progress: list[bytes | None] = field(default_factory=list)
    opened: list[float | None] = field(default_factory=list)


def differing(question: "Question[Any]", shared: dict[str, Any]) -> dict[str, Any]:
    """The parameters of a question that are not the shared ones."""
    every = question.parameters.model_dump(mode="json", include=set(OWN))
    return {name: value for name, value in every.items() if value != shared[name]}


def _failures(results: list[ChunkResult]) -> int:
    return sum(len(result.failed) for result in results)


def _remaining(windows: int, results: list[ChunkResult], now: float) -> float | None:
    """Seconds that `windows` more will take if it goes on as in the last minute."""
    recent = [result for result in results if now - result.ended < RECENT and result.computed]
    if not recent:
        return None
    began = max(min(result.began for result in recent), now - RECENT)
    return round(windows * (now - began) / sum(result.computed for result in recent), 1)
