"""WFDB folders: formats, faults, and what the headers of real databases look like."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import wfdb
from numpy.typing import NDArray

from models.errors import BadRecordError, NotFoundError
from models.records import Entry, Problem, catalogue
from models.records.wfdb_folder import WfdbFolder, demographics

DIGITAL = np.stack([np.arange(-60, 60), np.arange(60, -60, -1)], axis=1)  # [samples, leads]


def write(
    folder: Path, name: str = "a", fmt: str = "16", digital: NDArray[np.int64] = DIGITAL, **fields: object
) -> None:
    """A record of two leads, 200 units per mV, 250 Hz."""
    folder.mkdir(parents=True, exist_ok=True)
    wfdb.wrsamp(
        name, fs=250, units=["mV"] * 2, sig_name=["II", "V1"], d_signal=digital, fmt=[fmt] * 2,
        adc_gain=[200.0] * 2, baseline=[0] * 2, write_dir=str(folder),
    )  # fmt: skip


def edit(folder: Path, old: str, new: str, name: str = "a") -> None:
    """Changes the header `name`."""
    header = folder / f"{name}.hea"
    text = header.read_text()
    assert old in text
    header.write_text(text.replace(old, new))


def open_only(folder: Path) -> NDArray[np.float32]:
    source = WfdbFolder(folder)
    (entry,) = source.list()
    assert isinstance(entry, Entry)
    return source.open(entry.id).signal


def packed(fmt: str, values: NDArray[np.int64]) -> bytes:
    """Formats 310 and 311 (three 10-bit samples in four bytes) by the WFDB manual, since wfdb only reads them."""
    data = bytearray()
    for a, b, c in (values.reshape(-1, 3) & 0x3FF).tolist():
        if fmt == "310":
            low = ((a & 0x7F) << 1) | ((a >> 7) << 8) | ((c & 0x1F) << 11)
            high = ((b & 0x7F) << 1) | ((b >> 7) << 8) | ((c >> 5) << 11)
            data += low.to_bytes(2, "little") + high.to_bytes(2, "little")
        else:
            data += (a | (b << 10) | (c << 20)).to_bytes(4, "little")
    return bytes(data)


@pytest.mark.parametrize("fmt", ["80", "212", "16", "24", "32"])
def test_formats_that_wfdb_writes_come_back_in_millivolts(tmp_path: Path, fmt: str) -> None:
    write(tmp_path, fmt=fmt)
    np.testing.assert_allclose(open_only(tmp_path), DIGITAL.T / 200.0, rtol=1e-6)


@pytest.mark.parametrize("fmt", ["310", "311"])
def test_ten_bit_formats(tmp_path: Path, fmt: str) -> None:
    digital = np.linspace(-500, 500, 120).astype(np.int64)
    (tmp_path / "a.dat").write_bytes(packed(fmt, digital))
    (tmp_path / "a.hea").write_text(f"a 1 250 120\na.dat {fmt} 200(0)/mV 10 0 -500 {digital.sum() % 65536} 0 II\n")
    np.testing.assert_allclose(open_only(tmp_path)[0], digital / 200.0, rtol=1e-6)


def test_multi_segment_record_is_one_recording_with_its_gap(tmp_path: Path) -> None:
    write(tmp_path, "s1")
    write(tmp_path, "s2", digital=DIGITAL[::-1])
    (tmp_path / "m.hea").write_text("m/3 2 250 270\ns1 120\n~ 30\ns2 120\n")
    (entry,) = WfdbFolder(tmp_path, "x").list()
    assert isinstance(entry, Entry)
    assert (entry.id, entry.samples, entry.leads) == ("x~m", 270, ("II", "V1"))
    signal = open_only(tmp_path)
    np.testing.assert_allclose(signal[:, :120], DIGITAL.T / 200.0, rtol=1e-6)
    assert np.isnan(signal[:, 120:150]).all()
    np.testing.assert_allclose(signal[:, 150:], DIGITAL[::-1].T / 200.0, rtol=1e-6)


def test_variable_layout_puts_each_lead_in_its_place(tmp_path: Path) -> None:
    write(tmp_path, "s1")
    write(tmp_path, "s2")
    lines = (tmp_path / "s2.hea").read_text().splitlines()
    lines[1:] = [lines[1].replace(" II", " V1"), lines[2].replace(" V1", " II")]  # other order of leads
    (tmp_path / "s2.hea").write_text("\n".join(lines) + "\n")
    (tmp_path / "lay.hea").write_text("lay 2 250 0\n~ 0 200(0)/mV 16 0 0 0 0 II\n~ 0 200(0)/mV 16 0 0 0 0 V1\n")
    (tmp_path / "m.hea").write_text("m/4 2 250 270\nlay 0\ns1 120\n~ 30\ns2 120\n")
    signal = open_only(tmp_path)
    np.testing.assert_allclose(signal[:, :120], DIGITAL.T / 200.0, rtol=1e-6)
    assert np.isnan(signal[:, 120:150]).all()
    np.testing.assert_allclose(signal[:, 150:], DIGITAL.T[::-1] / 200.0, rtol=1e-6)


def test_a_damaged_segment_is_named(tmp_path: Path) -> None:
    write(tmp_path, "s1")
    write(tmp_path, "s2")
    (tmp_path / "m.hea").write_text("m/2 2 250 240\ns1 120\ns2 120\n")
    (tmp_path / "s2.dat").unlink()
    (problem,) = [found for found in WfdbFolder(tmp_path).list() if isinstance(found, Problem)]
    assert problem.file.endswith("s2.hea")
    assert problem.reason.endswith("the signal file s2.dat is missing")


def no_lead(folder: Path) -> None:
    (folder / "a.hea").write_text("a 0 250 120\n")


def empty_lead(folder: Path) -> None:
    edit(folder, "a 2 250 120", "a 2 250 0")
    (folder / "a.dat").write_bytes(b"")


def cut_short(folder: Path) -> None:
    (folder / "a.dat").write_bytes((folder / "a.dat").read_bytes()[:100])


def flipped_sample(folder: Path) -> None:
    data = bytearray((folder / "a.dat").read_bytes())
    data[40] ^= 1
    (folder / "a.dat").write_bytes(data)


FAULTS: dict[str, tuple[Callable[[Path], object], str]] = {
    "broken header": (
        lambda f: (f / "a.hea").write_bytes(b"\x00\xffnonsense"),
        r"a\.hea: line 1: .* is not `name leads fs",
    ),
    "empty header": (lambda f: (f / "a.hea").write_text(""), r"a\.hea: line 1: there is nothing"),
    "no lead": (no_lead, r"a\.hea: has no leads"),
    "missing data file": (lambda f: (f / "a.dat").unlink(), r"a\.hea: line 2: the signal file a\.dat is missing"),
    "cut short": (cut_short, r"a\.dat is cut short: 100 of 480 bytes"),
    "a gain of words": (lambda f: edit(f, "200.0(0)/mV", "200,5(0)/mV"), r"a\.hea: line 2: gain '200,5\(0\)/mV'"),
    "unknown format": (lambda f: edit(f, "a.dat 16 ", "a.dat 99 "), r"a\.hea: line 2: unknown signal format '99'"),
    "not volts": (lambda f: edit(f, "/mV", "/mmHg"), r"a\.hea: no lead is in volts"),
    "empty lead": (empty_lead, r"a\.hea: is empty"),
    "all missing": (lambda f: write(f, digital=np.full((120, 2), -32768)), r"a\.hea: lead II has no valid sample"),
    "wrong checksum": (flipped_sample, r"a\.hea: wrong checksum of lead II: stated 65476, found 65477"),
    "file outside": (lambda f: edit(f, "a.dat ", "../a.dat "), r"a\.hea: line 2: names a file outside"),
    "huge": (lambda f: edit(f, "a 2 250 120", "a 2 250 99999999999"), r"a\.dat is cut short"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_file_and_reason_and_spares_the_others(tmp_path: Path, fault: str) -> None:
    write(tmp_path, "good")
    write(tmp_path)
    damage, message = FAULTS[fault]
    damage(tmp_path)
    everything = catalogue([tmp_path])
    listed = [f"{problem.file}: {problem.reason}" for problem in everything.problems()]
    if not listed:
        with pytest.raises(BadRecordError) as caught:
            everything.open(f"{tmp_path.name}~a")
        listed = [str(caught.value)]
    assert len(listed) == 1
    assert re.search(message, listed[0]), listed[0]
    assert everything.open(f"{tmp_path.name}~good").samples == 120


def test_a_gap_is_nan_and_does_not_stop_reading(tmp_path: Path) -> None:
    digital = DIGITAL.copy()
    digital[10:20, 0] = -32768  # format 16's mark of a missing sample
    write(tmp_path, digital=digital)
    signal = open_only(tmp_path)
    assert np.isnan(signal[0, 10:20]).all()
    assert np.isfinite(signal).sum() == 230


def test_units_become_millivolts_and_other_leads_are_left_out(tmp_path: Path) -> None:
    write(tmp_path)
    header = tmp_path / "a.hea"
    lines = header.read_text().splitlines()
    header.write_text("\n".join([lines[0], lines[1].replace("/mV", "/uV"), lines[2].replace("/mV", "/mmHg")]))
    np.testing.assert_allclose(open_only(tmp_path), DIGITAL.T[:1] / 200.0 / 1000.0, rtol=1e-6)


def test_a_gain_that_is_not_stated_is_said_to_be_assumed(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(np.arange(100, dtype="<i2").tobytes())
    (tmp_path / "a.hea").write_text("a 1 250 100\na.dat 16\n")
    (entry,) = WfdbFolder(tmp_path).list()
    assert isinstance(entry, Entry)
    assert entry.leads == ("lead 1",)
    assert entry.notes[0] == "The header states no gain for lead 1: 200 per mV was assumed (WFDB default)."


def test_checksums_that_were_never_computed_are_not_wrong(tmp_path: Path) -> None:
    (tmp_path / "a.dat").write_bytes(np.arange(100, dtype="<i2").tobytes())
    (tmp_path / "a.hea").write_text("a 1 250 100\na.dat 16 1000/mV 16 0 0 0 0 ECG\n")
    assert open_only(tmp_path).shape == (1, 100)


def test_ids_are_unique_safe_and_never_lead_outside(tmp_path: Path) -> None:
    for folder in ("one/x y", "one/x-y"):
        write(tmp_path / "inner" / folder)
    write(tmp_path / "outer")
    (tmp_path / "inner" / "link").symlink_to(tmp_path / "outer")
    (tmp_path / "inner" / "b.hea").symlink_to(tmp_path / "outer" / "a.hea")
    source = WfdbFolder(tmp_path / "inner")
    ids = [entry.id for entry in source.list() if isinstance(entry, Entry)]
    assert sorted(ids) == ["inner~one~x-y~a", "inner~one~x-y~a-2"]
    for outside in ("inner~..~outer~a", "inner~../outer/a", "../outer/a", "inner~link~a", ""):
        with pytest.raises(NotFoundError, match="Unknown recording"):
            source.open(outside)


def test_folders_of_equal_name_and_missing_folders(tmp_path: Path) -> None:
    write(tmp_path / "p" / "ecg")
    write(tmp_path / "q" / "ecg")
    everything = catalogue([tmp_path / "p" / "ecg", tmp_path / "q" / "ecg", tmp_path / "none"])
    ids = [entry.id for entry in everything.entries() if not entry.id.startswith("demo~")]
    assert ids == ["ecg~a", "ecg-2~a"]
    assert everything.problems() == [Problem(str(tmp_path / "none"), "is not a folder")]


def test_annotations_keep_beats_only(tmp_path: Path) -> None:
    write(tmp_path)
    wfdb.wrann("a", "atr", np.array([5, 20, 40, 60]), symbol=["+", "N", "V", "~"], write_dir=str(tmp_path))
    source = WfdbFolder(tmp_path, "x")
    beats = source.annotations("x~a")
    assert beats is not None
    assert beats.samples.tolist() == [20, 40]
    assert beats.symbols == ("N", "V")
    assert beats.source == "reference (atr)"


def test_a_broken_annotation_file_is_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "a.atr").write_bytes(b"\x01")
    with pytest.raises(BadRecordError, match=r"a\.atr: "):
        open_only(tmp_path)


@pytest.mark.parametrize(
    ("comments", "expected"),
    [
        (("69 M 1085 1629 x1", "Aldomet, Inderal"), (69, "M")),
        (("-1 M 1960 2851 x1",), (None, "M")),
        (("<age>: 51", "<sex>: F"), (51, "F")),
        (("age: 81", "sex: female"), (81, "F")),
        (("The PVCs are uniform.", "10 mm"), (None, None)),
    ],
)
def test_age_and_sex(comments: tuple[str, ...], expected: tuple[int | None, str | None]) -> None:
    assert demographics(comments) == expected


@pytest.mark.data
def test_mitbih_reads_as_its_publisher_says(mitdb: Path) -> None:
    everything = catalogue([mitdb])
    entries = [entry for entry in everything.entries() if entry.source == "mitdb"]
    assert len(entries) == 48
    assert everything.problems() == []
    entry = everything.entry("mitdb~208")
    assert (entry.age, entry.sex, entry.leads, entry.fs, entry.samples) == (23, "F", ("MLII", "V1"), 360.0, 650000)
    assert entry.comments[2].startswith("The PVCs are uniform.")
    record = everything.open("mitdb~208")
    assert record.sha256 == "22873623623c44ee413a5b60cacb15d4af2723734836fb3ae45d9ff96bdb36e7"  # SHA256SUMS.txt
    assert record.annotations is not None
    assert len(record.annotations.samples) == 2955
    assert record.signal[0, 0] == pytest.approx((1003 - 1024) / 200)
    assert everything.open("mitdb~208") is record
    assert everything.entry("mitdb~114").leads == ("V5", "MLII")


@pytest.mark.data
def test_the_excerpt_is_the_record_it_says_it_is(mitdb: Path) -> None:
    everything = catalogue([mitdb])
    excerpt = everything.open("demo~208-excerpt").signal[0]
    whole = everything.open("mitdb~208").signal[0]
    np.testing.assert_array_equal(excerpt, whole[422_820 : 422_820 + 108_000])


@pytest.mark.data
def test_one_flipped_bit_of_a_real_record_is_found(mitdb: Path, tmp_path: Path) -> None:
    for name in ("100.hea", "100.dat"):
        shutil.copyfile(mitdb / name, tmp_path / name)
    data = bytearray((tmp_path / "100.dat").read_bytes())
    data[300_000] ^= 4
    (tmp_path / "100.dat").write_bytes(data)
    with pytest.raises(BadRecordError, match=r"100\.hea: wrong checksum of lead"):
        open_only(tmp_path)
