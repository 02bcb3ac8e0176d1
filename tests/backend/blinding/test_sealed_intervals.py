"""A window over a sealed beat is sealed, and so is a beat in a sealed window: neither tells what the other is."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import wfdb
from fastapi.testclient import TestClient

WARD, FS, STEP = "ward~long", 250, 200
SPAN = 10 * FS  # samples of a rhythm window
START = 2 * SPAN  # of the window that holds the sealed beat
BEAT = 250 + STEP * 28  # its sample: in the third window
INSTANT = {"method": "input_derivative"}
RHYTHMS = {
    "input": {"fs": 360.0, "window": {"kind": "span", "samples": 3600}},
    "vocabulary": "rhythm",
    "classes": [{"symbol": code, "name": code} for code in ("N", "AFIB", "VT")],
}


@dataclass
class Ward:
    """A service with a lead, a reader, a model of beats and one of rhythms."""

    client: TestClient
    keys: dict[str, dict[str, str]]
    reader: str

    def get(self, who: str, path: str) -> Any:
        return self.client.get(path, headers=self.keys[who])

    def post(self, who: str, path: str, body: Any) -> Any:
        return self.client.post(path, headers=self.keys[who], json=body)

    def session(self, model: str, at: int) -> str:
        choice = {"how": "named", "at": [at]}
        body = {"title": "One", "recordings": [WARD], "readers": [self.reader], "choice": choice, "model": model}
        answer = self.post("lea", "/sessions", body | {"methods": []})
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def step(self, session: str, step: str, label: str | None = None) -> Any:
        entry = {"client_id": uuid.uuid4().hex, "position": 0, "step": step, "label": label}
        entry |= {"confidence": 3} if label else {}
        return self.post("ada", f"/sessions/{session}/entries", {"entries": [entry]})

    def windows(self, who: str, model: str) -> dict[int, tuple[Any, Any, Any]]:
        """By address: label, prediction and note."""
        found = self.get(who, f"/recordings/{WARD}/windows?model={model}").json()["windows"]
        columns = zip(found["at"], found["label"], found["prediction"], found["note"], strict=True)
        return {at: (label, prediction, note) for at, label, prediction, note in columns}

    def asks(self, who: str, model: str, at: int) -> set[int]:
        """Statuses of every request about one window."""
        which = {"recording": WARD, "at": at, "model": model}
        bodies = {"/predictions": {}, "/predictions/table": {}, "/tasks/explanation": {"explainer": INSTANT}}
        found = {self.post(who, path, which | body).status_code for path, body in bodies.items()}
        maps = {"explainer": INSTANT, "model": model, "groups": [[at]]}
        return found | {self.post(who, f"/recordings/{WARD}/maps", maps).status_code}


@pytest.fixture
def ward(serve: Callable[..., TestClient], write_model: Callable[..., Path], tmp_path: Path) -> Ward:
    models = write_model(tmp_path / "models", 1, "rhythms", **RHYTHMS)
    client = serve(accounts=True, model_dirs=(models,), recordings=(write(tmp_path / "ward"),))
    auth = client.app.state.services.auth
    ids = {
        name: auth.accounts.from_provider("test", name, name, role).id
        for name, role in (("lea", "lead"), ("ada", "annotator"))
    }
    tokens = {name: auth.credentials.new_token(id, "x", None).token for name, id in ids.items()}
    return Ward(client, {name: {"Authorization": f"Bearer {token}"} for name, token in tokens.items()}, ids["ada"])


def write(folder: Path) -> Path:
    """A minute of beats; a rhythm begins at 0, 18 and 40 s."""
    signal = np.random.default_rng(0).normal(0, 0.01, 60 * FS)
    beats = np.arange(250, len(signal) - 250, STEP)
    for beat in beats:
        signal[beat - 5 : beat + 6] += np.hanning(11)
    folder.mkdir(parents=True, exist_ok=True)
    wfdb.wrsamp(
        "long", fs=FS, units=["mV"], sig_name=["II"], p_signal=signal[:, None], fmt=["16"], write_dir=str(folder)
    )
    marks = [(int(beat), "N", "") for beat in beats] + [(1, "+", "(N"), (18 * FS, "+", "(AFIB"), (40 * FS, "+", "(VT")]
    samples, symbols, notes = zip(*sorted(marks), strict=True)
    wfdb.wrann("long", "atr", np.array(samples), symbol=list(symbols), aux_note=list(notes), write_dir=str(folder))
    return folder


def test_a_window_over_a_sealed_beat_is_sealed(ward: Ward) -> None:
    open_ones = ward.windows("ada", "rhythms")
    assert open_ones[START][:2] == ("AFIB", open_ones[START][1])
    assert all(prediction for _, prediction, _ in open_ones.values())
    ward.session("tiny", BEAT)
    found = ward.windows("ada", "rhythms")
    assert found[START][:2] == (None, None)
    assert "Sealed" in found[START][2]
    assert {at: row for at, row in found.items() if at != START} == {
        at: row for at, row in open_ones.items() if at != START
    }
    one = ward.get("ada", f"/recordings/{WARD}/windows/{START}?model=rhythms").json()
    assert (one["label"], one["name"], one["prediction"]) == (None, None, None)
    assert ward.asks("ada", "rhythms", START) == {403}
    assert ward.asks("ada", "rhythms", 0) == {200}
    assert ward.asks("lea", "rhythms", START) == {200}
    assert ward.post("ada", "/links", {"recording": WARD, "at": START, "model": "rhythms"}).status_code == 403
    assert ward.post("ada", "/links", {"recording": WARD, "at": 0, "model": "rhythms"}).status_code == 201


def test_beats_in_a_sealed_window_are_sealed_and_its_neighbours_are_not(ward: Ward) -> None:
    before = ward.windows("ada", "tiny")
    session = ward.session("rhythms", START)
    found = ward.windows("ada", "tiny")
    inside = {at for at in found if START <= at < START + SPAN}
    assert {at for at, row in found.items() if row[:2] == (None, None)} == inside
    assert {at: row for at, row in found.items() if at not in inside} == {
        at: row for at, row in before.items() if at not in inside
    }
    assert ward.asks("ada", "tiny", min(inside)) == ward.asks("ada", "tiny", max(inside)) == {403}
    assert ward.asks("ada", "tiny", max(inside) + STEP) == ward.asks("ada", "tiny", min(inside) - STEP) == {200}
    assert ward.asks("ada", "rhythms", START - SPAN) == ward.asks("ada", "rhythms", START + SPAN) == {200}
    item = ward.get("ada", f"/sessions/{session}/items/0").json()
    assert (item["at"], item["start"], item["end"]) == (START, START, START + SPAN)
    assert (item["window"]["kind"], item["window"]["beat"], item["window"]["prediction"]) == ("span", None, None)
    assert len(item["window"]["window"]["millivolts"][0]) == 3600


@pytest.mark.databases("sqlite", "postgresql")
def test_a_rhythm_is_read_in_its_own_words_step_by_step(ward: Ward) -> None:
    session = ward.session("rhythms", START)
    assert "AFL" in [row["label"] for row in ward.get("ada", f"/sessions/{session}").json()["labels"]]
    assert ward.step(session, "first", "F").status_code == 422  # a beat's symbol
    assert ward.step(session, "first", "VT").status_code == 201
    assert ward.asks("ada", "tiny", BEAT) == {403}
    ward.step(session, "reveal")
    assert ward.asks("ada", "rhythms", START) == {200}
    assert ward.get("ada", f"/recordings/{WARD}/windows/{START}?model=rhythms").json()["label"] is None
    ward.step(session, "final", "AFIB")
    item = ward.get("ada", f"/sessions/{session}/items/0").json()
    assert item["reference"] == {"label": "AFIB", "name": "Atrial fibrillation"}
    assert item["mine"]["toward_reference"] == 1
    assert ward.windows("ada", "tiny") == ward.windows("lea", "tiny")


def test_marks_over_what_is_sealed_are_left_out(ward: Ward) -> None:
    marks = ward.get("ada", f"/recordings/{WARD}/marks").json()["marks"]
    assert [(mark["label"], mark["start"], mark["end"]) for mark in marks] == [
        ("N", 1, 18 * FS), ("AFIB", 18 * FS, 40 * FS), ("VT", 40 * FS, 60 * FS),
    ]  # fmt: skip
    ward.session("tiny", BEAT)
    shown = ward.get("ada", f"/recordings/{WARD}/marks").json()["marks"]
    assert [mark["label"] for mark in shown] == ["N", "VT"]
    assert ward.get("lea", f"/recordings/{WARD}/marks").json()["marks"] == marks


def test_a_set_of_labels_that_there_is_not_is_refused(ward: Ward) -> None:
    choice = {"how": "named", "at": [START]}
    body = {"title": "One", "recordings": [WARD], "readers": [ward.reader], "choice": choice, "model": "rhythms"}
    answer = ward.post("lea", "/sessions", body | {"label_set": "mit-bih"})
    options = answer.json()["options"]
    assert (answer.status_code, options[0], options[-1]) == (422, "rhythm", "own")  # the model's own words first
    assert "mitbih" in options


def test_readings_are_in_the_words_of_a_vocabulary(ward: Ward) -> None:
    entry = {"recording": WARD, "at": START, "start": START, "end": START + SPAN, "label": "AFIB"}
    for number, (vocabulary, status) in enumerate((("rhythm", 201), ("mitbih", 422), ("none", 404))):
        sent = entry | {"client_id": f"act-{number:04d}", "vocabulary": vocabulary}
        answer = ward.post("ada", "/readings", {"entries": [sent]})
        assert answer.status_code == status, answer.text
    (held,) = ward.get("ada", f"/readings?recording={WARD}").json()["readings"]
    assert (held["start"], held["end"], held["label"], held["vocabulary"]) == (START, START + SPAN, "AFIB", "rhythm")
