"""CSV columns of several times, leads below each other, turned tables, and statements that contradict each other."""

import datetime
from pathlib import Path

import numpy as np
import pytest
from csv_files import BEATS, INDEX, TIMES, TOP, is_plain, opened, refusal, rows, written
from numpy.typing import NDArray

from models.records.csv_reading import settle

NOISE = np.round(np.random.default_rng(7).normal(0, 0.02, 1000), 4)
CLOCK = [(datetime.datetime(2024, 1, 1, 10) + datetime.timedelta(seconds=float(at))).isoformat() for at in TIMES]


def halved(column: NDArray[np.float64]) -> list[str]:
    """Every second value, and nothing in the lower half of the table, as a slower channel is exported."""
    return [f"{value:g}" for value in column[::2]] + [""] * 500


def test_leads_behind_times_of_another_rate_are_left_out(tmp_path: Path) -> None:
    written(tmp_path, "time (s),II (mV),time (s),V1 (mV)\n" + rows(TIMES, BEATS, halved(TIMES), halved(-BEATS)))
    record = opened(tmp_path)
    assert record.leads == ("II",)
    assert is_plain(record.signal[0])
    assert "V1 (column 4, of other times)" in record.notes[0]


def test_times_that_stand_there_twice_are_no_matter(tmp_path: Path) -> None:
    written(tmp_path, "time (s),II (mV),time (s),V1 (mV)\n" + rows(TIMES, BEATS, TIMES, -BEATS))
    record = opened(tmp_path)
    assert record.leads == ("II", "V1")
    assert is_plain(-record.signal[1])


@pytest.mark.parametrize(
    ("head", "columns"),
    [
        ("Date,Time", (["2024-01-01"] * 1000, [stamp[11:] for stamp in CLOCK])),
        ("timestamp,elapsed time (s)", (CLOCK, TIMES)),
        ("timestamp,time (s)", ([f"{1_704_103_200_000 + 4 * i}" for i in range(1000)], TIMES)),
        ("time (s),timestamp", (TIMES, [f"{1_704_103_200_000 + 4 * i}" for i in range(1000)])),
    ],
)
def test_of_times_said_twice_the_clearer_ones_count(
    tmp_path: Path, head: str, columns: tuple[list[str] | NDArray[np.float64], ...]
) -> None:
    written(tmp_path, f"{head},II (mV),V1 (mV)\n" + rows(*columns, BEATS, -BEATS))
    record = opened(tmp_path)
    assert (record.leads, record.fs) == (("II", "V1"), 250.0)
    assert is_plain(record.signal[0])


@pytest.mark.parametrize("name", ["lead", "Channel", "Ableitung", "foo"])
def test_leads_below_each_other_are_refused(tmp_path: Path, name: str) -> None:
    each = "".join(f"II,{value:g}\nV1,{-value:g}\n" for value in BEATS)
    written(tmp_path, f"{TOP}{name},value\n{each}")
    assert "names the lead of each row, II, V1: write a column for each lead" in refusal(tmp_path)


def test_a_turned_table_is_refused(tmp_path: Path) -> None:
    written(tmp_path, TOP + "\n".join(",".join(f"{value:g}" for value in BEATS[:30] * k) for k in range(3)) + "\n")
    assert "30 leads of 3 samples: turn the table" in refusal(tmp_path)


def test_a_beat_in_each_row_is_refused(tmp_path: Path) -> None:
    written(tmp_path, TOP + rows(*[BEATS[at : at + 300] for at in range(188)]))
    assert "188 columns without names" in refusal(tmp_path)


@pytest.mark.parametrize("top", ["", "x,II\n"])
@pytest.mark.parametrize("times", [INDEX / 360, 10 - INDEX / 360, np.floor(INDEX / 3) / 120])
def test_a_lead_that_only_rises_or_falls_is_refused(tmp_path: Path, top: str, times: NDArray[np.float64]) -> None:
    written(tmp_path, TOP + top + rows([f"{time:.3f}" for time in times], BEATS))
    assert "as times do and no ECG: name it, like `time (s)`" in refusal(tmp_path)


