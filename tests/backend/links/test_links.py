import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.links.tables import Link

ONE, MODEL = "ward~one", "tiny"
Write = Callable[..., Path]
Share = Callable[..., tuple[str, dict[str, Any]]]


@pytest.fixture
def share(beat_of: Callable[..., int]) -> Share:
    """Explain a beat of the ward's recording, share it, and read the link."""

    def make(client: TestClient, **fields: Any) -> tuple[str, dict[str, Any]]:
        body = {"recording": ONE, "at": beat_of(client, ONE, 10), "model": MODEL}
        methods = ("input_derivative", "temporal_score")
        ids = [
            client.post("/tasks/explanation", json=body | {"explainer": {"method": m}}).json()["id"] for m in methods
        ]
        answer = client.post("/links", json=body | {"explanations": ids, "title": "Odd", "note": "Look."} | fields)
        assert answer.status_code == 201, answer.text
        token = answer.json()["token"]
        assert answer.json()["url"] == f"/s/{token}"
        return token, client.get(f"/links/{token}").json()

    return make


def frozen(document: dict[str, Any]) -> dict[str, Any]:
    """Without today's comparison."""
    return {name: value for name, value in document.items() if name != "live"}


@pytest.mark.databases("sqlite", "postgresql")
def test_a_link_holds_everything_its_page_shows(client: TestClient, share: Share) -> None:
    _, document = share(client)
    record = client.app.state.services.repository.open(ONE)
    assert (document["title"], document["note"]) == ("Odd", "Look.")
    assert document["record"]["sha256"] == record.sha256
    assert (document["record"]["lead"], document["record"]["time"]) == ("II", document["record"]["at"] / 250)
    strip = document["strip"]
    assert strip["time"][-1] - strip["time"][0] == pytest.approx(8, abs=0.01)
    assert len(strip["value"]) == 2000
    assert len(strip["windows"]) == 10
    assert {beat["label"] for beat in strip["windows"]} == {"N"}
    assert all(beat["prediction"] for beat in strip["windows"])
    assert [e["method"] for e in document["explanations"]] == ["input_derivative", "temporal_score"]
    assert len(document["window"]["window"]["input"][0]) == 216
    assert document["prediction"] == document["window"]["prediction"]
    model = client.app.state.services.predictor.model(MODEL)
    assert document["model"]["weights_sha256"] == model.weights_sha256
    assert {"beatlens", "torch", "numpy", "python"} <= set(document["versions"])
    assert document["live"] == {"differs": False, "notes": []}


def test_the_token_cannot_be_guessed_and_is_not_stored(client: TestClient, share: Share, tmp_path: Path) -> None:
    token, _ = share(client)
    assert len(token) * 6 >= 128
    with client.app.state.services.database.transaction() as session:
        row = session.scalars(select(Link)).one()
    assert row.token_sha256 == hashlib.sha256(token.encode()).hexdigest()
    for file in (tmp_path / "databases").glob("*"):
        assert token.encode() not in file.read_bytes()
    assert token != share(client)[0]


def test_unknown_links_are_not_found(client: TestClient) -> None:
    assert client.get(f"/links/{'x' * 32}").status_code == 404
    assert client.get("/links/short").status_code == 422
    assert client.get("/links/..%2f..%2fetc%2fpasswd").status_code in (404, 422)


@pytest.mark.databases("sqlite", "postgresql")
def test_frozen_content_survives_another_model_and_other_samples(
    client: TestClient,
    share: Share,
    tmp_path: Path,
    write_model: Callable[..., Path],
    write_record: Callable[..., Path],
) -> None:
    token, before = share(client)
    write_model(tmp_path / "models", seed=7)
    document = client.get(f"/links/{token}").json()
    assert frozen(document) == frozen(before)
    assert document["live"]["differs"]
    assert any("other weights" in note for note in document["live"]["notes"])
    write_record(tmp_path / "ward", seed=3, symbol="V")
    client.app.state.services.repository.catalogue.refresh()
    document = client.get(f"/links/{token}").json()
    assert frozen(document) == frozen(before)
    assert any("other samples" in note for note in document["live"]["notes"])


def test_links_open_where_recording_model_and_redis_are_gone(
    client: TestClient, share: Share, serve: Callable[..., TestClient], tmp_path: Path
) -> None:
    token, before = share(client)
    document = serve(recordings=()).get(f"/links/{token}").json()
    assert frozen(document) == frozen(before)
    assert not document["live"]["differs"]
    assert "Cannot be compared" in document["live"]["notes"][0]
    document = serve(model_dirs=()).get(f"/links/{token}").json()
    assert frozen(document) == frozen(before)
    assert "Unknown model" in document["live"]["notes"][0]


def test_a_comparison_that_breaks_is_a_note(client: TestClient, share: Share, monkeypatch: pytest.MonkeyPatch) -> None:
    token, before = share(client)
    monkeypatch.setattr("backend.links.live.prediction", lambda *_: 1 / 0)
    document = client.get(f"/links/{token}").json()
    assert frozen(document) == frozen(before)
    assert "failed" in document["live"]["notes"][0]


def test_a_newer_version_of_a_method_is_noted(
    client: TestClient, share: Share, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.explainers import explainers

    token, _ = share(client)
    monkeypatch.setattr(explainers()["temporal_score"], "version", "99")
    live = client.get(f"/links/{token}").json()["live"]
    assert live["differs"]
    assert "version 99" in live["notes"][0]


def test_explanations_of_another_beat_or_unknown_ones_are_refused(
    client: TestClient, beat_of: Callable[..., int]
) -> None:
    body = {"recording": ONE, "at": beat_of(client, ONE, 10), "model": MODEL}
    other = body | {"at": beat_of(client, ONE, 12), "explainer": {"method": "input_derivative"}}
    id = client.post("/tasks/explanation", json=other).json()["id"]
    answer = client.post("/links", json=body | {"explanations": [id]})
    assert answer.status_code == 422
    assert "not of this window" in answer.json()["detail"]
    assert client.post("/links", json=body | {"explanations": ["0" * 32]}).status_code == 404
    assert client.post("/links", json=body | {"title": "x" * 201}).status_code == 422


def test_what_is_still_waiting_cannot_be_shared(
    serve: Callable[..., TestClient], redis_url: str, beat_of: Callable[..., int]
) -> None:
    client = serve(redis_url=redis_url)
    body = {"recording": ONE, "at": beat_of(client, ONE, 10), "model": MODEL}
    id = client.post("/tasks/explanation", json=body | {"explainer": {"method": "occlusion"}}).json()["id"]
    answer = client.post("/links", json=body | {"explanations": [id]})
    assert answer.status_code == 409
    assert "queued" in answer.json()["detail"]
    client.delete(f"/tasks/explanation/{id}")


def test_a_link_without_explanations_and_of_a_beat_without_window(client: TestClient, tmp_path: Path) -> None:
    import numpy as np
    import wfdb

    wfdb.wrann("one", "atr", np.array([10, 450]), symbol=["N", "N"], write_dir=str(tmp_path / "ward"))
    answer = client.post("/links", json={"recording": ONE, "at": 10, "model": MODEL})
    document = client.get(f"/links/{answer.json()['token']}").json()
    assert document["prediction"] is None
    assert document["window"]["note"]
    assert document["live"] == {"differs": False, "notes": []}
    json.dumps(document, allow_nan=False)
