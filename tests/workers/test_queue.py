"""The line, without workers: who is in it, in which order, and what cancelling and Redis' absence do."""

import asyncio
import contextlib
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from rq.utils import import_attribute

from workers.errors import QueueUnavailableError, TooLongError
from workers.launch import redis_server
from workers.queue import LOST, Queue
from workers.queue_names import TASK


def test_the_task_is_found_where_jobs_look_for_it():
    assert TASK == "workers.tasks.compute"
    assert import_attribute(TASK).__name__ == "compute"


def test_twenty_at_once_make_one_job(queue, ask, connection):
    with ThreadPoolExecutor(20) as pool:
        seen = list(pool.map(lambda _: queue.submit(ask()), range(20)))
    assert {status.status for status in seen} == {"queued"}
    assert connection.llen("rq:queue:interactive") == 1


def test_positions_count_the_more_urgent(queue, ask):
    queue.submit(ask("slow"), "bulk")
    queue.submit(ask("soon"), "prefetch")
    queue.submit(ask("now"), "interactive")
    queue.submit(ask("now too"), "interactive")
    places = {name: queue.status(ask(name).id).position for name in ("slow", "soon", "now", "now too")}
    assert places == {"now": 0, "now too": 1, "soon": 2, "slow": 3}


def test_more_urgency_moves_up_and_less_does_not_move_down(queue, ask, connection):
    queue.submit(ask("other"), "prefetch")
    queue.submit(ask("mine"), "bulk")
    assert queue.submit(ask("mine"), "interactive").position == 0
    assert queue.submit(ask("mine"), "bulk").position == 0
    assert [connection.llen(f"rq:queue:{name}") for name in ("interactive", "prefetch", "bulk")] == [1, 1, 0]


def test_a_prefetch_that_waits_is_dropped_without_a_trace(queue, ask, connection):
    queue.submit(ask(), "prefetch")
    assert queue.drop(ask().id)
    assert queue.status(ask().id) is None
    assert list(connection.scan_iter("rq:job:*")) == []
    assert queue.submit(ask(), "prefetch").status == "queued"
    assert connection.lrange("rq:queue:prefetch", 0, -1) == [f"{ask().id}-0".encode()]


def test_what_somebody_waits_for_is_not_dropped(queue, ask, connection):
    queue.submit(ask("mine"), "interactive")
    queue.submit(ask("first ahead"), "prefetch")
    queue.submit(ask("first ahead"), "interactive")
    queue.submit(ask("all"), "bulk")
    assert not any(queue.drop(ask(name).id) for name in ("mine", "first ahead", "all", "never asked"))
    assert connection.llen("rq:queue:interactive") == 2


def test_asking_beside_dropping_never_loses_a_job(queue, ask, connection):
    for i in range(30):
        name = f"race {i}"
        queue.submit(ask(name), "prefetch")
        with ThreadPoolExecutor(2) as pool:
            dropped = pool.submit(queue.drop, ask(name).id)
            asked = pool.submit(queue.submit, ask(name), "interactive")
        dropped.result()
        assert asked.result().status == "queued"
        assert connection.lpos("rq:queue:interactive", f"{ask(name).id}-0") is not None


def test_what_is_cached_is_done_at_once(queue, ask, explanation, connection):
    queue.cache.put(ask().id, explanation(ask()))
    status = queue.submit(ask())
    assert (status.status, status.result) == ("done", explanation(ask()).model_dump())
    assert connection.llen("rq:queue:interactive") == 0


def test_a_cancelled_job_leaves_the_line_and_can_be_asked_for_again(queue, ask, connection):
    queue.submit(ask())
    assert queue.cancel(ask().id).status == "cancelled"
    assert queue.status(ask().id).status == "cancelled"
    assert connection.llen("rq:queue:interactive") == 0
    assert queue.submit(ask()).status == "queued"


def test_twenty_at_once_start_a_cancelled_job_again_once(queue, ask, connection):
    queue.submit(ask())
    queue.cancel(ask().id)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: queue.submit(ask()), range(20)))
    assert connection.llen("rq:queue:interactive") == 1


def test_cancelling_what_is_done_or_unknown_changes_nothing(queue, ask, explanation):
    queue.cache.put(ask().id, explanation(ask()))
    assert queue.cancel(ask().id).status == "done"
    assert queue.cancel("00" * 16) is None
    assert queue.status("00" * 16) is None


def test_a_result_that_was_evicted_is_computed_again(queue, ask, connection):
    queue.submit(ask())
    connection.lpop("rq:queue:interactive")
    connection.hset(f"rq:job:{ask().id}-0", "status", "finished")
    assert queue.status(ask().id) is None
    assert queue.submit(ask()).status == "queued"


def test_a_job_called_abandoned_after_it_succeeded_is_done(queue, ask, explanation, connection):
    queue.submit(ask())
    queue.cache.put(ask().id, explanation(ask()))
    connection.hset(f"rq:job:{ask().id}-0", "status", "failed")
    assert queue.status(ask().id).status == "done"


