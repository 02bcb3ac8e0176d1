from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from fastapi.testclient import TestClient

from backend.recordings.folders import add_folder
from backend.recordings.signals import decimate

NORMAL, GAPPED, EXCERPT = "demo~synthetic-normal", "demo~synthetic-noise", "demo~208-excerpt"
ONE, MODEL = "ward~one", "tiny"
Write = Callable[..., Path]


def listed(client: TestClient) -> dict:
    client.get("/recordings")
    client.app.state.services.repository.summaries.wait()
    answer = client.get("/recordings").json()
    return {row["id"]: row for row in answer["recordings"]} | {"problems": answer["problems"]}


@pytest.mark.databases("sqlite", "postgresql")
def test_the_list_shows_what_headers_and_annotations_say(client: TestClient) -> None:
    found = listed(client)
    row = found[ONE]
    assert (row["leads"], row["fs"], row["seconds"], row["age"], row["sex"]) == (["II"], 250.0, 20.0, 69, "M")
    assert (row["beat_source"], row["counts"]) == ("reference (atr)", {"N": 23})
    assert 100 <= len(row["spark"]) <= 150
    assert found[NORMAL]["synthetic"]
    assert found[NORMAL]["counts"]["N"] > 50
    assert (found[EXCERPT]["beat_source"], found[EXCERPT]["counts"]) == ("detector (sleepecg)", None)
    assert None not in found[GAPPED]["spark"]


def test_a_recording_whose_page_was_opened_before_the_list_is_read_whole_too(client: TestClient) -> None:
    client.get(f"/recordings/{ONE}")
    assert listed(client)[ONE]["beats"] == 23


def test_sources_are_named_before_anything_was_read(client: TestClient) -> None:
    sources = {row["id"]: row["beat_source"] for row in client.get("/recordings").json()["recordings"]}
    assert sources[EXCERPT] == "detector (sleepecg)"
    assert sources[NORMAL] == "truth (synthesised)"


def test_broken_recordings_are_listed_with_their_reason_and_spare_the_others(
    client: TestClient, tmp_path: Path, write_record: Write
) -> None:
    ward = tmp_path / "ward"
    (ward / "garbage.hea").write_text("this is no header\n")
    write_record(ward, "short")
    (ward / "short.dat").write_bytes(b"\0" * 10)
    write_record(ward, "damaged")
    data = bytearray((ward / "damaged.dat").read_bytes())
    data[100] ^= 1
    (ward / "damaged.dat").write_bytes(data)
    found = listed(client)
    reasons = " | ".join(f"{problem['file']}: {problem['reason']}" for problem in found["problems"])
    for name in ("garbage", "short", "damaged"):
        assert name in reasons
    assert found[ONE]["counts"]
    answer = client.get("/recordings/ward~damaged/signal")
    assert answer.status_code == 422
    assert "checksum" in answer.json()["detail"]


@pytest.mark.parametrize("name", ["../secret.dat", "/etc/passwd", "..\\secret.dat"])
def test_no_header_reaches_outside_its_folder(client: TestClient, tmp_path: Path, name: str) -> None:
    (tmp_path / "secret.dat").write_bytes(b"\1\0" * 1000)
    (tmp_path / "ward" / "evil.hea").write_text(f"evil 1 250 1000\n{name} 16 200 11 0 0 0 0 II\n")
    found = listed(client)
    assert "ward~evil" not in found
    assert any("evil" in problem["file"] for problem in found["problems"])
    assert client.get("/recordings/ward~evil/signal").status_code == 404


@pytest.mark.databases("sqlite", "postgresql")
@pytest.mark.parametrize("id", ["..~secret", "%2e%2e%2fsecret", "ward~..~secret", "%00", "a" * 301])
def test_ids_are_no_paths(client: TestClient, id: str) -> None:
    assert client.get(f"/recordings/{id}/signal").status_code in (404, 422)


def test_an_imported_folder_appears_without_a_restart(client: TestClient, tmp_path: Path, write_record: Write) -> None:
    assert "clinic~two" not in listed(client)
    add_folder(tmp_path / "data", write_record(tmp_path / "clinic", "two"))
    assert "clinic~two" in listed(client)


def test_a_damaged_list_of_imports_is_a_problem_among_others(
    client: TestClient, tmp_path: Path, write_record: Write
) -> None:
    (tmp_path / "data" / "folders.json").write_text("{")
    found = listed(client)
    assert any("folders.json" in problem["file"] for problem in found["problems"])
    assert ONE in found


