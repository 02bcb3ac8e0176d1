"""A real worker process whose science is a stand-in: `fake_worker.py URL [setting=seconds …]`.

The request's explainer says what to do: {"method": "fake", "steps": n, "pause": seconds, "fail": how,
"until": key that a test sets in Redis}.
"""

import os
import signal
import sys
import time
from types import SimpleNamespace
from typing import Any

import numpy as np
import redis

from models.errors import InvalidError
from models.explanations.explanation import Explanation, Scale, Target, TrackResult
from workers.chunks import ChunkJob
from workers.requests import JobRequest
from workers.service import serve
from workers.status_store import Speed


def explanation(request: JobRequest) -> Explanation:
    """A well-formed result whose relevance is the input."""
    return made(request, request.id, request.inputs())


def made(request: JobRequest, id: str, window: Any) -> Explanation:
    """The result of one window [leads, samples]."""
    return Explanation(
        id=id,
        method="fake",
        title="Fake",
        parameters={},
        version="1",
        target=Target(index=0, symbol="N", name="Normal"),
        signed=False,
        relevance=window.tolist(),
        tracks=[TrackResult(role="loss", name="objective", dims=["step"], values=[1.0, 0.5])],
        scale=Scale(
            unit="1",
            maximum=1.0,
            full=1.0,
            full_is_fixed=True,
            nothing_found=False,
            score_before=1.0,
            score_after=0.0,
            probability_before=0.9,
            probability_after=0.1,
            deleted_fraction=0.2,
            deletion_value="0",
            all_deleted={"N": 1.0},
        ),
        model=request.model,
        weights_sha256=request.weights_sha256,
        versions={},
        seconds=0.0,
        created="2026-01-01T00:00:00Z",
    )


class Fake:
    """Computes nothing, slowly, and keeps count of it."""

    device = "cpu"
    block = 2

    def __init__(self, url: str) -> None:
        self.redis = redis.Redis.from_url(url)
        self.loaded: list[str] = []
        self.speeds: dict[str, Speed] = {}

    def warm(self) -> None:
        self.loaded = ["fake-model"]

    def answer(self, request: JobRequest, report: Any) -> Explanation:
        what = request.parameters["explainer"]
        runs = self.redis.incr(f"test:runs:{request.id}")
        self.redis.hset("test:pids", request.id, os.getpid())
        self.redis.rpush("test:order", request.id)  # tests wait for this one
        self.wait(what.get("until"), request.id, report)
        steps = what.get("steps", 1)
        for step in range(steps):
            time.sleep(what.get("pause", 0))
            partial = np.full((1, *request.shape), step / steps, np.float32)
            report(SimpleNamespace(fraction=(step + 1) / steps, loss=1.0 / (step + 1), partial=partial))
        if what.get("fail") == "always" or (what.get("fail") == "once" and runs == 1):
            raise InvalidError("Unknown width 7: there is 25")
        if what.get("fail") == "bug":
            raise ZeroDivisionError("a bug")
        if what.get("fail") == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        return explanation(request)

    def wait(self, gate: str | None, id: str, report: Any) -> None:
        """Report until the test sets the key, where there is one to wait for."""
        while gate and not self.redis.exists(gate):
            time.sleep(0.02)
            report(SimpleNamespace(fraction=0.5, loss=None, partial=None))
            self.redis.incr(f"test:reports:{id}")

    def answer_many(self, request: ChunkJob, rows: list[int], report: Any) -> list[Explanation]:
        what = request.parameters["explainer"]
        self.redis.hset("test:pids", request.id, os.getpid())
        self.redis.rpush("test:order", request.id)  # tests wait for this one
        if bad := [request.ids[row] for row in rows if request.ids[row] in what.get("bad", ())]:
            raise InvalidError(f"Window {bad[0][:4]} is bad")
        self.wait(what.get("until"), request.id, report)
        for step in range(len(rows)):
            time.sleep(what.get("pause", 0))
            report(SimpleNamespace(fraction=(step + 1) / len(rows), loss=None, partial=None))
        for row in rows:
            self.redis.incr(f"test:runs:{request.ids[row]}")
        return [made(request, request.ids[row], request.inputs()[row]) for row in rows]


if __name__ == "__main__":
    settings = dict(part.split("=") for part in sys.argv[2:])
    serve(sys.argv[1], computer=Fake(sys.argv[1]), **{name: float(value) for name, value in settings.items()})
