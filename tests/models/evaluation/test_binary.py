"""Two outcomes told apart: thresholds, score 1, calibration, intervals, against what can be counted by hand."""

import numpy as np
import pytest

from models.evaluation import binary

DIED = np.array([0, 0, 1, 0, 1, 1], dtype=np.int64)
CHANCES = np.array([0.1, 0.2, 0.3, 0.4, 0.7, 0.9])


def test_score_1_is_the_lesser_of_sensitivity_and_positive_predictivity() -> None:
    assert binary.sensitivity_and_precision(CHANCES, DIED, 0.3) == (1.0, 0.75)
    assert binary.score_1(CHANCES, DIED, 0.3) == 0.75
    assert binary.sensitivity_and_precision(CHANCES, DIED, 0.5) == pytest.approx((2 / 3, 1.0))
    assert binary.score_1(CHANCES, DIED, 2.0) == 0.0


def test_the_threshold_is_the_best_there_is() -> None:
    rng = np.random.default_rng(0)
    chances = rng.random(200).round(2)  # with ties
    died = (rng.random(200) < chances).astype(np.int64)
    best = binary.score_1(chances, died, binary.best_threshold(chances, died))
    assert best == pytest.approx(max(binary.score_1(chances, died, one) for one in np.unique(chances)))


def test_probabilities_that_are_frequencies_are_calibrated() -> None:
    died = np.tile([1, 0, 0, 0], 250).astype(np.int64)
    assert binary.calibration_error(np.full(1000, 0.25), died) == pytest.approx(0, abs=1e-9)
    assert binary.calibration_error(np.full(1000, 0.45), died) == pytest.approx(0.2)


def test_intervals_hold_the_value_and_are_wider_for_few_patients() -> None:
    rng = np.random.default_rng(1)
    chances = rng.random(400)
    died = (rng.random(400) < chances).astype(np.int64)
    by_stay = binary.judged(chances, died, 0.5)
    by_patient = binary.judged(chances, died, 0.5, groups=np.arange(400) // 40)
    for found in (by_stay, by_patient):
        assert found["auroc"]["low"] <= found["auroc"]["value"] <= found["auroc"]["high"]
    assert (by_stay["stays"], by_stay["died"]) == (400, int(died.sum()))
    perfect = binary.judged(died.astype(float), died, 0.5)
    assert (perfect["auroc"]["value"], perfect["auprc"]["low"], perfect["brier"]["high"]) == (1.0, 1.0, 0.0)


def test_of_two_the_better_one_is_ahead_and_none_is_ahead_of_itself() -> None:
    rng = np.random.default_rng(2)
    died = (rng.random(300) < 0.3).astype(np.int64)
    good, poor = died + rng.normal(0, 0.7, 300), died + rng.normal(0, 3, 300)
    assert binary.compared(good, poor, died)["auroc"]["low"] > 0
    assert set(binary.compared(good, good, died)["auprc"].values()) == {0.0}
