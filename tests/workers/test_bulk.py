"""Many windows by real worker processes: chunks, whoever comes between them, and whatever becomes of a worker."""

import asyncio
import contextlib
import hashlib
import os
import signal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from pydantic import BaseModel

from workers.bulk import Bulk
from workers.bulk_work import Work
from workers.chunks import work_of
from workers.errors import TooLongError
from workers.queue import LOST
from workers.requests import JobRequest

GATE = "test:gate"  # what waits here runs until the test sets it


@pytest.fixture
def bulk(queue):
    return Bulk(queue)


def some(count, **explainer):
    """Different windows to explain, called 0, 1, 2, …"""
    ids = [hashlib.sha256(f"{number} {explainer}".encode()).hexdigest()[:32] for number in range(count)]
    windows = np.arange(count * 6, dtype=np.float32).reshape(count, 2, 3)
    return Work([asking(id, window, explainer) for id, window in zip(ids, windows, strict=True)], list(enumerate(ids)))


def asking(id, window, explainer):
    """A question of the fake science."""
    return SimpleNamespace(
        id=id,
        task=SimpleNamespace(name="explanation"),
        model=SimpleNamespace(card=SimpleNamespace(id="fake-model"), weights_sha256="0" * 64),
        inputs=window,
        parameters=Asked(explainer={"method": "fake", **explainer}),
        effort=100.0,
        pace="fake",
    )


class Asked(BaseModel):
    target: int = 0
    explainer: dict[str, Any]


def over(bulk, id):
    return lambda: (status := bulk.status(id)).ended and status


def test_windows_become_explanations_and_the_whole_is_counted(bulk, queue, start, until):
    start()
    work = some(21)
    status = until(over(bulk, bulk.submit(work).id))
    assert (status.status, status.total, status.cached, status.done, status.failed) == ("done", 21, 0, 21, 0)
    assert bulk.results(work.id) == work.asked
    assert np.array_equal(queue.status(work.ids[20]).result["relevance"], work.questions[20].inputs)
    again = bulk.submit(work)
    assert (again.status, again.cached, again.done) == ("done", 21, 0)


def test_equal_windows_are_explained_once(bulk, start, until, connection):
    start()
    work = some(3)
    twice = Work(work.questions * 2, list(enumerate(work.ids * 2)))
    status = until(over(bulk, bulk.submit(twice).id))
    assert (status.total, status.done) == (3, 3)
    assert bulk.results(twice.id) == twice.asked
    assert [int(connection.get(f"test:runs:{id}")) for id in work.ids] == [1, 1, 1]


def test_somebody_who_waits_comes_between_two_chunks(bulk, queue, ask, start, until, connection):
    start()
    work = some(24, until=GATE)
    bulk.submit(work)
    until(lambda: connection.llen("test:order"))
    queue.submit(ask("urgent"))
    connection.set(GATE, 1)
    until(over(bulk, work.id))
    order = [id.decode() for id in connection.lrange("test:order", 0, -1)]
    assert order.index(ask("urgent").id) == 1


def test_kill_9_in_mid_chunk_loses_nothing(bulk, start, until, connection):
    start()
    start()
    work = some(32, until=GATE)
    bulk.submit(work)
    first = until(lambda: connection.lindex("test:order", 0))
    os.kill(int(connection.hget("test:pids", first)), signal.SIGKILL)
    connection.set(GATE, 1)
    status = until(over(bulk, work.id))
    assert (status.status, status.done) == ("done", 32)
    assert {int(connection.get(f"test:runs:{id}")) for id in work.ids} == {1}


def test_a_window_that_cannot_be_explained_leaves_the_others_alone(bulk, start, until):
    start()
    ids = some(9).ids
    bad, work = ids[4], some(9)
    questions = [asking(id, question.inputs, {"bad": [bad]}) for id, question in zip(ids, work.questions, strict=True)]
    work = Work(questions, list(enumerate(ids)))
    status = until(over(bulk, bulk.submit(work).id))
    assert (status.status, status.done, status.failed) == ("done", 8, 1)
    assert status.error == f"Window {bad[:4]} is bad"
    assert [label for label, id in bulk.results(work.id) if id is None] == [4]


def test_cancelling_stops_the_chunk_in_hand_and_those_to_come(bulk, queue, ask, start, until, connection):
    start()
    work = some(24, until=GATE)
    bulk.submit(work)
    until(lambda: connection.llen("test:order"))
    assert bulk.cancel(work.id).status == "cancelled"
    queue.submit(ask("next"))
    until(lambda: queue.status(ask("next").id).status == "done")
    assert bulk.status(work.id).status == "cancelled"
    assert bulk.status(work.id).done < 24
    assert connection.llen("test:order") == 2


def test_a_redis_that_forgot_the_chunks_is_said(bulk, connection):
    work = some(8)
    bulk.submit(work)
    connection.delete("rq:queue:bulk", "beatlens:1:open", *connection.keys("rq:job:*"))
    status = bulk.status(work.id)
    assert (status.status, status.error) == ("failed", LOST)
    assert bulk.submit(work).status == "queued"


def test_results_that_were_evicted_are_computed_again(bulk, queue, start, until):
    start()
    work = some(4)
    until(over(bulk, bulk.submit(work).id))
    queue.cache.forget(work.ids[:2])
    status = until(over(bulk, bulk.submit(work).id))
    assert (status.status, status.cached, status.done) == ("done", 2, 2)


def test_a_chunk_lasts_a_second_or_two_and_less_and_less_at_the_end(bulk, queue, start, until):
    start()
    start()
    until(lambda: queue.health()["workers"]["count"] == 2)
    alone, sizes = JobRequest.of(some(1).questions[0]), []
    for rate in (None, 0.5, 20.0, 1000.0, 0.01):
        if rate is not None:
            queue.status_store.note_rate(work_of("explanation", "0" * 64, alone.parameters, (2, 3)), rate)
        sizes.append(list(bulk._sizes(alone, 100)))
    assert sizes[:2] == [[2] * 50, [2] * 50]  # blocks of 2, which is what these workers like
    assert sizes[2] == [26, 20, 14, 10, 8, 6, 4, 4, 2, 2, 2, 2]
    assert sizes[3] == sizes[2]
    assert sizes[4] == [1] * 100


def test_windows_that_no_job_could_end_are_refused_before_any_is_asked_for(bulk, queue, connection):
    queue.status_store.note_rate("fake", 1.0)  # of 100 samples a window, where a job may run a minute
    work = some(3)
    with pytest.raises(TooLongError, match="would take about 2 min, a job may run 60 s"):
        bulk.submit(work)
    assert bulk.status(work.id) is None
    assert not connection.llen("rq:queue:bulk")


def test_the_remaining_time_is_unknown_until_something_was_measured_and_then_falls(bulk, start):
    start()
    work = some(32, pause=0.15)
    bulk.submit(work)

    async def run():
        async with contextlib.aclosing(bulk.events(work.id, every=0.05)) as events:
            return [status async for status in events]

    seen = asyncio.run(asyncio.wait_for(run(), 120))
    assert seen[0].remaining_seconds is None
    assert seen[-1].status == "done"
    known = [status for status in seen if status.remaining_seconds is not None]
    assert known
    assert known[-1].remaining_seconds < known[0].remaining_seconds
    assert [status.done for status in seen] == sorted(status.done for status in seen)
