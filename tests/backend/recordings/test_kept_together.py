"""Findings and counts are kept while others write: nothing is lost because two wrote at once."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from backend.database import Database, upgrade
from backend.recordings.summary import Summaries, Summary
from backend.recordings.tables import RecordingFacts
from backend.worklist.counting import PredictionCounter, PredictionCounts
from models.records import Entry

TIMES, THREADS = 40, 4


def together(write: Callable[[int], None]) -> None:
    """Everybody writes at once, many times."""
    begin = threading.Barrier(THREADS)

    def run(who: int) -> None:
        begin.wait()
        for i in range(TIMES):
            write(who * TIMES + i)

    threads = [threading.Thread(target=run, args=(who,)) for who in range(THREADS)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]


@pytest.fixture
def database(tmp_path: Path) -> Database:
    made = Database(f"sqlite:///{tmp_path / 'a.db'}")
    upgrade(made.engine)
    return made


def test_what_was_found_out_of_each_recording_is_kept(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    summaries = Summaries(None, database)  # type: ignore[arg-type]  # nothing is opened

    def keep(number: int) -> None:
        entry = Entry(f"ward~{number}", str(number), "ward", leads=("I",), fs=360.0, samples=1, file_version="1")
        summaries._known[entry.id] = Summary(beat_source="atr", counts={})
        summaries._keep(entry)

    with caplog.at_level(logging.WARNING, "beatlens.api"):
        together(keep)
    assert [record.message for record in caplog.records] == []
    with database.transaction() as session:
        assert session.query(RecordingFacts).count() == THREADS * TIMES
    database.close()


def test_what_was_counted_is_kept(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    counter = PredictionCounter(None, None, database)  # type: ignore[arg-type]  # nothing is counted

    def keep(number: int) -> None:
        counter._known[str(number), "model"] = PredictionCounts()
        counter._keep((str(number), "model"))

    with caplog.at_level(logging.WARNING, "beatlens.api"):
        together(keep)
    assert [record.message for record in caplog.records] == []
    database.close()
