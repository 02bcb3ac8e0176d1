"""Real worker processes on a real Redis: what runs, what is killed, what is cancelled."""

import asyncio
import contextlib
import json
import os
import signal
from concurrent.futures import ThreadPoolExecutor

from workers.launch import redis_server
from workers.queue import Queue
from workers.queue_names import DIED

GATE = "test:gate"  # a job that waits here runs until the test sets it


def _done(queue, id):
    return lambda: (status := queue.status(id)) is not None and status.ended and status


def _running(queue, id):
    return lambda: (status := queue.status(id)).status == "running" and status.progress and status


def test_twenty_clients_make_one_computation_and_then_it_is_cached(queue, ask, start, until, explanation, connection):
    start()
    start()
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: queue.submit(ask(steps=5, pause=0.02)), range(20)))
    assert until(_done(queue, ask().id)).result == explanation(ask()).model_dump()
    assert queue.submit(ask()).status == "done"
    assert int(connection.get(f"test:runs:{ask().id}")) == 1


def test_kill_9_in_mid_mask_loses_nothing(queue, ask, start, until, connection):
    start()
    start()
    queue.submit(ask(until=GATE))
    until(_running(queue, ask().id))
    os.kill(int(connection.hget("test:pids", ask().id)), signal.SIGKILL)
    connection.set(GATE, 1)
    assert until(_done(queue, ask().id)).status == "done"
    assert int(connection.get(f"test:runs:{ask().id}")) == 2


def test_a_job_whose_only_worker_was_killed_waits_in_line_again(queue, ask, start, until, connection):
    start()
    queue.submit(ask(until=GATE))
    pid = until(_running(queue, ask().id)) and queue.health()["workers"]["workers"][0]["pid"]
    os.kill(pid, signal.SIGKILL)
    until(lambda: queue.status(ask().id).status == "queued")
    connection.set(GATE, 1)
    start()
    assert until(_done(queue, ask().id)).status == "done"


def test_a_job_longer_than_the_patience_is_not_taken_for_dead(queue, ask, start, until, connection):
    start()
    start()
    queue.submit(ask(steps=50, pause=0.1))  # longer than the patience of 3 s
    assert until(_done(queue, ask().id)).status == "done"
    assert int(connection.get(f"test:runs:{ask().id}")) == 1


def test_a_job_that_kills_every_worker_is_reported(queue, ask, start, until, connection):
    queue.retries = 1
    first, second = start(), start()
    queue.submit(ask(fail="die"))
    until(lambda: first.poll() and second.poll())
    status = until(_done(queue, ask().id))  # no worker is left: the service notices
    assert (status.status, status.error) == ("failed", DIED)


def test_a_job_lost_between_line_and_worker_is_found(queue, ask, start, until, connection):
    queue.submit(ask())
    connection.lpop("rq:queue:interactive")  # a worker took it, and was killed before it wrote so
    start()
    assert until(_done(queue, ask().id)).status == "done"


def test_a_running_job_stops_when_cancelled_and_starts_again_when_asked(queue, ask, start, until, connection):
    start()
    queue.submit(ask(until=GATE))
    until(_running(queue, ask().id))
    assert queue.cancel(ask().id).status == "cancelled"
    queue.submit(ask("next"))
    assert until(_done(queue, ask("next").id)).status == "done"  # the worker is free again
    assert queue.status(ask().id).status == "cancelled"
    queue.submit(ask(steps=1))
    assert until(_done(queue, ask().id)).status == "done"


def test_a_failure_says_why_is_not_retried_and_can_be_asked_for_again(queue, ask, start, until, connection):
    start()
    queue.submit(ask(fail="once"))
    status = until(_done(queue, ask().id))
    assert (status.status, status.error) == ("failed", "Unknown width 7: there is 25")
    assert int(connection.get(f"test:runs:{ask().id}")) == 1
    queue.submit(ask(fail="once"))
    assert until(lambda: _done(queue, ask().id)()).status == "done"


