"""A reader's rhythms of one recording as a WFDB annotation file."""

from pathlib import Path

import wfdb
from fastapi.testclient import TestClient

ONE = "ward~one"


def entry(number: int, start: int, end: int, label: str | None) -> dict[str, object]:
    return {
        "client_id": f"rhythm-{number:04d}", "recording": ONE, "at": start, "start": start, "end": end,
        "vocabulary": "cinc2017", "label": label,
    }  # fmt: skip


def test_labelled_windows_are_exported_and_withdrawn_ones_are_not(client: TestClient, tmp_path: Path) -> None:
    beat = {"client_id": "one-beat-1", "recording": ONE, "at": 450, "label": "V"}
    entries = [entry(1, 0, 1000, "A"), entry(2, 1000, 2000, "O"), entry(3, 1000, 2000, None), beat]
    assert client.post("/readings", json={"entries": entries}).status_code == 201
    answer = client.get("/readings/rhythms", params={"recording": ONE})
    assert answer.headers["content-disposition"].endswith('"one.rhythm"')
    (tmp_path / "one.rhythm").write_bytes(answer.content)
    found = wfdb.rdann(str(tmp_path / "one"), "rhythm")
    assert found.sample.tolist() == [0, 1000]
    assert [note.rstrip("\x00") for note in found.aux_note] == ["(AFIB", "(UNREAD"]


def test_without_any_the_answer_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/readings/rhythms", params={"recording": ONE})
    assert answer.status_code == 422
    assert "label a window first" in answer.json()["detail"]
