import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
import wfdb
from session_readers import SAMPLES, Person, make, whole

from backend.explanations.service import Explanations


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