def test_a_bug_is_reported_and_the_worker_lives(queue, ask, start, until):
    worker = start()
    queue.submit(ask(fail="bug"))
    assert "ZeroDivisionError: a bug" in until(_done(queue, ask().id)).error
    queue.submit(ask("next"))
    assert until(_done(queue, ask("next").id)).status == "done"
    assert worker.poll() is None


def test_a_job_past_its_time_limit_is_stopped(queue, ask, start, until):
    queue.timeout = 1
    start()
    queue.submit(ask(until=GATE))
    assert "longer than a job may take" in until(_done(queue, ask().id)).error


def test_the_urgent_come_first(queue, ask, start, until, connection):
    for urgency in ("bulk", "prefetch", "interactive"):
        queue.submit(ask(urgency), urgency)
    start()
    until(lambda: connection.llen("test:order") == 3)
    order = [id.decode() for id in connection.lrange("test:order", 0, -1)]
    assert order == [ask(urgency).id for urgency in ("interactive", "prefetch", "bulk")]


def test_events_go_from_the_line_through_growing_progress_to_the_result(queue, ask, start):
    queue.submit(ask(steps=60, pause=0.05))
    start()

    async def run():
        async with contextlib.aclosing(queue.events(ask().id)) as events:
            return [status async for status in events]

    seen = asyncio.run(asyncio.wait_for(run(), 120))
    assert (seen[0].status, seen[-1].status) == ("queued", "done")
    order = ["queued", "running", "done"]
    assert [order.index(status.status) for status in seen] == sorted(order.index(status.status) for status in seen)
    fractions = [status.progress.fraction for status in seen if status.progress]
    assert fractions
    assert fractions == sorted(fractions)
    assert any(status.progress and status.progress.partial for status in seen)
    assert all(len(status.progress.loss) <= 100 for status in seen if status.progress)


def test_sigterm_when_idle_leaves_and_deregisters(queue, start, until):
    worker = start()
    until(lambda: queue.health()["workers"]["count"] == 1)
    worker.terminate()
    assert worker.wait(120) == 0
    assert queue.health()["workers"]["count"] == 0


def test_sigterm_gives_a_long_job_back_to_another_worker(queue, ask, start, until, connection, capfd):
    leaving = start(grace=0.2)
    queue.submit(ask(until=GATE))
    until(_running(queue, ask().id))
    start()
    leaving.terminate()
    assert leaving.wait(120) == 0
    connection.set(GATE, 1)
    assert until(_done(queue, ask().id)).status == "done"
    assert int(connection.get(f"test:runs:{ask().id}")) == 2
    assert "InterruptedJobError" not in capfd.readouterr().err  # to give way is no error that a log would show


def test_sigterm_lets_a_short_job_end(queue, ask, start, until, connection):
    leaving = start(grace=600)
    queue.submit(ask(until=GATE))
    until(_running(queue, ask().id))
    leaving.terminate()
    connection.set(GATE, 1)
    assert leaving.wait(120) == 0
    assert queue.status(ask().id).status == "done"


def test_health_names_the_workers_and_forgets_the_killed(queue, start, until):
    worker = start()
    (known,) = until(lambda: queue.health()["workers"]["workers"])
    assert (known["pid"], known["device"], known["models"]) == (worker.pid, "cpu", ["fake-model"])
    assert known["heartbeat"] < 60
    json.dumps(queue.health())
    worker.kill()
    until(lambda: queue.health()["workers"]["ok"] is False)


def test_a_worker_outlives_an_absence_of_redis(ask, launch_fake, until, tmp_path):
    with redis_server(None, tmp_path) as server, contextlib.closing(Queue(server.url)) as queue:
        worker = launch_fake(server.url, "beat=0.3")
        try:
            until(lambda: queue.health()["workers"]["count"] == 1)
            os.kill(queue.connection.info("server")["process_id"], signal.SIGKILL)
            until(lambda: queue.health()["workers"]["count"] == 0)
            until(lambda: queue.health()["workers"]["count"] == 1)
            queue.submit(ask())
            assert until(_done(queue, ask().id)).status == "done"
            assert worker.poll() is None
        finally:
            worker.kill()
            worker.wait()
