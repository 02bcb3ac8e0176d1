"""What is under way for a recording: said while it lasts, counted where it can be, and nothing once it is over."""

import threading
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from backend.predictions.preparing import Preparations
from backend.recordings.progress import Progress, pace
from models.records import Catalogue, Record

ONE = "ward~one"
PROGRESS = f"/recordings/{ONE}/progress"


@pytest.fixture
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every step is worth a word, however short."""
    monkeypatch.setattr("backend.recordings.progress.BRIEF", 0.0)


@pytest.mark.usefixtures("now")
def test_a_step_is_told_as_long_as_it_lasts() -> None:
    progress = Progress()
    with progress.step("a", "Model output", total=9) as step:
        step.add(4)
        told = progress.of("a")
        assert (told.done, told.total) == (4, 9)
        assert "4 of 9 beats" in str(told.words)
        assert progress.of("b").words is None
        with progress.step("a", "Looking for beats"):
            assert str(progress.of("a").words).startswith("Looking for beats")
    assert progress.of("a").words is None


def test_of_two_who_do_the_same_the_one_that_is_further_is_told() -> None:
    progress = Progress()
    with progress.step("a", "Model output", total=9) as one, progress.step("a", "Model output", total=9) as other:
        one.began = other.began = one.began - 10
        one.add(5)
        other.add(2)
        assert progress.of("a").done == 5


def test_what_is_brief_is_not_worth_a_word() -> None:
    progress = Progress()
    with progress.step("a", "Reading the recording"):
        assert progress.of("a").words is None


def test_the_rest_is_foretold_at_the_pace_since_the_first_part() -> None:
    assert pace((10, 60.0), done=30, total=50, seconds=80.0) == pytest.approx(20.0)  # not slowed by the minute before
    assert pace((10, 60.0), done=10, total=50, seconds=70.0) is None
    assert pace(None, done=0, total=50, seconds=70.0) is None


@pytest.mark.usefixtures("now")
def test_a_long_recording_is_read_by_a_thread_of_its_own_and_that_is_said_meanwhile(
    serve: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    go, opens = threading.Event(), Catalogue.open

    def slow(catalogue: Catalogue, id: str) -> Record:
        assert go.wait(60)
        return opens(catalogue, id)

    monkeypatch.setattr(Catalogue, "open", slow)
    client = serve(long_values=5)
    first = client.get(PROGRESS, params={"prepare": True}).json()
    assert not first["ready"]
    told = client.get(PROGRESS, params={"prepare": True}).json()
    while told["words"] is None:  # until the thread has begun
        told = client.get(PROGRESS, params={"prepare": True}).json()
    assert told["words"].startswith("Reading the recording")
    assert client.get("/progress").json()["recordings"][ONE]["words"].startswith("Reading the recording")
    rows = client.get("/recordings").json()["recordings"]
    assert next(row for row in rows if row["id"] == ONE)["progress"].startswith("Reading the recording")
    go.set()
    preparations: Preparations = client.app.state.services.preparations  # type: ignore[attr-defined]
    preparations.wait()
    done = client.get(PROGRESS, params={"prepare": True}).json()
    assert done["ready"]
    assert done["words"] is None
    assert client.get("/progress").json() == {"recordings": {}}
    rows = client.get("/recordings").json()["recordings"]
    row = next(row for row in rows if row["id"] == ONE)
    assert row["beats"] == 23  # the worklist knows it as well
    assert "long recording" not in str(row["output"])


def test_a_short_one_is_ready_and_one_that_is_none_is_not_found(client: TestClient) -> None:
    assert client.get(PROGRESS, params={"prepare": True}).json()["ready"]
    assert client.get("/recordings/ward~none/progress").status_code == 404


def test_a_long_recording_that_cannot_be_read_is_ready_all_the_same_and_its_own_question_says_why(
    serve: Callable[..., TestClient],
) -> None:
    client = serve(long_values=5)
    asked = {"prepare": True, "lead": "X9"}
    client.get(PROGRESS, params=asked)
    client.app.state.services.preparations.wait()  # type: ignore[attr-defined]
    assert client.get(PROGRESS, params=asked).json()["ready"]
    assert client.get(f"/recordings/{ONE}/windows", params={"lead": "X9"}).status_code == 404
