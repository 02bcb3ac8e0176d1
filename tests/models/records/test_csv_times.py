"""CSV times and rates, in columns and in statements above them."""

import datetime
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from csv_files import BEATS, INDEX, TIMES, TOP, is_plain, opened, refusal, rows, written

from models.records.csv_reading import settle


@pytest.mark.parametrize(
    ("name", "scale"),
    [
        ("time", 1),
        ("Time (s)", 1),
        ("t", 1),
        ("time_ms", 1e3),
        ("time [ms]", 1e3),
        ("timestamp (us)", 1e6),
        ("Zeit (s)", 1),
        ("seconds", 1),
        ("ms", 1e3),
        ("Elapsed time", 1),
        ("milliseconds", 1e3),
        ("time (µs)", 1e6),
        ("Timestamp_ms", 1e3),
        ("sec", 1),
    ],
)
@pytest.mark.parametrize("origin", [0.0, 12.5, 1_577_836_800.0])
def test_times_in_any_unit_state_the_rate(tmp_path: Path, name: str, scale: float, origin: float) -> None:
    cells = [f"{(origin + time) * scale:.3f}" for time in TIMES]
    written(tmp_path, f"{name},II (mV)\n" + rows(cells, BEATS))
    record = opened(tmp_path)
    assert (record.leads, record.fs) == (("II",), 250.0)
    assert is_plain(record.signal[0])
    assumed = "The times of column 1 state no unit: seconds were assumed."
    assert record.notes == ((assumed,) if name in ("time", "t", "Elapsed time") else ())


def clock(time: float) -> str:
    return f"0:0{time:.3f}"


def stamped(time: float) -> str:
    return f"[10:00:{time:06.3f} 01/01/2020]"


def iso(time: float) -> str:
    return f"2020-01-01T10:00:{time:06.3f}"


def zulu(time: float) -> str:
    return f"2020-01-01 10:00:{time:06.3f}+01:00"


def german(time: float) -> str:
    return f"31.01.2020 10:00:{time:06.3f}"


def american(time: float) -> str:
    return f"1/31/2020 10:00:{time:06.3f}"


@pytest.mark.parametrize("form", [clock, stamped, iso, zulu, german, american])
@pytest.mark.parametrize("top", ["time,II (mV)\n", "'Elapsed time','II'\n'hh:mm:ss.mmm','mV'\n"])
def test_times_of_a_clock(tmp_path: Path, form: Callable[[float], str], top: str) -> None:
    written(tmp_path, top + rows([form(time) for time in TIMES], BEATS))
    record = opened(tmp_path)
    assert record.fs == 250.0
    assert is_plain(record.signal[0])


@pytest.mark.parametrize("names", ["'Elapsed time','MLII','V5'", '"time","MLII","V5"', "Time,MLII,V5"])
@pytest.mark.parametrize(
    ("units", "scale"),
    [("'seconds','mV','mV'", (1, 1)), ("s,uV,mV", (1e3, 1)), ("(s),(mV),(µV)", (1, 1e3)), ("sec,mV,", None)],
)
def test_a_line_of_units_below_the_names(
    tmp_path: Path, names: str, units: str, scale: tuple[float, float] | None
) -> None:
    a, b = scale or (1, 1)
    top = "" if scale else "# unit: mV\n"
    written(tmp_path, f"{top}{names}\n{units}\n" + rows(TIMES, BEATS * a, BEATS * b))
    record = opened(tmp_path)
    assert record.leads == ("MLII", "V5")
    assert all(is_plain(lead) for lead in record.signal)


@pytest.mark.parametrize(
    "word", ["", "-", "NaN", "nan", "null", "None", "NA", "N/A", "#N/A", "nil", "--", "?", "missing"]
)
def test_words_for_no_value_are_gaps(tmp_path: Path, word: str) -> None:
    cells = [f"{value:g}" for value in BEATS]
    cells[400:403] = [word] * 3
    written(tmp_path, TOP + "II,V1\n" + rows(cells, BEATS))
    missing = np.isnan(opened(tmp_path).signal)
    assert missing[0, 400:403].all()
    assert missing.sum() == 3


WATCH = {
    "English": 'Name,Max\nDate of Birth,1 Jan 1970\nSymptoms,\nDevice,"Watch5,2"\n'
    "Sample Rate,512 hertz\n\n\nLead,Lead I\nUnit,µV\n\n",
    "German": 'Name,Max\nGeburtsdatum,01.01.1970\nGerät,"Watch5,2"\n'
    "Messrate,512 Hertz\n\nAbleitung,Ableitung I\nEinheit,µV\n\n",
    "French": "Nom,Max\nFréquence d’échantillonnage,512 hertz\n\nDérivation,Dérivation I\nUnité,µV\n\n",
    "Spanish": "Nombre,Max\nFrecuencia de muestreo,512 hercios\n\nDerivación,Derivación I\nUnidad,µV\n\n".replace(
        "hercios", "Hz"
    ),
    "semicolons": "Name;Max\nSampling rate;512 Hz\nUnit;uV\nLead;Lead I\n",
    "colons": "Patient: Max\nSampling frequency (Hz): 512\nUnits: uV\nLead: I\n",
    "comments": "# Device: X\n# Sampling rate = 512 Hz\n# Unit = uV\n# lead: I\n",
}


