"""CSV: encodings, delimiters, decimals, columns that are no leads, statements above them, and times."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records import Entry, Problem, Record
from models.records.csv_reading import settle
from models.records.one_file import CSV, OneFileFolder

BEATS = np.zeros(1000)
for at in (100, 300, 500, 700):
    BEATS[at - 10 : at + 11] += np.round(np.hanning(21), 3)
TIMES = np.arange(1000) / 250
TOP = "# fs: 250\n# unit: mV\n"


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "a.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows(*columns: NDArray[np.float64] | list[str], delimiter: str = ",", comma: bool = False) -> str:
    cells = [[cell if isinstance(cell, str) else f"{cell:.10g}" for cell in column] for column in columns]
    lines = [delimiter.join(row) for row in zip(*cells, strict=True)]
    text = "\n".join(lines) + "\n"
    return text.replace(".", ",") if comma else text


def opened(folder: Path) -> Record:
    """The recording as the list and `open` agree on it, and again once it states everything itself."""
    source = OneFileFolder(folder, "x", {".csv": CSV})
    (entry,) = source.list()
    assert isinstance(entry, Entry), entry
    record = source.open(entry.id)
    assert (entry.leads, entry.fs, entry.samples, entry.notes) == (
        record.leads,
        record.fs,
        record.samples,
        record.notes,
    )
    settle(folder / "a.csv", None, None)
    (again,) = source.list()
    assert isinstance(again, Entry), again
    settled = source.open(again.id)
    assert (settled.leads, settled.fs, settled.samples, settled.notes) == (
        record.leads,
        record.fs,
        record.samples,
        record.notes,
    )
    np.testing.assert_array_equal(settled.signal, record.signal)
    return record


def refusal(folder: Path) -> str:
    with pytest.raises(BadRecordError) as caught:
        settle(folder / "a.csv", None, None)
    (found,) = OneFileFolder(folder, "x", {".csv": CSV}).list()
    if isinstance(found, Problem):
        assert found.reason == caught.value.reason
    return caught.value.reason


def is_plain(signal: NDArray[np.float32]) -> bool:
    return bool(np.allclose(signal, BEATS, atol=1e-6))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "cp437"]
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_and_line_end(tmp_path: Path, encoding: str, end: str) -> None:
    text = "# fs: 250\nII (µV)\n" + rows(BEATS * 1000)
    written(tmp_path, text.replace("\n", end).encode(encoding))
    assert is_plain(opened(tmp_path).signal[0])


@pytest.mark.parametrize(
    ("delimiter", "comma"),
    [(",", False), (";", False), (";", True), ("\t", False), ("\t", True), ("|", False), (" ", False), (" ", True)],
)
def test_any_delimiter_and_decimal(tmp_path: Path, delimiter: str, comma: bool) -> None:
    written(tmp_path, TOP + f"II{delimiter}V1\n" + rows(BEATS, -BEATS, delimiter=delimiter, comma=comma))
    record = opened(tmp_path)
    assert record.leads == ("II", "V1")
    assert is_plain(record.signal[0])
    assert is_plain(-record.signal[1])


@pytest.mark.parametrize("name", ["II\n", "# lead: II\n", "Ableitung,Ableitung II\nEinheit,µV\n", ""])
def test_decimal_commas_among_commas(tmp_path: Path, name: str) -> None:
    cells = [f"{value:.3f}".replace(".", ",") for value in BEATS]
    written(tmp_path, TOP + name + rows(cells))
    record = opened(tmp_path)
    assert len(record.leads) == 1
    assert is_plain(record.signal[0])


def test_quoted_decimal_commas(tmp_path: Path) -> None:
    cells = [f'"{value:.3f}"'.replace(".", ",") for value in BEATS]
    written(tmp_path, TOP + '"II","V1"\n' + rows(cells, cells))
    assert all(is_plain(lead) for lead in opened(tmp_path).signal)


INDEX = np.arange(1000.0)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "index",
        "Index",
        "sample",
        "Sample #",
        "'sample #'",
        "Unnamed: 0",
        "#",
        "n",
        "No.",
        "idx",
        "row",
        "i",
        "id",
        "frame",
    ],
)
@pytest.mark.parametrize("first", [0, 1, 1_000_000])
def test_a_column_that_counts_the_rows_is_no_lead(tmp_path: Path, name: str, first: int) -> None:
    written(tmp_path, TOP + f"{name},I\n" + rows(INDEX + first, BEATS))
    record = opened(tmp_path)
    assert record.leads == ("I",)
    assert is_plain(record.signal[0])
    assert "Column 1" in record.notes[0]


@pytest.mark.parametrize("column", [INDEX, INDEX * 4, INDEX / 250, INDEX[::-1] * -1])
@pytest.mark.parametrize("top", ["", "foo,II\n", "II\n"])
def test_a_column_that_rises_evenly_is_no_lead_whatever_its_name(
    tmp_path: Path, column: NDArray[np.float64], top: str
) -> None:
    written(tmp_path, TOP + top + rows(column, BEATS))
    record = opened(tmp_path)
    assert len(record.leads) == 1
    assert is_plain(record.signal[0])
    assert len(record.notes) == 1


def test_an_index_between_leads(tmp_path: Path) -> None:
    written(tmp_path, TOP + "II,n,V1\n" + rows(BEATS, INDEX, -BEATS))
    assert opened(tmp_path).leads == ("II", "V1")


def test_a_counter_that_rolls_over_is_an_index(tmp_path: Path) -> None:
    written(tmp_path, TOP + "counter,II\n" + rows(INDEX % 256, BEATS))
    assert is_plain(opened(tmp_path).signal[0])


def test_an_index_with_missing_rows_is_refused(tmp_path: Path) -> None:
    keep = np.delete(np.arange(1000), 600)
    written(tmp_path, TOP + "index,II\n" + rows(INDEX[keep], BEATS[keep]))
    assert "line 604, column 1: the index goes from 599 to 601: add the missing rows" in refusal(tmp_path)


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
    assert record.notes == ()


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


@pytest.mark.parametrize(
    "head", ["0,1,2\n", "1,2,3\n", ",0,1,2\n", '"0","1","2"\n'], ids=["from 0", "from 1", "with an index", "quoted"]
)
def test_a_first_row_that_only_numbers_the_columns_is_no_sample(tmp_path: Path, head: str) -> None:
    columns = [BEATS, -BEATS, BEATS / 2]
    index = [[str(i) for i in range(1000)]] if head.startswith(",") else []
    written(tmp_path, f"{TOP}{head}{rows(*index, *columns)}")
    record = opened(tmp_path)
    assert record.samples == 1000
    np.testing.assert_allclose(record.signal, columns, atol=1e-6)


@pytest.mark.parametrize("first", ["0,1", "0.0,1.0,2.0", "5,6,7"])
def test_a_first_row_that_may_be_a_sample_is_one(tmp_path: Path, first: str) -> None:
    width = first.count(",") + 1
    written(tmp_path, f"{TOP}{first}\n" + f"{','.join(['1'] * width)}\n" * 300)
    assert opened(tmp_path).signal[:, 0].tolist() == [float(cell) for cell in first.split(",")]


@pytest.mark.parametrize("cells", [("0,5", "1.234"), ("1.234", "0,5")])
def test_decimal_points_and_commas_in_one_file_are_refused(tmp_path: Path, cells: tuple[str, str]) -> None:
    path = written(tmp_path, f"# fs: 250\n# unit: uV\nII;V1\n0;0\n{cells[0]};7\n3;{cells[1]}\n")
    with pytest.raises(BadRecordError, match=rf"line 6, column 2: '{cells[1]}': decimal points and commas in one file"):
        CSV.read(path)


def test_commas_of_the_times_beside_points_of_the_leads_are_no_matter(tmp_path: Path) -> None:
    times = [f"{second:.3f}".replace(".", ",") for second in TIMES]
    written(tmp_path, f"time [s];II [mV]\n{rows(times, BEATS, delimiter=';')}")
    np.testing.assert_allclose(opened(tmp_path).signal[0], BEATS, atol=1e-6)


@pytest.mark.parametrize(
    "name", ["bpm", "HR", "RR", "RR interval", "R_peak", "beat", "class", "quality", "SQI", "label"]
)
def test_what_a_device_works_out_is_no_lead(tmp_path: Path, name: str) -> None:
    written(tmp_path, f"{TOP}II,{name}\n{rows(BEATS, np.arange(1000) % 3 + 70.0)}")
    record = opened(tmp_path)
    assert record.leads == ("II",)
    assert any(name in note for note in record.notes)
