"""CSV columns of other things, units in names, and refusals."""

from pathlib import Path

import numpy as np
import pytest
from csv_files import BEATS, INDEX, TOP, is_plain, opened, rows, written

from models.errors import BadRecordError
from models.records import Entry
from models.records.one_file import CSV, OneFileFolder


@pytest.mark.parametrize("more", ["Pleth (NU)", "ABP (mmHg)", "EEG C3 (uV)", "HR (bpm)", "SpO2 (%)", "quality"])
def test_a_column_that_is_no_ecg_is_left_out_and_said(tmp_path: Path, more: str) -> None:
    written(tmp_path, f"# fs: 250\nII (mV),{more}\n" + rows(BEATS, 60 + np.cos(INDEX)))
    record = opened(tmp_path)
    assert record.leads == ("II",)
    assert record.notes[0].startswith(f"Left out: {more.split(' (')[0]}")


def test_a_column_of_words_is_left_out(tmp_path: Path) -> None:
    written(tmp_path, TOP + "II,label\n" + rows(BEATS, ["N" if value > 0.9 else "x" for value in BEATS]))
    record = opened(tmp_path)
    assert record.leads == ("II",)
    assert record.notes == ("Left out: label (text).",)


@pytest.mark.parametrize(
    ("top", "end"),
    [("II,V1,", ","), ("II,V1", ","), ("sep=,\nII,V1", ""), ("#II,V1", ""), ("# II,V1", ""), ("# leads: II, V1", "")],
)
def test_a_delimiter_too_many_and_names_in_a_comment(tmp_path: Path, top: str, end: str) -> None:
    written(tmp_path, f"{TOP}{top}\n" + rows(BEATS, -BEATS).replace("\n", f"{end}\n"))
    record = opened(tmp_path)
    assert record.leads == ("II", "V1")
    assert is_plain(-record.signal[1])


@pytest.mark.parametrize(
    ("name", "unit", "scale"),
    [
        ("II_mV", "mV", 1),
        ("II [uV]", "uV", 1e3),
        ("II(mV)", "mV", 1),
        ("II mV", "mV", 1),
        ("II/mV", "mV", 1),
        ("ECG_uV", "uV", 1e3),
    ],
)
def test_a_unit_in_a_columns_name(tmp_path: Path, name: str, unit: str, scale: float) -> None:
    written(tmp_path, f"# fs: 250\n{name}\n" + rows(BEATS * scale))
    record = opened(tmp_path)
    assert record.leads[0] in ("II", "ECG")
    assert is_plain(record.signal[0])


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (TOP + "II\n" + rows(BEATS * 1000), "lead II mostly reaches"),
        (TOP + "index\n" + rows(INDEX), "there is no column but the times"),
        (TOP + "EEG C3\n" + rows(BEATS), "no column is an ECG by its name"),
        ("II (mV)\n" + rows(BEATS), "does not state its sampling frequency: add a line"),
        ("# fs: 250\nII\n" + rows(BEATS), "does not state the unit of its leads: add a line"),
        ("# fs: 250\nII (?V)\n" + rows(BEATS), "unit '?V': known are"),
        (TOP + "II\n1,2\n3\n", "columns: 1 here, 2 above"),
        (TOP + "II,V1\n1,two\n3,4\n", "line 4, column 2: 'two' is no number"),
        ("\n" * 3, "has no rows"),
        ("\n".join("words words" for _ in range(300)), "has no row of numbers in its first 200 lines"),
    ],
)
def test_a_refusal_says_what_would_do(tmp_path: Path, text: str, reason: str) -> None:
    written(tmp_path, text)
    source = OneFileFolder(tmp_path, "x", {".csv": CSV})
    (found,) = source.list()
    if isinstance(found, Entry):
        with pytest.raises(BadRecordError) as caught:
            source.open(found.id)
        assert reason in caught.value.reason
    else:
        assert reason in found.reason
