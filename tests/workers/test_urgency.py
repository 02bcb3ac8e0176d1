"""What is on the screen goes first: urgent work interrupts work ahead of need, and what was left behind is dropped."""

import asyncio
import contextlib
from collections.abc import Callable
from typing import Any

import pytest

from workers.queue import Queue
from workers.requests import JobRequest
from workers.status import Urgency

Ask = Callable[..., JobRequest]
Until = Callable[..., Any]
GATE = "test:gate"  # a slow job ends once it is there
REPORTS = 40  # many times as often as a worker looks whether it is to stop


def order(connection: Any) -> list[str]:
    """Ids of the jobs in the order in which they were begun."""
    return [id.decode() for id in connection.lrange("test:order", 0, -1)]


def reports(connection: Any, id: str) -> int:
    return int(connection.get(f"test:reports:{id}") or 0)


def done(queue: Queue, *ids: str) -> bool:
    return all((status := queue.status(id)) is not None and status.status == "done" for id in ids)


@pytest.mark.parametrize("urgency", ["secondary", "prefetch"])
def test_a_running_job_gives_way_to_the_screens_and_is_computed_after_it(
    queue: Queue, connection: Any, start: Any, until: Until, ask: Ask, urgency: Urgency
) -> None:
    start()
    slow, quick = ask("slow", until=GATE), ask("quick")
    queue.submit(slow, urgency)
    until(lambda: reports(connection, slow.id))
    queue.submit(quick, "interactive")
    until(lambda: done(queue, quick.id))
    assert not done(queue, slow.id)
    connection.set(GATE, 1)
    until(lambda: done(queue, slow.id))
    assert order(connection) == [slow.id, quick.id, slow.id]


def test_giving_way_uses_up_no_chance(queue: Queue, connection: Any, start: Any, until: Until, ask: Ask) -> None:
    start()
    slow = ask("slow", until=GATE)
    queue.submit(slow, "prefetch")
    quick = [ask(f"quick {number}") for number in range(queue.retries + 2)]
    for request in quick:
        seen = reports(connection, slow.id)
        until(lambda seen=seen: reports(connection, slow.id) > seen)
        queue.submit(request, "interactive")
        until(lambda request=request: done(queue, request.id))
    connection.set(GATE, 1)
    until(lambda: done(queue, slow.id))


def test_the_screens_beat_is_followed_by_its_trust_and_then_by_its_neighbours(
    queue: Queue, connection: Any, start: Any, until: Until, ask: Ask
) -> None:
    asked: list[tuple[str, Urgency]] = [
        ("every beat", "bulk"),
        ("neighbour", "prefetch"),
        ("trust", "secondary"),
        ("map", "interactive"),
    ]
    for name, urgency in asked:
        queue.submit(ask(name), urgency)
    start()
    ids = [ask(name).id for name, _ in reversed(asked)]
    until(lambda: done(queue, *ids))
    assert order(connection) == ids


@pytest.mark.parametrize(
    "asked", [("prefetch", "interactive"), ("interactive", "prefetch"), ("prefetch", "interactive", "prefetch")]
)
def test_what_somebody_waits_for_gives_way_to_nothing_whoever_else_asks_for_it(
    queue: Queue, connection: Any, start: Any, until: Until, ask: Ask, asked: tuple[Urgency, ...]
) -> None:
    """The reader steps onto a neighbour; what one reader waits for is another's neighbour.

    Put off, it stood at the front of its urgent queue again, and was begun and put off without an end.
    """
    start()
    mine, other = ask("mine", until=GATE), ask("other")
    for urgency in asked:
        queue.submit(mine, urgency)
        until(lambda: reports(connection, mine.id))
    queue.submit(other, "interactive")
    seen = reports(connection, mine.id)
    until(lambda: reports(connection, mine.id) > seen + REPORTS)
    connection.set(GATE, 1)
    until(lambda: done(queue, mine.id, other.id))
    assert order(connection) == [mine.id, other.id]


@pytest.mark.parametrize("urgency", ["interactive", "secondary", "prefetch"])
def test_what_was_left_behind_waiting_is_forgotten(queue: Queue, ask: Ask, urgency: Urgency) -> None:
    queue.submit(ask(), urgency)
    assert queue.leave(ask().id)
    assert queue.status(ask().id) is None


def test_what_was_left_behind_running_is_stopped_and_starts_anew_when_it_is_asked_for_again(
    queue: Queue, connection: Any, start: Any, until: Until, ask: Ask
) -> None:
    start()
    slow, quick = ask("slow", until=GATE), ask("quick")
    queue.submit(slow)
    until(lambda: reports(connection, slow.id))
    queue.leave(slow.id)
    queue.submit(quick)
    until(lambda: done(queue, quick.id))
    connection.set(GATE, 1)
    queue.submit(slow)
    until(lambda: done(queue, slow.id))


@pytest.mark.parametrize(
    ("followers", "leaving", "dropped"),
    [((), "me", True), (("me",), "me", True), (("me", "me"), "me", True), (("you",), "me", False),
     (("me", "you"), "me", False), (("you",), None, False)],
)  # fmt: skip
def test_what_others_follow_is_not_dropped(
    queue: Queue, ask: Ask, followers: tuple[str, ...], leaving: str | None, dropped: bool
) -> None:
    """Who follows twice under one name, as while one stream replaces another, is one."""

    async def leave() -> bool:
        async with contextlib.AsyncExitStack() as streams:
            for name in followers:
                events = await streams.enter_async_context(contextlib.aclosing(queue.events(ask().id, follower=name)))
                await anext(events)
            return await asyncio.to_thread(queue.leave, ask().id, leaving)

    queue.submit(ask())
    assert asyncio.run(leave()) == dropped
    assert (queue.status(ask().id) is None) == dropped


def test_who_follows_without_a_name_is_somebody(queue: Queue, ask: Ask) -> None:
    async def leave() -> bool:
        async with contextlib.aclosing(queue.events(ask().id)) as events:
            await anext(events)
            return await asyncio.to_thread(queue.leave, ask().id)

    queue.submit(ask())
    assert not asyncio.run(leave())


def test_a_bulk_requests_jobs_are_nobodys_to_leave(queue: Queue, ask: Ask) -> None:
    queue.submit(ask(), "bulk")
    assert not queue.leave(ask().id)
    status = queue.status(ask().id)
    assert status is not None
    assert status.status == "queued"
