import asyncio
import json
import threading
from collections.abc import AsyncGenerator, Callable
from contextlib import closing
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient
from patience import until

from backend.events import stream
from backend.tasks.result_cache import ResultCache
from models.explanations.explanation import Explanation
from models.memory.budget import ENTRY, Budget
from models.tasks.explanation import ExplanationTask
from workers.connection import api_connection
from workers.queue import Queue
from workers.status import Status, StatusOf
from workers.status_store import channel

Asking = Callable[..., dict[str, Any]]
NORMAL = "demo~synthetic-normal"


def events(text: str) -> list[dict[str, Any]]:
    """The statuses in a stream of events."""
    blocks = [block.splitlines() for block in text.split("\n\n") if block and not block.startswith(":")]
    assert all(lines[0] == "event: status" for lines in blocks)
    return [json.loads(lines[1].removeprefix("data: ")) for lines in blocks]


@pytest.mark.parametrize("method", ["input_derivative", "temporal_score"])
def test_instant_methods_are_answered_at_once_without_redis(client: TestClient, asking: Asking, method: str) -> None:
    answer = client.post("/tasks/explanation", json=asking(client, method))
    assert answer.status_code == 200
    status = answer.json()
    assert status["status"] == "done"
    if method == "temporal_score":
        assert (status["result"]["relevance"], status["result"]["scale"]) == (None, None)
        (output,) = status["result"]["tracks"]
        assert (output["role"], output["dims"]) == ("probability", ["time", "class"])
        assert np.shape(output["values"]) == (216, len(output["labels"]["class"]))
    else:
        assert np.shape(status["result"]["relevance"]) == (1, 216)
    assert status["result"]["id"] == status["id"]
    assert client.get(f"/tasks/explanation/{status['id']}").json() == status
    assert events(client.get(f"/tasks/explanation/{status['id']}/events").text) == [status]
    assert client.delete(f"/tasks/explanation/{status['id']}").json() == status


