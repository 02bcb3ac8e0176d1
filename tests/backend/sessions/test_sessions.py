import csv
import io
import json
import threading
import uuid
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import wfdb
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from backend.explanations.service import Explanations
from backend.sessions.tables import AnnotationSession, SessionEntry

ONE = "ward~one"
SAMPLES = list(range(250, 4750, 200))  # of the beats that the fixture writes


class Person:
    """Somebody with an account, and with a token for it."""

    def __init__(self, client: TestClient, name: str, role: str) -> None:
        auth = client.app.state.services.auth
        self.id = auth.accounts.from_provider("test", name, name, role).id  # no password: hashing takes long
        self.key = {"Authorization": f"Bearer {auth.credentials.new_token(self.id, 'test', None).token}"}
        self.client = client

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(path, headers=self.key, **query)

    def post(self, path: str, body: Any = None) -> Any:
        return self.client.post(path, headers=self.key, json=body)

    def does(self, session: str, place: int, step: str, label: str | None = None, **more: Any) -> Any:
        """One step on one item."""
        confidence = {"confidence": 4} if step == "first" else {}
        entry = {"client_id": uuid.uuid4().hex, "position": place, "step": step, "label": label} | confidence | more
        return self.post(f"/sessions/{session}/entries", {"entries": [entry]})

    def reads(self, session: str, place: int, first: str, final: str, **more: Any) -> None:
        """All steps of a blind reading."""
        for step, label, extra in (("first", first, more), ("reveal", None, {}), ("final", final, {})):
            assert self.does(session, place, step, label, **extra).status_code == 201


@pytest.fixture
def client(serve: Callable[..., TestClient]) -> TestClient:
    return serve(accounts=True)


@pytest.fixture
def lead(client: TestClient) -> Person:
    return Person(client, "Lea", "lead")


@pytest.fixture
def ada(client: TestClient) -> Person:
    return Person(client, "Ada", "annotator")


@pytest.fixture
def ben(client: TestClient) -> Person:
    return Person(client, "Ben", "annotator")


def ask(*readers: Person, **fields: Any) -> dict[str, Any]:
    choice = {"how": "named", "samples": SAMPLES[3:7]}
    body = {"title": "Four beats", "recordings": [ONE], "choice": choice, "readers": [one.id for one in readers]}
    return body | fields


def make(lead: Person, *readers: Person, **fields: Any) -> str:
    answer = lead.post("/sessions", ask(*readers, **fields))
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


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


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        ({"how": "random", "count": 7, "seed": 3}, 7),
        ({"how": "random", "count": 9999}, None),
        ({"how": "stratified", "by": "reference", "each": 5}, 5),
        ({"how": "stratified", "by": "model", "each": 2}, None),
        ({"how": "queue", "queue": "unlabelled", "count": 6}, 6),
        ({"how": "queue", "queue": "class", "symbol": "N", "count": 3}, 3),
    ],
)
def test_beats_are_chosen_as_asked_and_again_alike(
    lead: Person, ada: Person, choice: dict[str, Any], count: int | None
) -> None:
    made = [make(lead, ada, choice=choice) for _ in range(2)]
    first, second = ([lead.get(f"/sessions/{id}/items/{p}").json()["at"] for p in range(2)] for id in made)
    assert first == second
    size = lead.get(f"/sessions/{made[0]}").json()["items"]
    assert size == count if count else 2 <= size <= len(SAMPLES)


def test_a_choice_that_fits_no_beat_and_a_contradictory_one(lead: Person, ada: Person) -> None:
    assert lead.post("/sessions", ask(ada, choice={"how": "queue", "queue": "class", "symbol": "V"})).status_code == 422
    assert lead.post("/sessions", ask(ada, choice={"how": "queue", "queue": "class"})).status_code == 422
    assert lead.post("/sessions", ask(ada, label_set="own")).status_code == 422
    assert lead.post("/sessions", ask(ada, recordings=["ward~none"])).status_code == 404


