"""A whole recording explained through the queue, by one worker and by two."""

import contextlib
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.timing import RUNS, Line, versus
from models.explainers import parse
from models.tasks.explanation import explanations
from models.zoo import load
from workers.bulk import Bulk
from workers.bulk_work import Work
from workers.launch import redis_server, workers
from workers.queue import Queue

BEATS = 2000
STEPS = 15  # of the 500 of a mask, whose cost is the same in every step: 2,000 beats are then 60 whole masks


def lines() -> Iterator[Line]:
    """2,000 beats by one worker; by two, against one; and what a worker's memory came to."""
    draws = (work(draw) for draw in range(RUNS + 1))
    turns = iter([copy for draw in draws for copy in (draw, draw)])  # the same windows for both
    with houses() as (alone, both):
        two = versus(
            "workers_two", lambda: explain(both, next(turns)), lambda: explain(alone, next(turns)), "one worker"
        )
        largest = max(alone.memory(), both.memory())
    whole = f"{BEATS} beats, {STEPS} of 500 steps"
    yield Line("workers_one", round(two.value * (two.ratio or 0), 2), "s", whole, None)
    yield two
    yield Line("worker_memory", round(largest / 2**20), "MiB", f"{whole}: the largest a worker ever was", None)


class House:
    """A Redis of its own and so many workers."""

    def __init__(self, url: str, count: int) -> None:
        self.queue = Queue(url)
        self.bulk = Bulk(self.queue)
        self.count = count

    def wait(self) -> None:
        """Until every worker is warm."""
        while len(self.queue.board.workers(time.time())) < self.count:
            time.sleep(0.2)

    def memory(self) -> int:
        """Bytes that the largest worker ever had in memory."""
        return max(_peak(worker.pid) for worker in self.queue.board.workers(time.time()))


@contextlib.contextmanager
def houses() -> Iterator[tuple[House, House]]:
    """One with a worker and one with two."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        found = []
        for count in (1, 2):
            server = stack.enter_context(redis_server(None, folder / str(count)))
            house = House(server.url, count)
            env = {"BEATLENS_REDIS_URL": server.url, "BEATLENS_DATA_DIR": str(folder / str(count))}
            stack.enter_context(workers(count, env=env))
            found.append(house)
        for house in found:
            house.wait()
        yield found[0], found[1]


def explain(house: House, work: Work) -> None:
    """Explain windows that nobody has explained here before, and wait for the last."""
    status = house.bulk.submit(work)
    while not status.ended:  # asking takes a hundredth of a second of a core that a worker could use
        time.sleep(min(1.0, max(0.05, (status.remaining_seconds or 0.5) / 2)))
        status = house.bulk.status(status.id) or status
    assert status.status == "done", status


def work(draw: int) -> Work:
    """2,000 random windows of the default model."""
    model = load("mitbih-lstm")
    spec = model.card.input
    shape = (BEATS, spec.leads, spec.window.samples)
    inputs = np.random.default_rng(draw).normal(size=shape).astype(np.float32)
    settings: dict[str, Any] = {"method": "learned_mask", "steps": STEPS}
    explainer = parse(settings)
    questions = explanations(model, inputs, [0] * BEATS, explainer)
    return Work(questions, asked=[(row, question.id) for row, question in enumerate(questions)])


def _peak(pid: int) -> int:
    status = Path(f"/proc/{pid}/status")
    if not status.exists():  # only Linux tells
        return 0
    lines = status.read_text(encoding="utf-8").splitlines()
    return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
