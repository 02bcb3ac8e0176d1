"""Every route that names an object: who gets at what another person made. A new one fails here until it has a line."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from backend.app import ROUTERS
from backend.roles import ROLES

NORMAL, NOBODY = "demo~synthetic-normal", "nobody"
OWNER = "owner"
# Least role that gets at what another person made, or is. OWNER: nobody else (of a session: its readers).
FOREIGN: dict[str, str] = {
    "DELETE /api/account/tokens/{id}": OWNER,
    "PATCH /api/users/{id}": "administrator",
    "DELETE /api/users/{id}/sign-ins": "administrator",
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
    "GET /api/recordings/{id}/groups": "reader",
    "GET /api/recordings/{id}/traces": "reader",
    "POST /api/recordings/{id}/maps": "reader",
    "GET /api/models/{id}": "reader",
    "GET /api/models/{id}/examples": "reader",
    "POST /api/tasks/{task}": "reader",
    "GET /api/tasks/{task}/{id}": "reader",
    "GET /api/tasks/{task}/{id}/events": "reader",
    "DELETE /api/tasks/{task}/{id}": "reader",
    "GET /api/explanations/{rest:path}": "reader",
    "DELETE /api/explanations/{rest:path}": "reader",
    "GET /api/bulk/{id}": "reader",
    "GET /api/bulk/{id}/events": "reader",
    "GET /api/bulk/{id}/results": "reader",
    "DELETE /api/bulk/{id}": "lead",  # whoever started it may as well
    "GET /api/trust/{rest:path}": "reader",
    "DELETE /api/trust/{rest:path}": "reader",
    "GET /api/links/{token}": NOBODY,
    "POST /api/links/{id}/restore": OWNER,
    "DELETE /api/links/{id}": "administrator",
    "GET /api/sessions/{id}": "lead",
    "GET /api/sessions/{id}/next": "lead",
    "GET /api/sessions/{id}/items/{position}": "lead",
    "POST /api/sessions/{id}/entries": OWNER,
    "GET /api/sessions/{id}/results": "lead",
    "GET /api/sessions/{id}/disagreements": "lead",
    "POST /api/sessions/{id}/adjudications": "lead",
    "GET /api/sessions/{id}/export": "lead",
    "POST /api/sessions/{id}/close": "lead",
    "DELETE /api/uploads/{id}": "lead",
    "POST /api/uploads/{id}/restore": "lead",  # what was removed just before
    "POST /api/sessions/{id}/reopen": "lead",
}


@pytest.fixture
def stock(
    serve: Callable[..., TestClient], redis_url: str, asking: Callable[..., dict[str, Any]], sign_up: Any
) -> tuple[TestClient, dict[str, dict[str, str]], dict[str, str]]:
    """A service, keys of a maker, of a reader of the maker's session and of each role, and what the two have made."""
    client = serve(accounts=True, redis_url=redis_url)
    ids, keys = sign_up(client, {"maker": "lead", "owner": "annotator"} | {role: role for role in ROLES})

    def made(path: str, by: str = "maker", **sent: Any) -> dict[str, Any]:
        answer = client.post(path, headers=keys[by], **sent)
        assert answer.is_success, answer.text
        return dict(answer.json())

    client.headers.update(keys["maker"])
    instant, queued = asking(client, "input_derivative"), asking(client, "occlusion")
    del client.headers["Authorization"]
    bulk = {"recording": NORMAL, "model": "tiny", "explainer": {"method": "occlusion"}, "which": [instant["at"]]}
    choice = {"how": "named", "at": [250, 450]}
    session = {"title": "Two beats", "recordings": ["ward~one"], "choice": choice, "readers": [ids["owner"]]}
    link = made("/links", "owner", json=asking_for(instant))
    explanation = made("/tasks/explanation", json=instant)["id"]
    found = {
        "account/tokens": made("/account/tokens", "owner", json={"title": "mine"})["id"],
        "users": ids["owner"],
        "recordings": NORMAL,
        "models": "tiny",
        "request": json.dumps(instant),
        "tasks": explanation,
        "explanations": explanation,
        "bulk": made("/bulk", json=bulk)["id"],
        "trust": made("/tasks/trust", json=queued)["id"],
        "links": str(link["id"]),
        "token": link["token"],
        "sessions": made("/sessions", json=session)["id"],
        "uploads": made(
            "/uploads", files={"files": ("a.csv", "II\n" + "0.1\n" * 500)}, data={"fs": "250", "unit": "mV"}
        )["id"],
        "sample": str(instant["at"]),
    }
    for path in (f"/bulk/{found['bulk']}", f"/tasks/trust/{found['trust']}"):  # what is followed ends
        assert client.delete(path, headers=keys["maker"]).is_success
    assert client.get("/models/tiny/examples", headers=keys["maker"]).status_code == 503  # they are drawn …
    client.app.state.services.predictor.examples.wait()  # type: ignore[attr-defined]
    return client, keys, found


