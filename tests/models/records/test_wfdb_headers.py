"""WFDB headers: every line and name that header(5) knows."""

import struct
from pathlib import Path

import numpy as np
import pytest
from wfdb_files import BEATS, DIGITAL, PLAIN, annotation, opened, packed, put, refusal, words


@pytest.mark.parametrize("gain", ["0", "0/mV", "0(0)/mV", "0(0)/uV", ""])
def test_an_uncalibrated_lead_is_read_with_the_default_and_that_is_said(tmp_path: Path, gain: str) -> None:
    put(tmp_path, f"a 1 250 1000\na.dat 16 {gain} 16 0 0 0 0 II" if gain else "a 1 250 1000\na.dat 16", a_dat=PLAIN)
    record = opened(tmp_path)
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)
    assert "200 per mV was assumed (WFDB default)" in record.notes[0]


def test_one_of_two_leads_uncalibrated_is_named(tmp_path: Path) -> None:
    table = np.stack([DIGITAL, DIGITAL], axis=1)
    put(tmp_path, "a 2 250 1000\na.dat 212 200 12\na.dat 212 0 12 0 0 0 0 ECG2", a_dat=packed(212, table.reshape(-1)))
    assert [note for note in opened(tmp_path).notes if "ECG2" in note]


@pytest.mark.parametrize(
    ("gain", "baseline", "zero"),
    [("200(-50)/mV", -50, 0), ("200/mV", 7, 7), ("200(3)", 3, 9), ("200.0(0)", 0, 5), ("-200(0)/mV", 0, 0)],
)
def test_the_baseline_is_its_own_or_the_adc_zero(tmp_path: Path, gain: str, baseline: int, zero: int) -> None:
    sign = -1 if gain.startswith("-") else 1
    put(tmp_path, f"a 1 250 1000\na.dat 16 {gain} 16 {zero} 0 0 0 II", a_dat=words(sign * DIGITAL + baseline))
    np.testing.assert_allclose(opened(tmp_path).signal[0], BEATS, atol=1e-6)


@pytest.mark.parametrize(
    "more",
    [
        "2006",
        "2014-05-08 05:05:15",
        "05:05:15 2014-05-08",
        "25:61:99 45/13/2020",
        "10:00:00 1/1",
        "unknown",
        "1/1/2020 10:00",
        "10:00:00 01.01.2020",
        "10h30",
        "00:00:00 00/00/0000",
        "[10:00:00 01/01/2020]",
        "10:00:00 01/01/2020 UTC",
    ],
)
def test_a_date_that_is_none_is_shown_as_it_stands(tmp_path: Path, more: str) -> None:
    put(tmp_path, f"a 1 250 1000 {more}\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    record = opened(tmp_path)
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)
    assert record.comments == (f"Date in the header: {more}",)
    assert "nothing is computed from it" in record.notes[0]
    assert more not in record.notes[0]  # a date is a fact of the patient: notes are for everybody


@pytest.mark.parametrize(
    "more", ["", "10:00:00", "10:00:00 01/02/2020", "9:05:15.5 1/05/2000", "10:00:00.000 31/12/1999"]
)
def test_a_date_that_is_one_needs_no_words(tmp_path: Path, more: str) -> None:
    put(tmp_path, f"a 1 250 1000 {more}\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    assert opened(tmp_path).notes == ()


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_lines_of_any_system(tmp_path: Path, end: str, mark: bytes) -> None:
    text = end.join(["# first", "a 1 250 1000", "", "a.dat 16 200/mV 16 0 0 0 0 II ", "#Age: 51", ""])
    put(tmp_path, mark + text.encode(), a_dat=PLAIN)
    record = opened(tmp_path)
    assert record.comments == ("first", "Age: 51")
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)


def test_lines_of_two_encodings_in_one_header(tmp_path: Path) -> None:
    text = "a 1 250 1000\na.dat 16 0.2/µV 16 0 0 0 0 II\n".encode("latin-1") + "# Müller\n".encode()
    put(tmp_path, text, a_dat=PLAIN)
    record = opened(tmp_path)
    assert record.comments == ("Müller",)
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)


