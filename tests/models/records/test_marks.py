"""Marks: every annotation that is no beat is kept, as a stretch or a place."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import wfdb

from models.records.marks import marks_of
from models.records.record import Mark, Record
from models.records.wfdb_folder import WfdbFolder

ROWS = [(10, "+", "(N\0"), (20, "N", ""), (300, "+", "(AFIB"), (400, "~", ""), (500, "[", ""), (600, "!", ""),
        (700, "]", ""), (800, "+", "(N"), (900, '"', "TS"), (2000, "~", "")]  # fmt: skip


def test_rhythms_last_until_the_next_and_the_last_until_the_end() -> None:
    found = marks_of(ROWS, 1000, "reference (atr)")
    rhythms = [(mark.start, mark.end, mark.label) for mark in found if mark.vocabulary == "rhythm"]
    assert rhythms == [(10, 300, "N"), (300, 800, "AFIB"), (800, 1000, "N")]


def test_the_rest_are_places_but_for_flutter_and_no_beat_is_among_them() -> None:
    found = marks_of(reversed(ROWS), 1000, "reference (atr)")
    others = [(mark.start, mark.end, mark.label, mark.text) for mark in found if mark.vocabulary == "wfdb"]
    assert others == [(400, None, "~", ""), (500, 700, "[", ""), (600, None, "!", ""), (900, None, '"', "TS")]
    assert [mark.start for mark in found] == sorted(mark.start for mark in found)
    assert {mark.source for mark in found} == {"reference (atr)"}


def test_two_changes_at_one_sample_leave_the_last_and_flutter_without_end_lasts() -> None:
    found = marks_of([(5, "+", "(N"), (5, "+", "(VT"), (50, "[", "")], 100, "x")
    assert found == (Mark(5, 100, "VT", "rhythm", "x", "(VT"), Mark(50, 100, "[", "wfdb", "x"))
    assert marks_of([], 100, "x") == ()


def test_a_record_is_read_with_its_marks(tmp_path: Path) -> None:
    signal = np.random.default_rng(0).normal(size=(1000, 1))
    wfdb.wrsamp("r", fs=250, units=["mV"], sig_name=["II"], p_signal=signal, fmt=["16"], write_dir=str(tmp_path))
    symbols, texts = ["+", "N", "~", "+"], ["(AFIB", "", "", "(N"]
    wfdb.wrann("r", "atr", np.array([5, 100, 200, 500]), symbols, aux_note=texts, write_dir=str(tmp_path))
    source = WfdbFolder(tmp_path, "x")
    record = source.open("x~r")
    assert [(m.start, m.end, m.label) for m in record.marks] == [(5, 500, "AFIB"), (200, None, "~"), (500, 1000, "N")]
    assert record.annotations is not None
    assert record.annotations.symbols == ("N",)


def test_units_are_millivolts_where_nobody_says_otherwise() -> None:
    signal = np.zeros((2, 10), np.float32)
    record = Record("x", "x", signal, 1.0, ("I", "II"))
    assert (record.kind, record.units, record.marks) == ("ecg", ("mV", "mV"), ())


@pytest.mark.data
def test_the_rhythms_of_a_real_record(mitdb: Path) -> None:
    """Pins 203: atrial fibrillation and flutter, trigeminy, ventricular tachycardia."""
    record = WfdbFolder(mitdb, "m").open("m~203")
    rhythms = [mark for mark in record.marks if mark.vocabulary == "rhythm"]
    assert {mark.label for mark in rhythms} == {"AFIB", "AFL", "T", "VT"}
    assert rhythms[-1].end == record.samples
    assert all(a.end == b.start for a, b in pairwise(rhythms))
