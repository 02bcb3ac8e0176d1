"""What the list says of a model's outputs: counted by a real worker, kept, and found again."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

import frontend.tokens
from backend.predictions.answers import UNCERTAIN
from backend.predictions.outputs import Outputs
from backend.worklist.counting import count
from models.cards import OutputSpec
from models.placing import Anchors

ONE = "ward~one"


LIST = "/recordings?model=tiny"


def row(client: TestClient) -> dict[str, Any]:
    rows: list[dict[str, Any]] = client.get(LIST).json()["recordings"]
    return next(row for row in rows if row["id"] == ONE)


def counted(client: TestClient) -> dict[str, Any]:
    """The row once everything was counted."""
    for _ in range(3000):
        client.app.state.services.repository.summaries.wait()
        answer = client.get(LIST).json()
        if answer["counting"]["done"] == answer["counting"]["total"]:
            return row(client)
        time.sleep(0.05)
    raise AssertionError(answer["counting"])


@pytest.mark.databases("sqlite", "postgresql")
def test_the_counts_are_those_of_the_beats_and_outlast_a_restart(
    serve: Callable[..., TestClient], worker: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = serve(redis_url=worker)
    found = counted(client)
    beats = client.get(f"/recordings/{ONE}/windows?model=tiny").json()["windows"]
    pairs = zip(beats["label"], beats["prediction"], beats["margin"], strict=True)
    said = [(label, output, margin) for label, output, margin in pairs if output is not None]
    output = found["output"]
    assert sum(output["counts"].values()) == len(said)
    assert output["compared"] == len(said)  # all are N, which the model knows
    assert output["disagreements"] == sum(label != answer for label, answer, _ in said)
    assert output["uncertain"] == sum(margin < 0.25 for *_, margin in said)
    assert (output["to_read"], output["read"]) == (output["disagreements"], 0)
    assert (found["beats"], output["seen"]) == (23, "unknown")

    again = serve(redis_url=None)  # no worker could count it now, and nothing is read
    monkeypatch.setattr(again.app.state.services.repository.catalogue, "open", None)
    again.get(LIST)
    again.app.state.services.repository.summaries.wait()
    assert row(again) == found


def test_labels_are_progress_of_what_is_to_be_read(serve: Callable[..., TestClient], worker: str) -> None:
    client = serve(redis_url=worker)
    before = counted(client)["output"]
    beats = client.get(f"/recordings/{ONE}/windows?model=tiny").json()["windows"]
    columns = zip(beats["at"], beats["label"], beats["prediction"], strict=True)
    differ = [sample for sample, label, output in columns if output not in (None, label)]
    others = [sample for sample in beats["at"] if sample not in differ]
    entries = [
        {"client_id": f"act-{sample:05d}", "recording": ONE, "at": sample, "label": "N"}
        for sample in [*differ[:2], *others[:1]]
    ]
    assert client.post("/readings", json={"entries": entries}).status_code == 201
    assert row(client)["output"] == before | {"read": len(differ[:2])}


def test_without_workers_the_list_is_there_and_counts_are_missing(client: TestClient) -> None:
    client.get(LIST)
    client.app.state.services.repository.summaries.wait()
    answer = client.get(LIST).json()
    assert answer["counting"] == {"done": 0, "total": len(answer["recordings"]), "remaining_seconds": None}
    found = row(client)
    assert (found["counts"], found["output"]["counts"], found["output"]["trouble"]) == ({"N": 23}, None, None)


def test_a_changed_file_is_read_again(
    serve: Callable[..., TestClient], tmp_path: Path, write_record: Callable[..., Path]
) -> None:
    first = serve()
    row(first)
    first.app.state.services.repository.summaries.wait()
    old = row(first)
    write_record(tmp_path / "ward", seconds=30.0, seed=3, symbol="V")
    second = serve()
    row(second)
    second.app.state.services.repository.summaries.wait()
    new = row(second)
    assert (old["counts"], new["counts"]) == ({"N": 23}, {"V": 35})
    assert old["spark"] != new["spark"]


def test_an_unknown_model_is_named(client: TestClient) -> None:
    answer = client.get("/recordings?model=nowhere")
    assert (answer.status_code, answer.json()["field"]) == (404, "model")


def test_what_is_counted() -> None:
    """Four beats: right, wrong, of a class the model has not, without a window; the second is uncertain."""
    samples = np.array([10, 20, 30, 40])
    found = Anchors(samples, samples, samples, samples, samples, ("N", "V", "F", "V"), "reference (atr)")
    answers = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.0, 0.0]], dtype=np.float32)
    valid = np.array([True, True, True, False])
    outputs = Outputs(answers, valid, OutputSpec())
    told = count(found, outputs, ["N", "V"])
    assert (told.counts, told.compared, told.disagreements, told.uncertain) == ({"N": 2, "V": 1}, 2, 1, 1)
    assert told.queue == {20}
    alone = count(replace(found, labels=None), outputs, ["N", "V"])
    assert (alone.compared, alone.disagreements, alone.queue) == (0, 0, {20})


def test_the_pages_call_the_same_margins_uncertain() -> None:
    assert frontend.tokens.UNCERTAIN == UNCERTAIN
