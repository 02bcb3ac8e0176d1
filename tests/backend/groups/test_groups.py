"""Groups and queues of a recording's beats."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.groups.sums import GroupSums

NORMAL, ONE = "demo~synthetic-normal", "ward~one"
MODEL = "mitbih-lstm"  # gradients of the random one are of 1e11: a batch rounds them otherwise than one beat


def read(client: TestClient, samples: list[int], label: str | None) -> None:
    entries = [
        {"client_id": f"test-{label}-{sample}", "recording": ONE, "at": sample, "label": label} for sample in samples
    ]
    assert client.post("/readings", json={"entries": entries}).status_code == 201


def queue(answer: dict, name: str, symbol: str | None = None) -> list[int]:
    (found,) = [q for q in answer["queues"] if (q["name"], q["symbol"]) == (name, symbol)]
    assert found["count"] == len(found["at"])
    return list(found["at"])


def test_queues_are_what_the_columns_say(client: TestClient) -> None:
    answer = client.get(f"/recordings/{ONE}/queues?model=tiny").json()
    b = answer["beats"]
    rows = list(zip(b["at"], b["reference"], b["output"], b["margin"], strict=True))
    assert queue(answer, "disagreements") == [s for s, reference, output, _ in rows if output and reference != output]
    small = [(margin, s) for s, _, _, margin in rows if margin is not None and margin < 0.25]
    assert queue(answer, "uncertain") == [s for _, s in sorted(small)]
    assert queue(answer, "class", "N") == b["at"]
    columns = client.get(f"/recordings/{ONE}/windows?model=tiny").json()["windows"]
    assert [b["output"], b["margin"], b["rr"]] == [columns["prediction"], columns["margin"], columns["beats"]["rr"]]


def test_a_class_that_the_model_does_not_know_is_no_disagreement(
    serve: Callable[..., TestClient], tmp_path: Path, write_record: Callable[..., Path]
) -> None:
    client = serve(recordings=(write_record(tmp_path / "atrial", symbol="A"),))
    answer = client.get("/recordings/atrial~one/queues?model=tiny").json()
    assert queue(answer, "disagreements") == []
    assert queue(answer, "class", "A") == answer["beats"]["at"]


def test_what_was_read_leaves_the_unlabelled_and_forms_groups(client: TestClient) -> None:
    samples = client.get(f"/recordings/{ONE}/queues").json()["beats"]["at"]
    assert client.get(f"/recordings/{ONE}/groups?by=reader").json()["groups"] == []
    read(client, samples[:3], "V")
    read(client, samples[3:5], "artefact")
    assert queue(client.get(f"/recordings/{ONE}/queues").json(), "unlabelled") == samples[5:]
    answer = client.get(f"/recordings/{ONE}/groups?by=reader").json()
    assert {group["reader"]: group["at"] for group in answer["groups"]} == {
        "V": samples[:3],
        "artefact": samples[3:5],
    }
    assert answer["ungrouped"] == len(samples) - 5


@pytest.mark.parametrize("by", ["reference_and_model", "model", "shape"])
def test_groups_hold_every_beat_once_and_say_what_they_share(client: TestClient, by: str) -> None:
    answer = client.get(f"/recordings/{NORMAL}/groups", params={"by": by, "model": "tiny"}).json()
    held = [sample for group in answer["groups"] for sample in group["at"]]
    assert len(held) == len(set(held)) == answer["beats"] - answer["ungrouped"]
    for group in answer["groups"]:
        assert group["count"] == len(group["at"])
        assert set(group["shown"]) <= set(group["at"])
        assert set(group["mapped"]) <= set(group["at"])
        assert len(group["traces"]) == len(group["shown"]) <= 48
        assert len(group["mapped"]) <= 32
        assert {len(trace) for trace in group["traces"]} == {len(group["mean"])}
        assert 0 < group["probability"] <= 1
        if group["output"]:
            assert group["outputs"] == {group["output"]: group["count"]}
    counts = [group["count"] for group in answer["groups"] if group["count"] >= 0.01 * answer["beats"]]
    assert counts == sorted(counts, reverse=True)


def test_a_mean_is_of_what_is_there_in_however_many_pieces_it_comes() -> None:
    beats = np.array([[1, np.nan, np.nan], [9, 9, 9], [3, 5, np.nan], [4, 4, 4]], dtype=np.float32)
    group = np.array([0, -1, 0, 1])
    for size in (1, 3, 4):
        sums = GroupSums(3, 3)
        for first in range(0, len(beats), size):
            sums.add(group[first : first + size], beats[first : first + size])
        nothing = [np.nan] * 3
        np.testing.assert_array_equal(sums.means(), [[2, 5, np.nan], [4, 4, 4], nothing])


def test_a_trace_is_the_signal_around_r_on_its_own_level(client: TestClient) -> None:
    samples = client.get(f"/recordings/{ONE}/queues").json()["beats"]["at"][2:4]
    answer = client.get(f"/recordings/{ONE}/traces", params={"at": samples, "points": 200}).json()
    assert answer["at"] == samples
    assert answer["step"] == 4  # every sample at 250 Hz
    trace = answer["traces"][0]
    signal = client.get(f"/recordings/{ONE}/signal", params={"start": (samples[0] - 60) / 250, "seconds": 0.8}).json()
    r = int(np.argmax(trace))
    assert abs(r * answer["step"] - answer["before"]) <= 8
    raw = np.array(signal["value"])
    peak = int(np.argmax(raw))
    np.testing.assert_allclose(np.diff(trace[r - 5 : r + 6]), np.diff(raw[peak - 5 : peak + 6]), atol=2e-3)
    assert np.median(trace[:15]) == pytest.approx(0, abs=1e-3)


def test_unknown_beats_and_too_large_groups_are_named(client: TestClient) -> None:
    unknown = client.get(f"/recordings/{ONE}/traces", params={"at": 3})
    assert unknown.status_code == 404
    assert "No beat at sample 3" in unknown.json()["detail"]
    old = client.get(f"/recordings/{ONE}/traces", params={"sample": 3})
    assert (old.status_code, "renamed to 'at'" in old.json()["detail"]) == (422, True)
    body = {"explainer": {"method": "input_derivative"}, "groups": [list(range(65))]}
    assert "at most 64" in client.post(f"/recordings/{ONE}/maps", json=body).json()["detail"]
    assert client.get(f"/recordings/{ONE}/groups?by=mood").json()["options"] == [
        "reference_and_model", "model", "reader", "shape",
    ]  # fmt: skip


def test_an_instant_mean_map_is_the_mean_of_the_single_maps(client: TestClient) -> None:
    known = client.get(f"/explainers?model={MODEL}").json()["explainers"]
    able = [m["method"] for m in known if m["cost"] == "instant" and m["has_relevance"] and not m["not_offered"]]
    method = able[0]
    samples = client.get(f"/recordings/{NORMAL}/queues").json()["beats"]["at"][3:7]
    explainer = {"method": method}
    body = {"model": MODEL, "explainer": explainer, "groups": [samples[:3], samples[3:], []]}
    answer = client.post(f"/recordings/{NORMAL}/maps", json=body).json()
    single = [
        client.post(
            "/tasks/explanation", json={"recording": NORMAL, "at": sample, "model": MODEL, "explainer": explainer}
        ).json()["result"]["relevance"]
        for sample in samples
    ]
    assert [entry["n"] for entry in answer["maps"]] == [3, 1, 0]
    np.testing.assert_allclose(answer["maps"][0]["relevance"], np.mean(single[:3], axis=0), atol=2e-5)
    np.testing.assert_allclose(answer["maps"][1]["relevance"], single[3], atol=2e-5)
    assert answer["maps"][2]["relevance"] is None


def test_a_queued_mean_map_holds_only_what_was_computed(serve: Callable[..., TestClient], worker: str) -> None:
    client = serve(redis_url=worker)
    samples = client.get(f"/recordings/{NORMAL}/queues").json()["beats"]["at"][3:7]
    explainer = {"method": "occlusion", "width": 44}  # its own: other tests share this Redis
    body = {"model": "tiny", "explainer": explainer, "groups": [samples]}
    assert client.post(f"/recordings/{NORMAL}/maps", json=body).json()["maps"] == [{"n": 0, "relevance": None}]
    bulk = {"recording": NORMAL, "model": "tiny", "explainer": explainer, "which": samples[:3]}
    status = client.post("/bulk", json=bulk).json()
    for _ in range(1200):  # a worker that starts on a busy machine takes its time
        status = client.get(f"/bulk/{status['id']}").json()
        if status["status"] == "done":
            break
        time.sleep(0.1)
    assert status["status"] == "done"
    (found,) = client.post(f"/recordings/{NORMAL}/maps", json=body).json()["maps"]
    single = [
        client.post(
            "/tasks/explanation", json={"recording": NORMAL, "at": sample, "model": "tiny", "explainer": explainer}
        ).json()["result"]["relevance"]
        for sample in samples[:3]
    ]
    assert found["n"] == 3
    np.testing.assert_allclose(found["relevance"], np.mean(single, axis=0), atol=2e-5)


@pytest.mark.data
def test_queues_and_groups_of_208(serve: Callable[..., TestClient], mitdb: Path) -> None:
    client = serve(recordings=(mitdb,), model_dirs=())
    answer = client.get("/recordings/mitdb~208/queues").json()
    assert (len(queue(answer, "class", "V")), len(queue(answer, "class", "F"))) == (992, 373)
    groups = client.get("/recordings/mitdb~208/groups").json()["groups"]
    assert sum(group["count"] for group in groups if group["reference"] == "V") == 992
    assert groups[0]["reference"] == "V"  # where output and reference differ most often
    differ = [g["count"] for g in groups if g["reference"] != g["output"] and g["reference"] not in ("F", "Q", "S")]
    assert sum(differ) == len(queue(answer, "disagreements"))
