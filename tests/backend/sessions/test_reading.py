import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

import pytest
from fastapi.testclient import TestClient
from session_readers import Person, ask, make
from sqlalchemy import select, update

from backend.sessions.tables import AnnotationSession, SessionEntry


@pytest.mark.databases("sqlite", "postgresql")
def test_a_reader_reads_blind_in_steps_and_sees_what_each_step_opens(lead: Person, ada: Person, ben: Person) -> None:
    id = make(lead, ada, ben)
    ben.reads(id, 0, "V", "V")
    found = ada.get(f"/sessions/{id}/next").json()
    assert found["position"] == 0
    item = found["item"]
    assert (item["expects"], item["output"], item["reference"], item["others"]) == ("first", None, None, None)
    assert (item["window"]["prediction"], item["window"]["label"]) == (None, None)
    assert item["window"]["window"]["millivolts"]

    assert ada.does(id, 0, "first", "N", region={"start": -40, "end": 60}, seconds=7.2).status_code == 201
    item = ada.get(f"/sessions/{id}/items/0").json()
    assert (item["expects"], item["output"]) == ("reveal", None)

    ada.does(id, 0, "reveal")
    item = ada.get(f"/sessions/{id}/items/0").json()
    assert item["expects"] == "final"
    assert item["output"]["label"] == item["window"]["prediction"]["symbol"]
    assert (item["reference"], item["others"], item["window"]["label"]) == (None, None, None)

    ada.does(id, 0, "final", "N", plausibility=2)
    item = ada.get(f"/sessions/{id}/items/0").json()
    assert item["reference"] == {"label": "N", "name": "Normal"}
    assert [(one["name"], one["label"]) for one in item["others"]] == [("Ben", "V")]
    assert [entry["step"] for entry in item["entries"]] == ["first", "reveal", "final"]
    assert item["entries"][0]["region"] == {"start": -40, "end": 60}
    assert item["mine"]["decided"] == 1
    assert ada.get(f"/sessions/{id}/next").json()["position"] == 1


def test_steps_come_in_order_and_stay(lead: Person, ada: Person) -> None:
    id = make(lead, ada)
    assert ada.does(id, 0, "reveal").status_code == 409
    assert ada.does(id, 0, "final", "N").status_code == 409
    assert ada.does(id, 0, "first", "N").status_code == 201
    again = ada.does(id, 0, "first", "V")
    assert (again.status_code, again.json()["options"]) == (409, ["reveal"])
    ada.does(id, 0, "reveal")
    for step, label in (("first", "N"), ("reveal", None)):  # said again, in the same words
        said = [entry["client_id"] for entry in ada.get(f"/sessions/{id}/items/0").json()["entries"]]
        repeated = ada.does(id, 0, step, label)
        assert repeated.status_code == 201
        assert [entry["client_id"] for entry in repeated.json()["entries"]] == [said[step == "reveal"]]
    ada.does(id, 0, "final", "V")
    assert ada.does(id, 0, "final", "N").status_code == 409
    assert ada.does(id, 0, "correction", "N").status_code == 201
    entries = ada.get(f"/sessions/{id}/items/0").json()["entries"]
    assert [(entry["step"], entry["label"]) for entry in entries] == [
        ("first", "N"), ("reveal", None), ("final", "V"), ("correction", "N"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"label": "Z"}, 422),
        ({"label": None}, 422),
        ({"confidence": None}, 422),
        ({"confidence": 6}, 422),
        ({"plausibility": 3}, 422),
        ({"position": 4}, 422),
        ({"region": {"start": 10, "end": 10}}, 422),
        ({"client_id": "short"}, 422),
        ({"step": "adjudication"}, 422),
    ],
)
def test_what_is_no_reading_is_refused(lead: Person, ada: Person, changed: dict[str, Any], status: int) -> None:
    id = make(lead, ada)
    good = {"client_id": "good-0001", "position": 1, "step": "first", "label": "N", "confidence": 3}
    bad = {"client_id": "bad-00001", "position": 0, "step": "first", "label": "N", "confidence": 3} | changed
    assert ada.post(f"/sessions/{id}/entries", {"entries": [good, bad]}).status_code == status
    assert ada.get(f"/sessions/{id}").json()["mine"]["read"] == 0  # all or none


