"""Sets of intervals: against every sample counted one by one."""

import numpy as np
import pytest

from backend.blinding.intervals import Intervals, point, widened


@pytest.mark.parametrize("seed", range(20))
def test_two_intervals_affect_each_other_where_they_share_a_sample(seed: int) -> None:
    rng = np.random.default_rng(seed)
    starts = rng.integers(0, 100, rng.integers(0, 6))
    sealed = list(zip(starts.tolist(), (starts + rng.integers(1, 20, len(starts))).tolist(), strict=True))
    covered = np.zeros(200, bool)
    for start, end in sealed:
        covered[start:end] = True
    asked = rng.integers(0, 110, 40)
    ends = asked + rng.integers(1, 30, 40)
    found = Intervals.of(sealed).affects(asked, ends)
    assert found.tolist() == [bool(covered[a:b].any()) for a, b in zip(asked, ends, strict=True)]


def test_neighbours_that_touch_share_nothing() -> None:
    sealed = Intervals.of([(100, 200), (300, 301)])
    assert sealed.affects([0, 200, 200, 199], [100, 300, 301, 200]).tolist() == [False, False, True, True]


def test_nothing_is_affected_by_an_empty_set() -> None:
    assert not Intervals.of([]).affects([0, 5], [10, 6]).any()


def test_a_beat_is_as_near_as_the_tolerance_says() -> None:
    """As 0.1: sealed where the samples differ by at most the tolerance."""
    sealed = Intervals.of([widened(point(1000), 36)])
    asked = np.arange(900, 1100)
    assert np.array_equal(sealed.affects(asked, asked + 1), np.abs(asked - 1000) <= 36)


def test_a_window_is_as_long_as_it_is() -> None:
    assert widened((1000, 4000), 36) == (1000, 4000)