@pytest.mark.parametrize("line", ["a 1", "a 1 250", "a 1 250/1000(0)", "a 1 250 0", "a 1 2.5e2 1000"])
def test_a_record_line_may_leave_out_what_it_likes(tmp_path: Path, line: str) -> None:
    put(tmp_path, f"{line}\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    record = opened(tmp_path)
    assert (record.fs, record.samples) == (250.0, 1000)
    assert bool(record.notes) == ("1000" not in line.split()[-1:])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("a 1 0 1000", "sampling frequency '0'"),
        ("a 1 -250 1000", "sampling frequency '-250'"),
        ("a 1 nan 1000", "sampling frequency 'nan'"),
        ("a 1 250,5 1000", "sampling frequency '250,5'"),
        ("a 1 1 1000", "sampling frequency 1 Hz: expected 20 to 20000 Hz"),
        ("a 1 50000 1000", "sampling frequency 50000 Hz"),
        ("a 1 250 -5", "number of samples '-5'"),
        ("a 1 250 many", "number of samples 'many'"),
        ("a 2 250 1000", "ends here, with 1 of 2 leads"),
        ("a 0 250 1000", "has no leads"),
        ("a 1 250 99999999999", "cut short: 2000 of 199999999998 bytes"),
        ("a", "is not `name leads fs samples`"),
    ],
)
def test_a_record_line_that_cannot_be_used_names_the_field(tmp_path: Path, line: str, reason: str) -> None:
    put(tmp_path, f"{line}\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    assert reason in refusal(tmp_path)


@pytest.mark.parametrize(
    "line", ["200 (0)/mV 16 0 0 0 0 II", "200/mV II", "200/mV 16 0,5 0 0 0 II", "200/mV 16 0 0 none 0 II"]
)
def test_a_field_out_of_its_order_is_refused(tmp_path: Path, line: str) -> None:
    put(tmp_path, f"a 1 250 1000\na.dat 16 {line}", a_dat=PLAIN)
    assert "expected a whole number, as header(5) orders the fields" in refusal(tmp_path)


def test_more_leads_described_than_announced_are_refused(tmp_path: Path) -> None:
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II\na.dat 16 200/mV 16 0 0 0 0 V1", a_dat=PLAIN)
    assert "line 3: announces 1 leads and describes 2" in refusal(tmp_path)


@pytest.mark.parametrize("name", ["../a.dat", "/etc/passwd", "..\\a.dat", "C:\\a.dat", "sub/../../a.dat"])
def test_no_header_names_a_file_outside(tmp_path: Path, name: str) -> None:
    put(tmp_path / "in", f"a 1 250 1000\n{name} 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    (tmp_path / "a.dat").write_bytes(PLAIN)
    assert "outside its folder" in refusal(tmp_path / "in")


def test_no_link_leads_a_header_outside(tmp_path: Path) -> None:
    put(tmp_path / "out", "x", a_dat=PLAIN)
    put(tmp_path / "in", "a 1 250 1000\nb.dat 16 200/mV 16 0 0 0 0 II")
    (tmp_path / "in" / "b.dat").symlink_to(tmp_path / "out" / "a.dat")
    assert "is a link" in refusal(tmp_path / "in")


@pytest.mark.parametrize("folder", ["", "sub/"])
@pytest.mark.parametrize("record", ["a", "sub/a", "records500/00000/a", "a/"])
def test_a_name_with_a_path_is_read_from_its_folder(tmp_path: Path, record: str, folder: str) -> None:
    put(tmp_path, f"{record} 1 250 1000\n{folder}a.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN)
    np.testing.assert_allclose(opened(tmp_path).signal[0], BEATS, atol=1e-6)


def test_a_number_after_the_slash_may_be_a_name(tmp_path: Path) -> None:
    put(tmp_path, "sub/12 1 250 1000\n12.dat 16 200/mV 16 0 0 0 0 II", name="12.hea")
    (tmp_path / "12.dat").write_bytes(PLAIN)
    np.testing.assert_allclose(opened(tmp_path, "12").signal[0], BEATS, atol=1e-6)


@pytest.mark.parametrize(
    ("header", "data", "marks"), [("A.HEA", "A.DAT", "A.ATR"), ("a.hea", "A.DAT", "a.ATR"), ("A.hea", "a.Dat", "A.atr")]
)
def test_capitals_of_another_system(tmp_path: Path, header: str, data: str, marks: str) -> None:
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 II", name=header)
    (tmp_path / data).write_bytes(PLAIN)
    (tmp_path / marks).write_bytes(annotation((100, 1)))
    record = opened(tmp_path, header[0])
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)
    assert record.annotations is not None


@pytest.mark.parametrize(
    ("named", "there"), [("a", "a.dat"), ("a.dat", "a.mat"), ("a.dat", "a"), ("a.dat", "a.dat.gz")]
)
def test_a_file_that_is_missing_is_named_with_the_likely_one(tmp_path: Path, named: str, there: str) -> None:
    put(tmp_path, f"a 1 250 1000\n{named} 16 200/mV 16 0 0 0 0 II")
    (tmp_path / there).write_bytes(PLAIN)
    assert f"the signal file {named} is missing; {there} lies beside it" in refusal(tmp_path)


def test_a_signal_file_of_matlab_has_its_header_before_its_samples(tmp_path: Path) -> None:
    head = struct.pack("<5i", 0, 1, 1000, 0, 4) + b"val\0"
    put(
        tmp_path,
        "a 1 300 1000 05:05:15 1/05/2000 \na.mat 16+24 1000/mV 16 0 -127 0 0 ECG ",
        a_mat=head + words(5 * DIGITAL),
    )
    record = opened(tmp_path)
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)
    assert record.notes == ()


def test_a_signal_that_is_no_ecg_is_left_out_and_said(tmp_path: Path) -> None:
    table = np.stack([DIGITAL, DIGITAL, DIGITAL], axis=1)
    names = ("ECG", "EEG (C4-A1)", "RESP")
    put(
        tmp_path,
        "\n".join(["a 3 250 1000", *(f"a.dat 16 200/mV 16 0 0 0 0 {name}" for name in names)]),
        a_dat=words(table.reshape(-1)),
    )
    record = opened(tmp_path)
    assert record.leads == ("ECG",)
    assert record.notes == ("Left out: EEG (C4-A1) (no ECG by its name), RESP (no ECG by its name).",)
    put(tmp_path, "a 1 250 1000\na.dat 16 200/mV 16 0 0 0 0 EEG C3")
    assert "no signal is an ECG by its name: EEG C3" in refusal(tmp_path)


def test_a_lead_read_too_large_is_refused(tmp_path: Path) -> None:
    put(tmp_path, "a 1 250 1000\na.dat 16 0.2(0)/mV 16 0 0 0 0 II", a_dat=PLAIN)
    assert "lead II mostly reaches" in refusal(tmp_path)
