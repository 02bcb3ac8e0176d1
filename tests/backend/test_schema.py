"""What the OpenAPI document allows, and what it does not, thrown at every route by everybody: none may answer 5xx."""

import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import requests
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable

with warnings.catch_warnings(action="ignore"):  # its own imports are not ours to mend
    import schemathesis
    from schemathesis import GenerationMode

EXAMPLES = 2  # of each kind, by route and role
KNOWN: dict[str, Any] = {"recording": "ward~one", "at": 250, "sample": 250, "model": "tiny", "lead": "II"}
BOUNDED = settings(
    max_examples=EXAMPLES,
    derandomize=True,  # the same examples every time
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def ward(serve: Callable[..., TestClient], redis_url: str) -> TestClient:
    """A service with accounts and a queue that no worker looks at."""
    return serve(accounts=True, strict=False, redis_url=redis_url)


def token(client: TestClient, role: str) -> dict[str, str]:
    """Headers of somebody with this role; none for nobody."""
    auth = client.app.state.services.auth
    if role == "nobody":
        return {}
    account = auth.accounts.add(f"A {role}", role, "a long password").id
    return {"Authorization": f"Bearer {auth.credentials.new_token(account, 'tests', None).token}"}


def known(value: Any) -> Any:
    """With what there is here put in its place, so that a request comes further than "there is no such recording"."""
    if isinstance(value, dict):
        return {name: KNOWN.get(name, known(inner)) for name, inner in value.items()}
    return [known(inner) for inner in value] if isinstance(value, list) else value


def send(client: TestClient, case: schemathesis.Case, key: dict[str, str]) -> str | None:
    """Ask; the request and its answer where that is a 5xx, unless it says when to ask again for what is under way."""
    asked = requests.Request(**case.as_transport_kwargs(base_url="http://test")).prepare()
    headers = {name: value for name, value in asked.headers.items() if name != "Content-Length"} | key
    answer = client.request(asked.method, asked.url, headers=headers, content=asked.body, follow_redirects=False)
    if answer.status_code < 500 or (answer.status_code == 503 and "Retry-After" in answer.headers):
        return None
    return f"{asked.method} {asked.url} {asked.body!r}: {answer.status_code} {answer.text}"


@pytest.mark.parametrize(
    ("database_url", "role"),
    [("postgresql", "administrator"), ("sqlite", "annotator"), ("sqlite", "nobody")],
    indirect=["database_url"],
)
def test_no_request_is_answered_by_an_error_of_ours(ward: TestClient, role: str) -> None:
    """Everything is open to the first; the second is one from whom things are hidden; test_roles has what each may."""
    key, wrong = token(ward, role), []

    def ask(case: schemathesis.Case) -> None:
        wrong.append(send(ward, case, key))
        if case.operation.path.endswith("/events"):
            return  # a stream of what is there does not end
        case.path_parameters, case.query, case.body = map(known, (case.path_parameters, case.query, case.body))
        if "/recordings/" in case.operation.path:
            case.path_parameters = {**case.path_parameters, "id": KNOWN["recording"]}
        wrong.append(send(ward, case, key))

    for found in schemathesis.openapi.from_dict(ward.get("/openapi.json").json()).get_all_operations():
        for mode in GenerationMode:
            with suppress(Unsatisfiable):  # nothing can be wrong where nothing is asked for
                BOUNDED(given(case=found.ok().as_strategy(generation_mode=mode))(ask))()
    assert [answer for answer in wrong if answer] == []
    assert len(wrong) > 250


def refused(answer: Any) -> bool:
    return 400 <= answer.status_code < 500


def test_what_postgresql_cannot_keep_is_refused_not_tried_again(new_database: Any, serve: Any) -> None:
    client = serve(strict=False, database_url=new_database("postgresql"))
    act = {"client_id": "a" * 32, "recording": "ward~one", "at": 250, "label": "N", "comment": "a\0b"}
    assert refused(client.post("/readings", json={"entries": [act]}))
    assert refused(client.get("/audit?user=%00"))
