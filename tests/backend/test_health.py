"""What the service says of workers that have yet to come, have come, or are not to come at all."""

from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.health import service


class Alive:
    """A queue with so many workers."""

    def __init__(self, count: int, redis: bool = True) -> None:
        self.count, self.redis = count, redis

    def health(self) -> dict[str, Any]:
        workers = {"ok": self.count > 0, "count": self.count, "detail": "", "workers": []}
        return {"redis": {"ok": self.redis, "detail": ""}, "workers": workers}

    def close(self) -> None:
        """Nothing is open."""


def starting(client: TestClient, queue: Alive, expected: int) -> bool:
    health = client.app.state.services.health
    health.queue, health.workers = queue, expected
    return bool(client.get("/health").json()["parts"]["workers"]["starting"])


def test_a_worker_that_has_yet_to_come_is_told_from_one_that_is_missing(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert starting(client, Alive(0), expected=1)
    assert not starting(client, Alive(1), expected=1)  # it has come
    assert not starting(client, Alive(0), expected=0)  # none was started
    assert not starting(client, Alive(0, redis=False), expected=1)  # something else is the matter
    monkeypatch.setattr(service, "STARTING", 0.0)
    assert not starting(client, Alive(0), expected=1)  # it ought to have come by now
