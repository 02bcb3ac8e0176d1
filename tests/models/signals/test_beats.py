"""Filters, detectors, pairing, and the beats of a recording."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.signal import firwin, freqz

from models.cards import BandPass, InputSpec
from models.errors import InvalidError
from models.evaluation.detection import Detection, DetectorReport, detector_report, judge
from models.records import Annotations, Record, catalogue
from models.signals.beats import beats, paper_beats, placed
from models.signals.filters import bandpass, order_at
from models.signals.gaps import fill
from models.signals.preparing import prepare
from models.signals.resample import resample
from models.signals.rpeaks import detect, hamilton, match
from models.signals.windows import around

Make = Callable[..., Record]


def samples(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def test_the_papers_filter_has_order_108_at_360_hz() -> None:
    assert order_at(360.0) == BandPass().order == 108
    assert order_at(250.0) == 76  # int(0.3 · 250) = 75 made even


def test_bandpass_keeps_the_ecg_and_removes_drift_and_mains() -> None:
    t = np.arange(36000) / 360
    inner = slice(2000, -2000)
    for frequency, low, high in ((0.1, 0.0, 0.05), (15.0, 0.97, 1.03), (60.0, 0.0, 0.02)):
        out = bandpass(np.sin(2 * np.pi * frequency * t), 360)[inner]
        assert low <= np.abs(out).max() <= high


def test_bandpass_is_zero_phase_and_twice_the_firs_gain() -> None:
    impulse = np.zeros(2001)
    impulse[1000] = 1
    response = bandpass(impulse, 360)
    np.testing.assert_allclose(response, response[::-1], atol=1e-12)
    _, gain = freqz(firwin(109, [3, 45], pass_zero=False, fs=360), worN=4001, whole=True)
    _, both = freqz(response, worN=4001, whole=True)
    np.testing.assert_allclose(np.abs(both), np.abs(gain) ** 2, atol=1e-9)


def test_fill_bridges_by_lines_and_remembers() -> None:
    values, missing = fill([np.nan, 1.0, np.nan, np.nan, 4.0, np.nan])
    assert values.tolist() == [1, 1, 2, 3, 4, 4]
    assert missing.tolist() == [True, False, True, True, False, True]
    with pytest.raises(InvalidError, match="None of the lead's 3 samples"):
        fill([np.nan] * 3)


def test_match_pairs_nearest_first_and_uses_each_detection_once() -> None:
    assert match(samples(100, 200), samples(98, 205), 360).tolist() == [0, 1]
    assert match(samples(100, 130), samples(125), 360).tolist() == [-1, 0]
    assert match(samples(100), samples(90, 101), 360).tolist() == [1]
    assert match(samples(), samples(5), 360).tolist() == []
    assert match(samples(5), samples(), 360).tolist() == [-1]


def test_match_reaches_150_ms_and_no_further() -> None:
    assert match(samples(1000), samples(1000 + 54), 360).tolist() == [0]
    assert match(samples(1000), samples(1000 - 54), 360).tolist() == [0]
    assert match(samples(1000), samples(1000 + 55), 360).tolist() == [-1]


def test_reference_beats_come_first_and_only_beats(make_record: Make) -> None:
    record = make_record()
    assert record.annotations is not None
    marks = record.annotations
    mixed = Annotations(np.append(marks.samples, 7100), (*marks.symbols, "+"), marks.source)
    found = beats(replace(record, annotations=mixed), 0)
    np.testing.assert_array_equal(found.samples, marks.samples)
    assert found.symbols == marks.symbols
    assert found.source == "reference (atr)"
    assert found.counts() == {"N": len(marks.symbols)}


def test_marks_move_to_the_peak_of_this_lead_whichever_way_it_points(make_record: Make) -> None:
    record = make_record()
    assert record.annotations is not None
    true = record.annotations.samples
    late = replace(record, annotations=replace(record.annotations, samples=true + 12))
    upside_down = replace(late, signal=-late.signal)
    for each in (late, upside_down):
        found = beats(each, 1)
        np.testing.assert_array_equal(found.samples, true + 12)
        assert np.abs(found.r - true).max() <= 1


def test_a_recording_without_beat_marks_gets_the_detectors(make_record: Make) -> None:
    record = make_record()
    assert record.annotations is not None
    rhythm_only = Annotations(samples(5), ("+",), "reference (atr)")
    for marks in (None, rhythm_only):
        found = beats(replace(record, annotations=marks), 0)
        assert found.source == "detector (sleepecg)"
        assert found.symbols is None
        assert found.counts() == {}
        assert (match(record.annotations.samples, found.samples, 360) >= 0).all()


def test_the_detector_finds_nothing_in_a_gap_or_a_flat_lead(make_record: Make) -> None:
    record = make_record()
    signal = record.signal[0].copy()
    signal[2000:3500] = np.nan
    found = detect(signal, 360)
    assert not ((found >= 2000) & (found < 3500)).any()
    assert len(found) > 5
    assert detect(np.zeros(4000), 360).size == 0
    assert detect(signal[:100], 360).size == 0


def test_a_short_recording_keeps_its_marks(make_record: Make) -> None:
    record = make_record(seconds=20)
    short = replace(record, signal=record.signal[:, :300], annotations=Annotations(samples(100), ("N",), "x"))
    assert beats(short, 0).r.tolist() == [100]


def test_the_papers_beats_need_a_reference(make_record: Make) -> None:
    with pytest.raises(InvalidError, match="no reference beats"):
        paper_beats(make_record(annotations=None))


def test_hamilton_sits_on_positive_maxima(make_record: Make) -> None:
    record = make_record(seconds=30)
    filtered = bandpass(record.signal[0], 360)
    for peak in hamilton(filtered, 360):
        assert filtered[peak] == filtered[peak - 18 : peak + 18].max()


def test_detection_counts_add_up(make_record: Make) -> None:
    record = make_record(seconds=30)
    row = judge(record, "sleepecg")
    assert record.annotations is not None
    assert row.found + sum(row.missed.values()) == len(record.annotations.samples)
    assert row.sensitivity == 1.0
    assert row.ppv > 0.9
    assert row.far == 0
    halved = Detection("a", "sleepecg", 3, {"V": 1}, 1, far=1)
    assert (halved.sensitivity, halved.ppv, halved.misplaced) == (0.75, 0.75, pytest.approx(1 / 3))
    text = DetectorReport((halved,), (replace(halved, record="all"),)).markdown()
    assert "| sleepecg | 4 | 75.00% | 75.00% | 33.33% | V 1 |" in text
    assert "| a | 75.00% | 75.00% |" in text


@pytest.mark.data
def test_the_papers_protocol_on_real_records(mitdb: Path) -> None:
    """Pins record 208, where Hamilton misses 799 PVCs, and 100, where it misses next to nothing."""
    everything = catalogue([mitdb])
    found, missed = paper_beats(everything.open("mitdb~208"))
    assert missed["V"] == 799
    assert len(found) + sum(missed.values()) == 2955
    found, missed = paper_beats(everything.open("mitdb~100"))
    assert missed == {"N": 1}
    inputs, valid = around(prepare(everything.open("mitdb~100"), [0], InputSpec(fs=360)), found.r)
    assert (len(inputs), int(valid.sum())) == (2272, 2272)


@pytest.mark.data
def test_the_detectors_on_a_real_record(mitdb: Path, tmp_path: Path) -> None:
    for name in ("100.hea", "100.dat", "100.atr"):
        (tmp_path / name).symlink_to(mitdb / name)
    with pytest.raises(InvalidError, match="no recording with reference beats"):
        detector_report(tmp_path)  # links out of the folder are left aside
    for name in ("100.hea", "100.dat", "100.atr"):
        (tmp_path / name).unlink()
        (tmp_path / name).write_bytes((mitdb / name).read_bytes())
    told: list[float] = []
    report = detector_report(tmp_path, told.append)
    assert told == [1.0]
    assert [row.detector for row in report.overall] == ["sleepecg", "hamilton"]
    assert all(row.sensitivity > 0.999 and row.ppv == 1.0 for row in report.overall)


@pytest.mark.parametrize("fs", [30, 40, 50, 60])
def test_beats_of_a_slowly_sampled_lead_are_found_where_they_are(fs: int) -> None:
    record = catalogue().open("demo~208-excerpt")
    reference = detect(record.signal[0], record.fs) / record.fs
    found = detect(resample(record.signal[0], record.fs, fs), fs) / fs
    near = np.abs(reference[:, None] - found).min(axis=1) < 0.15
    assert near.mean() > 0.97
    assert len(found) < 1.1 * len(reference)


@pytest.mark.parametrize("fs", [20.0, 29.9])
def test_too_slow_a_lead_is_refused_unless_somebody_marked_its_beats(make_record: Make, fs: float) -> None:
    with pytest.raises(InvalidError, match=f"Beats cannot be found at {fs:g} Hz: 30 Hz are needed"):
        beats(make_record(fs=fs, annotations=None))
    assert len(beats(make_record(fs=fs))) == len(beats(make_record(fs=100.0)))


@pytest.mark.parametrize("fs", [250.0, 257.0, 1000.0])
def test_r_is_sought_at_the_models_rate_whatever_the_recordings(fs: float, make_record: Make) -> None:
    """The same signal at another rate has its windows where they were: its own grid moves no R peak."""
    own = make_record(seconds=60.0)
    signal = resample(np.asarray(own.signal[0], dtype=np.float64), 360.0, fs)[None]
    marks = own.annotations
    assert marks is not None
    moved = Annotations(np.rint(marks.samples * fs / 360).astype(np.int64), marks.symbols, marks.source)
    copy = replace(own, signal=signal.astype(np.float32), fs=fs, leads=own.leads[:1], units=own.units[:1],
                   annotations=moved, sha256="")  # fmt: skip
    one, peaks = placed(own, 0, 360.0)
    np.testing.assert_array_equal(peaks, one.r)
    other, again = placed(copy, 0, 360.0)
    assert np.abs(again - peaks).max() <= 1
    assert np.abs(other.r / fs - again / 360).max() <= 0.5 / fs + 1e-9