@pytest.mark.databases("sqlite", "postgresql")
def test_sent_twice_is_kept_once_and_two_tabs_make_one_label(lead: Person, ada: Person, ben: Person) -> None:
    id = make(lead, ada, ben)
    batch = [
        {"client_id": f"act-{place}-first", "position": place, "step": "first", "label": "N", "confidence": 3}
        for place in range(4)
    ]
    answers: list[int] = []
    other = [dict(entry, client_id=f"tab-{entry['position']}-first") for entry in batch]

    def send(entries: list[dict[str, Any]]) -> None:
        answers.append(ada.post(f"/sessions/{id}/entries", {"entries": entries}).status_code)

    threads = [threading.Thread(target=send, args=(entries,)) for entries in (batch, batch, other, other)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert answers == [201] * 4
    with ada.client.app.state.services.database.transaction() as session:
        assert len(session.scalars(select(SessionEntry)).all()) == 4
    used = (
        ben.post(f"/sessions/{id}/entries", {"entries": batch[:1]}),
        ada.post(f"/sessions/{id}/entries", {"entries": [dict(batch[0], label="V")]}),
    )
    assert {answer.status_code for answer in used} == {201, 409} or {a.status_code for a in used} == {409}


def test_only_readers_and_leads_come_in_and_readers_are_not_told_how_beats_were_chosen(
    client: TestClient, lead: Person, ada: Person, ben: Person
) -> None:
    id = make(lead, ada)
    reader = Person(client, "Rita", "reader")
    assert ben.get("/sessions").json() == {"sessions": []}
    for path in (f"/sessions/{id}", f"/sessions/{id}/items/0", f"/sessions/{id}/next"):
        assert ben.get(path).status_code == 404
        assert reader.get(path).status_code == 403
    assert ben.does(id, 0, "first", "N").status_code == 404
    assert lead.does(id, 0, "first", "N").status_code == 404  # leads, but does not read
    shown = ada.get("/sessions").json()["sessions"][0]
    assert (shown["choice"], shown["readers"], shown["maker"]) == (None, None, None)
    told = lead.get(f"/sessions/{id}").json()
    assert (told["maker"], told["choice"]["how"], told["readers"][0]["name"]) == ("Lea", "named", "Ada")
    for path in ("results", "disagreements", "export?format=json"):
        assert ada.get(f"/sessions/{id}/{path}").status_code == 403
    assert ada.post("/sessions", ask(ada)).status_code == 403
    assert lead.post("/sessions", ask(reader)).status_code == 422  # may not label


@pytest.mark.databases("sqlite", "postgresql")
def test_a_deadline_is_told_and_locks_nobody_out(lead: Person, ada: Person, client: TestClient) -> None:
    assert lead.post("/sessions", ask(ada, deadline="2020-01-01T00:00:00Z")).status_code == 422
    id = make(lead, ada, deadline="2999-01-01T00:00:00Z")
    assert ada.get(f"/sessions/{id}").json()["deadline"] == "2999-01-01T00:00:00Z"
    with client.app.state.services.database.transaction() as session:
        session.execute(update(AnnotationSession).values(deadline=datetime(2020, 1, 1, tzinfo=UTC)))
    assert ada.does(id, 0, "first", "N").status_code == 201


def test_an_open_session_hides_nothing_and_has_one_step(lead: Person, ada: Person) -> None:
    id = make(lead, ada, blind=False)
    item = ada.get(f"/sessions/{id}/items/0").json()
    assert (item["expects"], item["reference"]["label"]) == ("final", "N")
    assert item["output"] is not None
    assert ada.does(id, 0, "final", "N", confidence=5).status_code == 201


@pytest.mark.databases("sqlite", "postgresql")
def test_a_session_that_is_opened_again_is_read_and_sealed_again(lead: Person, ada: Person, client: TestClient) -> None:
    id, other = make(lead, ada), make(lead, ada, title="Other")
    lead.post(f"/sessions/{other}/close")
    lead.post(f"/sessions/{id}/close")
    assert ada.get(f"/sessions/{id}/items/0").json()["reference"] is not None
    assert lead.post(f"/sessions/{id}/reopen").json()["closed"] is None
    assert ada.get(f"/sessions/{id}/items/0").json()["reference"] is None
    assert ada.does(id, 0, "first", "N").status_code == 201
    assert ada.post(f"/sessions/{id}/reopen").status_code == 403
    acts = Person(client, "Adm", "administrator").get("/audit").json()["entries"]
    assert any(act["object"].startswith(f"{id} re-opened, closed since 20") for act in acts)


@pytest.mark.databases("sqlite", "postgresql")
def test_a_closed_session_takes_only_what_was_done_before(lead: Person, ada: Person) -> None:
    id = make(lead, ada)
    closed = lead.post(f"/sessions/{id}/close").json()["closed"]
    assert lead.post(f"/sessions/{id}/close").json()["closed"] == closed
    assert ada.get(f"/sessions/{id}/next").json() == {"position": None, "item": None}
    assert ada.does(id, 0, "first", "N").status_code == 409
    assert ada.does(id, 0, "first", "N", made="2020-01-01T00:00:00Z").status_code == 201
    assert ada.get(f"/sessions/{id}/items/1").json()["reference"]["label"] == "N"


@pytest.mark.databases("sqlite", "postgresql")
def test_readers_stand_in_the_order_of_their_names(lead: Person, client: TestClient) -> None:
    names = ["Cy", "ada", "Ben", "Eve", "Dan"]  # of five ids drawn at random, one order in 120 is that of the names
    people = [Person(client, name, "annotator") for name in names]
    id = make(lead, *people)
    for number, one in enumerate(people):
        one.reads(id, 0, "NV"[number % 2], "NV"[number % 2])
    told = lead.get(f"/sessions/{id}/results").json()
    named = {one["id"]: one["name"] for one in told["readers"]}
    wanted = ["ada", "Ben", "Cy", "Dan", "Eve"]
    assert list(named.values()) == wanted
    assert [(named[pair["a"]], named[pair["b"]]) for pair in told["final"]["pairs"]] == list(combinations(wanted, 2))
    assert [named[one["a"]] for one in told["final"]["reference"]] == wanted
    assert [named[one["a"]] for one in told["final"]["model"]] == wanted
    (disputed,) = lead.get(f"/sessions/{id}/disagreements").json()["items"]
    assert [by["name"] for by in disputed["labels"]] == wanted
    others = people[0].get(f"/sessions/{id}/items/0").json()["others"]
    assert [one["name"] for one in others] == [name for name in wanted if name != "Cy"]


@pytest.mark.databases("sqlite", "postgresql")
def test_a_session_outlasts_a_restart(serve: Callable[..., TestClient], lead: Person, ada: Person) -> None:
    id = make(lead, ada)
    ada.does(id, 0, "first", "N")
    other = serve(accounts=True)
    answer = other.get(f"/sessions/{id}/items/0", headers=ada.key).json()
    assert (answer["expects"], answer["entries"][0]["label"]) == ("reveal", "N")