@pytest.mark.parametrize("kind", WATCH)
@pytest.mark.parametrize("comma", [False, True])
def test_a_device_states_rate_and_unit_in_lines_of_their_own(tmp_path: Path, kind: str, comma: bool) -> None:
    cells = [f"{value * 1000:.3f}" for value in BEATS]
    written(tmp_path, WATCH[kind] + rows(cells, comma=comma))
    record = opened(tmp_path)
    assert record.fs == 512.0
    assert len(record.leads) == 1
    assert is_plain(record.signal[0])


@pytest.mark.parametrize(
    "line",
    [
        "Notch filter,50 Hz",
        "High pass: 0.5 Hz",
        "Heart rate,72",
        "Mains frequency;50 Hz",
        "Sample count,1000",
        "Sampling interval: 4 ms",
    ],
)
def test_what_else_a_device_says_is_no_rate(tmp_path: Path, line: str) -> None:
    written(tmp_path, f"{line}\nSample Rate,250 Hz\nUnit,mV\nLead,I\n" + rows(BEATS))
    record = opened(tmp_path)
    assert record.fs == 250.0
    assert is_plain(record.signal[0])


@pytest.mark.parametrize(
    "line",
    [
        "fs: 250",
        "fs=250",
        "FS = 250 Hz",
        "sampling_rate: 250",
        "Sampling frequency: 0.25 kHz",
        "sample rate: 250 samples/s",
        "rate: 250",
        "fs: 250,0",
    ],
)
def test_a_rate_in_any_words(tmp_path: Path, line: str) -> None:
    written(tmp_path, f"# {line}\n# units: mV\nII\n" + rows(BEATS))
    assert opened(tmp_path).fs == 250.0


@pytest.mark.parametrize("value", ["0", "-250", "nan", "19", "25000", "inf", "1e9", "fast", ""])
def test_a_rate_that_is_none_is_refused(tmp_path: Path, value: str) -> None:
    written(tmp_path, f"# fs: {value}\n# unit: mV\nII\n" + rows(BEATS))
    assert "sampling frequency" in refusal(tmp_path)


def test_several_rows_of_one_stamp_are_read_by_the_stated_rate(tmp_path: Path) -> None:
    stamps = np.floor(INDEX / 10) * 40
    path = written(tmp_path, "# fs: 250\ntime (ms),II (mV)\n" + rows(stamps, BEATS))
    assert is_plain(opened(tmp_path).signal[0])
    written(tmp_path, "# fs: 500\ntime (ms),II (mV)\n" + rows(stamps, BEATS))
    assert "states 500 Hz, and its times say 250 Hz" in refusal(tmp_path)
    written(tmp_path, "time (ms),II (mV)\n" + rows(stamps, BEATS))
    assert "add a line `# fs: …` (the times suggest 250)" in refusal(tmp_path)
    settle(path, 250.0, None)  # as somebody answers who is asked
    assert is_plain(opened(tmp_path).signal[0])


@pytest.mark.parametrize("digits", [2, 3])
@pytest.mark.parametrize("fs", [128.0, 250.0, 360.0, 500.0, 1000.0])
def test_rounded_stamps_are_read_where_the_rate_is_stated(tmp_path: Path, digits: int, fs: float) -> None:
    stamps = [f"{time:.{digits}f}" for time in INDEX / fs]
    written(tmp_path, f"# fs: {fs:g}\ntime,II (mV)\n" + rows(stamps, BEATS))
    assert opened(tmp_path).fs == fs


def test_a_stated_rate_and_times_that_differ_are_refused(tmp_path: Path) -> None:
    written(tmp_path, "# fs: 360\ntime,II (mV)\n" + rows(TIMES, BEATS))
    assert "states 360 Hz, and its times say 250 Hz" in refusal(tmp_path)


def test_the_rate_of_a_form_is_not_asked_where_times_tell_it(tmp_path: Path) -> None:
    path = written(tmp_path, "time,II (mV)\n" + rows(TIMES, BEATS))
    settle(path, 360.0, None)
    assert opened(tmp_path).fs == 250.0


def test_times_of_an_unnamed_unit_that_look_like_ms_are_refused_with_a_hint(tmp_path: Path) -> None:
    written(tmp_path, "time,II (mV)\n" + rows(TIMES * 1000, BEATS))
    assert "is the column in ms? name it `time (ms)`" in refusal(tmp_path)


def test_a_clock_of_twelve_hours_goes_on_at_noon(tmp_path: Path) -> None:
    start = datetime.datetime(2024, 1, 1, 11, 59, 58)
    stamps = [(start + datetime.timedelta(seconds=float(time))).strftime("%m/%d/%Y %I:%M:%S.%f %p") for time in TIMES]
    written(tmp_path, "time,II (mV)\n" + rows(stamps, BEATS))
    record = opened(tmp_path)
    assert (record.fs, record.samples, record.notes) == (250.0, 1000, ())


def test_a_clock_goes_on_past_midnight(tmp_path: Path) -> None:
    start = datetime.datetime(2024, 1, 1, 23, 59, 58)
    stamps = [(start + datetime.timedelta(seconds=float(time))).strftime("%H:%M:%S.%f") for time in TIMES]
    written(tmp_path, "time,II (mV)\n" + rows(stamps, BEATS))
    assert opened(tmp_path).fs == 250.0
    written(tmp_path, "time,II (mV)\n" + rows([*stamps[:600], *stamps[:400]], BEATS))
    assert "rows must be evenly spaced" in refusal(tmp_path)
