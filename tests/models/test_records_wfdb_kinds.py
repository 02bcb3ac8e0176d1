"""WFDB: every format, frame, clock, segment and name that header(5), signal(5) and annot(5) know."""

import struct
from pathlib import Path

import numpy as np
import pytest
import soundfile
import wfdb
from numpy.typing import NDArray

from models.errors import BadRecordError
from models.records import Entry, Problem, Record
from models.records.wfdb_folder import WfdbFolder
from models.records.wfdb_formats import count_in, size_of, unpacked
from models.records.wfdb_writing import Mark as Written
from models.records.wfdb_writing import annotation_bytes

DIGITAL = np.zeros(1000, dtype=np.int64)
for at in (100, 300, 500, 700):
    DIGITAL[at - 10 : at + 11] += np.round(200 * np.hanning(21)).astype(np.int64)
BEATS = DIGITAL / 200.0  # mV at 250 Hz


def put(folder: Path, header: str | bytes, name: str = "a.hea", **files: bytes) -> None:
    """A header, and files by name with _ for the dot."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(header if isinstance(header, bytes) else header.encode())
    for file, data in files.items():
        (folder / file.replace("_", ".")).write_bytes(data)


def opened(folder: Path, name: str = "a") -> Record:
    source = WfdbFolder(folder, "x")
    entries = {found.name: found for found in source.list() if isinstance(found, Entry)}
    assert name in entries, list(source.list())
    record = source.open(entries[name].id)
    assert entries[name].samples == record.samples
    assert set(entries[name].notes) <= set(record.notes)
    return record


def refusal(folder: Path, name: str = "a") -> str:
    """Why a record is refused: by the list, or by opening it."""
    source = WfdbFolder(folder, "x")
    found = list(source.list())
    problems = [one.reason for one in found if isinstance(one, Problem)]
    if problems:
        return problems[0]
    with pytest.raises(BadRecordError) as caught:
        source.open(f"x~{name}")
    return caught.value.reason


def words(values: NDArray[np.int64], kind: str = "<i2") -> bytes:
    return values.astype(kind).tobytes()


PLAIN = words(DIGITAL)


def packed(fmt: int, values: NDArray[np.int64]) -> bytes:
    """Values as signal(5) lays them out."""
    if fmt in (16, 32, 61):
        return words(values, {16: "<i2", 32: "<i4", 61: ">i2"}[fmt])
    if fmt in (80, 160):
        return words(values + {80: 128, 160: 32768}[fmt], {80: "u1", 160: "<u2"}[fmt])
    if fmt == 8:
        return words(np.diff(values, prepend=0), "i1")
    if fmt == 24:
        return b"".join(int(value & 0xFFFFFF).to_bytes(3, "little") for value in values)
    return _groups(fmt, values)


def _groups(fmt: int, values: NDArray[np.int64]) -> bytes:
    size, bits = (2, 12) if fmt == 212 else (3, 10)
    padded = np.concatenate([values, np.zeros(-len(values) % size, dtype=np.int64)]) & ((1 << bits) - 1)
    data = bytearray()
    for group in padded.reshape(-1, size).tolist():
        if fmt == 212:
            a, b = group
            data += bytes((a & 0xFF, a >> 8 | (b >> 8) << 4, b & 0xFF))
        elif fmt == 311:
            data += (group[0] | group[1] << 10 | group[2] << 20).to_bytes(4, "little")
        else:
            a, b, c = group
            data += (a << 1 | (c & 0x1F) << 11).to_bytes(2, "little") + (b << 1 | (c >> 5) << 11).to_bytes(2, "little")
    return bytes(data[: size_of(fmt, len(values))])


SCALE = {8: 60, 80: 100, 310: 200, 311: 200, 212: 200}  # units per mV that the format holds
LEAST = {16: 16, 24: 24, 32: 32, 61: 16, 80: 8, 160: 16, 212: 12, 310: 10, 311: 10}


@pytest.mark.parametrize("leads", [1, 2, 3])
@pytest.mark.parametrize("frames", [1000, 999, 998, 997])
@pytest.mark.parametrize("fmt", [8, 16, 24, 32, 61, 80, 160, 212, 310, 311])
def test_every_format_and_length_comes_back(tmp_path: Path, fmt: int, frames: int, leads: int) -> None:
    scale = SCALE.get(fmt, 200)
    values = np.round(BEATS[:frames] * scale).astype(np.int64)
    table = np.stack([np.roll(values, 5 * lead) * (-1) ** lead for lead in range(leads)], axis=1)
    data = packed(fmt, table.reshape(-1))
    if fmt == 8:
        data = words(np.diff(table, axis=0, prepend=0).reshape(-1), "i1")
    sums = table.sum(axis=0) % 65536
    lines = [f"a.dat {fmt} {scale}(0)/mV 12 0 0 {sums[i]} 0 V{i + 1}" for i in range(leads)]
    put(tmp_path, "\n".join([f"a {leads} 250 {frames}", *lines]), a_dat=data)
    np.testing.assert_allclose(opened(tmp_path).signal, table.T / scale, rtol=1e-6)


@pytest.mark.parametrize("fmt", [8, 16, 212, 310, 311])
@pytest.mark.parametrize("skew", [0, 7])
def test_a_long_file_is_read_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fmt: int, skew: int) -> None:
    table = np.stack([DIGITAL // 4, np.roll(DIGITAL // 4, skew), DIGITAL // 4], axis=1)
    data = packed(fmt, table.reshape(-1))
    if fmt == 8:
        data = words(np.diff(table, axis=0, prepend=0).reshape(-1), "i1")
    sums = [table[lag : lag + 993, lead].sum() for lead, lag in enumerate((0, skew, 0))]
    lines = [f"a.dat {fmt}:{skew * (i == 1)} 50(0)/mV 12 0 0 {sums[i]} 0 V{i + 1}" for i in range(3)]
    put(tmp_path, "\n".join(["a 3 250 993", *lines]), a_dat=data)
    at_once = opened(tmp_path).signal
    monkeypatch.setattr("models.records.wfdb_signals.PIECE", 100)
    np.testing.assert_array_equal(opened(tmp_path).signal, at_once)
    np.testing.assert_allclose(at_once[1], table[:993, 0] / 50, rtol=1e-6)


@pytest.mark.parametrize("fmt", LEAST)
def test_the_least_value_of_a_format_marks_a_gap(tmp_path: Path, fmt: int) -> None:
    values = np.round(BEATS * 100).astype(np.int64)
    values[400:500] = -(2 ** (LEAST[fmt] - 1))
    put(tmp_path, f"a 1 250 1000\na.dat {fmt} 100(0)/mV 12 0 0 0 0 II", a_dat=packed(fmt, values))
    missing = np.isnan(opened(tmp_path).signal[0])
    assert missing[400:500].all()
    assert missing.sum() == 100


@pytest.mark.parametrize("fmt", [24, 32])
def test_the_library_marks_gaps_of_wide_formats_by_the_16_bit_value(tmp_path: Path, fmt: int) -> None:
    values = DIGITAL * 1000
    values[400:500] = -32768
    put(tmp_path, f"a 1 250 1000\na.dat {fmt} 200000(0)/mV {fmt} 0 0 0 0 II", a_dat=packed(fmt, values))
    assert np.isnan(opened(tmp_path).signal[0]).sum() == 100


@pytest.mark.parametrize(("fmt", "subtype"), [(508, "PCM_S8"), (516, "PCM_16"), (524, "PCM_24"), (524, "PCM_16")])
def test_flac(tmp_path: Path, fmt: int, subtype: str) -> None:
    bits = {"PCM_S8": 8, "PCM_16": 16, "PCM_24": 24}[subtype]
    values = np.round(BEATS * 100).astype(np.int64)
    table = np.stack([values, -values], axis=1)
    with soundfile.SoundFile(str(tmp_path / "a.dat"), "w", 96000, 2, subtype, format="FLAC") as file:
        file.write((table << (32 - bits)).astype(np.int32))
    line = f"a.dat {fmt} 100(0)/mV 8 0 0 0 0"
    put(tmp_path, f"a 2 250 1000\n{line} II\n{line} V1")
    np.testing.assert_allclose(opened(tmp_path).signal, table.T / 100, rtol=1e-6)
    put(tmp_path, f"a 2 250 0\n{line} II\n{line} V1")
    assert opened(tmp_path).samples == 1000


@pytest.mark.parametrize("fmt", [212, 310, 311])
def test_bytes_and_values_are_counted_alike(fmt: int) -> None:
    for count in range(1, 40):
        assert count_in(fmt, size_of(fmt, count)) >= count - (fmt == 310) * 2
        assert len(unpacked(fmt, bytes(size_of(fmt, count)), count)) == count


@pytest.mark.parametrize("others", [1, 2, 3])
def test_samples_of_a_lead_with_several_in_a_frame_are_all_there(tmp_path: Path, others: int) -> None:
    frames = np.concatenate([DIGITAL.reshape(-1, 4), np.full((250, others), 80)], axis=1)
    lines = ["a.dat 16x4 200(0)/mV 16 0 0 0 0 II", *(["a.dat 16 1(0)/mmHg 16 0 0 0 0 ABP"] * others)]
    put(tmp_path, "\n".join([f"a {1 + others} 62.5 250", *lines]), a_dat=words(frames.reshape(-1)))
    record = opened(tmp_path)
    assert (record.fs, record.leads) == (250.0, ("II",))
    np.testing.assert_allclose(record.signal[0], BEATS, atol=1e-6)
    assert "ABP" in record.notes[-1]


def test_leads_of_two_rates_are_shown_at_the_rate_of_most(tmp_path: Path) -> None:
    frames = np.concatenate([DIGITAL.reshape(-1, 2), -DIGITAL.reshape(-1, 2), DIGITAL[::2, None]], axis=1)
    lines = [f"a.dat 16x{n} 200(0)/mV 16 0 0 0 0 {name}" for n, name in ((2, "I"), (2, "II"), (1, "V"))]
    put(tmp_path, "\n".join(["a 3 125 500", *lines]), a_dat=words(frames.reshape(-1)))
    record = opened(tmp_path)
    assert (record.leads, record.fs) == (("I", "II"), 250.0)
    assert record.notes == ("Left out: V (at 125 Hz).",)
    np.testing.assert_allclose(record.signal, [BEATS, -BEATS], atol=1e-6)


def test_skew_is_undone_and_what_lies_past_the_end_is_a_gap(tmp_path: Path) -> None:
    table = np.stack([DIGITAL, np.roll(DIGITAL, 5)], axis=1)
    text = "a 2 250 {}\na.dat 16:0+24 200(0)/mV 16 0 0 0 0 II\na.dat 16:5+24 200(0)/mV 16 0 0 0 0 V1"
    put(tmp_path, text.format(1000), a_dat=bytes(24) + words(table.reshape(-1)))
    signal = opened(tmp_path).signal
    np.testing.assert_allclose(signal[1, :995], signal[0, :995], atol=1e-6)
    assert np.isnan(signal[1, 995:]).all()
    put(tmp_path, text.format(0))
    assert opened(tmp_path).samples == 995


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
    assert "b.dat is a link that leads out of its folder" in refusal(tmp_path / "in")


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


def segment(folder: Path, name: str, line: str, data: bytes, head: str = "1 250 500") -> None:
    put(folder, f"{name} {head}\n{line}", name=f"{name}.hea")
    (folder / f"{name}.dat").write_bytes(data)


@pytest.mark.parametrize(
    ("gain", "factor", "offset"),
    [("200(0)/mV", 1, 0), ("0.2(0)/uV", 1, 0), ("1000(10)/mV", 5, 10), ("200000(0)/V", 1, 0), ("0.2/\\xb5V", 1, 0)],
)
@pytest.mark.parametrize("variable", [False, True])
def test_segments_of_other_units_and_gains(tmp_path: Path, gain: str, factor: int, offset: int, variable: bool) -> None:
    segment(tmp_path, "s1", "s1.dat 16 200(0)/mV 16 0 0 0 0 II", words(DIGITAL[:500]))
    segment(tmp_path, "s2", f"s2.dat 16 {gain} 16 0 0 0 0 II", words(DIGITAL[500:] * factor + offset))
    put(tmp_path, "lay 1 250 0\n~ 0 200(0)/mV 16 0 0 0 0 II", name="lay.hea")
    lines = ["lay 0", "s1 500", "s2 500"] if variable else ["s1 500", "s2 500"]
    put(tmp_path, "\n".join([f"a/{len(lines)} 1 250 1000", *lines]))
    np.testing.assert_allclose(opened(tmp_path).signal[0], BEATS, atol=1e-5)


def test_a_lead_that_a_segment_lacks_is_a_gap_there_and_said(tmp_path: Path) -> None:
    two = "s1.dat 16 200(0)/mV 16 0 0 0 0 II\ns1.dat 16 200(0)/mV 16 0 0 0 0 V1"
    segment(tmp_path, "s1", two, words(np.repeat(DIGITAL[:500], 2)), head="2 250 500")
    segment(tmp_path, "s2", "s2.dat 16 200(0)/mV 16 0 0 0 0 V1", words(DIGITAL[500:]))
    lay = "lay 3 250 0\n" + "".join(f"~ 0 200(0)/mV 16 0 0 0 0 {name}\n" for name in ("V1", "II", "PLETH"))
    put(tmp_path, lay, name="lay.hea")
    put(tmp_path, "a/4 3 250 1100\nlay 0\ns1 500\n~ 100\ns2 500")
    record = opened(tmp_path)
    assert record.leads == ("V1", "II")
    assert np.isnan(record.signal[:, 500:600]).all()
    np.testing.assert_allclose(record.signal[0, 600:], BEATS[500:], atol=1e-6)
    assert np.isnan(record.signal[1, 600:]).all()
    assert "Lead II is missing in 1 of 2 segments: gaps there." in record.notes


def test_segments_whose_frames_hold_several_samples(tmp_path: Path) -> None:
    for name, part in (("s1", DIGITAL[:500]), ("s2", DIGITAL[500:])):
        segment(tmp_path, name, f"{name}.dat 16x4 200(0)/mV 16 0 0 0 0 II", words(part), head="1 62.5 125")
    put(tmp_path, "a/3 1 62.5 260\ns1 125\n~ 10\ns2 125")
    record = opened(tmp_path)
    assert (record.fs, record.samples) == (250.0, 1040)
    assert np.isnan(record.signal[0, 500:540]).all()
    np.testing.assert_allclose(record.signal[0, 540:], BEATS[500:], atol=1e-6)


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("s1 500\ns3 500", "line 3: the segment s3.hea is missing"),
        ("s1 400\ns2 500", "line 2: states 400 samples, and s1.hea 500"),
        ("s1 500\n../s2 500", "outside its folder"),
        ("s1 500\ns2", "is not `segment samples`"),
        ("s1 500\n~ 99999999999", "states 1000 samples, and its segments hold"),
        ("s1 500\na 500", "is a segment and has segments itself"),
        ("~ 500\n~ 500", "has no signal file"),
    ],
)
def test_segments_that_cannot_be_used_are_named(tmp_path: Path, lines: str, reason: str) -> None:
    for name in ("s1", "s2"):
        segment(tmp_path, name, f"{name}.dat 16 200(0)/mV 16 0 0 0 0 II", words(DIGITAL[:500]))
    put(tmp_path, f"a/2 1 250 1000\n{lines}")
    assert reason in " ".join(one.reason for one in WfdbFolder(tmp_path).list() if isinstance(one, Problem))


def test_a_gap_of_many_times_the_recording_is_refused_before_memory_is_asked(tmp_path: Path) -> None:
    segment(tmp_path, "s1", "s1.dat 16 200(0)/mV 16 0 0 0 0 II", words(DIGITAL[:500]))
    put(tmp_path, "a/2 1 250 0\ns1 500\n~ 99999999999")
    assert "long with its gaps" in refusal(tmp_path)


def test_segments_at_two_rates_are_refused(tmp_path: Path) -> None:
    segment(tmp_path, "s1", "s1.dat 16 200(0)/mV 16 0 0 0 0 II", words(DIGITAL[:500]))
    segment(tmp_path, "s2", "s2.dat 16 200(0)/mV 16 0 0 0 0 II", words(DIGITAL[500:]), head="1 500 500")
    put(tmp_path, "a/2 1 250 1000\ns1 500\ns2 500")
    assert "s2.hea is at 500 Hz, the record at 250 Hz" in refusal(tmp_path)


def annotation(*marks: tuple[int, int], clock: str = "", end: bool = True) -> bytes:
    """An annotation file of (time, code), each time by SKIP; a note of its clock first."""
    data = b""
    if clock:
        text = f"## time resolution: {clock}".encode()
        data += struct.pack("<HH", 22 << 10, 63 << 10 | len(text)) + text + bytes(len(text) % 2)
    now = 0
    for time, code in marks:
        step = time - now
        data += struct.pack("<HHHH", 59 << 10, step >> 16 & 0xFFFF, step & 0xFFFF, code << 10)
        now = time
    return data + (b"\0\0" if end else b"")


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


def test_signals_of_one_file_that_begin_at_different_bytes_are_refused(tmp_path: Path) -> None:
    put(
        tmp_path, "a 2 250 500\na.dat 16+24 200/mV 16 0 0 0 0 I\na.dat 16 200/mV 16 0 0 0 0 II", a_dat=PLAIN + bytes(24)
    )
    assert "line 3: signals of a.dat are said to begin after 24 and 0 bytes" in refusal(tmp_path)


UNITS = {"mV": 1.0, "uV": 1e-3, "V": 1e3, "nV": 1e-6}


@pytest.mark.parametrize("seed", range(24))
def test_any_header_reads_as_the_publishers_library_reads_it(tmp_path: Path, seed: int) -> None:
    random = np.random.default_rng(seed)
    fmt = int(random.choice([16, 24, 32, 61, 80, 160, 212, 310, 311]))
    count, frames = int(random.integers(1, 4)), int(random.integers(300, 400))
    top = 2 ** ({80: 8, 310: 10, 311: 10, 212: 12}.get(fmt, 14) - 1) - 1
    values = random.integers(-top, top, (frames, count))
    lines = [f"a {count} {random.choice(['250', '360/360', '500/1000(0)', '128.5'])} {frames} 12:00:00"]
    for lead in range(count):
        unit = str(random.choice(list(UNITS)))
        gain = round(float(random.uniform(0.5, 2.0)) * top / 2 * UNITS[unit], 9)
        baseline, zero = int(random.integers(-20, 20)), int(random.integers(-20, 20))
        scale = f"{gain:.9f}({baseline})/{unit}" if random.random() < 0.5 else f"{gain:.9f}/{unit}"
        lines.append(f"a.dat {fmt} {scale} 12 {zero} 0 0 0 {('I', 'II', 'V1')[lead]}")
    put(tmp_path, "\n".join(lines), a_dat=packed(fmt, values.reshape(-1)))
    right = wfdb.rdrecord(str(tmp_path / "a"))
    record = opened(tmp_path)
    assert (record.fs, record.leads) == (right.fs, tuple(right.sig_name))
    factors = [UNITS[unit] for unit in right.units]
    np.testing.assert_allclose(record.signal, (right.p_signal * factors).T, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("symbols", ["NVNL/", "N" * 300])
def test_written_annotations_read_as_the_publishers_library_reads_them(tmp_path: Path, symbols: str) -> None:
    random = np.random.default_rng(len(symbols))
    samples = np.cumsum(random.choice([0, 1, 700, 1023, 1024, 90_000, 70_000_000], len(symbols))).tolist()
    marks = [Written(at, symbol, "odd" * (at % 3)) for at, symbol in zip(samples, symbols, strict=True)]
    (tmp_path / "a.ann").write_bytes(annotation_bytes([*marks, Written(samples[-1] + 5, "my word", "note é")], 360.0))
    found = wfdb.rdann(str(tmp_path / "a"), "ann")
    assert found.fs == 360
    assert found.sample.tolist() == [*samples, samples[-1] + 5]
    assert found.symbol == [*symbols, '"']
    assert [note.rstrip("\0") for note in found.aux_note] == ["odd" * (at % 3) for at in samples] + ["my word; note ?"]
