"""Who may read a link, until when, and what its maker sees of that."""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend.audit.tables import AuditEntry
from backend.links.tables import Link

ONE, MODEL = "ward~one", "tiny"


@pytest.fixture
def people(serve: Callable[..., TestClient]) -> dict[str, Any]:
    """A service with accounts, and the headers of an annotator, a reader and an administrator."""
    client = serve(accounts=True)
    here = client.app.state.services
    found: dict[str, Any] = {"client": client}
    for name, role in (("ann", "annotator"), ("rea", "reader"), ("adm", "administrator")):
        id = here.auth.accounts.add(name, role, "correct horse battery").id
        found[name] = {"Authorization": f"Bearer {here.auth.credentials.new_token(id, 'test', None).token}"}
    return found


def share(people: dict[str, Any], who: str, **fields: Any) -> Any:
    client = people["client"]
    beats = client.get(f"/recordings/{ONE}/windows", headers=people[who]).json()["windows"]["at"]
    body = {"recording": ONE, "at": beats[10], "model": MODEL} | fields
    return client.post("/links", json=body, headers=people[who])


def test_anybody_reads_an_open_link_and_nobody_guesses_one(people: dict[str, Any]) -> None:
    client, made = people["client"], share(people, "ann").json()
    assert client.get(f"/links/{made['token']}").status_code == 200
    near = made["token"][:-1] + ("A" if made["token"][-1] != "A" else "B")
    for token in [near, made["number"] * 4, *(secrets.token_urlsafe(24) for _ in range(30))]:
        assert client.get(f"/links/{token}").status_code == 404


def test_a_link_that_needs_sign_in(people: dict[str, Any]) -> None:
    client, made = people["client"], share(people, "ann", needs_sign_in=True).json()
    refused = client.get(f"/links/{made['token']}")
    assert refused.status_code == 401
    assert "samples" not in refused.text
    assert "strip" not in refused.text
    assert client.get(f"/links/{made['token']}", headers=people["rea"]).json()["needs_sign_in"]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_link_ends_on_its_day(people: dict[str, Any]) -> None:
    client, made = people["client"], share(people, "ann", days=7).json()
    ends = datetime.fromisoformat(made["expires"])
    assert timedelta(days=6.9) < ends - datetime.now(UTC) < timedelta(days=7.1)
    assert client.get(f"/links/{made['token']}").status_code == 200
    with client.app.state.services.database.transaction() as session:
        session.execute(update(Link).values(expires=datetime.now(UTC) - timedelta(seconds=1)))
    gone = client.get(f"/links/{made['token']}", headers=people["ann"])
    assert (gone.status_code, "ended on" in gone.json()["detail"]) == (410, True)
    assert client.get("/links", headers=people["ann"]).json()["links"][0]["state"] == "ended"


@pytest.mark.databases("sqlite", "postgresql")
def test_its_maker_or_an_administrator_withdraws_it(people: dict[str, Any]) -> None:
    client = people["client"]
    first, second = share(people, "ann").json(), share(people, "ann").json()
    assert client.delete(f"/links/{first['id']}").status_code == 401
    assert client.delete(f"/links/{first['id']}", headers=people["rea"]).status_code == 404
    assert client.get(f"/links/{first['token']}").status_code == 200
    assert client.delete(f"/links/{first['id']}", headers=people["ann"]).json()["state"] == "withdrawn"
    gone = client.get(f"/links/{first['token']}")
    assert (gone.status_code, "withdrawn" in gone.json()["detail"]) == (410, True)
    assert client.get(f"/links/{second['token']}").status_code == 200
    assert client.delete(f"/links/{second['id']}", headers=people["adm"]).status_code == 200
    assert client.get(f"/links/{second['token']}").status_code == 410
    assert client.post(f"/links/{first['id']}/restore", headers=people["rea"]).status_code == 404
    assert client.post(f"/links/{first['id']}/restore", headers=people["ann"]).json()["state"] == "open"
    assert client.get(f"/links/{first['token']}").status_code == 200
    assert client.post(f"/links/{second['id']}/restore", headers=people["ann"]).status_code == 403
    assert client.get(f"/links/{second['token']}").status_code == 410
    assert client.delete("/links/99", headers=people["ann"]).status_code == 404


@pytest.mark.databases("sqlite", "postgresql")
def test_the_list_is_ones_own_and_counts_openings_not_copies(people: dict[str, Any]) -> None:
    client, made = people["client"], share(people, "ann", title="Odd").json()
    for _ in range(3):
        client.get(f"/links/{made['token']}")
    client.get(f"/links/{made['token']}", params={"copy": True})
    (row,) = client.get("/links", headers=people["ann"]).json()["links"]
    assert (row["title"], row["views"], row["state"], row["number"]) == ("Odd", 3, "open", made["number"])
    assert row["seen"] is not None
    assert made["token"] not in str(row)
    assert client.get("/links", headers=people["rea"]).json() == {"links": []}
    assert client.get("/links").status_code == 401


def test_patient_facts_only_where_the_maker_asks_and_may(people: dict[str, Any]) -> None:
    client = people["client"]
    plain = client.get(f"/links/{share(people, 'ann').json()['token']}")
    assert plain.json()["patient"] is None
    assert "1085" not in plain.text
    asked = client.get(f"/links/{share(people, 'ann', patient=True).json()['token']}").json()
    assert asked["patient"] == {"age": 69, "sex": "M"}
    assert share(people, "rea", patient=True).status_code == 403


@pytest.mark.databases("sqlite", "postgresql")
def test_the_log_says_who_shared_withdrew_and_took_copies(people: dict[str, Any]) -> None:
    client, made = people["client"], share(people, "ann").json()
    client.get(f"/links/{made['token']}", headers=people["rea"])
    client.get(f"/links/{made['token']}", params={"copy": True})
    client.delete(f"/links/{made['id']}", headers=people["ann"])
    with client.app.state.services.database.transaction() as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.object.like("link %")).order_by(AuditEntry.id))
        acts = [(row.action, row.user_id is None) for row in rows]
        assert not [row for row in session.scalars(select(AuditEntry)) if made["token"] in row.object]
    assert acts == [("shared", False), ("opened", False), ("exported", True), ("revoked", False)]


def test_a_later_reading_is_named_beside_the_document(people: dict[str, Any]) -> None:
    client = people["client"]
    made = share(people, "ann").json()
    before = client.get(f"/links/{made['token']}").json()
    assert before["readings"] == {"revision": 0, "label": None}
    sample = before["record"]["at"]
    entry = {"client_id": "a" * 32, "recording": ONE, "at": sample, "label": "V"}
    assert client.post("/readings", json={"entries": [entry]}, headers=people["ann"]).status_code == 201
    now = client.get(f"/links/{made['token']}").json()
    assert now["live"]["notes"] == ["A reader labelled this beat V after this page was frozen"]
    assert now["readings"] == before["readings"]
    own = client.get(f"/links/{share(people, 'ann').json()['token']}").json()
    assert (own["readings"]["label"], own["live"]["notes"]) == ("V", [])
