import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.predictions.covers import covered
from models.errors import InvalidError
from models.zoo import Model

NORMAL, GAPPED, MODEL = "demo~synthetic-normal", "demo~synthetic-noise", "tiny"
Asking = Callable[..., dict[str, Any]]


def test_no_cover_changes_nothing() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)
    for value in ("zero", "mean", "line"):
        shown, hidden = covered(inputs, [], value)
        assert (shown == inputs).all()
        assert not hidden.any()


def test_what_stands_in_for_hidden_samples() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)
    for value in ("zero", "mean", "line"):
        shown, hidden = covered(inputs, [(5, 9), (8, 12), (20, 21)], value)
        assert np.flatnonzero(hidden).tolist() == [5, 6, 7, 8, 9, 10, 11, 20]
        assert (shown[:, ~hidden] == inputs[:, ~hidden]).all()
        expected = {
            "zero": np.zeros((2, 7)),
            "mean": np.repeat(inputs.mean(axis=1, keepdims=True), 7, axis=1),
            "line": np.linspace(inputs[:, 4], inputs[:, 12], 9, axis=1)[:, 1:-1],
        }[value]
        np.testing.assert_allclose(shown[:, 5:12], expected, atol=1e-6)


def test_a_line_that_is_there_already_is_not_changed_by_a_line() -> None:
    ramp = np.linspace(-1, 1, 40, dtype=np.float32)[None]
    np.testing.assert_allclose(covered(ramp, [(3, 30)], "line")[0], ramp, atol=1e-6)


def test_a_line_at_the_window_s_end_is_level() -> None:
    inputs = np.arange(10, dtype=np.float32)[None]
    assert covered(inputs, [(0, 4)], "line")[0][0, :5].tolist() == [4] * 5
    assert covered(inputs, [(6, 10)], "line")[0][0, 5:].tolist() == [5] * 5
    assert covered(inputs, [(0, 10)], "line")[0][0].tolist() == [0] * 10


@pytest.mark.parametrize("span", [(4, 4), (-1, 3), (5, 11), (7, 5)])
def test_a_cover_must_lie_in_the_window(span: tuple[int, int]) -> None:
    with pytest.raises(InvalidError, match="0 ≤ start < end ≤ 10"):
        covered(np.zeros((1, 10), np.float32), [span], "zero")


def test_without_covers_the_answer_is_the_beat_s(client: TestClient, asking: Asking) -> None:
    body = asking(client)
    beat = client.get(f"/recordings/{NORMAL}/beats/{body['beat']}?model={MODEL}").json()
    answer = client.post("/predictions", json=body).json()
    assert {name: answer[name] for name in beat["prediction"]} == beat["prediction"]
    assert answer["input"] == beat["window"]["input"]
    assert answer["covered_fraction"] == 0
    assert sum(answer["probabilities"]) == pytest.approx(1, abs=1e-5)
    assert answer["margin"] == pytest.approx(np.diff(np.sort(answer["probabilities"]))[-1], abs=1e-5)


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


def test_the_first_model_answers_where_none_is_named(client: TestClient, asking: Asking) -> None:
    models = client.get("/models").json()["models"]
    body = asking(client)
    answer = client.get(f"/recordings/{NORMAL}/beats/{body['beat']}").json()
    assert answer["model"] == models[0]["id"]
    assert answer["classes"] == models[0]["classes"]


def test_beats_near_a_gap_have_no_output_and_say_why(client: TestClient) -> None:
    columns = client.get(f"/recordings/{GAPPED}/beats?model={MODEL}").json()["beats"]
    near = [30.6 < t < 31.3 or 62.1 < t < 62.6 for t in columns["time"]]
    assert any(note for note, close in zip(columns["note"], near, strict=True) if close)
    for note, symbol, chances, margin in zip(
        columns["note"], columns["prediction"], columns["probabilities"], columns["margin"], strict=True
    ):
        assert (note is None) == (symbol is not None) == (chances is not None) == (margin is not None)
    lost = columns["sample"][next(i for i, note in enumerate(columns["note"]) if note)]
    answer = client.post("/predictions", json={"recording": GAPPED, "beat": lost, "model": MODEL})
    assert (answer.status_code, answer.json()["field"]) == (422, "beat")


def test_outputs_of_a_recording_are_computed_once_however_many_ask(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get(f"/recordings/{NORMAL}/beats")
    computed: list[int] = []
    original = Model.probabilities

    def counting(self: Model, inputs: Any) -> Any:
        computed.append(len(inputs))
        return original(self, inputs)

    monkeypatch.setattr(Model, "probabilities", counting)
    answers: list[str] = []

    def ask() -> None:
        answers.append(client.get(f"/recordings/{NORMAL}/beats?model={MODEL}").text)

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
    assert client.get(f"/models/{MODEL}").json()["temperature"] == 1.5
    answer = client.get("/models/none")
    assert answer.status_code == 404
    assert MODEL in answer.json()["options"]