def test_label_sets(lead: Person, ada: Person) -> None:
    own = make(lead, ada, label_set="own", labels=["clean", "noisy"], blind=False)
    assert ada.does(own, 0, "final", "noisy", confidence=2).status_code == 201
    assert ada.does(own, 1, "final", "N", confidence=2).status_code == 422
    aami = make(lead, ada, label_set="aami", blind=False)
    labels = [one["label"] for one in ada.get(f"/sessions/{aami}").json()["labels"]]
    assert labels == ["N", "S", "V", "F", "Q", "artefact", "cannot say"]


def test_every_vocabulary_is_a_label_set_and_what_it_cannot_say_is_compared_with_nothing(
    lead: Person, ada: Person, ben: Person
) -> None:
    known = [one["name"] for one in lead.get("/vocabularies").json()["vocabularies"]]
    assert len(known) > 2
    for name in known:
        assert make(lead, ada, label_set=name, blind=False)
    assert lead.post("/sessions", ask(ada, label_set="klingon")).status_code == 422
    id = make(lead, ada, ben, label_set="rhythm")
    label = lead.get(f"/sessions/{id}").json()["labels"][0]["label"]
    for reader in (ada, ben):
        for position in range(4):
            reader.reads(id, position, label, label)
    item = ada.get(f"/sessions/{id}/items/0").json()
    assert (item["reference"]["label"], item["reference"]["name"]) == ("N", "Normal")  # the beat's word, not a rhythm's
    found = lead.get(f"/sessions/{id}/results").json()
    assert [one["items"] for one in found["final"]["reference"]] == [0, 0]
    assert [one["differed"] for one in found["readers"]] == [0, 0]
    assert found["final"]["agree"] == 4
    assert found["changes"]["all"]["of"] == 8


def test_own_labels_that_are_codes_are_called_by_their_names(lead: Person, ada: Person) -> None:
    id = make(lead, ada, label_set="own", labels=["V", "odd"], blind=False)
    named = {one["label"]: one["name"] for one in ada.get(f"/sessions/{id}").json()["labels"]}
    assert (named["V"], named["odd"]) == ("Ventricular premature", "odd")
    output = ada.get(f"/sessions/{id}/items/0").json()["output"]
    assert output["name"] != output["label"]


def test_a_draw_is_seen_before_it_is_opened(lead: Person, ada: Person) -> None:
    for choice in ({"how": "stratified", "each": 3, "seed": 5}, {"how": "random", "count": 7, "seed": 2}):
        wanted = {"recordings": [ONE, "demo~synthetic-pvc"], "choice": choice}
        seen = lead.post("/sessions/draw", wanted).json()
        id = make(lead, ada, **wanted)
        items = lead.get(f"/sessions/{id}/export?format=json").json()["items"]
        assert seen["items"] == len(items)
        assert seen["recordings"] == len({item["recording"] for item in items})
        assert {one["label"]: one["items"] for one in seen["classes"]} == Counter(item["reference"] for item in items)
    assert (
        lead.post("/sessions/draw", {**wanted, "choice": {"how": "queue", "queue": "class", "symbol": "F"}}).status_code
        == 422
    )
    assert ada.post("/sessions/draw", wanted).status_code == 403


def test_the_time_of_a_beat_is_that_of_the_beats_read_here(lead: Person, ada: Person) -> None:
    wanted = {"recordings": [ONE], "choice": {"how": "random", "count": 3}}
    assert lead.post("/sessions/draw", wanted).json()["timed"] == 0
    id = make(lead, ada)
    for position, seconds in enumerate((2.0, 8.0, 40.0)):
        ada.does(id, position, "first", "N", seconds=seconds)
        ada.does(id, position, "reveal", seconds=0)
        ada.does(id, position, "final", "N", seconds=1.0)
    seen = lead.post("/sessions/draw", wanted).json()
    assert (seen["timed"], seen["seconds"]) == (3, 9.0)


def test_a_preview_tells_nothing_of_what_its_lead_still_reads_blind(lead: Person) -> None:
    make(lead, lead)  # four named beats of one recording
    named = lead.post("/sessions/draw", {"recordings": [ONE], "choice": {"how": "named", "samples": SAMPLES[3:7]}})
    assert [(one["label"], one["items"]) for one in named.json()["classes"]] == [(None, 4)]
    for choice in ({"how": "stratified", "each": 2}, {"how": "queue", "queue": "class", "symbol": "V"}):
        answer = lead.post("/sessions/draw", {"recordings": [ONE], "choice": choice})
        assert (answer.status_code, answer.json()["title"]) == (403, "Sealed")


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


