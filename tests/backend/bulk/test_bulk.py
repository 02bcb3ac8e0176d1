"""A whole recording explained in chunks: counted, followed, cancelled, never twice."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

NORMAL = "demo~synthetic-normal"
OCCLUSION = {"method": "occlusion", "width": 40}
Serve = Callable[..., TestClient]


@pytest.fixture
def client(serve: Serve, redis_url: str) -> TestClient:
    return serve(redis_url=redis_url)


def body(which: Any = "all", explainer: dict[str, Any] = OCCLUSION, **fields: Any) -> dict[str, Any]:
    return {"recording": NORMAL, "model": "tiny", "explainer": explainer, "which": which} | fields


def ended(client: TestClient, id: str, seconds: float = 120) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while (status := client.get(f"/bulk/{id}").json())["status"] not in ("done", "failed", "cancelled"):
        assert time.monotonic() < deadline, status
        time.sleep(0.05)
    return status


def test_every_beat_is_explained_and_each_is_an_ordinary_explanation(serve: Serve, worker: str) -> None:
    client = serve(redis_url=worker)
    answer = client.post("/bulk", json=body())
    assert answer.status_code == 202
    told = [
        json.loads(line.removeprefix("data: "))
        for line in client.get(f"/bulk/{answer.json()['id']}/events").text.splitlines()
        if line.startswith("data: ")
    ]
    assert [status["done"] for status in told] == sorted(status["done"] for status in told)
    status = ended(client, answer.json()["id"])
    assert told[-1] == status
    assert (status["status"], status["done"], status["failed"]) == ("done", status["total"], 0)
    results = client.get(f"/bulk/{status['id']}/results").json()
    beats = client.get(f"/recordings/{NORMAL}/windows").json()["windows"]["at"]
    assert results["at"] == beats
    assert sum(id is None for id in results["ids"]) == status["skipped"]
    sample, id = next((sample, id) for sample, id in zip(beats, results["ids"], strict=True) if id)
    alone = client.post(
        "/tasks/explanation", json={"recording": NORMAL, "model": "tiny", "at": sample, "explainer": OCCLUSION}
    )
    assert alone.status_code == 200
    assert alone.json()["id"] == id
    again = client.post("/bulk", json=body())
    assert again.status_code == 200
    assert (again.json()["cached"], again.json()["done"]) == (status["total"], 0)


def test_what_is_explained_already_is_not_done_again(serve: Serve, worker: str) -> None:
    client = serve(redis_url=worker)
    explainer = {"method": "occlusion", "width": 41}
    beats = client.get(f"/recordings/{NORMAL}/windows").json()["windows"]["at"][10:16]
    ended(client, client.post("/bulk", json=body(beats[:2], explainer)).json()["id"])
    first = client.get(f"/bulk/{client.post('/bulk', json=body(beats[:2], explainer)).json()['id']}/results").json()
    made = client.get(f"/tasks/explanation/{first['ids'][0]}").json()["result"]["created"]
    status = ended(client, client.post("/bulk", json=body([*beats, beats[0]], explainer)).json()["id"])
    assert (status["total"], status["cached"], status["done"]) == (6, 2, 4)
    assert client.get(f"/tasks/explanation/{first['ids'][0]}").json()["result"]["created"] == made


def test_a_class_is_the_beats_for_which_it_is_the_output(client: TestClient) -> None:
    listed = client.get(f"/recordings/{NORMAL}/windows", params={"model": "tiny"}).json()["windows"]
    symbol = next(answer for answer in listed["prediction"] if answer)
    wanted = [beat for beat, said in zip(listed["at"], listed["prediction"], strict=True) if said == symbol]
    id = client.post("/bulk", json=body(symbol, {"method": "learned_mask", "steps": 7})).json()["id"]
    assert client.get(f"/bulk/{id}/results").json() == {"at": wanted, "ids": [None] * len(wanted)}
    assert client.delete(f"/bulk/{id}").json()["status"] == "cancelled"


def test_what_waits_can_be_cancelled_and_asked_for_again(client: TestClient) -> None:
    mask = {"method": "learned_mask", "steps": 3}
    status = client.post("/bulk", json=body("all", mask)).json()
    assert (status["status"], status["done"], status["remaining_seconds"]) == ("queued", 0, None)
    assert client.post("/bulk", json=body("all", mask)).json()["id"] == status["id"]
    stopped = client.delete(f"/bulk/{status['id']}").json()
    assert stopped["status"] == "cancelled"
    assert client.get(f"/bulk/{status['id']}").json() == stopped
    assert client.post("/bulk", json=body("all", mask)).json()["status"] == "queued"
    client.delete(f"/bulk/{status['id']}")


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"recording": "demo~none"}, 404, "recording"),
        ({"which": [1]}, 404, "at"),
        ({"which": "?"}, 422, "which"),
        ({"target": "?"}, 422, "target"),
        ({"explainer": {"method": "none"}}, 404, "explainer.method"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    client: TestClient, change: dict[str, Any], status: int, field: str
) -> None:
    answer = client.post("/bulk", json=body() | change)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_without_redis_it_is_said_what_is_missing(serve: Serve) -> None:
    client = serve()
    assert client.post("/bulk", json=body()).status_code == 503
    assert "BEATLENS_REDIS_URL" in client.get(f"/bulk/{'0' * 32}").json()["detail"]


def test_what_was_never_asked_for_is_not_found(client: TestClient) -> None:
    for method, path in (("GET", ""), ("GET", "/events"), ("GET", "/results"), ("DELETE", "")):
        assert client.request(method, f"/bulk/{'0' * 32}{path}").status_code == 404
