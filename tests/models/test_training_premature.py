"""Normal beats brought forward: time stays in order, beats stay rigid, labels follow."""

import numpy as np
import pytest

from models.training.premature import NORMAL, PREMATURE, make_premature

REGULAR = np.arange(60) * 0.8 + 1.0


def made(labels: np.ndarray, share: float = 0.5, seed: int = 0):  # type: ignore[no-untyped-def, type-arg]
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
