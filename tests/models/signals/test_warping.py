"""Warped signals, and what of a warp no heart does."""

import numpy as np
import pytest

from models.signals.warping import plausibility, spread, warped

FS, T = 100.0, 1000
PEAKS = np.arange(80, 950, 80)
SAMPLES = np.arange(T, dtype=np.float64)


def test_reading_in_place_changes_nothing_and_beyond_the_ends_holds_them() -> None:
    signal = np.random.default_rng(0).normal(size=(2, T))
    np.testing.assert_array_equal(warped(signal, SAMPLES), signal)
    np.testing.assert_array_equal(warped(signal, SAMPLES - 5)[:, :5], np.repeat(signal[:, :1], 5, axis=1))
    np.testing.assert_allclose(warped(signal, SAMPLES[:-1] + 0.5), (signal[:, 1:] + signal[:, :-1]) / 2)


def test_a_signal_in_its_place_is_plausible() -> None:
    found = plausibility(SAMPLES, PEAKS, FS)
    assert (found.folds, found.widths_changed, found.short_intervals) == (0, 0, 0)
    assert (found.beats_before, found.beats_after) == (len(PEAKS), len(PEAKS))
    assert found.spread_after == pytest.approx(found.spread_before, abs=1e-9)


def test_beats_at_the_ends_are_not_lost() -> None:
    ends = np.array([0, 500, T - 1])
    assert plausibility(SAMPLES, ends, FS).beats_after == 3


@pytest.mark.parametrize(("factor", "changed"), [(0.9, 0), (1.15, 0), (0.7, 1), (1.5, 1)])
def test_a_stretched_or_pressed_qrs_is_counted(factor: float, changed: int) -> None:
    # Around 480 the signal is read `factor` times as fast; its QRS becomes 1 / factor as long.
    near = np.clip(SAMPLES - 480, -20, 20)
    positions = SAMPLES + (factor - 1) * near
    found = plausibility(positions, PEAKS, FS)
    assert (found.widths_changed, found.folds, found.beats_after) == (changed, 0, len(PEAKS))


def test_a_fold_is_counted_with_the_beats_it_doubles() -> None:
    back = 60 * np.clip((SAMPLES - 500) / 20, 0, 1)  # within 20 samples it runs back by 40
    found = plausibility(SAMPLES - back, np.array([480, 700]), FS)
    assert found.folds == 1
    assert (found.beats_before, found.beats_after) == (2, 4)
    assert found.widths_changed > 0


def test_intervals_that_became_too_short_are_counted() -> None:
    squeezed = np.interp(SAMPLES, [0, 400, 425, T - 1], [0, 400, 480, T - 1])
    assert plausibility(squeezed, PEAKS, FS).short_intervals == 1


def test_the_spread_of_rr_is_in_milliseconds() -> None:
    assert spread(np.array([0, 80, 180]), FS) == pytest.approx(100)
    assert spread(np.array([5]), FS) == 0
