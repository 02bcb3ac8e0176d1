import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from backend.readings.tables import Reading
from models.memory import BUDGET, Memory

ONE = "ward~one"


def act(client_id: str, sample: int = 450, label: str | None = "V", **fields: Any) -> dict[str, Any]:
    return {"client_id": client_id, "recording": ONE, "at": sample, "label": label} | fields


def post(client: TestClient, *entries: dict[str, Any]) -> Any:
    return client.post("/readings", json={"entries": list(entries)})


def held(client: TestClient) -> dict[int, Any]:
    answer = client.get("/readings", params={"recording": ONE}).json()
    return {row["at"]: row["label"] for row in answer["readings"]}


def rows(client: TestClient) -> list[Reading]:
    with client.app.state.services.database.transaction() as session:
        return list(session.scalars(select(Reading).order_by(Reading.id)))


@pytest.mark.databases("sqlite", "postgresql")
def test_the_latest_act_on_a_beat_is_what_holds_and_none_is_forgotten(client: TestClient) -> None:
    answer = post(client, act("act-0001"), act("act-0002", label="/"), act("act-0003", 650, "artefact"))
    assert answer.status_code == 201
    stored = answer.json()["readings"]
    assert [row["label"] for row in stored] == ["V", "/", "artefact"]
    assert {row["reader"] for row in stored} == {"local"}
    assert held(client) == {450: "/", 650: "artefact"}
    post(client, act("act-0004", label=None))
    assert held(client) == {650: "artefact"}
    assert len(rows(client)) == 4


@pytest.mark.databases("sqlite", "postgresql")
def test_sent_twice_is_kept_once_and_one_id_is_one_act(client: TestClient) -> None:
    first = post(client, act("act-0001"), act("act-0001")).json()
    again = post(client, act("act-0001"), act("act-0002", 650)).json()
    assert again["readings"][0] == first["readings"][0]
    assert len(rows(client)) == 2
    answer = post(client, act("act-0003", 850), act("act-0001", label="N"))
    assert answer.status_code == 409
    assert len(rows(client)) == 2  # all or none


@pytest.mark.databases("sqlite", "postgresql")
def test_the_same_batch_from_many_tabs_at_once_is_kept_once(client: TestClient) -> None:
    batch = [act(f"act-{i:04d}", 250 + 200 * i) for i in range(20)]
    answers: list[int] = []
    threads = [threading.Thread(target=lambda: answers.append(post(client, *batch).status_code)) for _ in range(6)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert answers == [201] * 6
    assert len(rows(client)) == 20


def test_a_note_is_kept_without_a_label_but_does_not_count_as_read(client: TestClient) -> None:
    post(client, act("act-0001", label=None, comment="look again"))
    answer = client.get("/readings", params={"recording": ONE}).json()["readings"]
    (row,) = answer
    assert (row["at"], row["label"], row["comment"]) == (450, None, "look again")
    assert client.app.state.services.readings.held(ONE, "local").labelled == frozenset()


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"label": "Z"}, 422),
        ({"client_id": "short"}, 422),
        ({"at": -1}, 422),
        ({"at": 5000}, 422),
        ({"recording": "ward~none"}, 404),
        ({"reader": "somebody else"}, 422),
    ],
)
def test_what_cannot_be_kept_is_refused_whole(client: TestClient, changed: dict[str, Any], status: int) -> None:
    answer = post(client, act("act-0001"), act("act-0002", 650) | changed)
    assert answer.status_code == status
    assert rows(client) == []


@pytest.mark.databases("sqlite", "postgresql")
def test_readings_follow_the_signal_and_outlast_a_restart(
    serve: Callable[..., TestClient], tmp_path: Path, write_record: Callable[..., Path]
) -> None:
    post(serve(), act("act-0001"))
    moved = serve(recordings=(write_record(tmp_path / "archive"),))
    answer = moved.get("/readings", params={"recording": "archive~one"}).json()
    assert [row["at"] for row in answer["readings"]] == [450]
    write_record(tmp_path / "archive", seed=7)
    other = serve(recordings=(tmp_path / "archive",))
    assert other.get("/readings", params={"recording": "archive~one"}).json()["readings"] == []


@pytest.mark.databases("sqlite", "postgresql")
def test_times_are_kept_whatever_the_readers_clock_is_set_to(client: TestClient) -> None:
    post(client, act("act-0001", made="2026-11-21T10:00:00+02:00"))
    again = post(client, act("act-0001")).json()["readings"][0]
    assert again["made"] == "2026-11-21T08:00:00Z"
    assert again["created"].endswith("Z")
    assert post(client, act("act-0002", made="2026-11-21T10:00:00")).status_code == 422


@pytest.mark.databases("sqlite", "postgresql")
def test_another_process_sees_what_was_read(serve: Callable[..., TestClient]) -> None:
    here, there = serve(), serve()
    assert held(there) == {}
    post(here, act("act-0001"))
    assert held(there) == {450: "V"}


@pytest.mark.databases("sqlite", "postgresql")
def test_a_label_is_of_an_interval_and_a_beat_in_it_is_another_matter(client: TestClient) -> None:
    stretch = {"start": 250, "end": 1000}
    post(client, act("act-0001", 250, "V"), act("act-0002", 250, "N", **stretch), act("act-0003", 450, "/"))
    found = client.get("/readings", params={"recording": ONE}).json()["readings"]
    assert [(row["start"], row["end"], row["label"]) for row in found] == [
        (250, 251, "V"),
        (250, 1000, "N"),
        (450, 451, "/"),
    ]
    post(client, act("act-0004", 250, None, **stretch))
    assert held(client) == {250: "V", 450: "/"}
    conflict = post(client, act("act-0001", 250, "V", **stretch))
    assert conflict.status_code == 409


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"start": 500, "end": 600}, "does not lie in its interval"),
        ({"start": 400, "end": 5001}, "after the end"),
        ({"sample": 450}, "renamed to 'at'"),
    ],
)
def test_an_interval_lies_in_the_recording_and_holds_its_address(
    client: TestClient, changed: dict[str, Any], said: str
) -> None:
    answer = post(client, act("act-0001") | changed)
    assert (answer.status_code, said in answer.json()["detail"]) == (422, True), answer.json()


def test_what_is_held_of_the_log_is_within_the_budget_and_read_again_when_it_went(client: TestClient) -> None:
    post(client, act("act-0001"), act("act-0002", 650))
    assert held(client) == {450: "V", 650: "V"}
    readings = kept_bytes()
    post(client, act("act-0003", 850, comment="a note " * 100))
    assert held(client)[850] == "V"
    assert kept_bytes() > readings > 0
    others = Memory[int]("others", lambda _: BUDGET.limit)
    for key in range(2):
        others.put(key, key, seconds=1e6)
    assert kept_bytes() == 0
    post(client, act("act-0004", label=None))
    assert held(client) == {650: "V", 850: "V"}
    assert client.app.state.services.readings.labelled("somebody else") == {}


def kept_bytes() -> int:
    """What the log's memory holds."""
    return BUDGET.use().memories.get("readings", 0)
