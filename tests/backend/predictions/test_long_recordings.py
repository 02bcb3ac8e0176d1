"""Outputs of a long recording: nobody is kept waiting, everybody hears how far they are, and they are the same."""

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

ONE = "ward~one"
WINDOWS = f"/recordings/{ONE}/windows?model=tiny"
QUEUES = f"/recordings/{ONE}/queues?model=tiny"


LONG = 5  # windows: the small recording counts as a long one


def manned(client: TestClient) -> TestClient:
    """The service once a worker is there."""
    for _ in range(3000):
        if client.get("/health").json()["parts"]["workers"]["count"]:
            return client
        time.sleep(0.05)
    raise AssertionError("no worker came")


def ended(client: TestClient) -> dict[str, Any]:
    """The windows once their outputs are there."""
    for _ in range(3000):
        answer: dict[str, Any] = client.get(WINDOWS).json()
        if answer["computing"] is None:
            return answer
        time.sleep(0.05)
    raise AssertionError(answer["computing"])


def test_windows_are_there_at_once_and_predictions_as_soon_as_workers_have_computed_them(
    serve: Callable[..., TestClient], worker: str
) -> None:
    here, there = serve(long_windows=LONG), manned(serve(redis_url=worker, long_windows=LONG))
    expected = ended(here)["windows"]
    first = there.get(WINDOWS).json()
    assert first["computing"]["total"] == len(expected["at"]) > first["computing"]["done"]
    assert first["windows"]["at"] == expected["at"]
    assert set(first["windows"]["prediction"]) == set(first["windows"]["note"]) == {None}
    windows = ended(there)["windows"]
    assert windows["prediction"] == expected["prediction"]
    for own, other in zip(windows["probabilities"], expected["probabilities"], strict=True):
        assert (own is None) == (other is None)
        if own is not None:
            np.testing.assert_allclose(own, other, atol=2e-4)


def test_what_needs_all_outputs_says_how_far_they_are(serve: Callable[..., TestClient], worker: str) -> None:
    client = manned(serve(redis_url=worker, long_windows=LONG))
    answer = client.get(QUEUES)
    assert answer.status_code == 503
    assert "of 23 beats" in answer.json()["detail"]
    assert int(answer.headers["Retry-After"]) > 0
    patient = client.get(QUEUES, headers={"Prefer": "respond-async"})  # a page that asks again has met no failure
    assert patient.status_code in (200, 202)  # by now they may all be there
    assert patient.status_code == 200 or int(patient.headers["Retry-After"]) > 0
    ended(client)
    assert client.get(QUEUES).json()["note"] is None


def test_a_model_that_cannot_read_the_recording_says_why_once_it_is_known(
    serve: Callable[..., TestClient], worker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = manned(serve(redis_url=worker, long_windows=LONG))
    queue = client.app.state.services.queue  # type: ignore[attr-defined]
    monkeypatch.setattr(type(queue), "submit", lambda *_: queue.cancel("0" * 32))
    monkeypatch.setattr(type(queue), "status", lambda *_: None)
    client.get(WINDOWS)
    client.app.state.services.predictor.computations.wait()  # type: ignore[attr-defined]
    notes = client.get(WINDOWS).json()["windows"]["note"]
    assert set(notes) == {"the job was lost"}


def test_without_workers_a_thread_of_the_service_computes_it(serve: Callable[..., TestClient]) -> None:
    client = serve(long_windows=LONG)
    assert client.get(WINDOWS).json()["computing"]["total"]
    client.app.state.services.predictor.computations.wait()  # type: ignore[attr-defined]
    answer = client.get(WINDOWS).json()
    assert answer["computing"] is None
    assert any(answer["windows"]["prediction"])
