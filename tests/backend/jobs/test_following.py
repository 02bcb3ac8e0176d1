"""Several jobs in one stream: each told until it has ended, none spoiled by another, sealed as each alone."""

import json
import threading
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from fastapi.testclient import TestClient
from patience import until

from workers.connection import api_connection
from workers.status_store import JobStatusStore

Asking = Callable[..., dict[str, Any]]
Serve = Callable[..., TestClient]
NORMAL = "demo~synthetic-normal"
ME, YOU = "a" * 32, "b" * 32
UNKNOWN = "0" * 32


def address(*jobs: str, follower: str | None = None) -> str:
    named = [f"job={job}" for job in jobs] + ([f"follower={follower}"] if follower else [])
    return "/events?" + "&".join(named)


def told(answer: Any) -> dict[str, list[dict[str, Any]]]:
    """The statuses of each job, by its id."""
    assert answer.status_code == 200, answer.text
    found: dict[str, list[dict[str, Any]]] = {}
    for line in answer.text.splitlines():
        if line.startswith("data: "):
            status = json.loads(line.removeprefix("data: "))
            found.setdefault(status["id"], []).append(status)
    return found


def test_each_job_is_told_until_it_has_ended(serve: Serve, asking: Asking, worker: str) -> None:
    client = serve(redis_url=worker)
    occlusion = {"method": "occlusion", "width": 19}
    maps = client.post("/bulk", json={"recording": NORMAL, "model": "tiny", "explainer": occlusion, "which": "all"})
    alone = client.post("/tasks/explanation", json=asking(client, "occlusion", explainer=occlusion | {"width": 7}))
    instant = client.post("/tasks/explanation", json=asking(client, "input_derivative"))
    ids = [answer.json()["id"] for answer in (maps, alone, instant)]
    paths = [f"bulk/{ids[0]}", f"tasks/explanation/{ids[1]}", f"tasks/explanation/{ids[2]}"]
    found = told(client.get(address(*paths)))
    assert set(found) == set(ids)
    assert [found[id][-1]["status"] for id in ids] == ["done"] * 3
    assert found[ids[1]][-1] == client.get(f"/{paths[1]}").json()
    assert found[ids[2]] == [instant.json()]


def test_what_nobody_knows_fails_and_spoils_no_other(serve: Serve, asking: Asking, redis_url: str) -> None:
    client = serve(redis_url=redis_url)
    known = client.post("/tasks/explanation", json=asking(client, "input_derivative")).json()
    found = told(client.get(address(f"bulk/{UNKNOWN}", f"tasks/explanation/{known['id']}", "tasks/none/" + "1" * 32)))
    assert found[known["id"]] == [known]
    for id, reason in ((UNKNOWN, "never made here"), ("1" * 32, "Unknown task 'none'")):
        assert [status["status"] for status in found[id]] == ["failed"]
        assert reason in found[id][0]["error"]


def test_without_a_queue_it_is_said_of_each(client: TestClient) -> None:
    found = told(client.get(address(f"tasks/explanation/{UNKNOWN}", "bulk/" + "1" * 32)))
    assert {status["status"] for statuses in found.values() for status in statuses} == {"failed"}


@pytest.mark.parametrize(
    "query",
    ["", "?job=", "?job=tasks/trust", f"?job=links/{UNKNOWN}", f"?job=bulk/{UNKNOWN}&follower=*",
     "?" + "&".join(f"job=bulk/{number:032x}" for number in range(65))],
)  # fmt: skip
def test_what_is_no_job_is_refused(client: TestClient, query: str) -> None:
    assert client.get("/events" + query).status_code == 422


def test_a_tab_is_one_follower_however_many_streams_it_holds(serve: Serve, asking: Asking, redis_url: str) -> None:
    client = serve(redis_url=redis_url)
    ids = [
        client.post("/tasks/explanation", json=asking(client, "occlusion", explainer=explainer)).json()["id"]
        for explainer in ({"method": "occlusion", "width": width} for width in (21, 23))
    ]
    paths = [f"tasks/explanation/{id}" for id in ids]
    heard: list[dict[str, Any]] = []
    asked = (address(*paths, follower=ME), address(*paths, follower=ME), address(paths[1], follower=YOU))
    threads = [threading.Thread(target=lambda at=at: heard.append(told(client.get(at)))) for at in asked]
    for thread in threads:
        thread.start()
    with closing(api_connection(redis_url)) as connection:
        store = JobStatusStore(connection)
        until(lambda: [store.followers(id) for id in ids] == [{ME}, {ME, YOU}])
    left = [client.delete(f"/{path}?only=left&follower={ME}").json()["status"] for path in paths]
    assert left == ["cancelled", "queued"]
    client.delete(f"/{paths[1]}")
    for thread in threads:
        thread.join(120)
    ends = [{id: statuses[-1]["status"] for id, statuses in found.items()} for found in heard]
    assert all(end[ids[1]] == "cancelled" for end in ends)
    assert sum(ids[0] in end for end in ends) == len(ends) - 1
