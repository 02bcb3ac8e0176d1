"""Files that were read wrongly somewhere, or refused without need: each kind reads as it must, or says why not."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from models.records import Entry, Problem, Record
from models.records.lead_names import primary
from models.records.uploads import Upload

TESTS = next(folder for folder in Path(__file__).parents if folder.name == "tests")
CASES = TESTS / "data" / "cases"
PLAIN = np.fromfile(CASES / "wfdb/w00_plain/a.dat", dtype="<i2") / 200.0  # mV; R at 100, 300, 500, 700


def found(case: str) -> Entry | Problem:
    (one,) = Upload(CASES / case, "cases").list()
    return one


def opened(case: str) -> Record:
    upload = Upload(CASES / case, "cases")
    (entry,) = upload.list()
    assert isinstance(entry, Entry), entry
    record = upload.open(entry.id)
    assert (entry.leads, entry.fs, entry.samples) == (record.leads, record.fs, record.samples)
    assert set(entry.notes) <= set(record.notes)
    return record


def is_plain(lead: NDArray[np.float32]) -> bool:
    """Whether a lead is the four beats, within what an EDF of this range resolves."""
    return bool(np.allclose(lead, PLAIN[: len(lead)], atol=0.006))


@pytest.mark.parametrize(
    ("kind", "case", "leads", "note"),
    [
        ("nothing unusual", "wfdb/w00_plain", ("II",), ""),
        ("an uncalibrated gain", "wfdb/w01_gain_zero", ("II",), "gain 0, uncalibrated for II: 200 per mV was assumed"),
        ("a date of a year only", "wfdb/w03_year_only", ("II",), "nothing is computed from it"),
        ("a name with a slash", "wfdb/w05_slash_in_name", ("II",), ""),
        ("a length of zero", "wfdb/w06b_length_zero", ("II",), "states no length: 1000 samples"),
        ("half a byte at the end", "wfdb/w08_fmt212_odd", ("II",), ""),
        ("skew and an offset", "wfdb/w09b_skew_offset", ("II", "V1"), ""),
        ("several samples in a frame", "wfdb/w12_multifreq", ("II",), "Left out: ABP (unit mmHg)"),
        ("one name twice", "wfdb/w19_dup_names", ("ECG", "ECG #2"), ""),
        ("a micro sign of Latin-1", "wfdb/w20_unit_micro_latin1", ("II",), ""),
        ("a dot in the name", "wfdb/w26_dot_name", ("II",), ""),
        ("letters of UTF-8", "wfdb/w39_names_utf8", ("Ableitung IIö",), ""),
        ("a header in capitals", "wfdb/w42_uppercase", ("II",), ""),
        ("records of two seconds", "edf/e01", ("II",), ""),
        ("records of their own times", "edf/e03b", ("II",), ""),
        ("a signal without a range", "edf/e04", ("II",), "Left out: - at 250 Hz"),
        ("more than its header states", "edf/e05", ("II",), "700 bytes after the last data record of 4"),
        ("less than its header states", "edf/e06", ("II",), "4 of 6 data records are whole, 2 s are missing"),
        ("a micro sign of UTF-8", "edf/e07b", ("II",), ""),
        ("a note that is not UTF-8", "edf/e09", ("II",), "not UTF-8, read as CP1252: 1"),
        ("an annotation signal of no length", "edf/e11", ("II",), ""),
        ("numbered ECG beside EEG", "edf/e12", ("ECG1", "ECG2"), "Left out: C3 at 250 Hz, C4 at 250 Hz"),
        ("a bipolar ECG beside a slower EEG", "edf/e12c", ("ECG1-ECG2",), "Left out: EEG C3 at 100 Hz"),
        ("a line of units", "csv/c05_physionet_atm", ("MLII", "V5"), ""),
        ("a column that counts the rows", "csv/c10_index_with_units", ("I",), "Column 1 (unnamed) counts"),
    ],
)
def test_a_kind_reads_as_the_four_beats(kind: str, case: str, leads: tuple[str, ...], note: str) -> None:
    record = opened(case)
    assert record.leads == leads, kind
    assert record.fs == 250.0
    assert record.samples in (995, 999, 1000)
    assert all(is_plain(lead) for lead in record.signal), kind
    assert note in " ".join(record.notes)
    assert bool(record.notes) == bool(note)  # nothing is said where nothing was assumed


@pytest.mark.parametrize(
    ("kind", "case", "samples", "symbols", "note"),
    [
        ("a clock of its own", "wfdb/w13_ann_fs", [100, 300, 500, 700], "NNNN", ""),
        ("a mark before the start", "wfdb/w15_ann_skip_negative", [100, 300], "NV", "left out: 1"),
        ("a mark past the end", "wfdb/w16_ann_beyond_end", [100], "N", "left out: 1"),
        ("two marks on a sample", "wfdb/w44_dup_ann", [100, 100, 300], "NVN", "all kept: 1"),
        ("a beat in EDF+", "edf/e09", [100], "N", "not UTF-8, read as CP1252: 1"),
    ],
)
def test_marks_lie_where_they_belong(kind: str, case: str, samples: list[int], symbols: str, note: str) -> None:
    record = opened(case)
    assert record.annotations is not None, kind
    assert record.annotations.samples.tolist() == samples
    assert "".join(record.annotations.symbols) == symbols
    assert note in " ".join(record.notes)


@pytest.mark.parametrize(
    ("kind", "case", "first", "length"),
    [
        ("invalid samples of 32 bits", "wfdb/w25b_invalid_fmt32", 400, 100),
        ("an interrupted EDF+D", "edf/e03", 500, 2000),
        ("words for no value", "csv/c12_nan_words", 0, 3),
    ],
)
def test_a_gap_is_a_gap(kind: str, case: str, first: int, length: int) -> None:
    missing = np.isnan(opened(case).signal[0])
    assert missing[first : first + length].all(), kind
    assert missing.sum() == length


def test_a_date_in_the_place_of_the_time_is_no_reason_to_refuse() -> None:
    record = opened("wfdb/w30_cinc2017_header")
    assert (record.fs, record.samples) == (300.0, 1000)
    assert np.allclose(record.signal[0], PLAIN / 5)
    assert record.comments == ("Date in the header: 2014-05-08 05:05:15",)


def test_segments_of_different_units_are_of_one_size() -> None:
    record = opened("wfdb/w28b_segment_units")
    assert (record.leads, record.fs, record.samples) == (("II",), 250.0, 1000)
    assert is_plain(record.signal[0, :500])
    assert is_plain(record.signal[0, 500:])


def test_an_interrupted_edf_goes_on_after_its_gap() -> None:
    signal = opened("edf/e03").signal[0]
    assert is_plain(np.concatenate([signal[:500], signal[2500:]]))


def test_a_watch_states_rate_and_unit_in_lines_of_their_own() -> None:
    record = opened("csv/c01_apple_en")
    assert (record.fs, record.samples, record.leads) == (512.0, 1000, ("Lead I",))
    assert is_plain(record.signal[0])


def test_a_unit_in_latin_1_is_read() -> None:
    record = opened("csv/c09_latin1")
    assert record.samples == 1000
    assert is_plain(record.signal[0] * 1000)  # its values are ±1 µV


def test_comments_keep_their_letters() -> None:
    assert opened("wfdb/w39_names_utf8").comments == ("Müller",)


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        ("wfdb/w24_file_without_suffix", "the signal file a is missing; a.dat lies beside it"),
        ("edf/e02", "duration of a data record 0 s: expected more than 0"),
        ("edf/e20_pmin_comma", "physical minimum '-163,84': expected a number with a decimal point"),
        ("csv/c04_same_stamp", "several rows share the time 0 s: add a line `# fs: …` (the times suggest 250)"),
    ],
)
def test_a_refusal_names_the_field_its_value_and_what_would_do(case: str, reason: str) -> None:
    problem = found(case)
    assert isinstance(problem, Problem)
    assert reason in problem.reason


def test_a_standard_ecg_opens_on_lead_ii() -> None:
    limbs, chest = ["I", "II", "III", "aVR", "aVL", "aVF"], [f"V{i}" for i in range(1, 7)]
    assert primary([*limbs, *chest]) == primary([name.lower() for name in (*limbs, *chest)]) == 1
    assert primary([*chest, *limbs]) == 7
    assert primary(["I", "II", *chest]) == 1
    assert primary(["V5", "II"]) == primary(["MLII", "V1"]) == primary(["V5", *chest, "X", "Y"]) == 0
