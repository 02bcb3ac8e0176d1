"""Work of every scope by one set of routes."""

from collections.abc import Callable
from contextlib import closing
from typing import Any, ClassVar

import numpy as np
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field
from rq.job import Job

from backend.settings import Settings
from models.explainers import Report
from models.tasks import Question, Scope, Task, TaskParameters, tasks
from workers.cache import Cache
from workers.connection import api_connection
from workers.queue import Queue
from workers.queue_names import SERIALIZER
from workers.science import Science
from workers.status_store import JobStatusStore, attempt_key_of
from workers.tasks import WorkerContext, compute, set_worker_context

Asking = Callable[..., dict[str, Any]]
WARD = "ward~one"
INSTANT, OTHER, QUEUED = ({"method": name} for name in ("input_derivative", "temporal_score", "occlusion"))
PAIR = {"recording": WARD, "at": 450, "first": INSTANT}


class NormParameters(TaskParameters):
    """Which norm."""

    order: int = Field(2, ge=1, le=4)


class Norms(BaseModel):
    """A norm for each of a model's tensors."""

    id: str
    norms: dict[str, float]


class NormTask(Task[NormParameters, Norms]):
    """Measure a model's weights."""

    name: ClassVar[str] = "stub_norms"
    title: ClassVar[str] = "Norms of weights"
    scope: ClassVar[Scope] = "model"
    Parameters = NormParameters
    Result = Norms

    def run(self, question: Question[Norms], report: Report) -> Norms:
        order, tensors = question.parameters.order, question.model.network.state_dict()
        return Norms(id=question.id, norms={name: float(tensor.norm(order)) for name, tensor in tensors.items()})


@pytest.fixture
def norms(monkeypatch: pytest.MonkeyPatch) -> NormTask:
    """One more task than there is."""
    stub = NormTask()
    every = tasks() | {stub.name: stub}
    monkeypatch.setattr("models.tasks.tasks", lambda: every)
    monkeypatch.setattr("backend.tasks.service.tasks", lambda: every)
    return stub


def work_off(url: str, settings: Settings, id: str) -> None:
    """Do a waiting job as a worker does, in this process."""
    with closing(api_connection(url)) as connection:
        set_worker_context(WorkerContext(JobStatusStore(connection), Cache(connection), Science(settings.model_dirs)))
        job = Job.fetch(attempt_key_of(id, 0), connection, serializer=SERIALIZER)
        compute(*job.args)


def signed_in(client: TestClient, role: str = "annotator") -> tuple[str, dict[str, str]]:
    """Somebody's id and key."""
    auth = client.app.state.services.auth
    id = auth.accounts.from_provider("test", role, role, role).id
    return id, {"Authorization": f"Bearer {auth.credentials.new_token(id, 'x', None).token}"}


def beat(client: TestClient, headers: dict[str, str], index: int) -> int:
    found = client.get(f"/recordings/{WARD}/windows", headers=headers).json()
    return int(found["windows"]["at"][index])


def test_every_task_is_listed_with_what_it_is_asked_and_answers(client: TestClient, norms: NormTask) -> None:
    listed = {one["name"]: one for one in client.get("/tasks").json()["tasks"]}
    scopes = {
        "explanation": "window", "trust": "window", "agreement": "window", "prediction": "recording",
        "day": "recording", "stub_norms": "model", "timing_or_shape": "window",
    }  # fmt: skip
    assert scopes.items() <= {name: one["scope"] for name, one in listed.items()}.items()
    asked = {name: set(one["request"]["properties"]) for name, one in listed.items()}
    assert asked["stub_norms"] == {"model", "urgency", "start", "order"}
    assert asked["prediction"] == {"model", "urgency", "start", "recording", "lead"}
    assert asked["explanation"] == {"model", "urgency", "start", "recording", "lead", "at", "target", "explainer"}
    assert asked["timing_or_shape"] == {"model", "urgency", "start", "recording", "lead", "at", "target"}
    assert "norms" in listed["stub_norms"]["result"]["properties"]


