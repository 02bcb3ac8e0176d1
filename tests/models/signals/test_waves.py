"""Wave boundaries: order, gaps, broad beats and the P wave that repeats."""

import numpy as np
import pytest

from models.evaluation.waves import BoundaryErrors, judge, read_marks
from models.records.record import Record
from models.signals.waves import NONE, broad, delineate, repeating, steepness, waves

FS = 500.0


def bump(time: np.ndarray, at: float, width: float, height: float) -> np.ndarray:
    """A wave of `height` mV, about 4 `width` seconds long."""
    return np.asarray(height * np.exp(-0.5 * ((time - at) / width) ** 2))


def rhythm(beats: int = 8, qrs: float = 0.012, p: bool = True) -> tuple[np.ndarray, np.ndarray]:
    """Signal [samples] and R peaks of a made-up rhythm of 75 bpm: P, QRS and T where the caller knows them."""
    time = np.arange(int((beats + 1) * 0.8 * FS)) / FS
    r = 0.8 * (np.arange(beats) + 0.75)
    signal = np.zeros_like(time)
    for peak in r:
        signal += (
            bump(time, peak, qrs, 1.0) - bump(time, peak + 2.6 * qrs, qrs, 0.3) + bump(time, peak + 0.3, 0.04, 0.3)
        )
        if p:
            signal += bump(time, peak - 0.17, 0.02, 0.15)
    return signal, np.round(r * FS).astype(np.int64)


def test_waves_come_in_order_and_near_where_they_were_put() -> None:
    signal, r = rhythm()
    found = delineate(signal, FS, r)[4]
    assert found.p is not None
    assert found.qrs is not None
    assert found.t is not None
    assert found.p.onset < found.p.offset <= found.qrs.onset < r[4] < found.qrs.offset <= found.t.onset < found.t.offset
    assert abs(found.qrs.onset - (r[4] - 0.03 * FS)) < 0.02 * FS
    assert found.t.onset < r[4] + 0.3 * FS < found.t.offset
    assert found.p.onset < r[4] - 0.17 * FS < found.p.offset


def test_a_broad_qrs_is_not_cut_at_the_librarys_reach() -> None:
    signal, r = rhythm(qrs=0.035, p=False)
    found = delineate(signal, FS, r)[4]
    assert found.qrs is not None
    assert found.qrs.onset < r[4] - 0.06 * FS
    assert found.qrs.offset > r[4] + 0.09 * FS


def test_flanks_that_never_flatten_have_no_boundary() -> None:
    slope = np.arange(400, dtype=np.float64) % 200
    onset, end = broad(steepness(np.abs(slope - 100), FS), FS, 200)
    assert np.isnan(onset) or np.isnan(end)


def test_only_a_hump_that_keeps_its_distance_is_a_p_wave() -> None:
    regular = np.array([80.0, 81.0, 79.0, 80.0, 120.0])
    assert repeating(regular, FS).tolist() == [True, True, True, True, False]
    wandering = np.array([40.0, 80.0, 120.0, 60.0, 100.0])
    assert not repeating(wandering, FS).any()
    assert not repeating(np.full(3, np.nan), FS).any()


@pytest.mark.parametrize("fs", [128.0, 250.0, 360.0, 1000.0])
def test_any_sampling_frequency(fs: float) -> None:
    signal, r = rhythm()
    time = np.arange(int(len(signal) * fs / FS)) / fs
    resampled = np.interp(time, np.arange(len(signal)) / FS, signal)
    found = delineate(resampled, fs, np.round(r * fs / FS).astype(np.int64))[4]
    assert found.qrs is not None
    assert found.qrs.onset / fs == pytest.approx(r[4] / FS - 0.03, abs=0.03)


def test_gap_too_few_beats_and_flat_signal_give_nothing() -> None:
    signal, r = rhythm()
    assert delineate(signal, FS, r[:3]) == [NONE] * 3
    assert delineate(np.zeros_like(signal), FS, r) == [NONE] * len(r)
    broken = signal.copy()
    broken[r[4] + 40 : r[4] + 60] = np.nan
    record = Record("x", "x", np.stack([signal, broken]).astype(np.float32), FS, ("I", "II"))
    assert waves(record, 0, r, 4).qrs is not None
    assert waves(record, 1, r, 4) == NONE
    assert waves(record, 1, r, 0).qrs is not None  # away from the gap


def test_ludb_marks_are_read_and_judged() -> None:
    marks = read_marks([5, 10, 15, 20, 25, 30, 40], ["(", "p", ")", "(", "N", ")", "t"])
    assert marks == {"P": [(5, 10, 15)], "QRS": [(20, 25, 30)], "T": [(None, 40, None)]}
    signal, r = rhythm()
    names = [f"{wave} {side}" for wave in ("P", "QRS", "T") for side in ("onset", "end")]
    tallies = {name: BoundaryErrors() for name in names}
    spans = [(int(p) - 15, int(p), int(p) + 30) for p in r]
    assert judge(tallies, signal, FS, {"P": [], "QRS": spans, "T": []}) == len(r) - 2
    assert tallies["QRS onset"].sensitivity == 1.0
    assert max(map(abs, tallies["QRS onset"].errors)) < 20
    assert tallies["P onset"].false == len(r) - 2  # there are P waves, and this reference has none
    assert tallies["P onset"].ppv == 0.0


def test_tally_counts_what_is_far_as_missed_and_false() -> None:
    tally = BoundaryErrors()
    tally.add(100, 105, FS)
    tally.add(100, 400, FS)
    tally.add(None, 50, FS)
    tally.add(50, None, FS)
    tally.add(None, None, FS)
    assert (tally.errors, tally.missed, tally.false) == ([10.0], 2, 2)
    assert tally.sensitivity == tally.ppv == pytest.approx(1 / 3)


def test_a_wave_that_begins_at_the_first_sample_costs_no_other_beat_its_waves() -> None:
    """NeuroKit2 leaves out a boundary at sample 0, so that its lists are shorter than the beats."""
    signal, r = rhythm()
    whole = delineate(signal, FS, r)[4]
    assert whole.p is not None
    assert whole.t is not None
    for start in range(180, 230, 10):  # in and around the first beat's P wave
        found = delineate(signal[start:], FS, r - start)[4]
        assert found.p is not None
        assert found.t is not None
        assert abs(found.p.onset + start - whole.p.onset) <= 0.01 * FS
        assert abs(found.t.offset + start - whole.t.offset) <= 0.01 * FS
