"""WFDB annotations: their clock, their end and their place, and the label of a whole record."""

import struct
from pathlib import Path

import pytest
from wfdb_files import PLAIN, annotation, opened, put, refusal


@pytest.mark.parametrize(
    ("clock", "factor"), [("", 1), ("250", 1), ("500", 2), ("1000.0", 4), ("125", 0.5), ("31.25", 0.125), ("1e3", 4)]
)
def test_marks_count_in_the_clock_that_their_file_states(tmp_path: Path, clock: str, factor: float) -> None:
    marks = annotation(*((round(at * factor), 1) for at in (104, 304, 504)), clock=clock)
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=marks)
    record = opened(tmp_path)
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [104, 304, 504]
    assert record.notes == ()


def test_marks_without_a_clock_count_frames(tmp_path: Path) -> None:
    put(tmp_path, "a 1 62.5 250\na.dat 16x4 200(0)/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=annotation((25, 1), (75, 5)))
    record = opened(tmp_path)
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [100, 300]


@pytest.mark.parametrize("clock", ["0", "-250", "nan", "fast", "1e99"])
def test_a_clock_that_is_none_is_refused(tmp_path: Path, clock: str) -> None:
    marks = annotation((100, 1), clock=clock)
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=marks)
    assert f"time resolution '{clock}': expected a number of Hz" in refusal(tmp_path)


def test_marks_outside_are_counted_and_those_inside_sorted(tmp_path: Path) -> None:
    marks = annotation((-5, 1), (300, 5), (100, 1), (1000, 1), (2**31 - 1, 1), (100, 8))
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=marks)
    record = opened(tmp_path)
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [100, 100, 300]
    assert record.annotations.symbols == ("N", "A", "V")
    assert "left out: 3" in record.notes[0]


def test_marks_without_an_end_are_read_and_that_is_said(tmp_path: Path) -> None:
    marks = annotation((100, 1), (300, 1), end=False)
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=marks)
    record = opened(tmp_path)
    assert record.annotations is not None
    assert len(record.annotations.samples) == 2
    assert "ends without its end mark" in record.notes[0]


def test_the_marks_of_another_format_are_refused_by_name(tmp_path: Path) -> None:
    aha = b"".join(struct.pack("<BBIHBB6x", 0, ord("N"), at, 1, 0, 0) for at in (100, 300))
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=aha)
    assert "AHA format" in refusal(tmp_path)


@pytest.mark.parametrize(
    ("tables", "label"),
    [
        ({"REFERENCE.csv": "a,N\nb,A\n"}, "N"),
        ({"REFERENCE.csv": "a,N\n", "REFERENCE-v3.csv": "a,O\r\n"}, "O"),
        ({"REFERENCE.csv": "b,N\n"}, None),
        ({"REFERENCE.csv": "\x00\x01"}, None),
        ({}, None),
    ],
)
@pytest.mark.parametrize("below", ["", "training"])
def test_the_label_of_a_whole_record(tmp_path: Path, tables: dict[str, str], label: str | None, below: str) -> None:
    put(tmp_path / below, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    for name, text in tables.items():
        (tmp_path / name).write_text(text)
    record = opened(tmp_path)
    expected = [(0, record.samples, label, "cinc2017")] if label else []
    assert [(mark.start, mark.end, mark.label, mark.vocabulary) for mark in record.marks] == expected


def test_marks_of_codes_of_ones_own_are_counted(tmp_path: Path) -> None:
    marks = annotation((100, 1), (200, 42), (300, 5), (400, 49), (500, 42))
    put(tmp_path, "a 1 250 1000\na.dat 16 200(0)/mV 16 0 0 0 0 II", a_dat=PLAIN, a_atr=marks)
    record = opened(tmp_path)
    assert record.annotations is not None
    assert record.annotations.samples.tolist() == [100, 300]
    assert "Marks of a.atr of codes that WFDB leaves to users, 42, 49, left out: 3." in record.notes