def test_what_no_task_is_called_is_not_found(client: TestClient) -> None:
    id = "0" * 32
    for method, path in (("POST", ""), ("GET", f"/{id}"), ("GET", f"/{id}/events"), ("DELETE", f"/{id}")):
        answer = client.request(method, f"/tasks/nothing{path}", json={} if method == "POST" else None)
        assert (answer.status_code, answer.json()["field"]) == (404, "task")
        assert "explanation" in answer.json()["options"]


@pytest.mark.parametrize(
    ("task", "body", "status", "field"),
    [
        ("explanation", {"explainer": INSTANT}, 422, "recording"),
        ("explanation", {"recording": WARD, "beat": 450, "explainer": INSTANT}, 422, None),
        ("explanation", {"recording": WARD, "at": 450, "explainer": INSTANT, "marks": []}, 422, "marks"),
        ("agreement", PAIR | {"second": {"method": "magic"}}, 404, "second.method"),
        ("agreement", PAIR | {"second": QUEUED | {"width": 0}}, 422, "second.width"),
        ("prediction", {"recording": WARD, "at": 450}, 422, "at"),
        ("prediction", {"recording": "ward~none"}, 404, "recording"),
        ("trust", {"recording": WARD, "at": 450, "explainer": QUEUED, "checks": ["luck"]}, 422, "checks.0"),
        ("stub_norms", {"order": 9}, 422, "order"),
        ("stub_norms", {"model": "none"}, 404, "model"),
        ("stub_norms", {"recording": WARD}, 422, "recording"),
        ("stub_norms", {"urgency": "now"}, 422, "urgency"),
    ],
)  # fmt: skip
def test_a_request_that_does_not_fit_names_its_field(
    client: TestClient, norms: NormTask, task: str, body: dict[str, Any], status: int, field: str | None
) -> None:
    answer = client.post(f"/tasks/{task}", json=body)
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, answer.json().get("field")) == (status, field), answer.text


def test_a_body_that_is_no_object_is_refused(client: TestClient) -> None:
    assert client.post("/tasks/explanation", json=[1]).status_code == 422


def test_two_maps_of_a_window_are_compared(client: TestClient, asking: Asking) -> None:
    map = client.post("/tasks/explanation", json=asking(client, explainer=INSTANT)).json()["id"]
    answer = client.post("/tasks/agreement", json=asking(client, first=INSTANT, second=INSTANT))
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert found["result"]["explanations"] == [map, map]
    assert found["result"]["rho"] == pytest.approx(1.0)
    assert client.get(f"/tasks/agreement/{found['id']}").json() == found
    without = client.post("/tasks/agreement", json=asking(client, first=INSTANT, second=OTHER))
    assert (without.status_code, without.json()["field"]) == (422, "explainer")


def test_a_task_that_reads_beats_is_given_those_of_the_window(client: TestClient, asking: Asking) -> None:
    answer = client.post("/tasks/timing_or_shape", json=asking(client))
    assert answer.status_code == 422  # a beat's window holds one beat, which is counted
    assert "needs at least 4 beats: this window has 1" in answer.json()["detail"]


def test_two_explanations_are_compared_by_their_ids(client: TestClient, asking: Asking) -> None:
    first, second = (
        client.post("/tasks/explanation", json=asking(client, explainer=INSTANT, target=target)).json()["id"]
        for target in ("N", "V")
    )
    same = client.post("/tasks/agreement", json=asking(client, explanations=[first, first])).json()
    named = client.post("/tasks/agreement", json=asking(client, first=INSTANT, second=INSTANT, target="N")).json()
    assert same == named  # asked either way it is one question, kept once
    other = client.post("/tasks/agreement", json=asking(client, explanations=[first, second])).json()
    assert other["result"]["explanations"] == [first, second]
    assert other["id"] != same["id"]
    assert -1 <= other["result"]["rho"] < 1
    assert client.get(f"/tasks/agreement/{other['id']}").json() == other


