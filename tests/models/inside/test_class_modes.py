"""Class modes climb, and distances to real windows are what they are called."""

import numpy as np
import pytest
import torch
from small_network import T, make_network

from models.explainers import engine
from models.inside import class_modes as modes
from models.inside.class_modes import Penalty

TARGETS = np.arange(3)


def gain(windows: np.ndarray, penalty: Penalty) -> np.ndarray:
    """What is climbed, of each class."""
    x = torch.from_numpy(windows)
    score = engine.scores(make_network(), x, torch.from_numpy(TARGETS)).numpy()
    steps = np.abs(np.diff(windows)).sum(axis=(1, 2))
    return score - penalty.square * np.square(windows).sum(axis=(1, 2)) - penalty.variation * steps


@pytest.mark.parametrize("penalty", [Penalty(0.3), Penalty(0.003, 0.02)])
def test_the_score_less_the_penalty_rises(penalty: Penalty) -> None:
    start = modes.noise(3, 1, T)
    found = modes.climb(make_network(), start, TARGETS, penalty, steps=60)
    assert (gain(found, penalty) > gain(start, penalty)).all()
    assert modes.climb(make_network(), start, TARGETS, penalty, steps=0) == pytest.approx(start)


def test_progress_ends_at_one() -> None:
    told: list[float] = []
    modes.climb(make_network(), modes.noise(3, 1, T), TARGETS, Penalty(0.3), 5, lambda one: told.append(one.fraction))
    assert told == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0])


def test_the_slope_of_the_variation_is_that_of_autograd() -> None:
    x = torch.randn(2, 3, 9, generator=torch.Generator().manual_seed(0), requires_grad=True)
    x.diff(dim=-1).abs().sum().backward()
    assert torch.equal(modes.variation_slope(x.detach()), x.grad)


def test_a_window_is_most_like_itself_whatever_its_scale() -> None:
    windows = np.random.default_rng(0).normal(size=(5, 2, 30)).astype(np.float32)
    assert modes.distances(windows[3], windows).argmin() == 3
    assert modes.alikeness(7 * windows[3] + 2, windows)[3] == pytest.approx(1, abs=1e-6)
    assert modes.alikeness(-windows[3], windows)[3] == pytest.approx(-1, abs=1e-6)
    assert modes.alikeness(np.ones((2, 30), np.float32), windows) == pytest.approx(np.zeros(5))


def test_real_windows_are_compared_with_those_of_other_patients() -> None:
    windows = np.random.default_rng(0).normal(size=(6, 1, 20)).astype(np.float32)
    twice, patients = np.concatenate([windows, windows]), np.repeat([0, 1], 6)
    found = modes.real_to_real(twice, patients)
    assert (found.windows, found.patients) == (12, 2)
    assert found.distance == pytest.approx((0, 0), abs=1e-3)
    assert found.shape == pytest.approx((1, 1), abs=1e-6)
    alone = modes.real_to_real(windows, np.zeros(6, dtype=int))
    least = [modes.distances(one, np.delete(windows, i, axis=0)).min() for i, one in enumerate(windows)]
    assert alone.distance == pytest.approx(np.percentile(least, (50, 95)), abs=1e-5)
    assert modes.real_to_real(windows[:1], np.zeros(1, dtype=int)).distance is None
