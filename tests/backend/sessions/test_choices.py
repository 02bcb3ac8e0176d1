import json
from collections import Counter
from typing import Any

import pytest
from fastapi.testclient import TestClient
from session_readers import ONE, SAMPLES, Person, ask, make
from sqlalchemy import select, update

from backend.sessions.tables import AnnotationSession


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


def test_who_still_names_samples_is_told_the_new_name(lead: Person, ada: Person) -> None:
    answer = lead.post("/sessions", ask(ada, choice={"how": "named", "samples": SAMPLES[3:7]}))
    assert answer.status_code == 422
    assert "'samples' was renamed to 'at'" in answer.text


@pytest.mark.databases("sqlite", "postgresql")
def test_a_session_that_was_stored_with_samples_says_today_which_windows_it_named(
    lead: Person, ada: Person, client: TestClient
) -> None:
    id = make(lead, ada)
    with client.app.state.services.database.transaction() as session:
        stored = json.loads(session.scalar(select(AnnotationSession.choice).where(AnnotationSession.id == id)))
        stored["samples"] = stored.pop("at")
        session.execute(update(AnnotationSession).values(choice=json.dumps(stored)))
    wanted = {"recordings": [ONE], "lead": None, "how": "named", "at": SAMPLES[3:7]}
    listed = next(one for one in lead.get("/sessions").json()["sessions"] if one["id"] == id)
    assert listed["choice"] == wanted
    assert lead.get(f"/sessions/{id}/export?format=json").json()["choice"] == wanted


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
    named = lead.post("/sessions/draw", {"recordings": [ONE], "choice": {"how": "named", "at": SAMPLES[3:7]}})
    assert [(one["label"], one["items"]) for one in named.json()["classes"]] == [(None, 4)]
    for choice in ({"how": "stratified", "each": 2}, {"how": "queue", "queue": "class", "symbol": "V"}):
        answer = lead.post("/sessions/draw", {"recordings": [ONE], "choice": choice})
        assert (answer.status_code, answer.json()["title"]) == (403, "Sealed")
