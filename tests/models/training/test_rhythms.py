"""Normal beats brought forward: time stays in order, beats stay rigid, labels follow."""

import numpy as np
import pytest

from models.training.beats.rhythms import (
    NORMAL,
    PREMATURE,
    Floats,
    Ints,
    Warp,
    make_irregular,
    make_premature,
    without_p,
)

REGULAR: Floats = np.arange(60, dtype=np.float64) * 0.8 + 1.0


def made(labels: Ints, share: float = 0.5, seed: int = 0) -> tuple[Warp, Ints]:
    return make_premature(REGULAR, labels, share, np.random.default_rng(seed))


@pytest.mark.parametrize("seed", range(5))
def test_a_beat_called_premature_comes_early_and_no_other_does(seed: int) -> None:
    warp, labels = made(np.zeros(60, dtype=np.int64), seed=seed)
    rr = np.diff(warp.forth(REGULAR))
    early = labels[1:] == PREMATURE
    assert early.any()
    assert (rr[early] < 0.79).all()
    assert (rr[~early] > 0.79).all()


@pytest.mark.parametrize("seed", range(5))
def test_time_never_runs_back_and_there_and_back_is_the_same(seed: int) -> None:
    warp, _ = made(np.zeros(60, dtype=np.int64), seed=seed)
    times = np.linspace(-3.0, 60.0, 5000)
    assert (np.diff(warp.back(times)) > 0).all()
    np.testing.assert_allclose(warp.back(warp.forth(times)), times, atol=1e-9)


def test_p_and_qrs_move_as_one() -> None:
    warp, labels = made(np.zeros(60, dtype=np.int64))
    beats = REGULAR[labels == PREMATURE]
    for offset in (-0.12, -0.05, 0.05, 0.1):
        np.testing.assert_allclose(warp.forth(beats + offset) - warp.forth(beats), offset, atol=1e-9)


def test_only_beats_among_normal_ones_are_brought_forward() -> None:
    labels = np.tile([NORMAL, 2], 30)
    warp, changed = made(labels, share=1.0)
    assert (changed == labels).all()
    np.testing.assert_allclose(warp.forth(REGULAR), REGULAR)


def test_an_irregular_rhythm_is_left_alone() -> None:
    rng = np.random.default_rng(3)
    beats = np.cumsum(rng.uniform(0.5, 1.1, 60))
    rr = np.diff(beats)
    _, labels = make_premature(beats, np.zeros(60, dtype=np.int64), 1.0, rng)
    for index in np.flatnonzero((labels == PREMATURE) & (np.roll(labels, 1) == NORMAL)):
        before = rr[max(0, index - 4) : index]
        assert np.ptp(before) <= 0.15 * np.median(before)


def test_an_irregular_rhythm_has_no_two_intervals_alike_and_keeps_what_is_coupled_to_a_pvc() -> None:
    labels = np.zeros(60, dtype=np.int64)
    labels[30] = 2
    rr = np.diff(make_irregular(REGULAR, labels, np.random.default_rng(0)).forth(REGULAR))
    np.testing.assert_allclose(rr[29:31], 0.8)
    others = np.delete(rr, [29, 30])
    assert others.std() > 0.1
    assert np.abs(np.diff(others)).min() > 0


def test_without_p_only_the_stretch_before_each_qrs_changes_and_becomes_straight() -> None:
    fs = 100.0
    signal = np.random.default_rng(0).normal(size=(2, 800))
    beats = np.arange(100.0, 800.0, 80.0)
    straight = without_p(signal, beats, fs)
    changed = np.flatnonzero((straight != signal).any(axis=0))
    to_next = beats[np.searchsorted(beats, changed)] - changed
    assert to_next.min() >= 7
    assert to_next.max() <= 27
    assert np.abs(np.diff(straight[:, 160:172], n=2)).max() < 1e-9