def test_explanations_that_cannot_be_compared_are_named(client: TestClient, asking: Asking) -> None:
    here = client.post("/tasks/explanation", json=asking(client, explainer=INSTANT)).json()["id"]

    def asked(**fields: Any) -> tuple[int, str]:
        answer = client.post("/tasks/agreement", json=asking(client, **fields))
        return answer.status_code, answer.json()["detail"]

    status, words = asked(explanations=[here, "0" * 32])
    assert (status, "never asked for here" in words) == (404, True)
    status, words = asked(explanations=[here, here], first=INSTANT)
    assert (status, "not both" in words) == (422, True)
    status, words = asked(first=INSTANT)
    assert (status, "name two methods" in words) == (422, True)
    elsewhere = asking(client, explanations=[here, here])
    elsewhere["at"] = next(at for at in beats_of(client, elsewhere["recording"]) if at > elsewhere["at"])
    answer = client.post("/tasks/agreement", json=elsewhere)
    assert (answer.status_code, answer.json()["field"]) == (422, "explanations")


def beats_of(client: TestClient, recording: str) -> list[int]:
    """The addresses of a recording's beats."""
    at: list[int] = client.get(f"/recordings/{recording}/windows").json()["windows"]["at"]
    return at


def test_a_model_is_measured_by_a_worker_once(
    serve: Callable[..., TestClient], redis_url: str, settings: Settings, norms: NormTask
) -> None:
    client, body = serve(redis_url=redis_url), {"model": "tiny", "order": 1}
    waiting = client.post("/tasks/stub_norms", json=body)
    assert (waiting.status_code, waiting.json()["status"]) == (202, "queued")
    id = waiting.json()["id"]
    work_off(redis_url, settings, id)
    done = client.post("/tasks/stub_norms", json=body)
    assert done.status_code == 200
    network = client.app.state.services.predictor.model("tiny").network
    assert done.json()["result"]["norms"].keys() == network.state_dict().keys()
    assert client.get(f"/tasks/stub_norms/{id}").json() == done.json()
    assert client.get(f"/tasks/stub_norms/{id}/events").text.startswith("event: status")
    assert client.delete(f"/tasks/stub_norms/{id}").json() == done.json()
    assert client.post("/tasks/stub_norms", json=body | {"order": 2}).json()["id"] != id


def test_a_recording_is_predicted_as_its_windows_are(
    serve: Callable[..., TestClient], redis_url: str, settings: Settings
) -> None:
    client, body = serve(redis_url=redis_url), {"recording": WARD, "model": "tiny"}
    waiting = client.post("/tasks/prediction", json=body)
    assert waiting.status_code == 202, waiting.text
    work_off(redis_url, settings, waiting.json()["id"])
    found = client.get(f"/tasks/prediction/{waiting.json()['id']}").json()["result"]["probabilities"]
    columns = client.get(f"/recordings/{WARD}/windows", params={"model": "tiny"}).json()["windows"]
    known = [row for row in columns["probabilities"] if row is not None]
    np.testing.assert_allclose(found, known, atol=2e-4)


def test_another_tasks_answer_is_not_told_as_ones_own(
    serve: Callable[..., TestClient], redis_url: str, asking: Asking
) -> None:
    client = serve(redis_url=redis_url)
    id = client.post("/tasks/explanation", json=asking(client, "input_derivative")).json()["id"]
    assert client.get(f"/tasks/trust/{id}").json()["result"] is None
    assert client.get(f"/tasks/explanation/{id}").json()["status"] == "done"
    assert serve(redis_url=redis_url).get(f"/tasks/explanation/{id}").json()["status"] == "done"


def test_old_paths_lead_to_the_new_ones(client: TestClient, asking: Asking) -> None:
    for old, task in (("explanations", "explanation"), ("trust", "trust")):
        for method, rest in (("POST", ""), ("GET", "/x"), ("GET", "/x/events"), ("DELETE", "/x?only=prefetch")):
            answer = client.request(method, f"/{old}{rest}", follow_redirects=False)
            assert (answer.status_code, answer.headers["location"]) == (308, f"/api/tasks/{task}{rest}")
    status = client.post("/explanations", json=asking(client, "input_derivative"))
    assert status.json()["status"] == "done"
    assert client.get(f"/explanations/{status.json()['id']}").json() == status.json()