def test_unknown_names_are_answered_with_the_nearest(client: TestClient) -> None:
    answer = client.get("/recordings/demo~synthetic-norml")
    assert answer.status_code == 404
    assert answer.json()["options"][0] == NORMAL
    answer = client.get(f"/recordings/{NORMAL}/signal?lead=V9")
    assert (answer.status_code, answer.json()["options"]) == (404, ["MLII", "V1"])


def test_one_recording_says_who_has_seen_it(client: TestClient) -> None:
    row = client.get(f"/recordings/{EXCERPT}").json()
    assert len(row["sha256"]) == 64
    assert row["seen"][MODEL] == "unknown"


def test_a_signal_is_raw_millivolts(client: TestClient) -> None:
    record = client.app.state.services.repository.open(NORMAL)
    answer = client.get(f"/recordings/{NORMAL}/signal?start=2&seconds=3&lead=V1").json()
    assert not answer["decimated"]
    assert (answer["lead"], answer["unit"], answer["filter"]) == ("V1", "mV", "none")
    assert answer["value"] == pytest.approx(record.signal[1, 720:1800].tolist(), abs=1e-4)
    assert answer["time"][0] == 2.0
    assert len(answer["time"]) == 1080


def test_peaks_survive_decimation(client: TestClient) -> None:
    record = client.app.state.services.repository.open(EXCERPT)
    answer = client.get(f"/recordings/{EXCERPT}/signal?points=600").json()
    assert answer["decimated"]
    assert len(answer["value"]) <= 600
    assert max(answer["value"]) == pytest.approx(float(record.signal.max()), abs=1e-3)
    assert min(answer["value"]) == pytest.approx(float(record.signal.min()), abs=1e-3)
    assert answer["time"] == sorted(answer["time"])


def test_gaps_stay_gaps(client: TestClient) -> None:
    close = client.get(f"/recordings/{GAPPED}/signal?start=30&seconds=8").json()
    lost = [t for t, v in zip(close["time"], close["value"], strict=True) if v is None]
    assert (lost[0], lost[-1]) == (pytest.approx(31.0, abs=0.01), pytest.approx(35.2, abs=0.01))
    far = client.get(f"/recordings/{GAPPED}/signal?points=300").json()
    lost = [t for t, v in zip(far["time"], far["value"], strict=True) if v is None]
    assert all(31.0 <= t <= 35.2 or 62.4 <= t <= 63.1 for t in lost)
    assert any(t < 40 for t in lost)
    assert any(t > 60 for t in lost)


def test_a_filtered_signal_is_the_same_in_whichever_stretch(client: TestClient) -> None:
    path = f"/recordings/{EXCERPT}/signal?filter=0.5-40&points=40000"
    whole = client.get(f"{path}&seconds=60").json()
    part = client.get(f"{path}&start=12&seconds=4").json()
    first = whole["time"].index(part["time"][0])
    assert part["value"] == pytest.approx(whole["value"][first : first + len(part["value"])], abs=2e-4)
    assert part["filter"] == whole["filter"] == "0.5–40 Hz"


def test_a_filter_bridges_no_gap(client: TestClient) -> None:
    close, raw = (
        client.get(f"/recordings/{GAPPED}/signal?start=30&seconds=8&filter={kind}").json()["value"]
        for kind in ("0.5-40", "raw")
    )
    assert [value is None for value in close] == [value is None for value in raw]


