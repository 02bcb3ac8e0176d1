"""Stays as recordings: what was measured and when; what cannot be is left out, and said."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from models.errors import BadRecordError
from models.records import Entry, Problem, Record
from models.records.folder import folder_source
from models.records.stays import FS, MINUTES

STAYS = Path(__file__).parents[2] / "data" / "physionet2012"
HEAD = "Time,Parameter,Value\n00:00,RecordID,132540\n00:00,Age,76\n00:00,Gender,1\n00:00,Height,-1\n00:00,ICUType,2\n"
EPISODE = "Hours,Glascow coma scale verbal response,Glascow coma scale total,Heart Rate,Temperature,pH\n"


def only(folder: Path) -> Record:
    """The one recording of a folder."""
    source = folder_source(folder, "ward")
    [entry] = [one for one in source.list() if isinstance(one, Entry)]
    return source.open(entry.id)


def written(folder: Path, lines: str) -> Record:
    (folder / "132540.txt").write_text(HEAD + lines)
    return only(folder)


def row(record: Record, name: str) -> np.ndarray:
    return record.signal[record.lead_index(name)]


def measured(record: Record, name: str) -> dict[int, float]:
    """Minute → value."""
    values = row(record, name)
    return {int(minute): float(values[minute]) for minute in np.flatnonzero(~np.isnan(values))}


def test_a_stay_is_a_series_in_its_own_units_and_nan_where_nothing_was_measured(tmp_path: Path) -> None:
    found = written(tmp_path, "00:07,HR,73\n00:37,HR,77\n47:59,Temp,36.5\n12:30,Lactate,2.5\n")
    assert (found.kind, found.fs, found.signal.shape[1]) == ("series", FS, MINUTES)
    assert measured(found, "Heart rate") == {7: 73.0, 37: 77.0}
    assert measured(found, "Temperature") == {2879: 36.5}
    assert measured(found, "Lactate") == {750: 2.5}
    assert found.units[found.lead_index("Lactate")] == "mmol/L"
    assert measured(found, "Sodium") == {}
    assert found.notes == ()


def test_who_it_is_about_is_listed_without_reading_the_measurements(tmp_path: Path) -> None:
    (tmp_path / "132540.txt").write_text(HEAD)
    (tmp_path / "notes.txt").write_text("Time to go\n")  # no stay
    [entry] = list(folder_source(tmp_path, "ward").list())
    assert isinstance(entry, Entry)
    assert (entry.kind, entry.age, entry.sex, entry.comments) == (
        "series",
        76,
        "M",
        ("76 years, M", "Cardiac surgery unit"),
    )
    record = only(tmp_path)
    assert measured(record, "Cardiac surgery unit") == {0: 1.0}
    assert measured(record, "Medical unit") == {}
    assert measured(record, "Height") == {}  # −1: not recorded


def test_what_cannot_be_is_left_out_and_named(tmp_path: Path) -> None:
    found = written(tmp_path, "01:00,pH,735\n02:00,pH,7.3\n03:00,Temp,-17.8\n04:00,HR,0\n")
    assert measured(found, "pH") == {120: pytest.approx(7.3)}
    assert measured(found, "Temperature") == {}
    assert "pH: 1 left out, outside of 6.5 to 8: 735" in found.notes
    assert "Temperature: 1 left out, outside of 25 to 45 °C: -17.8" in found.notes
    assert "Heart rate: 1 left out, outside of 10 to 300 /min: 0" in found.notes


def test_two_values_of_a_minute_and_what_lies_outside_the_hours_are_told(tmp_path: Path) -> None:
    found = written(tmp_path, "01:00,HR,70\n01:00,HR,80\n48:00,HR,90\n48:01,HR,95\n05:00,Mood,3\n")
    assert measured(found, "Heart rate") == {60: 80.0, 2879: 90.0}
    assert set(found.notes) == {
        "1 left out: another value of the same minute, the last being read",
        "1 left out: outside of the first 48 hours",
        "1 left out: Mood: not a variable that is known here",
    }


def test_a_line_that_is_none_is_refused_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(BadRecordError, match=r"132540\.txt: line 8: '01:00,HR,high' is not Time,Parameter,Value"):
        written(tmp_path, "00:30,HR,70\n01:00,HR,high\n")


def test_the_outcome_comes_from_the_table_beside_or_above(tmp_path: Path) -> None:
    shutil.copytree(STAYS, tmp_path / "physionet2012")
    source = folder_source(tmp_path, "ward")
    ends = {one.name: source.open(one.id).marks for one in source.list() if isinstance(one, Entry)}
    assert {name: marks[0].label for name, marks in ends.items()} == {"152871": "survived", "160208": "died"}
    assert {marks[0].source for marks in ends.values()} == {"reference (Outcomes-c.txt)"}
    assert {(marks[0].start, marks[0].end) for marks in ends.values()} == {(0, MINUTES)}


def test_an_episode_of_the_benchmark_is_the_same_kind_of_recording(tmp_path: Path) -> None:
    rows = "-0.5,,,80,,\n0.25,1.0 ET/Trach,,75,,\n0.5,CONFUSED,14,,36.6,4.0\n1.0,4 Confused,,x,,\n60,,,70,,\n"
    folder = tmp_path / "test" / "10011"
    folder.mkdir(parents=True)
    (folder / "episode1_timeseries.csv").write_text(EPISODE + rows)
    (folder / "events.csv").write_text("a,b\n1,2\n")
    (folder / "episode1.csv").write_text("Icustay,Gender,Age\n1,2,71.5\n")
    (folder / "listfile.csv").write_text("stay,y_true\nepisode1_timeseries.csv,1\n")
    found = only(tmp_path)
    assert (found.name, found.kind, found.patient) == ("10011 episode 1", "series", "mimic3-demo:10011")
    assert measured(found, "GCS, verbal") == {15: 1.0, 30: 4.0, 60: 4.0}
    assert measured(found, "Glasgow coma scale") == {30: 14.0}
    assert measured(found, "Heart rate") == {15: 75.0}
    assert measured(found, "pH") == {}
    assert (measured(found, "Age"), measured(found, "Male")) == ({0: 71.0}, {0: 1.0})
    assert found.marks[0].label == "died"
    assert "2 left out: outside of the first 48 hours" in found.notes
    assert any(note.startswith("pH: 1 left out") for note in found.notes)
    assert any(note.startswith("Heart rate: 1 left out") and note.endswith(": nan") for note in found.notes)


def test_an_age_that_cannot_be_is_left_out_of_an_episode(tmp_path: Path) -> None:
    (tmp_path / "10011_episode1_timeseries.csv").write_text(EPISODE)
    about = tmp_path / "root" / "train" / "10011"
    about.mkdir(parents=True)
    (about / "episode1.csv").write_text("Icustay,Gender,Age\n1,1,136.28\n")
    found = only(tmp_path)
    assert measured(found, "Age") == {}
    assert found.notes == ("Age left out: 136 years cannot be (a year of birth without its century?)",)


def test_a_file_that_is_no_episode_is_named_as_such(tmp_path: Path) -> None:
    (tmp_path / "1_episode1_timeseries.csv").write_text("Time,HR\n0,70\n")
    source = folder_source(tmp_path, "ward")
    [entry] = [one for one in source.list() if not isinstance(one, Problem)]
    with pytest.raises(BadRecordError, match="does not begin with a column 'Hours'"):
        source.open(entry.id)