@pytest.fixture
def sealed(serve: Callable[..., TestClient], redis_url: str, norms: NormTask) -> tuple[TestClient, dict[str, Any], int]:
    """A service, the key of a reader who has one window of a recording to read blind, and its address."""
    client = serve(accounts=True, redis_url=redis_url)
    (_, lead), (ada, key) = signed_in(client, "lead"), signed_in(client)
    at = beat(client, lead, 5)
    body = {"title": "One", "recordings": [WARD], "readers": [ada], "choice": {"how": "named", "at": [at]}}
    assert client.post("/sessions", json=body, headers=lead).status_code == 201
    return client, {"lead": lead, "ada": key}, at


def title(answer: Any) -> tuple[int, str | None]:
    return answer.status_code, answer.json().get("title")


def test_what_is_sealed_is_sealed_by_scope(sealed: Any) -> None:
    client, keys, at = sealed
    window = {"recording": WARD, "at": at, "first": INSTANT, "second": INSTANT}
    for task, body in (
        ("explanation", {"recording": WARD, "at": at, "explainer": INSTANT}),
        ("trust", {"recording": WARD, "at": at, "explainer": QUEUED}),
        ("agreement", window),
        ("prediction", {"recording": WARD}),
    ):
        assert title(client.post(f"/tasks/{task}", json=body, headers=keys["ada"])) == (403, "Sealed"), task
        made = client.post(f"/tasks/{task}", json=body, headers=keys["lead"])
        assert made.status_code in (200, 202), made.text
        for method, rest in (("GET", ""), ("GET", "/events"), ("DELETE", "")):
            path = f"/tasks/{task}/{made.json()['id']}{rest}"
            assert title(client.request(method, path, headers=keys["ada"])) == (403, "Sealed"), path
    near = client.post("/tasks/agreement", json=window | {"at": beat(client, keys["lead"], 8)}, headers=keys["ada"])
    assert near.status_code == 200
    assert client.get(f"/tasks/agreement/{near.json()['id']}", headers=keys["ada"]).status_code == 200


def test_a_model_is_nobodys_secret_but_its_path_tells_no_other_answer(sealed: Any) -> None:
    client, keys, at = sealed
    mine = client.post("/tasks/stub_norms", json={"order": 3}, headers=keys["ada"])
    assert mine.status_code == 202
    assert client.get(f"/tasks/stub_norms/{mine.json()['id']}", headers=keys["ada"]).json()["status"] == "queued"
    body = {"recording": WARD, "at": at, "explainer": INSTANT}
    made = client.post("/tasks/explanation", json=body, headers=keys["lead"]).json()["id"]
    for rest in ("", "/events"):
        assert title(client.get(f"/tasks/stub_norms/{made}{rest}", headers=keys["ada"])) == (403, "Sealed")


def test_who_was_shown_what_is_written_down(serve: Callable[..., TestClient], redis_url: str, norms: NormTask) -> None:
    client = serve(accounts=True, redis_url=redis_url)
    _, key = signed_in(client, "administrator")

    def opened() -> list[str]:
        found = client.get("/audit", params={"action": "opened"}, headers=key).json()["entries"]
        return [entry["object"] for entry in found]

    assert client.post("/tasks/stub_norms", json={"order": 4}, headers=key).status_code == 202
    assert opened() == []
    assert client.post("/tasks/prediction", json={"recording": WARD}, headers=key).status_code == 202
    assert opened() == [WARD]


def test_a_scope_may_be_for_others(
    serve: Callable[..., TestClient], norms: NormTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.tasks.scopes.ModelAccess.role", "lead")
    client = serve(accounts=True)
    for role, statuses in (("annotator", {403}), ("lead", {404, 503})):
        _, key = signed_in(client, role)
        assert client.post("/tasks/stub_norms", json={}, headers=key).status_code in statuses
        assert client.get(f"/tasks/stub_norms/{'0' * 32}", headers=key).status_code in statuses


def test_an_unreadable_result_is_made_again(serve: Callable[..., TestClient], redis_url: str, norms: NormTask) -> None:
    client, body = serve(redis_url=redis_url), {"order": 2}
    id = client.post("/tasks/stub_norms", json=body).json()["id"]
    with closing(Queue(redis_url)) as queue:
        queue.cancel(id)
        queue.cache.put(id, NormParameters())
        assert client.get(f"/tasks/stub_norms/{id}").json()["status"] == "failed"
        assert client.post("/tasks/stub_norms", json=body).json()["status"] == "queued"
        queue.cancel(id)