def whole(lead: Person, ada: Person, ben: Person) -> str:
    """A session that both have read; they differ on the last beat."""
    id = make(lead, ada, ben, methods=[{"method": "input_derivative"}, {"method": "occlusion"}])
    for place, (a, b) in enumerate([("N", "N"), ("V", "V"), ("N", "N"), ("N", "V")]):
        ada.reads(id, place, a, a, region={"start": -60, "end": 60})
        ben.reads(id, place, "N", b)
    return id


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
def test_results_of_a_whole_session(lead: Person, ada: Person, ben: Person) -> None:
    id = whole(lead, ada, ben)
    found = lead.get(f"/sessions/{id}/results").json()
    assert [(one["name"], one["decided"]) for one in found["readers"]] == [("Ada", 4), ("Ben", 4)]
    pair = found["final"]["pairs"][0]
    assert (pair["items"], pair["agree"]) == (4, 3)
    assert pair["value"] == pytest.approx(0.5)
    assert pair["low"] < 0.5 < pair["high"]
    assert found["final"]["fleiss"]["value"] == pytest.approx(0.4667, abs=1e-3)
    assert found["first"]["pairs"][0]["agree"] == 3
    assert (found["changes"]["all"]["count"], found["changes"]["all"]["of"]) == (2, 8)
    parts = found["changes"]["model_agrees"]["of"] + found["changes"]["model_differs"]["of"]
    assert parts == 8
    instant, queued = found["regions"]
    assert (instant["regions"], instant["missing"]) == (4, 0)
    assert 0 < instant["pointing_by_chance"] < 1
    assert (queued["regions"], queued["missing"], queued["iou"]["value"]) == (0, 4, None)
    assert found["disagreements"] == 1


def test_results_say_who_agrees_with_whom_by_label_and_what_was_rated_by_who_was_right(
    lead: Person, ada: Person, ben: Person
) -> None:
    id = make(lead, ada, ben)
    items = lead.get(f"/sessions/{id}/export?format=json").json()["items"]
    references = [item["reference"] for item in items]
    for position, truth in enumerate(references):
        ada.reads(id, position, truth, truth)  # always right, certain: 4
        wrong = "F" if position == 0 else truth
        ben.does(id, position, "first", wrong, confidence=2)
        ben.does(id, position, "reveal")
        ben.does(id, position, "final", wrong, plausibility=5)
    found = lead.get(f"/sessions/{id}/results").json()
    first = found["first"]
    mine, other = sorted(first["reference"], key=lambda one: -one["agree"])
    assert (mine["items"], mine["agree"], mine["b"]) == (4, 4, None)
    assert (other["items"], other["agree"]) == (4, 3)
    assert [one["items"] for one in first["model"]] == [sum(item["output"] is not None for item in items)] * 2
    by_label = {one["label"]: one for one in first["labels"]}
    assert set(by_label) == {*references, "F"}
    assert by_label["F"]["fleiss"]["value"] < 0  # one of two says it: less than chance
    certainty = next(one for one in found["ratings"] if (one["rating"], one["of"]) == ("certainty", "reader"))
    assert certainty["right"]["counts"] == [0, 3, 0, 4, 0]
    assert certainty["wrong"]["counts"] == [0, 1, 0, 0, 0]
    plausible = next(one for one in found["ratings"] if one["rating"] == "plausibility")
    right = sum(item["output"] == item["reference"] for item in items)
    assert [plausible[side]["counts"][4] for side in ("right", "wrong")] == [right, 4 - right]


