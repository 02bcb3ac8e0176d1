"""Models of other windows, leads and outputs through the service, and leads in which no beat can be found."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import torch
import wfdb
from fastapi.testclient import TestClient
from safetensors.torch import save

from backend.tasks.schemas import RecordingTaskRequest
from backend.tasks.scopes import access
from models.cards import Card
from models.networks import build
from models.tasks import task

FS = 300
RHYTHM = {
    "input": {"fs": FS, "window": {"kind": "whole", "longest": 61 * FS, "shortest": 9 * FS}},
    "vocabulary": "cinc2017",
    "classes": [{"symbol": "N", "name": "Normal rhythm"}, {"symbol": "A", "name": "Atrial fibrillation"}],
}
TWO_LEADS = {
    "input": {"fs": 360.0, "channels": [{"name": "I"}, {"name": "II", "aliases": ["MLII"]}]},
    "classes": [{"symbol": "N", "name": "Normal"}, {"symbol": "V", "name": "PVC"}],
}
ONE_OUTPUT = {
    "input": {"fs": 360.0},
    "vocabulary": "rhythm",
    "output": {"activation": "sigmoid", "thresholds": [0.999]},
    "classes": [{"symbol": "AFIB", "name": "Atrial fibrillation"}],
}
LABELS = {
    "input": {"fs": 100.0, "window": {"kind": "span", "samples": 500}},
    "output": {"activation": "sigmoid", "thresholds": [0.0, 0.0, 1.0]},
    "classes": [{"symbol": s, "name": s} for s in ("NORM", "MI", "STTC")],
}


def write_card(folder: Path, name: str, **fields: Any) -> None:
    """A random LSTM with this card."""
    torch.manual_seed(0)
    leads = len(fields["input"].get("channels", [0]))
    config = {"leads": leads, "classes": len(fields["classes"]), "hidden": 4}
    weights = save(build("lstm", config).state_dict())
    about = {"id": name, "title": name, "summary": "", "architecture": "lstm", "network": config}
    card = Card.model_validate(about | {"weights_sha256": hashlib.sha256(weights).hexdigest()} | fields)
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "card.json").write_text(card.model_dump_json())
    (folder / name / "weights.safetensors").write_bytes(weights)


def write_recording(folder: Path, name: str, leads: list[str], fs: int = FS, seconds: float = 12.5) -> None:
    """Beats without annotations."""
    rng, pulse = np.random.default_rng(1), round(0.06 * fs)
    signal = rng.normal(0, 0.01, (round(seconds * fs), len(leads)))
    for beat in np.arange(fs, len(signal) - fs, round(0.8 * fs)):
        signal[beat : beat + pulse] += np.arange(1, len(leads) + 1) * np.hanning(pulse)[:, None]
    folder.mkdir(parents=True, exist_ok=True)
    units, fmt = ["mV"] * len(leads), ["16"] * len(leads)
    wfdb.wrsamp(name, fs=fs, units=units, sig_name=leads, p_signal=signal, fmt=fmt, write_dir=str(folder))


@pytest.fixture
def open_client(serve: Callable[..., TestClient], tmp_path: Path) -> TestClient:
    models, ward = tmp_path / "others", tmp_path / "stock"
    cards = {"rhythm": RHYTHM, "two": TWO_LEADS, "one-output": ONE_OUTPUT, "labels": LABELS}
    for name, fields in cards.items():
        write_card(models, name, **fields)
    for name, leads in (("single", ["II"]), ("turned", ["mlii", "I"]), ("straight", ["I", "MLII"])):
        write_recording(ward, name, leads)
    for fs in (20, 50):
        write_recording(ward, f"slow{fs}", ["II"], fs, 60.0)
    return serve(model_dirs=(models,), recordings=(ward,))


def test_a_rhythm_model_reads_a_recording_whole_and_names_its_own_classes(open_client: TestClient) -> None:
    url = "/recordings/stock~single/windows"
    columns = open_client.get(f"{url}?model=rhythm").json()
    assert columns["windows"]["at"] == [0]
    assert columns["classes"][1]["name"] == "Atrial fibrillation"
    one = open_client.get(f"{url}/0?model=rhythm").json()
    assert (one["window"]["samples"], one["window"]["start"], one["count"]) == (round(12.5 * FS), 0, 1)
    assert one["prediction"]["symbol"] == columns["windows"]["prediction"][0]
    assert sum(one["prediction"]["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert open_client.get(f"{url}/0/waves?model=rhythm").json()["waves"] == []
    covered = {"recording": "stock~single", "at": 0, "model": "rhythm", "covers": [{"start": 0, "end": 900}]}
    answer = open_client.post("/predictions", json=covered).json()
    assert answer["covered_fraction"] == pytest.approx(900 / (12.5 * FS))


def test_a_model_of_two_named_leads_reads_them_in_its_order_and_says_which(open_client: TestClient) -> None:
    found = {}
    for name in ("turned", "straight"):
        columns = open_client.get(f"/recordings/stock~{name}/windows?model=two&lead=I").json()
        sample = columns["windows"]["at"][3]
        found[name] = open_client.get(f"/recordings/stock~{name}/windows/{sample}?model=two&lead=I").json()
    turned, straight = found["turned"], found["straight"]
    assert (turned["channels"], straight["channels"]) == (["I", "mlii"], ["I", "MLII"])
    assert turned["lead"] == "I"
    peak = [np.ptp(lead) for lead in turned["window"]["millivolts"]]
    assert peak[0] == pytest.approx(2, abs=0.2)  # lead I stands second, with twice the amplitude
    assert peak[1] == pytest.approx(1, abs=0.2)


def test_a_missing_lead_is_named(open_client: TestClient) -> None:
    columns = open_client.get("/recordings/stock~single/windows?model=two").json()
    notes = set(columns["windows"]["note"])
    assert notes == {"two reads I, II, and this recording has no I: it has II"}
    sample = columns["windows"]["at"][0]
    one = open_client.get(f"/recordings/stock~single/windows/{sample}?model=two").json()
    assert (one["window"], one["channels"], one["note"]) == (None, [], notes.pop())


def test_one_output_below_its_threshold_says_none_and_is_sure_of_it(open_client: TestClient) -> None:
    url = "/recordings/stock~single/windows"
    columns = open_client.get(f"{url}?model=one-output").json()["windows"]
    assert {note for note in columns["note"] if note} <= {"No output: the window leaves the recording or touches a gap"}
    assert set(columns["prediction"]) == {None}
    one = open_client.get(f"{url}/{columns['at'][3]}?model=one-output").json()["prediction"]
    assert (one["symbol"], one["labels"], one["runner_up"], one["index"]) == (None, [], None, 0)
    [chance] = one["probabilities"]
    assert chance == pytest.approx(1 / (1 + np.exp(-one["logits"][0])), abs=1e-5)
    assert one["margin"] == pytest.approx(min(1, 2 * abs(0.999 - chance)), abs=1e-5)


def test_several_labels_hold_at_once(open_client: TestClient) -> None:
    columns = open_client.get("/recordings/stock~single/windows?model=labels").json()["windows"]
    assert columns["at"] == [0, 1500]  # 5 s each; the 2.5 s left over are too short
    one = open_client.get("/recordings/stock~single/windows/1500?model=labels").json()["prediction"]
    assert one["labels"] == ["NORM", "MI"]
    assert one["symbol"] == one["labels"][int(np.argmax(one["probabilities"][:2]))]


def test_every_model_says_what_it_reads_and_answers(open_client: TestClient) -> None:
    models = {model["id"]: model for model in open_client.get("/models").json()["models"]}
    assert models["rhythm"]["input"]["window"] == {"kind": "whole", "longest": 18_300, "shortest": 2700}
    assert (models["rhythm"]["vocabulary"], models["rhythm"]["modality"]) == ("cinc2017", "ecg")
    assert models["labels"]["output"]["activation"] == "sigmoid"
    assert [channel["name"] for channel in models["two"]["input"]["channels"]] == ["I", "II"]


def test_a_slow_lead_is_read_or_refused_with_the_reason(open_client: TestClient) -> None:
    found = open_client.get("/recordings/stock~slow50/windows?model=one-output").json()["windows"]["at"]
    assert 60 < len(found) < 80
    for part in ("", "/waves"):
        assert (
            open_client.get(f"/recordings/stock~slow50/windows/{found[30]}{part}?model=one-output").status_code == 200
        )
    refused = open_client.get("/recordings/stock~slow20/windows")
    assert refused.status_code == 422
    assert "Beats cannot be found at 20 Hz" in refused.json()["detail"]
    rows = open_client.get("/recordings").json()["recordings"]
    assert {"stock~slow20", "stock~slow50"} <= {row["id"] for row in rows}


def test_a_link_to_a_window_of_rhythm_keeps_its_beats_with_their_intervals(open_client: TestClient) -> None:
    asked = {"recording": "stock~single", "at": 0, "model": "rhythm", "title": "Rhythm"}
    made = open_client.post("/links", json=asked)
    assert made.status_code == 201, made.text
    document = open_client.get(f"/links/{made.json()['token']}").json()
    beats = document["rhythm"]["beats"]
    assert len(beats) > 5
    known = [beat["rr"] for beat in beats if beat["rr"] is not None]
    assert median(known) == pytest.approx(800.0, abs=20.0)
    assert document["rhythm"]["marks"] == []


def test_a_day_is_asked_of_the_whole_signal(open_client: TestClient) -> None:
    predictor = open_client.app.state.services.predictor  # type: ignore[attr-defined]
    asked = RecordingTaskRequest(recording="stock~single", model="labels")
    windows = access(task("prediction")).subject(predictor, asked, task("prediction"))
    whole = access(task("day")).subject(predictor, asked, task("day"))
    assert whole.inputs is not None
    assert windows.inputs is not None
    assert whole.inputs.shape == (1, 1, 1250)
    np.testing.assert_allclose(windows.inputs[1, 0], whole.inputs[0, 0, 500:1000], rtol=1e-6)


def test_a_day_without_a_queue_says_what_it_needs(open_client: TestClient) -> None:
    body = {"recording": "stock~single", "model": "labels", "seconds": 5.0}
    answer = open_client.post("/tasks/day", json=body)
    assert answer.status_code == 503
    assert "Day view needs the queue" in answer.json()["detail"]
    assert open_client.post("/tasks/day", json=body | {"seconds": 30.0}).status_code == 422
