"""Jobs belong to the house: everybody sees them with recording and starter, and cancels them as the role allows."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

ROLES = {"ada": "reader", "ben": "annotator", "lea": "lead", "adam": "administrator"}
NORMAL, OTHER = "demo~synthetic-normal", "ward~one"
MASK = {"method": "learned_mask", "steps": 3}
Ask = Callable[..., Any]


@pytest.fixture
def ask(serve: Callable[..., TestClient], redis_url: str) -> Iterator[Ask]:
    """Ask the service in somebody's name; nothing is computed."""
    client = serve(accounts=True, redis_url=redis_url)
    auth = client.app.state.services.auth  # type: ignore[attr-defined]
    ids = {name: auth.accounts.from_provider("test", name, name, role).id for name, role in ROLES.items()}
    keys = {name: auth.credentials.new_token(id, "x", None).token for name, id in ids.items()}

    def ask(who: str, method: str, path: str, **options: Any) -> Any:
        return client.request(method, path, headers={"Authorization": f"Bearer {keys[who]}"}, **options)

    yield ask
    for job in jobs(ask, "adam"):
        ask("adam", "DELETE", f"/bulk/{job['progress']['id']}")


def started(ask: Ask, who: str, recording: str = NORMAL, which: Any = "all") -> str:
    body = {"recording": recording, "model": "tiny", "explainer": MASK, "which": which}
    answer = ask(who, "POST", "/bulk", json=body)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def jobs(ask: Ask, who: str, **query: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = ask(who, "GET", "/bulk", params=query).json()["jobs"]
    return found


def test_everybody_sees_what_is_under_way_the_latest_first(ask: Ask) -> None:
    first, second = started(ask, "ada"), started(ask, "ben", OTHER)
    found = jobs(ask, "lea")
    assert [job["progress"]["id"] for job in found] == [second, first]
    assert [(job["recording"], job["name"], job["started_by"]) for job in found] == [
        (OTHER, "one", "ben"),
        (NORMAL, "SYNTHETIC normal", "ada"),
    ]
    assert {job["title"] for job in found} == {"Learned mask, every beat"}
    assert [job["progress"]["id"] for job in jobs(ask, "ben", recording=NORMAL)] == [first]


@pytest.mark.parametrize(("who", "may"), [("ada", True), ("ben", False), ("lea", True), ("adam", True)])
def test_ones_own_jobs_are_cancelled_by_anybody_and_others_by_who_leads(ask: Ask, who: str, may: bool) -> None:
    id = started(ask, "ada")
    (job,) = jobs(ask, who)
    assert job["may_cancel"] == may
    answer = ask(who, "DELETE", f"/bulk/{id}")
    assert answer.status_code == (200 if may else 403)
    assert may or "ada started this" in answer.json()["detail"]
    assert [job["progress"]["id"] for job in jobs(ask, "ben")] == ([] if may else [id])


def test_asking_for_what_another_started_leaves_it_the_others(ask: Ask) -> None:
    id = started(ask, "ada")
    assert started(ask, "ben") == id
    assert [job["started_by"] for job in jobs(ask, "ben")] == ["ada"]


def test_without_a_queue_there_is_nothing_under_way(client: TestClient) -> None:
    assert client.get("/bulk").json() == {"jobs": []}


def test_who_reads_a_recording_blind_does_not_see_others_jobs_of_it(ask: Ask) -> None:
    beats = ask("lea", "GET", f"/recordings/{NORMAL}/windows").json()["windows"]["at"]
    readers = [user["id"] for user in ask("lea", "GET", "/users").json()["users"] if user["name"] == "ben"]
    body = {
        "title": "One beat",
        "recordings": [NORMAL],
        "readers": readers,
        "choice": {"how": "named", "at": beats[5:6]},
    }
    assert ask("lea", "POST", "/sessions", json=body).status_code == 201
    started(ask, "lea")
    started(ask, "lea", OTHER)
    assert [job["recording"] for job in jobs(ask, "ben")] == [OTHER]
    assert len(jobs(ask, "ada")) == 2