def test_maps_of_regions_that_are_missing_are_asked_for(
    lead: Person, ada: Person, ben: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = whole(lead, ada, ben)
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(Explanations, "ask", lambda _, **wanted: asked.append(wanted))
    found = lead.get(f"/sessions/{id}/results").json()
    assert found["regions"][1]["missing"] == 4
    assert {(one["explainer"].method, one["urgency"]) for one in asked} == {("occlusion", "bulk")}
    assert len({one["at"] for one in asked}) == len(asked) == 4


@pytest.mark.databases("sqlite", "postgresql")
def test_disagreements_are_decided_by_a_lead(lead: Person, ada: Person, ben: Person) -> None:
    id = whole(lead, ada, ben)
    queue = lead.get(f"/sessions/{id}/disagreements").json()
    assert (queue["open"], [one["position"] for one in queue["items"]]) == (1, [3])
    assert {(by["name"], by["label"]) for by in queue["items"][0]["labels"]} == {("Ada", "N"), ("Ben", "V")}

    def decide(place: int, label: str, client_id: str) -> Any:
        entry = {"client_id": client_id, "position": place, "label": label, "comment": "seen again"}
        return lead.post(f"/sessions/{id}/adjudications", {"entries": [entry]})

    assert decide(0, "V", "lead-0000").status_code == 409
    assert decide(3, "V", "lead-0001").status_code == 201
    assert decide(3, "V", "lead-0001").status_code == 201
    assert decide(3, "N", "lead-0002").status_code == 201
    queue = lead.get(f"/sessions/{id}/disagreements").json()
    assert queue["open"] == 0
    assert (queue["items"][0]["adjudicated"]["label"], queue["items"][0]["adjudicated"]["by"]) == ("N", "Lea")
    assert ada.post(f"/sessions/{id}/adjudications", {"entries": []}).status_code == 403


def test_a_lead_who_reads_sees_no_results_before_the_end(lead: Person, ada: Person) -> None:
    id = make(lead, ada, lead)
    for path in ("results", "disagreements", "export?format=csv"):
        answer = lead.get(f"/sessions/{id}/{path}")
        assert (answer.status_code, answer.json()["title"]) == (403, "Sealed")
    for place in range(4):
        lead.reads(id, place, "N", "N")
    assert lead.get(f"/sessions/{id}/results").status_code == 200


@pytest.mark.databases("sqlite", "postgresql")
def test_exports_say_who_when_and_by_which_model_and_rdann_reads_them_back(
    lead: Person, ada: Person, ben: Person, tmp_path: Path
) -> None:
    id = whole(lead, ada, ben)
    ada.does(id, 3, "correction", "artefact", comment="=HYPERLINK(1)")
    document = lead.get(f"/sessions/{id}/export?format=json").json()
    assert len(document["weights_sha256"]) == 64
    assert document["versions"]["session"]["beatlens"]
    assert [item["consensus"] for item in document["items"]] == ["N", "V", "N", None]
    assert document["items"][0]["entries"][0].keys() >= {"reader", "at", "made", "step", "label"}

    rows = list(csv.DictReader(io.StringIO(lead.get(f"/sessions/{id}/export?format=csv").text)))
    assert len(rows) == 25
    assert rows[-1]["comment"] == "'=HYPERLINK(1)"

    packed = lead.get(f"/sessions/{id}/export?format=wfdb")
    assert packed.headers["content-disposition"].endswith('.zip"')
    with zipfile.ZipFile(io.BytesIO(packed.content)) as archive:
        archive.extractall(tmp_path)
        about = json.loads(archive.read("about.json"))
    assert {path.name for path in tmp_path.glob("one.*")} == {"one.consensus", "one.readera", "one.readerb"}
    read = wfdb.rdann(str(tmp_path / "one"), about["annotators"][ada.id])
    assert (read.sample.tolist(), read.fs) == (SAMPLES[3:7], 250)
    assert (read.symbol, read.aux_note) == (["N", "V", "N", '"'], ["", "", "", "artefact; =HYPERLINK(1)"])
    agreed = wfdb.rdann(str(tmp_path / "one"), "consensus")
    assert (agreed.sample.tolist(), agreed.symbol) == (SAMPLES[3:6], ["N", "V", "N"])


@pytest.mark.databases("sqlite", "postgresql")
def test_a_session_outlasts_a_restart(serve: Callable[..., TestClient], lead: Person, ada: Person) -> None:
    id = make(lead, ada)
    ada.does(id, 0, "first", "N")
    other = serve(accounts=True)
    answer = other.get(f"/sessions/{id}/items/0", headers=ada.key).json()
    assert (answer["expects"], answer["entries"][0]["label"]) == ("reveal", "N")
