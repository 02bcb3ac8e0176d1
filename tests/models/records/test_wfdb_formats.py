"""WFDB signals: every format, frame, skew and gap of signal(5)."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
import wfdb
from wfdb_files import BEATS, DIGITAL, LEAST, SCALE, opened, packed, put, words

from models.records.wfdb_formats import count_in, size_of, unpacked


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


@pytest.mark.parametrize("frames", [999, 1000, 1001])
@pytest.mark.parametrize("leads", [1, 2])
@pytest.mark.parametrize("fmt", [16, 24, 32, 61, 80, 160, 212, 310, 311])
def test_the_last_values_are_those_of_another_reader(tmp_path: Path, fmt: int, leads: int, frames: int) -> None:
    rng = np.random.default_rng(fmt)
    values = rng.integers(-120, 120, (frames, leads))
    data = packed(fmt, values.reshape(-1)) + bytes(2)  # beyond the end, as libraries pad
    lines = [f"a.dat {fmt} 100(0)/mV 8 0 0 0 0 V{i + 1}" for i in range(leads)]
    put(tmp_path, "\n".join([f"a {leads} 250 {frames}", *lines]), a_dat=data)
    theirs = wfdb.rdrecord(str(tmp_path / "a")).p_signal
    np.testing.assert_allclose(opened(tmp_path).signal.T, theirs, atol=1e-6)
    np.testing.assert_allclose(theirs, values / 100, atol=1e-6)