def test_what_is_done_never_changes_and_is_not_sent_twice(client: TestClient, asking: Asking) -> None:
    id = client.post("/tasks/explanation", json=asking(client, "input_derivative")).json()["id"]
    answer = client.get(f"/tasks/explanation/{id}")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["x-content-type-options"] == "nosniff"
    again = client.get(f"/tasks/explanation/{id}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = client.get(f"/tasks/explanation/{id}", headers={"If-None-Match": '"another"'})
    assert other.content == answer.content


def test_results_of_this_process_are_bounded_in_bytes(client: TestClient, asking: Asking) -> None:
    status = StatusOf[Explanation].model_validate(
        client.post("/tasks/explanation", json=asking(client, "input_derivative")).json()
    )
    assert status.result is not None
    budget = Budget(3 * (len(status.model_dump_json()) + ENTRY))
    recent = ResultCache(budget)
    ids = [f"{number:032x}" for number in range(5)]
    for id in [*ids, ids[-1]]:
        recent.put("explanation", id, status.result.model_copy(update={"id": id}))
    assert [recent.get("explanation", id, Explanation) is not None for id in ids] == [False, False, True, True, True]
    assert budget.use().used == sum(len(recent.body("explanation", id) or b"") + ENTRY for id in ids[2:])


def test_a_result_of_another_version_is_forgotten_and_can_be_asked_for_again(
    serve: Callable[..., TestClient], asking: Asking, redis_url: str
) -> None:
    client = serve(redis_url=redis_url)
    body = asking(client, "occlusion", explainer={"method": "occlusion", "width": 18})
    id = client.post("/tasks/explanation", json=body).json()["id"]
    client.delete(f"/tasks/explanation/{id}")
    with closing(Queue(redis_url)) as queue:
        queue.cache.put(id, Status(id=id, status="done"))
    assert "another version" in client.get(f"/tasks/explanation/{id}").json()["error"]
    assert client.post("/tasks/explanation", json=body).json()["status"] == "queued"
    client.delete(f"/tasks/explanation/{id}")


def test_equal_work_is_done_once(client: TestClient, asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    original = ExplanationTask.run

    def counting(*arguments: Any) -> Any:
        done.append("once")
        return original(*arguments)

    monkeypatch.setattr(ExplanationTask, "run", counting)
    body = asking(client, "input_derivative")
    symbol = client.post("/predictions", json=asking(client)).json()["symbol"]
    first = client.post("/tasks/explanation", json=body).json()
    again = client.post("/tasks/explanation", json=body | {"target": symbol, "urgency": "bulk"}).json()
    assert first == again
    other = next(kind["symbol"] for kind in client.get("/models/tiny").json()["classes"] if kind["symbol"] != symbol)
    different = client.post("/tasks/explanation", json=body | {"target": other}).json()
    assert different["id"] != first["id"]
    assert different["result"]["target"]["symbol"] == other
    assert len(done) == 2


def offered(client: TestClient, cost: str) -> list[str]:
    """The methods that can explain the model, in the service's order."""
    known = client.get("/explainers?model=tiny").json()["explainers"]
    return [entry["method"] for entry in known if entry["cost"] == cost and not entry["not_offered"]]


def test_queued_methods_without_redis_name_what_is_missing_and_what_works(client: TestClient, asking: Asking) -> None:
    answer = client.post("/tasks/explanation", json=asking(client, "learned_mask"))
    problem = answer.json()
    assert answer.status_code == 503
    assert "BEATLENS_REDIS_URL" in problem["detail"]
    assert problem["options"] == offered(client, "instant")
    assert {"input_derivative", "temporal_score"} <= set(problem["options"])


def test_a_redis_that_went_away_is_503_and_instant_methods_still_work(
    serve: Callable[..., TestClient], asking: Asking
) -> None:
    client = serve(redis_url="redis://127.0.0.1:1/0")
    answer = client.post("/tasks/explanation", json=asking(client, "occlusion"))
    assert answer.status_code == 503
    assert "Redis" in answer.json()["detail"]
    assert client.get(f"/tasks/explanation/{'0' * 32}").status_code == 503
    assert client.get(f"/tasks/explanation/{'0' * 32}/events").status_code == 503
    assert client.post("/tasks/explanation", json=asking(client, "input_derivative")).status_code == 200


def test_what_was_never_asked_for_is_not_found(client: TestClient) -> None:
    for method, path in (("GET", ""), ("GET", "/events"), ("DELETE", "")):
        assert client.request(method, f"/tasks/explanation/{'0' * 32}{path}").status_code == 404
    assert client.get("/tasks/explanation/../../etc").status_code == 404
    assert client.get("/tasks/explanation/NOT-A-HASH").status_code == 422


@pytest.mark.parametrize(
    ("change", "status", "field"),
    [
        ({"recording": "demo~none"}, 404, "recording"),
        ({"lead": "V9"}, 404, "lead"),
        ({"at": 1}, 404, "at"),
        ({"model": "none"}, 404, "model"),
        ({"target": "?"}, 422, "target"),
        ({"urgency": "now"}, 422, "urgency"),
        ({"explainer": {"method": "occlusion", "width": 216, "wide": 1}}, 422, "explainer.wide"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    client: TestClient, asking: Asking, change: dict[str, Any], status: int, field: str
) -> None:
    answer = client.post("/tasks/explanation", json=asking(client, "input_derivative") | change)
    assert (answer.status_code, answer.json()["field"]) == (status, field)


def test_a_method_that_does_not_fit_the_model_is_refused_with_the_reason(
    client: TestClient, asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.explainers import explainers

    kind = explainers()["temporal_score"]
    monkeypatch.setattr(kind, "unsupported", classmethod(lambda cls, network: "it has no notion of time"))
    answer = client.post("/tasks/explanation", json=asking(client, "temporal_score"))
    assert answer.status_code == 422
    assert "no notion of time" in answer.json()["detail"]


def test_silence_is_filled_with_comments_and_the_source_is_closed() -> None:
    closed: list[bool] = []

    async def slow() -> AsyncGenerator[Status]:
        try:
            await asyncio.sleep(0.2)
            yield Status(id="a", status="running")
            await asyncio.sleep(600)
        finally:
            closed.append(True)

    async def listen() -> list[bytes]:
        heard: list[bytes] = []
        answer = stream(slow(), ping=0.05)
        async for part in answer:
            heard.append(part)
            if part.startswith(b"event: status") or len(heard) > 100:
                break
        await answer.aclose()
        return heard

    heard = asyncio.run(listen())
    assert heard[0] == b": ping\n\n"
    assert heard[-1].startswith(b"event: status\ndata: {")
    assert closed == [True]


async def silent(closed: list[bool]) -> AsyncGenerator[Status]:
    """A job of which nothing is heard; notes in `closed` that it was let go."""
    try:
        await asyncio.sleep(600)
        yield Status(id="a", status="running")
    finally:
        closed.append(True)


def test_the_stream_stops_while_a_change_is_awaited() -> None:
    closed: list[bool] = []

    async def listen() -> None:
        answer = stream(silent(closed), ping=0.01)
        assert await anext(answer) == b": ping\n\n"
        await answer.aclose()

    asyncio.run(listen())
    assert closed == [True]


def test_the_stream_ends_with_the_service() -> None:
    closed: list[bool] = []
    ending = threading.Event()

    async def listen() -> list[bytes]:
        answer = stream(silent(closed), ping=0.01, ending=ending)
        heard = [await anext(answer)]
        ending.set()
        return heard + [part async for part in answer]

    assert asyncio.run(listen())[0] == b": ping\n\n"
    assert closed == [True]


def test_a_queued_method_runs_in_a_worker_and_is_then_known_to_all(
    serve: Callable[..., TestClient], asking: Asking, worker: str
) -> None:
    client = serve(redis_url=worker)
    body = asking(client, "learned_mask", explainer={"method": "learned_mask", "steps": 150})
    answer = client.post("/tasks/explanation", json=body)
    assert answer.status_code == 202
    status = answer.json()
    assert status["status"] in ("queued", "running")
    heard = events(client.get(f"/tasks/explanation/{status['id']}/events").text)
    assert heard[-1]["status"] == "done"
    assert {event["id"] for event in heard} == {status["id"]}
    assert len(heard[-1]["result"]["tracks"][0]["values"]) >= 150
    again = serve(redis_url=worker).post("/tasks/explanation", json=body)
    assert again.status_code == 200
    assert again.json() == heard[-1]
    health = client.get("/health").json()
    assert health["status"] == "ok"
    assert health["parts"]["workers"]["count"] == 1
    (known,) = health["parts"]["workers"]["workers"]
    assert known["device"] == "cpu"
    assert "tiny" in known["models"]
    tiny = {speed["method"]: speed["per_second"] for speed in known["speeds"] if speed["model"] == "tiny"}
    assert sorted(tiny) == sorted(offered(client, "queued"))


def test_a_waiting_job_can_be_cancelled_and_asked_for_again(
    serve: Callable[..., TestClient], asking: Asking, redis_url: str
) -> None:
    client = serve(redis_url=redis_url)
    body = asking(client, "occlusion")
    id = client.post("/tasks/explanation", json=body).json()["id"]
    assert client.get(f"/tasks/explanation/{id}").json()["status"] == "queued"
    assert client.delete(f"/tasks/explanation/{id}").json()["status"] == "cancelled"
    assert events(client.get(f"/tasks/explanation/{id}/events").text)[-1]["status"] == "cancelled"
    assert client.post("/tasks/explanation", json=body).json()["status"] == "queued"
    client.delete(f"/tasks/explanation/{id}")


def test_a_prefetch_is_dropped_unless_somebody_waits_for_it(
    serve: Callable[..., TestClient], asking: Asking, redis_url: str
) -> None:
    client = serve(redis_url=redis_url)
    body = asking(client, "occlusion", explainer={"method": "occlusion", "width": 17})
    id = client.post("/tasks/explanation", json=body | {"urgency": "prefetch"}).json()["id"]
    assert client.delete(f"/tasks/explanation/{id}?only=prefetch").json()["status"] == "cancelled"
    assert client.get(f"/tasks/explanation/{id}").json()["status"] == "cancelled"
    late = client.get(f"/tasks/explanation/{id}/events")  # who was on the way to listen hears what became of it
    assert (late.status_code, '"cancelled"' in late.text) == (200, True)
    assert (
        client.delete(f"/tasks/explanation/{id}?only=prefetch").json()["status"] == "cancelled"
    )  # another tab was first
    assert client.post("/tasks/explanation", json=body | {"urgency": "prefetch"}).json()["status"] == "queued"
    assert client.post("/tasks/explanation", json=body).json()["status"] == "queued"
    assert client.delete(f"/tasks/explanation/{id}?only=prefetch").json()["status"] == "queued"
    client.delete(f"/tasks/explanation/{id}")


def test_instant_results_are_shared_through_redis(
    serve: Callable[..., TestClient], asking: Asking, redis_url: str
) -> None:
    client = serve(redis_url=redis_url)
    status = client.post("/tasks/explanation", json=asking(client, "input_derivative")).json()
    assert serve(redis_url=redis_url).get(f"/tasks/explanation/{status['id']}").json() == status


def test_following_a_job_does_not_stop_the_service(
    serve: Callable[..., TestClient], asking: Asking, redis_url: str
) -> None:
    import threading

    client = serve(redis_url=redis_url)
    id = client.post("/tasks/explanation", json=asking(client, "occlusion") | {"urgency": "bulk"}).json()["id"]
    followed: list[str] = []
    threads = [
        threading.Thread(target=lambda: followed.append(client.get(f"/tasks/explanation/{id}/events").text))
        for _ in range(3)
    ]
    [thread.start() for thread in threads]
    with closing(api_connection(redis_url)) as connection:
        until(lambda: connection.pubsub_numsub(channel(id))[0][1] == len(threads))  # all of them follow it
    assert client.get("/health").status_code == 200
    client.delete(f"/tasks/explanation/{id}")
    [thread.join(120) for thread in threads]
    assert [events(text)[-1]["status"] for text in followed] == ["cancelled"] * 3
