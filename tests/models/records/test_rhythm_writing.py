"""Rhythms as WFDB writes them: what is written is read back, by wfdb and by our own reader."""

from pathlib import Path

import pytest
import wfdb

from models.errors import InvalidError
from models.records.marks import marks_of
from models.records.rhythm_writing import UNREAD, Rhythm, changes, rhythm_bytes


def read(folder: Path, body: bytes) -> list[tuple[int, str, str]]:
    (folder / "one.rhythm").write_bytes(body)
    found = wfdb.rdann(str(folder / "one"), "rhythm")
    notes = [note.rstrip("\x00") for note in found.aux_note]
    return list(zip(found.sample.tolist(), found.symbol, notes, strict=True))


def test_each_rhythm_begins_with_a_change_and_ends_where_nobody_read_on(tmp_path: Path) -> None:
    rhythms = [
        Rhythm(1000, 2000, "A", "cinc2017"),
        Rhythm(2000, 3000, "N", "cinc2017"),
        Rhythm(9000, 10000, "AFL", "rhythm"),
    ]
    rows = read(tmp_path, rhythm_bytes(rhythms, 10_000, 360.0))
    assert rows == [
        (1000, "+", "(AFIB"), (2000, "+", "(N"), (3000, "+", f"({UNREAD}"), (9000, "+", "(AFL"),
    ]  # fmt: skip
    marks = marks_of(rows, 10_000, "reader")
    assert [(mark.start, mark.end, mark.label) for mark in marks][:2] == [(1000, 2000, "AFIB"), (2000, 3000, "N")]


def test_equal_neighbours_are_one_rhythm() -> None:
    assert changes([Rhythm(0, 10, "N", "rhythm"), Rhythm(10, 20, "N", "rhythm")]) == [(0, "N"), (20, UNREAD)]


def test_noise_and_what_nobody_can_say_have_names() -> None:
    said = [Rhythm(0, 5, "~", "cinc2017"), Rhythm(5, 9, "artefact", "cinc2017"), Rhythm(9, 12, "O", "cinc2017")]
    assert changes(said) == [(0, "NOISE"), (9, "O"), (12, UNREAD)]


def test_a_stretch_within_a_window_ends_and_the_window_goes_on() -> None:
    said = [Rhythm(0, 30, "N", "cinc2017"), Rhythm(10, 20, "A", "cinc2017"), Rhythm(25, 40, "O", "cinc2017")]
    assert changes(said) == [(0, "N"), (10, "AFIB"), (20, "N"), (25, "O"), (40, UNREAD)]


def test_nothing_cannot_be_written() -> None:
    with pytest.raises(InvalidError, match="label a window first"):
        rhythm_bytes([], 100, 360.0)