def test_decimation_with_a_gap_keeps_the_extremes() -> None:
    values = np.sin(np.arange(10_000) / 50).astype(np.float32)
    values[3000:3100] = np.nan
    values[7000] = 9
    at, shown = decimate(values, 300)
    assert len(at) <= 300
    assert np.nanmax(shown) == 9
    assert np.isnan(shown[(at >= 3000) & (at < 3100)]).all()
    assert not np.isnan(shown[(at < 3000) | (at >= 3100)]).any()


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("start=-1", "start"),
        ("seconds=0", "seconds"),
        ("points=50000", "points"),
        ("filter=1-2", "filter"),
        ("start=1e6", "start"),
        ("start=nan", "start"),
    ],
)
def test_a_stretch_that_cannot_be_is_refused(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/recordings/{NORMAL}/signal?{query}")
    assert (answer.status_code, answer.json()["field"]) == (422, field)


def test_beats_are_columns_of_equal_length(client: TestClient) -> None:
    answer = client.get(f"/recordings/{ONE}/windows").json()
    columns = answer["windows"]
    beats = columns.pop("beats")
    assert {len(column) for column in (*columns.values(), *beats.values())} == {23}
    assert columns["at"][:2] == columns["start"][:2] == [250, 450]
    assert columns["end"][:2] == [251, 451]
    assert columns["time"][:2] == [1.0, 1.8]
    assert beats["rr"][:3] == [None, 800.0, 800.0]
    assert set(columns["label"]) == {"N"} == set(beats["aami"])
    assert (answer["kind"], answer["vocabulary"], answer["channels"]) == ("beat", "mitbih", [])
    assert set(columns["prediction"]) == {None}
    assert (answer["model"], answer["source"], answer["lead"]) == (None, "reference (atr)", "II")


def test_detected_beats_bear_no_symbols(client: TestClient) -> None:
    answer = client.get(f"/recordings/{EXCERPT}/windows").json()
    assert answer["source"] == "detector (sleepecg)"
    assert len(answer["windows"]["at"]) > 400
    assert set(answer["windows"]["label"]) == {None}


def test_one_beat_with_its_surroundings(client: TestClient, beat_of: Callable[..., int]) -> None:
    sample = beat_of(client, ONE, 5)
    beat = client.get(f"/recordings/{ONE}/windows/{sample}?model={MODEL}").json()
    assert (beat["index"], beat["count"], beat["previous"], beat["next"]) == (5, 23, sample - 200, sample + 200)
    assert (beat["beat"]["rr_before"], beat["beat"]["rr_after"]) == (800.0, 800.0)
    assert (beat["label"], beat["name"], beat["beat"]["aami"]) == ("N", "Normal", "N")
    assert (beat["kind"], beat["channels"], beat["start"], beat["end"]) == ("beat", ["II"], sample, sample + 1)
    window = beat["window"]
    assert (window["samples"], window["fs"], window["before"]) == (216, 360.0, 72)
    assert np.shape(window["millivolts"]) == np.shape(window["input"]) == (1, 216)
    assert abs(int(np.argmax(window["millivolts"][0])) - 72) <= 2
    assert window["start"] == pytest.approx(beat["beat"]["r"] - 50, abs=1)
    context = beat["context"]
    assert context["time"][0] == pytest.approx(window["start"] / 250 - 0.25, abs=0.01)
    assert context["time"][-1] == pytest.approx((window["start"] + 150) / 250 + 0.25, abs=0.01)
    assert len(context["time"]) == len(context["value"])
    assert beat["prediction"]["probabilities"] == pytest.approx(
        client.get(f"/recordings/{ONE}/windows?model={MODEL}").json()["windows"]["probabilities"][5], abs=1e-3
    )


def test_a_beat_at_the_edge_has_a_reason_instead_of_a_window(client: TestClient, tmp_path: Path) -> None:
    import wfdb

    wfdb.wrann("one", "atr", np.array([10, 450]), symbol=["N", "N"], write_dir=str(tmp_path / "ward"))
    beat = client.get(f"/recordings/{ONE}/windows/10?model={MODEL}").json()
    assert beat["window"] is beat["prediction"] is None
    assert "leaves the recording" in beat["note"]
    assert beat["context"]["start_time"] == 0.0
    columns = client.get(f"/recordings/{ONE}/windows?model={MODEL}").json()["windows"]
    assert columns["prediction"][0] is None
    assert columns["note"][0]
    assert columns["note"][1] is None


def test_a_beat_that_is_none_is_answered_with_its_neighbours(client: TestClient) -> None:
    answer = client.get(f"/recordings/{ONE}/windows/300")
    assert answer.status_code == 404
    assert answer.json()["options"] == ["250", "450", "650"]


def test_old_addresses_of_beats_lead_to_the_windows(client: TestClient) -> None:
    for rest in ("", "/450", "/450/waves"):
        moved = client.get(f"/recordings/{ONE}/beats{rest}?model={MODEL}", follow_redirects=False)
        assert moved.status_code == 308
        assert moved.headers["location"].endswith(f"/recordings/{ONE}/windows{rest}?model={MODEL}")
        assert client.get(moved.headers["location"].removeprefix("/api")).status_code == 200


def test_vocabularies_are_sent_with_their_keys(client: TestClient) -> None:
    answer = client.get("/vocabularies").json()
    found = {row["name"]: row["labels"] for row in answer["vocabularies"]}
    assert {"mitbih", "rhythm", "aami"} <= set(found)
    assert next(row for row in found["mitbih"] if row["code"] == "V")["key"] == "v"
    assert answer["others"] == ["artefact", "cannot say"]
