"""Other timing, other shapes: the seams, the beats' own waves and the intervals."""

from collections.abc import Sequence

import numpy as np
import pytest

from models.signals.cycles import aligned, boundaries, equal_intervals, fixed, mean_beats, regular, retimed
from models.signals.warping import warped

FS = 200.0
WAVES = {  # s from R, width in s, height
    "N": [(-0.16, 0.02, 0.15), (-0.02, 0.008, -0.1), (0.0, 0.01, 1.2), (0.03, 0.009, -0.25), (0.22, 0.04, 0.3)],
    "V": [(0.0, 0.03, 1.6), (0.06, 0.03, -0.5), (0.24, 0.05, -0.4)],
    "A": [(-0.02, 0.008, -0.1), (0.0, 0.01, 1.2), (0.03, 0.009, -0.25), (0.22, 0.04, 0.3)],  # no P
}


def recording(intervals: Sequence[float], symbols: str, noise: float = 0.005) -> tuple[np.ndarray, np.ndarray]:
    """Signal [1, samples] and R peaks; the first beat comes 0.6 s after the start, 0.7 s follow the last."""
    times = 0.6 + np.concatenate(([0.0], np.cumsum(intervals)))
    peaks = np.round(times * FS).astype(np.int64)
    t = np.arange(round((times[-1] + 0.7) * FS)) / FS
    signal = noise * np.random.default_rng(1).normal(size=len(t))
    for peak, symbol in zip(peaks / FS, symbols, strict=True):
        signal += sum(h * np.exp(-0.5 * ((t - peak - at) / width) ** 2) for at, width, h in WAVES[symbol])
    return signal[None], peaks


def fibrillation() -> tuple[np.ndarray, np.ndarray]:
    return recording(np.random.default_rng(3).uniform(0.42, 1.1, 30).tolist(), "A" * 31)


def bigeminy() -> tuple[np.ndarray, np.ndarray]:
    return recording([0.5, 1.1] * 12, "NV" * 12 + "N")


RHYTHMS = [fibrillation, bigeminy]


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_equal_intervals_keep_every_beat_and_have_no_spread(rhythm) -> None:
    signal, peaks = rhythm()
    equal, wanted = equal_intervals(signal, peaks, FS)
    assert np.ptp(np.diff(wanted)) == 0
    assert (equal.shape, len(wanted)) == (signal.shape, len(peaks))
    steep = np.flatnonzero((equal[0, 1:-1] > 0.8) & (equal[0, 1:-1] >= equal[0, 2:]) & (equal[0, 1:-1] > equal[0, :-2]))
    beats = steep[np.diff(steep, prepend=-100) > 0.1 * FS] + 1
    assert len(beats) == len(peaks)
    np.testing.assert_allclose(beats, wanted, atol=2)


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_a_beat_with_its_own_waves_is_moved_unchanged(rhythm) -> None:
    signal, peaks = rhythm()
    equal, wanted = equal_intervals(signal, peaks, FS)
    after, before = fixed(np.minimum(np.diff(peaks), np.diff(wanted)), FS)
    for i in range(1, len(peaks) - 1):
        own = np.arange(-before[i - 1], after[i] + 1)  # P wave, QRS and T wave
        np.testing.assert_allclose(equal[0, wanted[i] + own], signal[0, peaks[i] + own], atol=1e-9)
        assert before[i - 1] >= 0.12 * FS
        assert after[i] >= 0.25 * FS


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_no_step_is_larger_than_the_signals_own(rhythm) -> None:
    signal, peaks = rhythm()
    equal, wanted = equal_intervals(signal, peaks, FS)
    largest = np.abs(np.diff(signal)).max()
    for altered in (equal, *mean_beats(equal, wanted, peaks, FS)):
        assert np.abs(np.diff(altered)).max() <= largest + 1e-9


def test_in_diastole_steps_stay_as_small_as_there() -> None:
    signal, peaks = bigeminy()
    equal, wanted = equal_intervals(signal, peaks, FS)
    near = np.abs(np.arange(signal.shape[1])[:, None] - wanted).min(axis=1) > 0.36 * FS
    assert near.any()
    assert np.abs(np.diff(equal[0])[near[1:]]).max() < 0.1


@pytest.mark.parametrize("rhythm", RHYTHMS)
def test_mean_beats_are_all_alike_and_timed_as_asked(rhythm) -> None:
    signal, peaks = rhythm()
    equal, wanted = equal_intervals(signal, peaks, FS)
    both, timed = mean_beats(equal, wanted, peaks, FS)
    interval = int(wanted[1] - wanted[0])
    first, last = wanted[0], wanted[-1]
    np.testing.assert_allclose(both[:, first + interval : last], both[:, first : last - interval], atol=1e-12)
    reach = np.arange(-round(0.06 * FS), round(0.1 * FS))
    beats = timed[0, peaks[:, None] + reach]
    np.testing.assert_allclose(beats, np.broadcast_to(both[0, wanted[0] + reach], beats.shape), atol=1e-9)


def test_a_regular_rhythm_stays_as_it_is() -> None:
    signal, peaks = recording([0.8] * 12, "N" * 13)
    equal, wanted = equal_intervals(signal, peaks, FS)
    np.testing.assert_array_equal(wanted, peaks)
    np.testing.assert_allclose(equal, signal, atol=1e-9)


def test_back_to_the_old_timing_gives_the_old_signal_but_for_diastole() -> None:
    signal, peaks = fibrillation()
    samples = signal.shape[1]
    wanted = regular(peaks, samples)
    there = warped(signal, retimed(peaks, wanted, samples, FS))
    back = warped(there, retimed(wanted, peaks, samples, FS))
    reach = np.arange(-round(0.1 * FS), round(0.2 * FS))
    np.testing.assert_allclose(back[0, peaks[:, None] + reach], signal[0, peaks[:, None] + reach], atol=1e-9)


def test_a_window_may_begin_and_end_within_a_beat() -> None:
    signal, peaks = fibrillation()
    for first, last in ((peaks[0] - 2, peaks[-1] + 3), (peaks[0], peaks[-1] + 1)):
        cut = signal[:, first:last]
        equal, wanted = equal_intervals(cut, peaks - first, FS)
        assert equal.shape == cut.shape
        assert wanted[0] >= 0
        assert wanted[-1] < cut.shape[1]
        assert np.abs(np.diff(equal)).max() <= np.abs(np.diff(cut)).max() + 1e-9


def test_marks_that_are_off_by_some_samples_are_aligned() -> None:
    signal, peaks = fibrillation()
    off = peaks + np.random.default_rng(0).integers(-2, 3, len(peaks))
    found = aligned(signal, off, FS)
    assert np.ptp(found - peaks) == 0
    np.testing.assert_array_equal(aligned(signal, peaks, FS), peaks)


def test_a_piece_ends_between_t_and_p() -> None:
    _, peaks = recording([0.8, 1.0], "NNN")
    np.testing.assert_allclose((boundaries(peaks) - peaks[:-1]) / np.diff(peaks), 2 / 3)
