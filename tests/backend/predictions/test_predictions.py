import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from models.zoo import Model

NORMAL, GAPPED, MODEL = "demo~synthetic-normal", "demo~synthetic-noise", "tiny"
Asking = Callable[..., dict[str, Any]]


def test_without_covers_the_answer_is_the_beat_s(client: TestClient, asking: Asking) -> None:
    body = asking(client)
    beat = client.get(f"/recordings/{NORMAL}/windows/{body['at']}?model={MODEL}").json()
    answer = client.post("/predictions", json=body).json()
    assert {name: answer[name] for name in beat["prediction"]} == beat["prediction"] | {"range": None}
    assert answer["input"] == beat["window"]["input"]
    assert answer["covered_fraction"] == 0
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert answer["margin"] == pytest.approx(np.diff(np.sort(answer["probabilities"]))[-1], abs=1e-5)


def test_a_beat_says_how_its_output_hangs_on_the_place_of_r(client: TestClient, asking: Asking) -> None:
    beat = client.get(f"/recordings/{NORMAL}/windows/{asking(client)['at']}?model={MODEL}").json()
    said, found = beat["prediction"], beat["prediction"]["range"]
    own = said["probabilities"][[entry["symbol"] for entry in beat["classes"]].index(said["symbol"])]
    assert found["low"] - 1e-5 <= own <= found["high"] + 1e-5
    assert found["ms"] == pytest.approx(3000 / 360, abs=0.05)
    assert said["symbol"] not in found["others"]


def test_models_say_what_their_probabilities_are_worth(client: TestClient) -> None:
    worth = {model["id"]: model["calibration"] for model in client.get("/models").json()["models"]}
    assert worth["mitbih-lstm"]["calibrated"] is False  # its temperature made the test set's worse
    assert "from 5 patients" in worth["mitbih-lstm"]["text"]
    assert worth[MODEL] == {"calibrated": False, "text": ""}


def test_covers_change_the_input_and_so_the_answer(client: TestClient, asking: Asking) -> None:
    body = asking(client)
    plain = client.post("/predictions", json=body).json()
    hidden = client.post("/predictions", json=body | {"covers": [{"start": 54, "end": 108}]}).json()
    assert hidden["covered_fraction"] == 0.25
    assert set(hidden["input"][0][54:108]) == {0}
    assert hidden["input"][0][:54] == plain["input"][0][:54]
    assert hidden["logits"] != plain["logits"]
    answer = client.post("/predictions", json=body | {"covers": [{"start": 200, "end": 217}]})
    assert (answer.status_code, answer.json()["field"]) == (422, "covers")


def test_the_table_agrees_with_each_of_its_covers(client: TestClient, asking: Asking) -> None:
    body = asking(client) | {"value": "mean"}
    table = client.post("/predictions/table", json=body).json()
    edges = table["edges"]
    pairs = [(start, end) for i, start in enumerate(edges) for end in edges[i + 1 :]]
    assert (table["grid"], table["note"], edges[:3], edges[-1]) == (4, None, [0, 4, 8], 216)
    assert [len(column) for column in table["probabilities"]] == [len(pairs)] * len(table["classes"])
    assert table["before"] == pytest.approx(client.post("/predictions", json=body).json()["probabilities"], abs=1e-4)
    for at in (0, 700, len(pairs) - 1):
        cover = dict(zip(("start", "end"), pairs[at], strict=True))
        exact = client.post("/predictions", json=body | {"covers": [cover]}).json()["probabilities"]
        assert [column[at] for column in table["probabilities"]] == pytest.approx(exact, abs=2e-4)


def test_a_grid_too_fine_for_the_window_is_made_coarser_and_says_so(client: TestClient, asking: Asking) -> None:
    table = client.post("/predictions/table", json=asking(client) | {"grid": 1}).json()
    assert table["grid"] > 1
    assert "too fine for 216 samples" in table["note"]
    answer = client.post("/predictions/table", json=asking(client) | {"grid": 0})
    assert (answer.status_code, answer.json()["field"]) == (422, "grid")


def test_the_first_model_answers_where_none_is_named(client: TestClient, asking: Asking) -> None:
    models = client.get("/models").json()["models"]
    body = asking(client)
    answer = client.get(f"/recordings/{NORMAL}/windows/{body['at']}").json()
    assert answer["model"] == models[0]["id"]
    assert answer["classes"] == models[0]["classes"]


def test_beats_near_a_gap_have_no_output_and_say_why(client: TestClient) -> None:
    columns = client.get(f"/recordings/{GAPPED}/windows?model={MODEL}").json()["windows"]
    near = [30.6 < t < 31.3 or 62.1 < t < 62.6 for t in columns["time"]]
    assert any(note for note, close in zip(columns["note"], near, strict=True) if close)
    for note, symbol, chances, margin in zip(
        columns["note"], columns["prediction"], columns["probabilities"], columns["margin"], strict=True
    ):
        assert (note is None) == (symbol is not None) == (chances is not None) == (margin is not None)
    lost = columns["at"][next(i for i, note in enumerate(columns["note"]) if note)]
    answer = client.post("/predictions", json={"recording": GAPPED, "at": lost, "model": MODEL})
    assert (answer.status_code, answer.json()["field"]) == (422, "at")


def test_outputs_of_a_recording_are_computed_once_however_many_ask(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"/recordings/{NORMAL}/windows")
    computed: list[int] = []
    original = Model.probabilities

    def counting(self: Model, inputs: Any) -> Any:
        computed.append(len(inputs))
        return original(self, inputs)

    monkeypatch.setattr(Model, "probabilities", counting)
    answers: list[str] = []

    def ask() -> None:
        answers.append(client.get(f"/recordings/{NORMAL}/windows?model={MODEL}").text)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert len(set(answers)) == 1
    assert len(computed) == 1


def test_a_model_that_cannot_be_used_spares_the_others(
    client: TestClient, tmp_path: Path, write_model: Callable[..., Path]
) -> None:
    write_model(tmp_path / "models", name="damaged")
    (tmp_path / "models" / "damaged" / "weights.safetensors").write_bytes(b"nonsense")
    answer = client.get("/models").json()
    assert MODEL in [model["id"] for model in answer["models"]]
    assert [problem["model"] for problem in answer["problems"]] == ["damaged"]
    assert client.get("/models/damaged").status_code == 422
    assert client.get(f"/models/{MODEL}").json()["output"]["temperature"] == 1.5
    answer = client.get("/models/none")
    assert answer.status_code == 404
    assert MODEL in answer.json()["options"]
