import math

import numpy as np
import pytest

from models.evaluation.readers import cohen, fleiss, mean, overlap, overlap_by_chance, points_into, share


def test_cohen_is_that_of_the_textbook() -> None:
    labels = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    value, low, high = cohen(*zip(*labels, strict=True))
    assert value == pytest.approx(0.4)
    assert low < 0.4 < high


def test_fleiss_of_two_readers_with_equal_habits_is_near_cohen_and_has_an_interval() -> None:
    rng = np.random.default_rng(1)
    rows = [[a, a if rng.random() < 0.7 else "NV"[int(rng.integers(2))]] for a in rng.choice(list("NV"), 120)]
    value, low, high = fleiss(rows, [number % 6 for number in range(120)])
    assert value == pytest.approx(cohen(*zip(*rows, strict=True))[0], abs=0.01)
    assert low < value < high


def test_what_readings_do_not_determine_is_no_number() -> None:
    assert all(map(math.isnan, cohen(["N", "N"], ["N", "N"])))
    assert cohen("VNV", "NNN")[0] == 0
    assert all(map(math.isnan, cohen("VNV", "NNN")[1:]))
    assert math.isnan(fleiss([["N", "N"]], [0])[0])
    assert math.isnan(fleiss([], [])[0])
    assert math.isnan(share(0, 0)[0])
    assert math.isnan(mean([], [])[0])
    assert mean([0.5], [0])[0] == 0.5
    assert math.isnan(mean([0.5], [0])[1])
    assert all(map(math.isnan, fleiss([["N", "V"]], [0])[1:]))


def test_a_share_of_none_has_an_upper_end() -> None:
    value, low, high = share(0, 10)
    assert (value, low) == (0, pytest.approx(0))
    assert 0.2 < high < 0.35


def test_pointing_and_overlap() -> None:
    relevance = np.zeros((2, 100))
    relevance[1, 40:50] = np.linspace(1, 2, 10)
    assert points_into(relevance, slice(45, 55)) is True
    assert points_into(relevance, slice(30, 45)) is False
    assert overlap(relevance, slice(40, 50)) == 1
    assert overlap(relevance, slice(45, 55)) == pytest.approx(5 / 15)
    assert points_into(np.ones((1, 100)), slice(0, 10)) is None
    assert overlap(np.ones((1, 100)), slice(0, 10)) is None


def test_overlap_by_chance_is_that_of_maps_in_no_order() -> None:
    rng = np.random.default_rng(0)
    found = [overlap(rng.random((1, 200)), slice(50, 90)) for _ in range(400)]
    assert np.mean(found) == pytest.approx(overlap_by_chance(40, 200), abs=0.01)