def asking_for(request: dict[str, Any]) -> dict[str, Any]:
    """The beat of a request."""
    return {name: request[name] for name in ("recording", "at", "model")}


BODIES: dict[str, Any] = {
    "POST /api/recordings/{id}/maps": {"explainer": {"method": "input_derivative"}, "groups": []},
    "POST /api/sessions/{id}/entries": {
        "entries": [{"client_id": "a" * 32, "position": 0, "step": "first", "label": "N", "confidence": 3}]
    },
    "POST /api/sessions/{id}/adjudications": {"entries": [{"client_id": "b" * 32, "position": 0, "label": "N"}]},
    "PATCH /api/users/{id}": {"disabled": False},
}
QUERIES = {"GET /api/sessions/{id}/export": "?format=json", "GET /api/recordings/{id}/traces": "?at={sample}"}


def test_who_gets_at_what_another_person_made(stock: Any) -> None:
    client, keys, made = stock

    def status(route: str, who: str) -> int:
        method, path = route.split(" ")
        kind = path.removeprefix("/api/").split("/{")[0]
        path = (path + QUERIES.get(route, "")).replace("{id}", made.get(kind, "")).replace("{token}", made["token"])
        path = (
            path.replace("{at}", made["sample"])
            .replace("{sample}", made["sample"])
            .replace("{rest:path}", made[kind] if kind in ("explanations", "trust") else made["sample"])
            .replace("{task}", "explanation")
            .replace("{position}", "0")
        )
        body = json.loads(made["request"]) if route == "POST /api/tasks/{task}" else BODIES.get(route)
        return int(client.request(method, f"http://test{path}", headers=keys[who], json=body).status_code)

    every = {f"{method} /api{route.path}" for router in ROUTERS for route in router.routes for method in route.methods}
    assert set(FOREIGN) == {route for route in every if "{" in route}
    order, wrong = (NOBODY, *ROLES), {}
    for route, least in FOREIGN.items():
        may = order[order.index(least) :] if least != OWNER else ()
        for who in order:
            if who not in may:
                found = status(route, who)
                if found != 401 if who == NOBODY else found not in (403, 404):
                    wrong[route, who] = found
        for who in may[:1] if route.startswith("DELETE") or "/uploads/" in route else may or (OWNER,):
            found = status(route, who)
            if found >= 300 and not (found == 409 and "adjudications" in route):  # they do not disagree
                wrong[route, who] = found
    assert wrong == {}


def test_lists_hold_what_is_ones_own(stock: Any) -> None:
    client, keys, made = stock
    for path, own in {"/account/tokens": "account/tokens", "/links": "links", "/sessions": "sessions"}.items():
        name = path.split("/")[-1]
        for who in (*ROLES, OWNER):
            answer = client.get(path, headers=keys[who])
            ids = {str(row["id"]) for row in answer.json().get(name, [])}
            shown = who == OWNER or (path == "/sessions" and who in ("lead", "administrator"))
            assert (made[own] in ids) == shown, (path, who)
    assert client.get("/account/sign-ins", headers=keys["administrator"]).json()["sign_ins"] == []
