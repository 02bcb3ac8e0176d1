"""Trust, waves and words over HTTP."""

import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from fastapi.testclient import TestClient

from models.evaluation.checks.deletion import FRACTIONS
from models.evaluation.trust import MADE

Asking = Callable[..., dict[str, Any]]
NORMAL = "demo~synthetic-normal"


def explained(client: TestClient, asking: Asking, method: str = "input_derivative") -> str:
    answer = client.post("/tasks/explanation", json=asking(client, method))
    assert answer.status_code == 200, answer.text
    return str(answer.json()["id"])


def test_waves_cut_the_window_in_order(client: TestClient, beat_of: Callable[..., int]) -> None:
    answer = client.get(f"/recordings/{NORMAL}/windows/{beat_of(client)}/waves", params={"model": "tiny"})
    assert answer.status_code == 200
    found = answer.json()
    assert [wave["name"] for wave in found["waves"]] == ["P", "QRS", "T"]
    assert all(wave["onset"] < wave["end"] for wave in found["waves"])
    qrs = next(wave for wave in found["waves"] if wave["name"] == "QRS")
    assert qrs["onset"] < 0 < qrs["end"]
    whole = [region for region in found["regions"] if region["within"] is None]
    assert whole[0]["start"] == 0
    assert whole[-1]["end"] == 216
    assert all(left["end"] == right["start"] for left, right in pairwise(whole))
    assert "LUDB" in found["source"]["QRS onset"]


def test_waves_of_no_beat_are_not_found(client: TestClient) -> None:
    assert client.get(f"/recordings/{NORMAL}/windows/1/waves").status_code == 404


def test_by_wave_tells_shares_changes_agreement_and_words(client: TestClient, asking: Asking) -> None:
    ids = [explained(client, asking), explained(client, asking, "temporal_score")]
    body = asking(client, explanations=ids)
    found = client.post("/by-wave", json=body).json()
    regions, maps = found["regions"], found["maps"]
    assert [one["id"] for one in maps] == ids
    whole = [i for i, region in enumerate(regions) if region["within"] is None]
    assert sum(maps[0]["shares"][i]["value"] for i in whole) == pytest.approx(1.0, abs=1e-3)
    assert all(share["low"] <= share["value"] <= share["high"] for share in maps[0]["shares"])
    assert len(found["covered"]) == len(regions)
    assert all(change["low"] <= change["value"] <= change["high"] for change in found["covered"])
    assert np.shape(found["agreement"]) == (2, 2)
    assert found["agreement"][0][0] == 1.0
    assert maps[0]["words"].startswith("Input derivative")
    assert maps[0]["trust_id"]
    assert maps[1]["trust_id"] is None  # the decision over time is no map
    assert any(line.startswith("The beat comes") for line in found["words"])
    qrs = next(region for region in regions if region["key"] == "qrs")
    assert qrs["start_moves_ms"][0] < 0 < qrs["start_moves_ms"][1]
    assert regions[0]["start_moves_ms"] == [0, 0]  # the window's own end
    assert 0 < found["held"] < 1


def test_a_covered_wave_is_what_the_prediction_says(client: TestClient, asking: Asking) -> None:
    found = client.post("/by-wave", json=asking(client)).json()
    qrs = next(i for i, region in enumerate(found["regions"]) if region["key"] == "qrs")
    span = {name: found["regions"][qrs][name] for name in ("start", "end")}
    said = client.post("/predictions", json=asking(client, covers=[span])).json()
    index = [entry["symbol"] for entry in client.get("/models").json()["models"][-1]["classes"]].index(found["target"])
    assert said["probabilities"][index] - found["before"] == pytest.approx(found["covered"][qrs]["value"], abs=1e-3)
    assert said["symbol"] == found["covered"][qrs]["symbol"]


def test_what_cannot_be_told_is_refused(client: TestClient, asking: Asking) -> None:
    assert client.post("/by-wave", json=asking(client, explanations=["0" * 32])).status_code == 404
    assert client.post("/by-wave", json=asking(client, target="X")).status_code == 422
    assert client.post("/tasks/trust", json=asking(client, "temporal_score")).status_code == 422
    without_redis = client.post("/tasks/trust", json=asking(client, "occlusion"))
    assert without_redis.status_code == 503
    assert "Redis" in without_redis.json()["detail"]
    assert client.get(f"/tasks/trust/{'0' * 32}").status_code == 404


def test_a_worker_judges_and_the_judgement_comes_with_the_map(
    serve: Callable[..., TestClient], asking: Asking, worker: str
) -> None:
    client = serve(redis_url=worker)
    id = explained(client, asking)
    before = client.post("/by-wave", json=asking(client, explanations=[id])).json()["maps"][0]
    assert before["trust"] is None
    begun = client.post("/tasks/trust", json=asking(client, "input_derivative"))
    assert begun.status_code in (200, 202)
    assert begun.json()["id"] == before["trust_id"]
    until = time.monotonic() + 120
    while (status := client.get(f"/tasks/trust/{before['trust_id']}").json())["status"] != "done":
        assert status["status"] in ("queued", "running"), status
        assert time.monotonic() < until, status
        time.sleep(0.2)
    trust = status["result"]
    assert trust["explanation"] == id
    assert trust["verdict"] in MADE
    assert len(trust["deletion"]["map"]) == len(trust["fractions"]) == len(FRACTIONS)
    assert client.post("/by-wave", json=asking(client, explanations=[id])).json()["maps"][0]["trust"] == trust
    assert client.delete(f"/tasks/trust/{before['trust_id']}").json()["status"] == "done"
    assert client.delete(f"/tasks/trust/{before['trust_id']}?only=prefetch").json()["status"] == "done"


def test_a_judgement_that_waits_is_dropped(serve: Callable[..., TestClient], asking: Asking, redis_url: str) -> None:
    client = serve(redis_url=redis_url)  # no worker: everything waits
    waiting = client.post("/tasks/trust", json=asking(client, "occlusion", urgency="prefetch"))
    assert (waiting.status_code, waiting.json()["status"]) == (202, "queued")
    id = waiting.json()["id"]
    assert client.delete(f"/tasks/trust/{id}?only=prefetch").json()["status"] == "cancelled"
    assert client.get(f"/tasks/trust/{id}").json()["status"] == "cancelled"
