"""WFDB records of several segments."""

from pathlib import Path

import numpy as np
import pytest
from wfdb_files import BEATS, DIGITAL, opened, put, refusal, words

from models.records import Problem
from models.records.wfdb_folder import WfdbFolder


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