def test_everything_but_the_queue_may_be_evicted(queue, ask, explanation, connection):
    queue.submit(ask())
    queue.cache.put(ask("b").id, explanation(ask("b")))
    queue.status_store.end("cc" * 16 + "-0", "failed", "why")
    lasting = {key.decode() for key in connection.scan_iter() if connection.ttl(key) == -1}
    assert lasting == {"rq:queues", "rq:queue:interactive", f"rq:job:{ask().id}-0", "beatlens:1:open"}
    assert connection.config_get("maxmemory-policy")["maxmemory-policy"] == "volatile-lru"


def test_a_full_redis_is_said_and_loses_no_waiting_job(ask, explanation, tmp_path):
    with redis_server(None, tmp_path, maxmemory="2mb") as server, contextlib.closing(Queue(server.url)) as queue:
        waiting = queue.submit(ask("waits"))
        for i in range(3000):
            queue.cache.put(ask(f"filler {i}").id, explanation(ask()))
        assert queue.connection.info("stats")["evicted_keys"] > 0
        assert queue.status(waiting.id).status == "queued"


class TestWithoutRedis:
    @pytest.fixture
    def nowhere(self, tmp_path):
        with contextlib.closing(Queue(f"unix://{tmp_path}/nothing.sock")) as queue:
            yield queue

    def test_it_is_said_and_nothing_else_leaks(self, nowhere, ask):
        assert nowhere.available() is False
        health = nowhere.health()
        assert (health["redis"]["ok"], health["workers"]["ok"]) == (False, False)
        assert "cannot be reached" in health["redis"]["detail"]
        for act in (lambda: nowhere.submit(ask()), lambda: nowhere.status("ab"), lambda: nowhere.cancel("ab")):
            with pytest.raises(QueueUnavailableError, match="cannot be used"):
                act()

    def test_a_refused_port_is_the_same(self):
        with contextlib.closing(Queue("redis://127.0.0.1:1/0")) as queue:
            assert queue.available() is False

    def test_it_recovers_when_redis_comes_back(self, tmp_path, ask):
        with redis_server(None, tmp_path) as server:
            queue = Queue(server.url)
            assert queue.available()
            pid = queue.connection.info("server")["process_id"]
            os.kill(pid, signal.SIGKILL)
            assert _eventually(lambda: not queue.available())
            assert _eventually(queue.available)  # its supervisor started it again
            assert queue.submit(ask()).status == "queued"
            queue.close()


def _eventually(check):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        if check():
            return True
        time.sleep(0.02)
    return False


class TestEvents:
    def collect(self, queue, id, act=None, **options):
        async def run():
            seen = []
            async with contextlib.aclosing(queue.events(id, **options)) as events:
                async for status in events:
                    seen.append(status)
                    if act is not None:
                        act(len(seen), status)
            return seen

        return asyncio.run(asyncio.wait_for(run(), 120))

    def test_what_is_done_is_one_event(self, queue, ask, explanation):
        queue.cache.put(ask().id, explanation(ask()))
        assert [status.status for status in self.collect(queue, ask().id)] == ["done"]

    def test_what_is_unknown_is_no_event(self, queue):
        assert self.collect(queue, "00" * 16) == []

    def test_the_present_comes_first_and_the_end_last(self, queue, ask):
        queue.submit(ask())
        seen = self.collect(queue, ask().id, lambda *_: queue.cancel(ask().id))
        assert [status.status for status in seen] == ["queued", "cancelled"]

    def test_an_announcement_that_is_lost_is_made_up_for(self, queue, ask, explanation, monkeypatch):
        queue.submit(ask())
        seen = self.collect(queue, ask().id, lambda *_: queue.cache.put(ask().id, explanation(ask())), poll=0.1)
        assert [status.status for status in seen] == ["queued", "done"]

    def test_an_emptied_queue_ends_the_stream(self, queue, ask, connection):
        queue.submit(ask())
        seen = self.collect(queue, ask().id, lambda *_: connection.flushall(), poll=0.1)
        assert (seen[-1].status, seen[-1].error) == ("failed", LOST)

    def test_pings_repeat_the_status(self, queue, ask):
        queue.submit(ask())
        seen = self.collect(
            queue, ask().id, lambda n, _: queue.cancel(ask().id) if n == 3 else None, poll=0.05, ping=0.05
        )
        assert [status.status for status in seen] == ["queued", "queued", "queued", "cancelled"]


def test_work_that_no_job_could_end_is_refused_with_its_estimate(queue, ask):
    long = ask("long", effort=90_000.0)
    assert queue.estimate(long) is None  # nothing was measured yet: nothing is refused
    queue.status_store.note_rate("fake", 100.0)
    assert queue.estimate(long) == 900.0
    with pytest.raises(TooLongError, match="Explanation by fake of fake-model would take about 15 min, a job may run"):
        queue.submit(long)
    assert queue.status(long.id) is None
    assert queue.submit(ask("short", effort=5_000.0)).status == "queued"


def test_what_is_there_already_is_never_too_long(queue, ask, explanation):
    long = ask("long", effort=90_000.0)
    queue.status_store.note_rate("fake", 100.0)
    queue.cache.put(long.id, explanation(long))
    assert queue.submit(long).status == "done"
