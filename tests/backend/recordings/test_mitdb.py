from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

MAIN = "mitbih-lstm"


@pytest.fixture
def clinic(serve: Callable[..., TestClient], mitdb: Path) -> TestClient:
    return serve(recordings=(mitdb,))


@pytest.mark.data
def test_the_database_is_listed_with_its_counts(clinic: TestClient) -> None:
    clinic.get("/recordings")
    summaries = clinic.app.state.services.repository.summaries
    assert summaries._beats_counted.wait(60)
    answer = clinic.get("/recordings").json()
    rows = {row["name"]: row for row in answer["recordings"] if row["source"] == "mitdb"}
    assert len(rows) == 48
    assert answer["problems"] == []
    assert rows["208"]["counts"]["V"] == 992
    assert (rows["208"]["age"], rows["208"]["sex"]) == (23, "F")
    assert rows["114"]["leads"] == ["V5", "MLII"]
    assert rows["104"]["leads"] == ["V5", "V2"]


@pytest.mark.data
@pytest.mark.parametrize(("name", "count", "most"), [("100", 2273, "N"), ("208", 2955, "N")])
def test_a_whole_recording_is_answered_by_the_model(clinic: TestClient, name: str, count: int, most: str) -> None:
    if MAIN not in [model["id"] for model in clinic.get("/models").json()["models"]]:
        pytest.skip("the zoo has no trained model yet")
    answer = clinic.get(f"/recordings/mitdb~{name}/windows?model={MAIN}").json()
    columns = answer["windows"]
    assert answer["source"] == "reference (atr)"
    assert len(columns["at"]) == count
    assert max(set(columns["prediction"]), key=columns["prediction"].count) == most
    assert sum(note is not None for note in columns["note"]) <= 3  # the first and last beat
    row = clinic.get(f"/recordings/mitdb~{name}").json()
    assert row["seen"][MAIN] == {"100": "train", "208": "test"}[name]


@pytest.mark.data
def test_a_beat_is_named_and_can_be_covered(clinic: TestClient) -> None:
    columns = clinic.get("/recordings/mitdb~208/windows").json()["windows"]
    sample = columns["at"][next(i for i, s in enumerate(columns["label"]) if s == "V" and i > 10)]
    beat = clinic.get(f"/recordings/mitdb~208/windows/{sample}").json()
    assert (beat["name"], beat["beat"]["aami"]) == ("Ventricular premature", "V")
    body = {"recording": "mitdb~208", "at": sample, "covers": [{"start": 0, "end": 216}]}
    hidden = clinic.post("/predictions", json=body).json()
    assert hidden["covered_fraction"] == 1
    assert hidden["probabilities"] != beat["prediction"]["probabilities"]
