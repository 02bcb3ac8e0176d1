"""Findings and counts are kept while others write: nothing is lost because two wrote at once."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from backend.database import Database, upgrade
from backend.recordings import summary
from backend.recordings.summary import Summaries, Summary
from backend.recordings.tables import RecordingFacts
from backend.worklist.counting import PredictionCounter, PredictionCounts
from models.records import Entry, Record
from models.signals.beats import Beats

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


class NoEntries:
    """What the summaries ask of a repository, of a recording that has no file."""

    catalogue = property(lambda self: self)

    def entry(self, id: str) -> Entry:
        return Entry(id, id, "ward", leads=("I",), fs=360.0, samples=1)


def test_two_that_find_out_at_once_lose_nothing(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """A page opens a recording that is just being read for the worklist: its beats were lost, and it never counted."""
    at = np.array([100], np.int64)
    record = Record("ward~a", "a", np.zeros((1, 360), np.float32), 360.0, ("I",), sha256="0" * 64)
    found = Beats(at, at, None, "detector")
    summaries, beats_found = Summaries(NoEntries(), database), threading.Event()  # type: ignore[arg-type]
    inside, own = threading.Event(), summary.spark

    def slow_spark(record: Record) -> list[float | None]:
        if not inside.is_set():  # the first has read what there was, and is slow
            inside.set()
            beats_found.wait(0.5)
        return own(record)

    monkeypatch.setattr(summary, "spark", slow_spark)
    first = threading.Thread(target=summaries.store_beats, args=(record,))
    first.start()
    assert inside.wait(60)
    summaries.ensure_summary(record, found)
    beats_found.set()
    first.join()
    assert summaries.known(record.id).beats == 1
    assert summaries.known(record.id).beats_sha256
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
