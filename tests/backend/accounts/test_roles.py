"""Every route, each role and nobody: who may ask for it. A new route fails here until it has a line."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.app import ROUTERS
from backend.roles import ROLES, Role

HASH, NORMAL, NOBODY = "0" * 32, "demo~synthetic-normal", "nobody"
# Least role that may ask. A task's answer and a bulk job belong to everybody who asked for the same: their ids are
# hashes of the question, so there are no foreign ones.
LEAST: dict[str, str] = {
    "GET /api/health": NOBODY,
    "GET /api/sign-in": NOBODY,
    "POST /api/sign-in": NOBODY,
    "GET /api/sign-in/oidc": NOBODY,
    "GET /api/sign-in/oidc/back": NOBODY,
    "POST /api/sign-out": "reader",
    "GET /api/account": "reader",
    "PUT /api/account/password": "reader",
    "GET /api/account/sign-ins": "reader",
    "DELETE /api/account/sign-ins": "reader",
    "GET /api/account/tokens": "reader",
    "POST /api/account/tokens": "reader",
    "DELETE /api/account/tokens/{id}": "reader",
    "GET /api/users": "lead",
    "POST /api/users": "administrator",
    "PATCH /api/users/{id}": "administrator",
    "DELETE /api/users/{id}/sign-ins": "administrator",
    "GET /api/audit": "administrator",
    "GET /api/recordings": "reader",
    "GET /api/recordings/{id}": "reader",
    "GET /api/recordings/{id}/signal": "reader",
    "GET /api/recordings/{id}/windows": "reader",
    "GET /api/recordings/{id}/marks": "reader",
    "GET /api/recordings/{id}/beats": "reader",
    "GET /api/recordings/{id}/beats/{rest:path}": "reader",
    "GET /api/recordings/{id}/windows/{at}": "reader",
    "GET /api/recordings/{id}/windows/{at}/waves": "reader",
    "GET /api/recordings/{id}/queues": "reader",
    "GET /api/recordings/{id}/progress": "reader",
    "GET /api/progress": "reader",
    "GET /api/recordings/{id}/groups": "reader",
    "GET /api/recordings/{id}/traces": "reader",
    "POST /api/recordings/{id}/maps": "reader",
    "POST /api/uploads": "lead",
    "DELETE /api/uploads/{id}": "lead",
    "GET /api/uploads/removed": "lead",
    "POST /api/uploads/{id}/restore": "lead",
    "GET /api/vocabularies": "reader",
    "GET /api/models": "reader",
    "GET /api/models/{id}": "reader",
    "GET /api/models/{id}/examples": "reader",
    "POST /api/similar": "reader",
    "POST /api/predictions": "reader",
    "POST /api/predictions/table": "reader",
    "GET /api/explainers": "reader",
    "GET /api/tasks": "reader",
    "POST /api/tasks/{task}": "reader",
    "GET /api/tasks/{task}/{id}": "reader",
    "GET /api/tasks/{task}/{id}/events": "reader",
    "DELETE /api/tasks/{task}/{id}": "reader",
    "POST /api/explanations": "reader",
    "GET /api/explanations/{rest:path}": "reader",
    "DELETE /api/explanations/{rest:path}": "reader",
    "POST /api/bulk": "reader",
    "GET /api/bulk": "reader",
    "GET /api/bulk/{id}": "reader",
    "GET /api/bulk/{id}/events": "reader",
    "GET /api/events": "reader",
    "GET /api/bulk/{id}/results": "reader",
    "DELETE /api/bulk/{id}": "reader",
    "POST /api/trust": "reader",
    "GET /api/trust/{rest:path}": "reader",
    "DELETE /api/trust/{rest:path}": "reader",
    "POST /api/by-wave": "reader",
    "GET /api/readings": "reader",
    "GET /api/readings/rhythms": "reader",
    "POST /api/readings": "annotator",
    "POST /api/links": "reader",
    "GET /api/links": "reader",
    "DELETE /api/links/{id}": "reader",
    "POST /api/links/{id}/restore": "reader",
    "GET /api/links/{token}": NOBODY,
    "POST /api/sessions": "lead",
    "POST /api/sessions/draw": "lead",
    "GET /api/sessions": "annotator",
    "GET /api/sessions/{id}": "annotator",
    "POST /api/sessions/{id}/close": "lead",
    "POST /api/sessions/{id}/reopen": "lead",
    "GET /api/sessions/{id}/next": "annotator",
    "GET /api/sessions/{id}/items/{position}": "annotator",
    "POST /api/sessions/{id}/entries": "annotator",
    "GET /api/sessions/{id}/results": "lead",
    "GET /api/sessions/{id}/disagreements": "lead",
    "POST /api/sessions/{id}/adjudications": "lead",
    "GET /api/sessions/{id}/export": "lead",
}
CHANGES = ("POST /api/sign-out", "DELETE /api/account/sign-ins")  # they would end what the next request needs


@pytest.fixture
def ward(serve: Callable[..., TestClient]) -> TestClient:
    """A service with accounts; nobody is signed in."""
    return serve(accounts=True, strict=False)


@pytest.fixture
def keys(ward: TestClient, sign_up: Any) -> dict[str, dict[str, str]]:
    """A token of each role, as headers."""
    _, keys = sign_up(ward, {role: role for role in ROLES})
    return dict(keys)


def routes(client: TestClient) -> set[str]:
    """Every route of every router, also what the OpenAPI document leaves out."""
    direct = {route.path for route in client.app.routes if hasattr(route, "path")}
    assert direct == {"/api", "/api/{path:path}", "/api/openapi.json", "/api/docs", "/docs/oauth2-redirect"}
    described = client.app.openapi()["paths"]
    found = {f"{method} /api{route.path}" for router in ROUTERS for route in router.routes for method in route.methods}
    assert {f"{method.upper()} {path}" for path, methods in described.items() for method in methods} <= found
    return found


def asked(client: TestClient, route: str, headers: dict[str, str]) -> Any:
    method, path = route.split(" ")
    filled = path.replace("/recordings/{id}", f"/recordings/{NORMAL}").replace("/models/{id}", "/models/tiny")
    filled = filled.replace("{id}", HASH).replace("{at}", "1").replace("{rest:path}", "1").replace("{position}", "0")
    filled = filled.replace("{token}", "x" * 32).replace("{task}", "explanation")
    return client.request(method, f"http://test{filled}", headers=headers, json={} if method != "GET" else None)


def test_every_route_has_its_line(ward: TestClient) -> None:
    assert routes(ward) == set(LEAST)


@pytest.mark.parametrize("who", [NOBODY, *ROLES])
def test_who_may_ask_for_what(ward: TestClient, keys: dict[str, dict[str, str]], who: str) -> None:
    order = (NOBODY, *ROLES)
    wrong = {}
    for route, least in LEAST.items():
        if route in CHANGES and who != NOBODY:
            continue
        status = asked(ward, route, keys[who]).status_code
        may = order.index(who) >= order.index(least)
        fits = status not in (401, 403) and status < 500 if may else status == (401 if who == NOBODY else 403)
        fits = fits or (may and status == 503)  # there is no Redis here
        if not fits:
            wrong[route] = status
    assert wrong == {}


def test_what_is_no_route_is_not_told_to_nobody(ward: TestClient, keys: dict[str, dict[str, str]]) -> None:
    for path in (
        "/api",
        "/api/",
        "/api/nothing",
        "/api/session",
        "/api/links/",
        "/api//recordings",
        "/api/sign-in/other",
    ):
        assert ward.get(f"http://test{path}").status_code == 401, path
    assert ward.get("/nothing", headers=keys["reader"]).status_code == 404


def act(client_id: str, **fields: Any) -> dict[str, Any]:
    return {"client_id": client_id, "recording": "ward~one", "at": 450, "label": "V"} | fields


@pytest.mark.databases("sqlite", "postgresql")
def test_readings_are_their_readers_own(ward: TestClient, keys: dict[str, dict[str, str]]) -> None:
    def read(role: Role) -> list[Any]:
        answer = ward.get("/readings", params={"recording": "ward~one"}, headers=keys[role])
        return list(answer.json()["readings"])

    stored = ward.post("/readings", json={"entries": [act("act-0001")]}, headers=keys["annotator"])
    assert stored.status_code == 201
    assert len(read("annotator")) == 1
    assert read("lead") == read("administrator") == []
    taken = ward.post("/readings", json={"entries": [act("act-0001")]}, headers=keys["lead"])
    assert taken.status_code == 409  # the same id, another person
    assert read("lead") == []


@pytest.mark.databases("sqlite", "postgresql")
def test_tokens_are_their_owners_own(ward: TestClient, keys: dict[str, dict[str, str]]) -> None:
    made = ward.post("/account/tokens", json={"title": "mine"}, headers=keys["reader"]).json()
    for role in ("annotator", "lead", "administrator"):
        assert made["id"] not in ward.get("/account/tokens", headers=keys[role]).text
        assert ward.delete(f"/account/tokens/{made['id']}", headers=keys[role]).status_code == 404
    mine = {"Authorization": f"Bearer {made['token']}"}
    assert ward.get("/account", headers=mine).json()["role"] == "reader"
    assert ward.delete(f"/account/tokens/{made['id']}", headers=keys["reader"]).json() == {"ended": 1}
    assert ward.get("/account", headers=mine).status_code == 401


def test_links_are_their_makers_own(
    ward: TestClient, keys: dict[str, dict[str, str]], asking: Callable[..., dict[str, Any]]
) -> None:
    ward.headers.update(keys["reader"])
    made = ward.post("/links", json=asking(ward))
    mine = ward.get("/links").json()["links"]
    assert [made.status_code, len(mine)] == [201, 1]
    for role in ("annotator", "lead", "administrator"):
        assert ward.get("/links", headers=keys[role]).json()["links"] == []
    for role in ("annotator", "lead"):
        assert ward.delete(f"/links/{mine[0]['id']}", headers=keys[role]).status_code == 404
    for role in ("reader", "administrator"):
        assert ward.delete(f"/links/{mine[0]['id']}", headers=keys[role]).status_code == 200


@pytest.mark.parametrize("least", ROLES)
def test_patient_facts_are_shown_from_a_role_on(serve: Callable[..., TestClient], sign_up: Any, least: Role) -> None:
    ward = serve(accounts=True, patient_facts_role=least)
    _, keys = sign_up(ward, {role: role for role in ROLES})
    for role in ROLES:
        one = ward.get("/recordings/ward~one", headers=keys[role]).json()
        listed = ward.get("/recordings", headers=keys[role]).json()["recordings"]
        row = next(row for row in listed if row["id"] == "ward~one")
        for found in (one, row):
            facts = (found["age"], found["sex"], found["comments"])
            assert facts == ((69, "M", ["69 M 1085"]) if ROLES.index(role) >= ROLES.index(least) else (None, None, []))


def test_health_tells_nobody_which_machines_and_files_there_are(
    ward: TestClient, keys: dict[str, dict[str, str]]
) -> None:
    bare, full = ward.get("/health").json(), ward.get("/health", headers=keys["reader"]).json()
    assert bare["status"] == full["status"] == "degraded"
    assert bare["parts"]["recordings"]["count"] == 0
    assert full["parts"]["recordings"]["count"] == 7
    assert not any(part.get("detail") for part in bare["parts"].values())
