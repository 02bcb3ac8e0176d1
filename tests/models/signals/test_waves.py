"""Wave boundaries: order, gaps, broad beats, beats without a P wave; their errors."""

import numpy as np
import pytest

from models.evaluation.waves import PARTS, BoundaryErrors, Judgement, judge, markdown, measured, read_marks
from models.records.record import Record
from models.signals.wave_errors import BOUNDARIES, BROAD, HELD, VERY_BROAD, WIDTHS, ranges, width_of
from models.signals.waves import NONE, delineate, spans, waves

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
    assert abs(found.qrs.onset - (r[4] - 0.036 * FS)) < 0.02 * FS  # three widths of the bump
    assert found.t.onset < r[4] + 0.3 * FS < found.t.offset
    assert found.p.onset < r[4] - 0.17 * FS < found.p.offset


def test_a_broad_qrs_is_whole() -> None:
    signal, r = rhythm(qrs=0.035, p=False)
    found = delineate(signal, FS, r)[4]
    assert found.qrs is not None
    assert found.qrs.onset < r[4] - 0.05 * FS
    assert found.qrs.offset > r[4] + 0.09 * FS


def test_no_p_is_found_where_none_is() -> None:
    signal, r = rhythm(p=False)
    assert [found.p for found in delineate(signal, FS, r)[1:-1]] == [None] * (len(r) - 2)


def test_neither_unit_nor_polarity_decides() -> None:
    signal, r = rhythm()
    found = delineate(signal, FS, r)
    assert delineate(1000 * signal, FS, r) == found
    upside_down = delineate(-signal, FS, r)[4]
    assert upside_down.qrs is not None
    assert found[4].qrs is not None
    assert abs(upside_down.qrs.onset - found[4].qrs.onset) < 0.02 * FS


def test_stretches_are_those_where_a_wave_is_likelier_and_near_ones_are_one() -> None:
    chance = np.zeros(250)
    chance[50:60], chance[63:70], chance[120:130] = 1.0, 0.75, 0.75
    first, second = spans(chance, 0.0, 1.0)
    assert first == pytest.approx((49.5 / 250, (69 + 1 / 3) / 250))
    assert second == pytest.approx(((120 - 1 / 3) / 250, (129 + 1 / 3) / 250))
    assert spans(chance, 0.3, 0.4) == []
    assert spans(np.ones(250), 0.0, 1.0) == [(0.0, 249 / 250)]


@pytest.mark.parametrize("fs", [128.0, 250.0, 360.0, 1000.0])
def test_any_sampling_frequency(fs: float) -> None:
    signal, r = rhythm()
    time = np.arange(int(len(signal) * fs / FS)) / fs
    resampled = np.interp(time, np.arange(len(signal)) / FS, signal)
    found = delineate(resampled, fs, np.round(r * fs / FS).astype(np.int64))[4]
    assert found.qrs is not None
    assert found.qrs.onset / fs == pytest.approx(r[4] / FS - 0.036, abs=0.03)


def test_gap_short_and_flat_signals_give_nothing() -> None:
    signal, r = rhythm()
    assert delineate(signal[: int(0.9 * FS)], FS, r[:1]) == [NONE]
    assert delineate(signal, FS, r[:0]) == []
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
    found = Judgement()
    spans_ = [(int(p) - 20, int(p), int(p) + 28) for p in r]
    judge(found, signal, FS, {"P": [], "QRS": spans_, "T": []})
    assert found.beats == found.of == len(r) - 2
    assert found.boundaries["QRS onset"].sensitivity == 1.0
    assert max(map(abs, found.boundaries["QRS onset"].errors)) < 20
    assert found.qrs["QRS onset", "< 100 ms"].errors == found.boundaries["QRS onset"].errors
    assert found.boundaries["P onset"].false == len(r) - 2  # there are P waves, and this reference has none
    assert found.boundaries["P onset"].ppv == 0.0
    assert found.p == {(False, True): len(r) - 2}
    assert "none was found in 0.0%" in markdown(found, found, dict.fromkeys(PARTS, 1))


def test_ranges_hold_the_share_they_were_measured_for() -> None:
    found = Judgement()
    errors = np.random.default_rng(0).normal(5, 10, 2000)
    for name in BOUNDARIES:
        for width in WIDTHS:
            found.found_width[name, width].errors = errors.tolist()
    low, high = measured(found)["QRS end"]["broad"]
    assert np.mean((-errors >= low) & (-errors <= high)) == pytest.approx(HELD, abs=0.01)
    assert low < -5 - 10
    assert set(ranges()) == {(name, width) for name in BOUNDARIES for width in WIDTHS}
    assert all(earlier < later for earlier, later in ranges().values())


def test_each_width_of_a_qrs_has_ranges_of_its_own() -> None:
    assert [width_of(at) for at in (0.0, BROAD - 0.001, BROAD, VERY_BROAD - 0.001, VERY_BROAD)] == [
        "narrow", "narrow", "broad", "broad", "very broad"]  # fmt: skip
    reach = [sum(abs(end) for end in ranges()["QRS onset", width]) for width in WIDTHS]
    assert reach == sorted(reach)  # the broader, the less is known of where it begins


def test_tally_counts_what_is_far_as_missed_and_false() -> None:
    tally, near = BoundaryErrors(), (-0.01, 0.0)
    assert tally.add(100, 105, FS, near)
    assert not tally.add(100, 95, FS, near)
    assert not tally.add(100, 400, FS, near)
    assert not tally.add(None, 50, FS, near)
    assert not tally.add(50, None, FS, near)
    assert not tally.add(None, None, FS, near)
    assert (tally.errors, tally.held, tally.missed, tally.false) == ([10.0, -10.0], 1, 2, 2)
    assert tally.sensitivity == tally.ppv == 0.5
    assert tally.within(0.005) == 0.0


def test_a_wave_that_begins_at_the_first_sample_costs_no_other_beat_its_waves() -> None:
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
