"""EDF and CSV files: what comes back in millivolts, and which line is at fault."""

import datetime
import re
from pathlib import Path

import edfio
import numpy as np
import pytest

from models.errors import BadRecordError, NotFoundError
from models.records import Entry, Problem
from models.records.csv_reading import settle
from models.records.one_file import KINDS, OneFileFolder
from models.records.uploads import Upload

WAVE = np.round(np.sin(np.arange(1000) / 15), 3)


def only(folder: Path) -> tuple[OneFileFolder, Entry]:
    source = OneFileFolder(folder, "ward", KINDS)
    (entry,) = source.list()
    assert isinstance(entry, Entry), entry
    return source, entry


def written(folder: Path, text: str, name: str = "a.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(*columns: np.ndarray, delimiter: str = ",") -> str:
    return "".join(delimiter.join(f"{value:g}" for value in row) + "\n" for row in zip(*columns, strict=True))


def fault(path: Path) -> str:
    (found,) = OneFileFolder(path.parent, "ward", KINDS).list()
    assert isinstance(found, Problem), found
    assert found.file == str(path)
    return found.reason


@pytest.mark.parametrize("unit", ["mV", "uV", "V", "µV"])
def test_csv_in_any_unit_comes_back_in_millivolts(tmp_path: Path, unit: str) -> None:
    stated = WAVE / {"mV": 1.0, "uV": 1e-3, "µV": 1e-3, "V": 1e3}[unit]
    written(tmp_path, f"# fs: 360\n# unit: {unit}\nII,V1\n" + rows(stated, -stated))
    source, entry = only(tmp_path)
    record = source.open(entry.id)
    np.testing.assert_allclose(record.signal, np.stack([WAVE, -WAVE]), rtol=1e-5)
    assert (record.leads, record.fs, record.annotations) == (("II", "V1"), 360.0, None)
    assert (entry.leads, entry.fs, entry.samples) == (record.leads, record.fs, record.samples)


def test_csv_may_state_units_by_column_and_fs_by_times(tmp_path: Path) -> None:
    times = np.round(np.arange(1000) / 360, 3)  # rounded to ms, as many programs write
    written(tmp_path, 'Time (s);"II (mV)";V1 [uV]\n' + rows(times, WAVE, WAVE, delimiter=";").replace(".", ","))
    source, entry = only(tmp_path)
    assert (entry.leads, entry.fs) == (("II", "V1"), 360.0)
    np.testing.assert_allclose(source.open(entry.id).signal, np.stack([WAVE, WAVE / 1000]), rtol=1e-5)


def test_csv_times_in_milliseconds_and_tabs(tmp_path: Path) -> None:
    written(tmp_path, "# unit: mV\ntime ms\tII\n" + rows(np.arange(1000) * 4.0, WAVE, delimiter="\t"))
    assert only(tmp_path)[1].fs == 250.0


def test_csv_without_names_numbers_its_leads_and_an_empty_cell_is_a_gap(tmp_path: Path) -> None:
    written(tmp_path, "\ufeff# fs: 250\n# unit: mV\n0.5,0.1\n,NaN\n0.25,0.3\n")
    source, entry = only(tmp_path)
    assert entry.leads == ("lead 1", "lead 2")
    np.testing.assert_allclose(source.open(entry.id).signal, [[0.5, np.nan, 0.25], [0.1, np.nan, 0.3]], rtol=1e-6)


def test_settling_states_what_was_given_and_changes_nothing_when_done_again(tmp_path: Path) -> None:
    path = written(tmp_path, "II\n" + rows(WAVE))
    with pytest.raises(BadRecordError) as caught:
        settle(path, None, "mV")
    assert caught.value.field == "fs"
    settle(path, 500.0, "mV")
    text = path.read_text()
    assert text.startswith("# fs: 500\n# unit: mV\n# samples: 1000\nII\n")
    settle(path, 250.0, "uV")  # what the file itself says goes before
    assert path.read_text() == text
    assert [found.name for found in tmp_path.iterdir()] == ["a.csv"]


TOP = "# fs: 250\n# unit: mV\nII,V1\n"
FAULTS = {
    "a word": (TOP + "1,2\n3,four\n", "line 5, column 2: 'four' is no number"),
    "infinite": (TOP + "1,2\ninf,2\n", "line 5, column 1: 'inf' is no number"),
    "a column too few": (TOP + "1,2\n\n3\n", "line 6: columns: 1 here, 2 above"),
    "one row": (TOP + "1,2\n", "line 4: ends here, with fewer than two rows of numbers"),
    "nothing": ("", "has no rows"),
    "no fs": ("# unit: mV\nII\n1\n2\n", "does not state its sampling frequency: add a line `# fs: 360`"),
    "no unit": ("# fs: 250\nII\n1\n2\n", "does not state the unit of its leads: add a line `# unit: mV`"),
    "a wrong unit": ("# fs: 250\n# unit: mmHg\nII\n1\n2\n", "line 2: unit 'mmHg': known are"),
    "a wrong unit of a column": ("# fs: 250\nP (mmHg)\n1\n2\n", "line 2, column 1: unit 'mmHg'"),
    "a wrong fs": ("# fs: fast\nII\n1\n2\n", "line 1: sampling frequency 'fast'"),
    "an fs of nothing": ("# fs: 0\nII\n1\n2\n", "line 1: sampling frequency '0'"),
    "a leap in time": (
        "t,II (mV)\n0,1\n0.004,1\n0.008,2\n0.5,3\n0.504,3\n",
        "line 5: the time goes from 0.008 to 0.5 s",
    ),
    "time backwards": ("t,II (mV)\n0,1\n-0.004,1\n-0.007,1\n", "line 3: the time goes from 0 to -0.004 s"),
    "slow": ("t,II (mV)\n0,1\n1,1\n2,1\n", "line 2: sampling frequency 1 Hz by the times"),
    "times alone": ("time\n0\n1\n", "line 1: there is no column but the times"),
    "a wrong length": ("# fs: 250\n# unit: mV\n# samples: 3\nII\n1\n2\n", "has 2 rows, and states 3 samples"),
    "a long line": (TOP + "1," + "2" * 70_000 + "\n", "line 4: is longer than 65536 characters"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_of_csv_is_named_with_its_line(tmp_path: Path, name: str) -> None:
    text, reason = FAULTS[name]
    path = written(tmp_path, text)
    with pytest.raises(BadRecordError) as caught:
        settle(path, None, None)
    assert caught.value.reason.startswith(reason)
    assert path.read_text() == text
    if name not in ("a word", "infinite", "a wrong length") and "samples" not in text:
        assert fault(path).startswith(reason)


def test_a_binary_file_is_no_csv(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert fault(path) == "line 2: is not text"


def edf_file(path: Path, *signals: edfio.EdfSignal, **more: object) -> Path:
    edfio.Edf(list(signals), **more).write(path)  # type: ignore[arg-type]
    return path


def lead(label: str, unit: str = "mV", fs: float = 250.0) -> edfio.EdfSignal:
    return edfio.EdfSignal(WAVE[: round(4 * fs)], fs, label=label, physical_dimension=unit)


def test_edf_leads_come_back_in_millivolts_with_their_beats(tmp_path: Path) -> None:
    marks = ((2.0, "V"), (1.0, "N"), (1.5, "Snoring"), (9.0, "N"))
    edf_file(
        tmp_path / "night.EDF",
        lead("EEG Fpz", "uV"), lead("ECG I"), lead("ECG II", "uV"), lead("ECG slow", "mV", 125.0), lead("Resp", ""),
        patient=edfio.Patient(sex="M", birthdate=datetime.date(1950, 6, 2)),
        recording=edfio.Recording(startdate=datetime.date(2020, 6, 1)),
        annotations=[edfio.EdfAnnotation(t, None, text) for t, text in marks],
    )  # fmt: skip
    source, entry = only(tmp_path)
    assert (entry.leads, entry.fs, entry.samples, entry.age, entry.sex) == (("I", "II"), 250.0, 1000, 69, "M")
    assert "Left out: EEG Fpz at 250 Hz, ECG slow at 125 Hz, Resp at 250 Hz." in entry.notes
    record = source.open(entry.id)
    np.testing.assert_allclose(record.signal, np.stack([WAVE, WAVE / 1000]), atol=5e-5)
    found = source.annotations(entry.id)
    assert found is not None
    assert (list(found.samples), found.symbols) == ([250, 500], ("N", "V"))


def test_edf_faults_are_named(tmp_path: Path) -> None:
    path = edf_file(tmp_path / "a.edf", lead("II"))
    whole = path.read_bytes()
    for content, reason in (
        (b"", "is not EDF"),
        (b"0       ", "ends within its header, after 8 of 256 bytes"),
        (b"hello" * 200, "is not EDF"),
        (b"\xffBIOSEMI" + whole[8:], "is BDF"),
        (whole[:300], "ends within its header: 1 signals need 512 bytes, it has 300"),
        (whole[:236] + b"0       " + whole[244:], "number of data records 0"),
        (whole[:236] + b"-2      " + whole[244:], "number of data records -2"),
        (whole[:236] + b"4,0     " + whole[244:], "number of data records '4,0': expected a number"),
        (whole[:252] + b"9999" + whole[256:], "number of signals 9999: expected 1 to 2048"),
        (whole[:184] + b"768     " + whole[192:], "bytes of the header 768: 1 signals have 512"),
    ):
        path.write_bytes(content)
        assert re.search(reason, fault(path)), (content[:20], fault(path))
    edf_file(path, lead("Resp", "l/min"))
    assert fault(path) == "no signal is in volts: Resp in l/min; known units are mV, µV, uV, V, nV"


def test_an_id_that_is_not_listed_is_not_found(tmp_path: Path) -> None:
    written(tmp_path, TOP + "1,2\n3,4\n")
    source, entry = only(tmp_path)
    assert entry.id == "ward~a.csv"
    with pytest.raises(NotFoundError):
        source.open("ward~..~a.csv")


def test_bdf_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "a.bdf").write_bytes(b"\xffBIOSEMI" + bytes(600))
    (problem,) = Upload(tmp_path, "x").list()
    assert isinstance(problem, Problem)
    assert "is BDF, of 24 bits, not EDF: convert it to EDF" in problem.reason