def test_times_without_names_are_no_lead_wherever_they_stand(tmp_path: Path) -> None:
    written(tmp_path, TOP + rows(BEATS + NOISE, TIMES))
    record = opened(tmp_path)
    assert record.leads == ("lead 1",)
    assert record.notes == ("Column 2 (lead 2) counts or rises evenly: no lead, left out.",)


def test_seconds_that_are_not_stated_are_said_to_be_assumed(tmp_path: Path) -> None:
    written(tmp_path, "time,II (mV)\n" + rows(TIMES, BEATS))
    assert opened(tmp_path).notes == ("The times of column 1 state no unit: seconds were assumed.",)
    written(tmp_path, "time (s),II (mV)\n" + rows(TIMES, BEATS))
    assert opened(tmp_path).notes == ()


def test_times_of_no_unit_that_would_be_too_fast_are_refused(tmp_path: Path) -> None:
    minutes = [f"{time / 60:.9f}" for time in TIMES]
    written(tmp_path, "time,II (mV)\n" + rows(minutes, BEATS))
    assert "which state no unit: name the column `time (s)`, or `time (min)`" in refusal(tmp_path)
    written(tmp_path, "time (min),II (mV)\n" + rows(minutes, BEATS))
    assert opened(tmp_path).fs == 250.0


def test_times_that_count_the_rows_are_read_by_the_stated_rate(tmp_path: Path) -> None:
    written(tmp_path, TOP + "time,II\n" + rows(INDEX, BEATS))
    assert opened(tmp_path).fs == 250.0


def test_a_column_called_by_its_unit(tmp_path: Path) -> None:
    written(tmp_path, "time (s),uV\n" + rows(TIMES, BEATS * 1000))
    record = opened(tmp_path)
    assert record.leads == ("voltage",)
    assert is_plain(record.signal[0])


def test_the_unit_of_a_form_is_that_of_a_lead_beside_times(tmp_path: Path) -> None:
    path = written(tmp_path, "time (s),value\n" + rows(TIMES, BEATS))
    settle(path, None, "mV")
    assert is_plain(opened(tmp_path).signal[0])


@pytest.mark.parametrize(
    "top",
    [
        "# ACC sampling rate: 52\n# ECG sampling rate: 250\n",
        "# Sample rate (PPG): 64 Hz\n# fs: 250\n",
        "# samples per segment: 1000\n# fs: 250\n",
        "Heart rate: 72 bpm\nrate: 250\n",
        "rate: 72\nsampling rate: 250\n",
        "# sampling interval (ms): 4\n",
        "# sample period: 0.004 s\n",
        "# fs (kHz): 0.25\n",
        "# dt: 4 ms\n# fs: 250\n",
    ],
)
def test_the_rate_is_that_of_the_ecg(tmp_path: Path, top: str) -> None:
    written(tmp_path, f"{top}# unit: mV\nII\n" + rows(BEATS))
    assert opened(tmp_path).fs == 250.0


@pytest.mark.parametrize(
    ("top", "reason"),
    [
        ("# fs: 250\n# sampling rate: 500\n# unit: mV\n", "sampling frequency 500 Hz here, 250 Hz above"),
        ("# fs: 250\n# sampling interval: 2 ms\n# unit: mV\n", "sampling frequency 500 Hz here, 250 Hz above"),
        ("# fs: 250\n# unit: mV\n# unit: uV\n", "unit 'uV' here, 'mV' above"),
        ("# samples per segment: 1000\n# unit: mV\n", "does not state its sampling frequency"),
    ],
)
def test_statements_that_differ_are_refused(tmp_path: Path, top: str, reason: str) -> None:
    written(tmp_path, f"{top}II\n" + rows(BEATS))
    assert reason in refusal(tmp_path)


def test_a_gain_that_is_not_applied_is_said(tmp_path: Path) -> None:
    written(tmp_path, TOP + "# gain: 10\nII\n" + rows(BEATS))
    assert opened(tmp_path).notes == (
        "The file states gain 10: it was not applied, its values were read as they stand.",
    )
    written(tmp_path, TOP + "# gain: 1.0\nII\n" + rows(BEATS))
    assert opened(tmp_path).notes == ()
