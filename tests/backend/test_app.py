from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from backend.errors import STATUS, ConflictError, UnavailableError, status_of
from models import errors
from models.errors import DomainError


def kinds(base: type[DomainError]) -> Iterator[type[DomainError]]:
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


def test_every_domain_error_has_its_own_line_in_the_table() -> None:
    ours = {kind for kind in kinds(DomainError) if kind.__module__.split(".")[0] in ("models", "backend", "workers")}
    # Downloading is the command line's alone.
    assert {kind for kind in ours if kind.__module__ != "models.records.fetch"} <= set(STATUS)
    assert status_of(errors.BadRecordError("a.hea", "broken")) == 422
    assert status_of(errors.NotFoundError("x")) == 404
    assert status_of(UnavailableError("x")) == 503
    assert status_of(ConflictError("x")) == 409


def test_unknown_api_paths_are_problems_even_with_pages_mounted_at_the_root(client: TestClient) -> None:
    pages = Starlette(routes=[Route("/{path:path}", lambda _: PlainTextResponse("a page"))])
    client.app.mount("/", pages)
    assert client.get("http://test/s/token").text == "a page"
    for method, path in (("GET", "/api/nothing"), ("POST", "/api/nothing/at/all"), ("GET", "/api"), ("GET", "/api/")):
        answer = client.request(method, f"http://test{path}")
        assert answer.status_code == 404, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert path.rstrip("/") in answer.json()["detail"]


def test_a_wrong_verb_is_said_to_be_one(client: TestClient) -> None:
    answer = client.delete("/health")
    assert (answer.status_code, answer.json()["title"]) == (405, "Method Not Allowed")


def test_an_old_name_is_answered_with_the_new_one(client: TestClient) -> None:
    answer = client.post("/predictions", json={"recording": "a", "beat": 1})
    assert (answer.status_code, "renamed to 'at'" in answer.json()["detail"]) == (422, True)


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"at": 1}, 422, "recording"),
        ({"recording": "a", "at": "x"}, 422, "at"),
        ({"recording": "a", "at": 1, "value": "nothing"}, 422, "value"),
        ({"recording": "a", "at": 1, "covers": [{"start": 0, "end": -1}]}, 422, "covers.0.end"),
        ({"recording": "a", "at": 1, "more": 1}, 422, "more"),
        ({"recording": "a", "at": 1}, 404, "recording"),
    ],
)
def test_a_problem_names_the_field(client: TestClient, body: dict[str, Any], status: int, field: str) -> None:
    answer = client.post("/predictions", json=body)
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert (answer.status_code, problem["status"], problem["field"]) == (status, status, field)
    assert {"type", "title", "detail"} <= set(problem)
    if field == "value":
        assert "'nothing'" in problem["detail"]
        assert problem["options"] == ["zero", "mean", "line"]


def test_a_method_that_is_none_and_a_setting_out_of_bounds(client: TestClient) -> None:
    body = {"recording": "a", "at": 1}
    answer = client.post("/tasks/explanation", json=body | {"explainer": {"method": "magic"}})
    assert answer.status_code == 404
    assert {"occlusion", "learned_mask", "input_derivative", "temporal_score"} <= set(answer.json()["options"])
    answer = client.post("/tasks/explanation", json=body | {"explainer": {"method": "occlusion", "width": 0}})
    assert answer.status_code == 422
    assert answer.json()["field"] == "explainer.width"
    assert "= 0" in answer.json()["detail"]


def test_bodies_are_bounded_whether_announced_or_not(serve: Callable[..., TestClient]) -> None:
    client = serve(max_request_bytes=2000)
    announced = client.post("/links", content=b"x" * 2001, headers={"content-type": "application/json"})
    streamed = client.post(
        "/links", content=iter([b"x" * 1500, b"x" * 1500]), headers={"content-type": "application/json"}
    )
    for answer in (announced, streamed):
        assert answer.status_code == 413
        assert answer.json()["status"] == 413


def test_what_is_no_json_is_said_to_be_none(client: TestClient) -> None:
    answer = client.post("/links", content=b"{x", headers={"content-type": "application/json"})
    assert answer.status_code == 422
    assert "not valid JSON" in answer.json()["detail"]


def test_our_own_mistakes_are_500_and_tell_nothing(
    serve: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(strict=False)
    monkeypatch.setattr("backend.worklist.service.Worklist.listing", lambda *_: 1 / 0)
    answer = client.get("/recordings")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "division" not in answer.text


def test_every_answer_carries_the_safe_headers(client: TestClient) -> None:
    for path in ("/health", "/nothing"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors" in headers["content-security-policy"]
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cache-control"] == "no-store"


def test_the_openapi_document_shows_the_methods_and_types(client: TestClient) -> None:
    document = client.get("/openapi.json").json()
    (listed,) = [task for task in client.get("/tasks").json()["tasks"] if task["name"] == "explanation"]
    ask = listed["request"]["properties"]["explainer"]
    assert ask["discriminator"]["propertyName"] == "method"
    assert set(ask["discriminator"]["mapping"]) >= {"occlusion", "learned_mask", "input_derivative", "temporal_score"}
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            good = next(described["responses"][code] for code in ("200", "201") if code in described["responses"])
            assert good["content"], (method, path)
            assert path.startswith("/api/")
    assert client.get("/docs").status_code == 200


def test_explainers_describe_themselves(client: TestClient) -> None:
    found = {entry["method"]: entry for entry in client.get("/explainers").json()["explainers"]}
    assert found["occlusion"]["cost"] == "queued"
    assert found["occlusion"]["schema"]["properties"]["width"]["minimum"] == 1
    assert found["occlusion"]["wording"]["weight"] == "of the effect"
    assert found["temporal_score"]["needs"] == ["OverTime"]
    mapped = {name for name, entry in found.items() if entry["has_relevance"]}
    assert mapped == {name for name, entry in found.items() if "relevance" in entry["roles"]}
    assert {entry["default_slot"] for entry in found.values()} == {"a", "b", None}


def test_explainers_of_a_model_say_why_one_cannot_explain_it(client: TestClient) -> None:
    model = client.get("/models").json()["models"][0]["id"]
    found = client.get(f"/explainers?model={model}").json()["explainers"]
    why = {entry["method"]: entry["not_offered"] for entry in found}
    assert {name: why[name] for name in ("learned_mask", "occlusion", "attention", "class_activation")} == {
        "learned_mask": None,
        "occlusion": None,
        "attention": "LSTM has no attention",
        "class_activation": "LSTM does not read its class scores from feature maps pooled over time",
    }
    assert client.get("/explainers?model=nothing").status_code == 404


def test_health_without_redis_is_degraded_and_says_why(client: TestClient) -> None:
    health = client.get("/health").json()
    assert health["status"] == "degraded"
    assert "BEATLENS_REDIS_URL" in health["parts"]["redis"]["detail"]
    assert health["parts"]["workers"]["count"] == 0
    assert health["parts"]["database"]["ok"]
    assert health["parts"]["recordings"]["count"] == 7


def test_health_names_a_redis_that_does_not_answer(serve: Callable[..., TestClient]) -> None:
    health = serve(redis_url="redis://127.0.0.1:1/0").get("/health").json()
    assert "cannot be reached" in health["parts"]["redis"]["detail"]


def test_health_notices_a_lost_database(client: TestClient, tmp_path: Any) -> None:
    client.app.state.services.database.engine.dispose()
    for file in (tmp_path / "databases").iterdir():
        file.unlink()
    health = client.get("/health").json()
    assert health["status"] == "degraded"
    assert not health["parts"]["database"]["ok"]
