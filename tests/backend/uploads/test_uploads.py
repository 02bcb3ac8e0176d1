"""Uploads: whole or not at all, nothing outside its folder, and every fault named."""

import io
import os
import struct
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import edfio
import numpy as np
import pytest
from fastapi.testclient import TestClient
from httpx2 import Response

from backend.sessions.tables import AnnotationSession, SessionItem
from backend.uploads.removed import KEPT

Write = Callable[..., Path]
Serve = Callable[..., TestClient]
File = tuple[str, bytes]
CSV = b"II,V1\n" + b"0.1,0.2\n" * 500


def send(client: TestClient, *files: File, **fields: str) -> Response:
    parts = [("files", (name, content)) for name, content in files]
    return client.post("/uploads", files=parts, data=fields)


def zipped(*files: File, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return made.getvalue()


def wfdb_files(folder: Path) -> list[File]:
    return [(path.name, path.read_bytes()) for path in sorted(folder.iterdir())]


def ids(client: TestClient) -> list[str]:
    return [row["id"] for row in client.get("/recordings").json()["recordings"]]


def left(client: TestClient) -> list[str]:
    """What an upload left on the disk."""
    settings = client.app.state.services.settings
    places = (settings.data_dir / "incoming", settings.data_dir / "uploads")
    return [path.name for place in places if place.exists() for path in place.iterdir()]


def refused(client: TestClient, *files: File, **fields: str) -> dict[str, Any]:
    before = ids(client)
    answer = send(client, *files, **fields)
    assert answer.status_code == 422, answer.text
    assert left(client) == []
    assert ids(client) == before
    return answer.json()


@pytest.fixture
def record(tmp_path: Path, write_record: Write) -> list[File]:
    return wfdb_files(write_record(tmp_path / "mine", "own", symbol="V"))


@pytest.mark.parametrize("packed", [False, True])
def test_a_wfdb_record_is_listed_at_once_and_reviewed_like_any_other(
    client: TestClient, record: list[File], packed: bool
) -> None:
    before = ids(client)
    files = [("mine.zip", zipped(*((f"some/where/{name}", content) for name, content in record)))] if packed else record
    answer = send(client, *files)
    assert answer.status_code == 201, answer.text
    (arrived,) = answer.json()["recordings"]
    assert (
        arrived["name"],
        arrived["leads"],
        arrived["fs"],
        arrived["seconds"],
    ) == ("own", ["II"], 250.0, 20.0)
    id = arrived["id"]
    assert set(ids(client)) == {*before, id}
    beats = client.get(f"/recordings/{id}/windows", params={"model": "tiny"}).json()
    assert set(beats["windows"]["label"]) == {"V"}
    beat = beats["windows"]["at"][5]
    assert client.get(f"/recordings/{id}/windows/{beat}").json()["prediction"]["probabilities"]
    rows = client.get("/recordings").json()["recordings"]
    assert next(row for row in rows if row["id"] == id)["source"] == "uploads"


def test_the_same_files_are_taken_once(client: TestClient, record: list[File]) -> None:
    assert send(client, *record).status_code == 201
    again = send(client, *record)
    assert again.status_code == 409
    assert "own" in again.json()["detail"]
    assert len(left(client)) == 1


@pytest.mark.databases("sqlite", "postgresql")
def test_an_upload_outlasts_a_restart_and_goes_when_it_is_removed(serve: Serve, record: list[File]) -> None:
    first = serve()
    upload = send(first, *record).json()
    id = upload["recordings"][0]["id"]
    second = serve()
    assert second.get(f"/recordings/{id}").status_code == 200
    assert second.delete(f"/uploads/{upload['id']}").status_code == 200
    assert id not in ids(first)
    assert left(first) == []
    assert second.delete(f"/uploads/{upload['id']}").status_code == 404
    acts = [(entry["action"], entry["object"]) for entry in second.get("/audit").json()["entries"]]
    assert ("uploaded", upload["id"]) in acts
    assert ("removed", upload["id"]) in acts


def test_a_removal_can_be_undone_for_some_days(client: TestClient, record: list[File]) -> None:
    upload = send(client, *record).json()
    token, id = upload["id"], upload["recordings"][0]["id"]
    at = client.get(f"/recordings/{id}/windows").json()["windows"]["at"][3]
    client.delete(f"/uploads/{token}")
    assert client.get(f"/recordings/{id}").status_code == 404
    (kept,) = client.get("/uploads/removed").json()["uploads"]
    assert (kept["id"], kept["names"]) == (token, [upload["recordings"][0]["name"]])
    assert client.post(f"/uploads/{token}/restore").json()["recordings"] == upload["recordings"]
    assert client.get(f"/recordings/{id}/windows/{at}").status_code == 200
    assert client.get("/uploads/removed").json()["uploads"] == []
    assert client.post(f"/uploads/{token}/restore").status_code == 404
    acts = [(entry["action"], entry["object"]) for entry in client.get("/audit").json()["entries"]]
    assert ("restored", token) in acts


def test_what_was_removed_is_deleted_in_the_end_and_taken_anew_before(client: TestClient, record: list[File]) -> None:
    token = send(client, *record).json()["id"]
    client.delete(f"/uploads/{token}")
    assert send(client, *record).status_code == 201  # the same files once more
    assert client.get("/uploads/removed").json()["uploads"] == []
    client.delete(f"/uploads/{token}")
    folder = client.app.state.services.uploads.removed.folder / token
    past = time.time() - KEPT.total_seconds() - 60
    os.utime(folder, (past, past))
    assert client.post(f"/uploads/{token}/restore").status_code == 404
    assert not folder.exists()


def test_edf_with_annotations(client: TestClient) -> None:
    wave = np.sin(np.arange(5000) / 20)
    edf = edfio.Edf(
        [
            edfio.EdfSignal(1000 * wave, 250, label="ECG II", physical_dimension="uV"),
            edfio.EdfSignal(np.ones(5000) + wave, 250, label="Resp", physical_dimension="l/min"),
        ],
        patient=edfio.Patient(code="X", sex="F", name="Somebody"),
        annotations=[edfio.EdfAnnotation(2.0, None, "N"), edfio.EdfAnnotation(4.0, None, "Lights off")],
    )
    answer = send(client, ("night.edf", edf.to_bytes()))
    assert answer.status_code == 201, answer.text
    (arrived,) = answer.json()["recordings"]
    assert arrived["leads"] == ["II"]
    signal = client.get(f"/recordings/{arrived['id']}/signal", params={"points": 8000}).json()
    assert signal["value"][:100] == pytest.approx(list(wave[:100]), abs=1e-3)
    beats = client.get(f"/recordings/{arrived['id']}/windows").json()
    assert beats["windows"]["at"] == [500]
    found = client.get(f"/recordings/{arrived['id']}")
    assert found.json()["sex"] == "F"
    assert "Somebody" not in found.text


def test_csv_asks_for_what_it_does_not_state(client: TestClient) -> None:
    body = refused(client, ("a.csv", CSV))
    assert body["field"] == "fs"
    body = refused(client, ("a.csv", CSV), fs="250")
    assert body["field"] == "unit"
    answer = send(client, ("a.csv", CSV), fs="250", unit="mV")
    assert answer.status_code == 201, answer.text
    (arrived,) = answer.json()["recordings"]
    assert (arrived["leads"], arrived["fs"], arrived["seconds"]) == (
        ["II", "V1"],
        250.0,
        2.0,
    )
    values = client.get(f"/recordings/{arrived['id']}/signal", params={"lead": "V1"}).json()["value"]
    assert values[:3] == pytest.approx([0.2] * 3)


@pytest.mark.parametrize(("field", "value"), [("fs", "fast"), ("fs", "nan"), ("fs", "1e9"), ("unit", "mmHg")])
def test_a_value_of_the_form_that_cannot_be_is_named(client: TestClient, field: str, value: str) -> None:
    body = refused(client, ("a.csv", CSV), **{field: value})
    assert body["field"] == field
    assert value in body["detail"]


def test_one_bad_file_keeps_all_others_out_and_is_named_with_its_line(client: TestClient, record: list[File]) -> None:
    bad = ("bad.hea", b"bad 1 250 100\nbad.dat 16 2,5(0)/mV 16 0 0 0 0 II\n")
    detail = refused(client, *record, bad, ("bad.dat", bytes(200)))["detail"]
    assert detail.startswith("bad.hea: line 2: ")
    assert "own.hea" not in detail


def test_a_csv_fault_is_named_with_line_and_column(client: TestClient) -> None:
    text = CSV.replace(b"0.1,0.2\n", b"0.1,zwei\n", 5).replace(b"zwei", b"0.2", 4)
    detail = refused(client, ("beats.csv", text), fs="250", unit="mV")["detail"]
    assert detail == "beats.csv: line 6, column 2: 'zwei' is no number"


def test_damage_is_found_on_arrival(client: TestClient, record: list[File]) -> None:
    files = dict(record)
    data = bytearray(files["own.dat"])
    data[100] ^= 1
    assert "checksum" in refused(client, *(files | {"own.dat": bytes(data)}).items())["detail"]
    assert "cut short" in refused(client, *(files | {"own.dat": bytes(data[:100])}).items())["detail"]
    del files["own.dat"]
    assert "own.dat is missing" in refused(client, *files.items())["detail"]


@pytest.mark.parametrize(
    "name",
    ["../../evil.hea", "/etc/evil.hea", "a/../../evil.hea", "..\\evil.hea", "C:\\evil.hea", "a//b", "a\nb", "x" * 130],
)
def test_no_name_in_an_archive_leads_out_of_its_folder(client: TestClient, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*evil*"))
    detail = refused(client, ("a.zip", zipped((name, b"x"))))["detail"]
    assert "outside its folder" in detail or "too long" in detail
    assert sorted(tmp_path.rglob("*evil*")) == before


def test_no_file_name_of_a_form_leads_out_of_its_folder(client: TestClient) -> None:
    assert "outside its folder" in refused(client, ("../a.hea", b"x"))["detail"]


@pytest.mark.parametrize("name", ["../../secret.dat", "/etc/passwd", "..\\secret.dat"])
def test_no_header_reaches_outside(client: TestClient, tmp_path: Path, name: str) -> None:
    (tmp_path / "data" / "secret.dat").write_bytes(b"\1\0" * 1000)
    header = f"evil 1 250 1000\n{name} 16 200 11 0 0 0 0 II\n".encode()
    detail = refused(client, ("evil.hea", header))["detail"]
    assert detail.startswith("evil.hea: line 2: names a file outside its folder")
    assert str(tmp_path) not in detail


def test_no_link_is_unpacked(client: TestClient) -> None:
    link = zipfile.ZipInfo("own.dat")
    link.create_system, link.external_attr = 3, 0o120777 << 16
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert "is a link" in refused(client, ("a.zip", made.getvalue()))["detail"]


def test_a_bomb_is_stopped_where_its_room_ends(serve: Serve) -> None:
    client = serve(max_unpacked_bytes=1_000_000)
    bomb = zipped(("a.dat", bytes(50_000_000)))
    assert len(bomb) < 100_000
    assert "larger than Beatlens takes" in refused(client, ("a.zip", bomb))["detail"]
    parts = [(f"{i}.dat", bytes(300_000)) for i in range(4)]  # each would fit
    assert "larger than Beatlens takes" in refused(client, ("a.zip", zipped(*parts)))["detail"]


def test_an_archive_that_lies_about_its_sizes_is_stopped(serve: Serve) -> None:
    client = serve(max_unpacked_bytes=1_000_000)
    bomb = bytearray(zipped(("a.dat", bytes(5_000_000))))
    for at in range(len(bomb) - 4):
        if bomb[at : at + 4] == struct.pack("<I", 5_000_000):
            bomb[at : at + 4] = struct.pack("<I", 10)
    detail = refused(client, ("a.zip", bytes(bomb)))["detail"]
    assert "damaged" in detail or "larger than Beatlens takes" in detail


def test_too_many_files_are_refused_before_their_list_fills_the_memory(serve: Serve) -> None:
    client = serve(max_upload_files=20)
    few = zipped(*((f"{i}.dat", b"") for i in range(21)))
    assert "too many files" in refused(client, ("a.zip", few))["detail"]
    many = zipped(*((f"{i}.dat", b"") for i in range(5000)))
    assert "lists too many files" in refused(client, ("a.zip", many))["detail"]


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_only_the_usual_packing_is_unpacked(client: TestClient, method: int) -> None:
    assert "deflate" in refused(client, ("a.zip", zipped(("a.dat", b"x"), method=method)))["detail"]


def test_archives_that_are_none_are_named(client: TestClient, record: list[File]) -> None:
    whole = zipped(*record)
    assert "no zip file" in refused(client, ("a.zip", b"hello"))["detail"]
    assert "a.zip" in refused(client, ("a.zip", whole[: len(whole) // 2]))["detail"]
    broken = bytearray(whole)
    broken[200:260] = bytes(60)
    assert "a.zip" in refused(client, ("a.zip", bytes(broken)))["detail"]
    assert "archive in an archive" in refused(client, ("a.zip", zipped(("b.zip", whole))))["detail"]


def test_what_systems_leave_lying_about_is_left_out(client: TestClient, record: list[File]) -> None:
    junk = [("__MACOSX/._own.hea", b"junk"), (".DS_Store", b"junk"), ("sub/Thumbs.db", b"junk")]
    answer = send(client, ("a.zip", zipped(*record, *junk)))
    assert answer.status_code == 201
    folder = client.app.state.services.settings.uploads_dir
    assert sorted(path.name for path in folder.rglob("*") if path.is_file()) == sorted(name for name, _ in record)


def test_tables_beside_records_are_no_recordings(client: TestClient, record: list[File]) -> None:
    answer = send(client, ("a.zip", zipped(*record, ("patients.csv", b"id,age\n1,2\n"))))
    assert [one["name"] for one in answer.json()["recordings"]] == ["own"]


def test_no_recording_and_no_file_are_named(client: TestClient) -> None:
    assert "readme.txt" in refused(client, ("readme.txt", b"x"))["detail"]
    assert "no recording" in refused(client, ("a.zip", zipped()))["detail"]
    assert client.post("/uploads", data={"fs": "250"}).status_code == 422
    assert client.post("/uploads", json={}).status_code == 422
    assert client.post("/uploads", content=b"x", headers={"Content-Type": "multipart/form-data"}).status_code == 400


def test_two_files_of_one_name_are_refused(client: TestClient) -> None:
    assert "Two files" in refused(client, ("a.csv", CSV), ("A.CSV", CSV))["detail"]


def test_a_larger_body_is_refused_and_only_here(serve: Serve, record: list[File]) -> None:
    client = serve(max_request_bytes=2_000, max_upload_bytes=20_000)
    assert send(client, *record).status_code == 201
    assert send(client, ("a.csv", bytes(30_000))).status_code == 413
    assert client.post("/predictions", content=b"x" * 3_000).status_code == 413


def test_a_recording_that_memory_should_not_hold_is_refused(serve: Serve) -> None:
    client = serve(max_unpacked_bytes=10_000)
    header = b"long/100 1 250 400000\n" + b"part 4000\n" * 100
    part = b"part 1 250 4000\npart.dat 80 200 8 0 0 0 0 II\n"
    detail = refused(client, ("long.hea", header), ("part.hea", part), ("part.dat", bytes(4000)))["detail"]
    assert "too long" in detail


def test_a_record_whose_segments_are_longer_than_it_says_is_refused(client: TestClient) -> None:
    header = b"long/100 1 250 4000\n" + b"part 4000\n" * 100
    part = b"part 1 250 4000\npart.dat 80 200 8 0 0 0 0 II\n"
    detail = refused(client, ("long.hea", header), ("part.hea", part), ("part.dat", bytes(4000)))["detail"]
    assert "long.hea: states 4000 samples, and its segments hold 400000" in detail


@pytest.mark.databases("sqlite", "postgresql")
def test_what_an_open_session_reads_is_not_removed(client: TestClient, record: list[File]) -> None:
    upload = send(client, *record).json()
    id = upload["recordings"][0]["id"]
    made = datetime.now(UTC)
    with client.app.state.services.database.transaction() as session:
        words = {"choice": "{}", "methods": "[]", "model": "tiny", "weights_sha256": "0" * 64, "versions": "{}"}
        about = {"vocabulary": "aami", "labels": "[]", "blind": True, "created": made, "maker": "local"}
        session.add(AnnotationSession(id="5" * 32, title="Ward round", closed=None, **about, **words))
        session.flush()
        place = {"recording": id, "recording_sha256": "0" * 64, "lead": "II", "at": 250, "fs": 250.0}
        session.add(SessionItem(session="5" * 32, position=0, **place))
    answer = client.delete(f"/uploads/{upload['id']}")
    assert answer.status_code == 409
    assert "Ward round" in answer.json()["detail"]
    assert id in ids(client)
    with client.app.state.services.database.transaction() as session:
        found = session.get(AnnotationSession, "5" * 32)
        assert found is not None
        found.closed = made
    assert client.delete(f"/uploads/{upload['id']}").status_code == 200
    assert id not in ids(client)


def test_what_a_killed_service_left_is_swept_away_later(client: TestClient, record: list[File]) -> None:
    aside = client.app.state.services.uploads.aside
    old, fresh = aside / "old", aside / "fresh"
    for folder in (old, fresh):
        folder.mkdir(parents=True)
    past = time.time() - 100_000
    os.utime(old, (past, past))
    send(client, *record)
    assert [path.name for path in aside.iterdir()] == ["fresh"]
