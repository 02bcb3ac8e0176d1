"""Rates by hand, and calibration that finds a known temperature."""

import numpy as np
import pytest

from models.cards import OutputSpec
from models.training.assessment import assess, calibration, calibration_error, per_class, temperature
from models.training.scales import rounded_up


def test_rates_by_class_as_counted_by_hand() -> None:
    matrix = np.array([[6, 2], [1, 3]])
    found = per_class(matrix, ("N", "V"))
    assert found["V"] == {"beats": 4, "sensitivity": 3 / 4, "ppv": 3 / 5, "f1": 6 / 9}
    assert per_class(np.array([[2, 0], [0, 0]]), ("N", "V"))["V"] == {
        "beats": 0,
        "sensitivity": None,
        "ppv": None,
        "f1": None,
    }


def test_assessing_counts_by_patient() -> None:
    logits = np.array([[1, 0], [1, 0], [0, 1], [0, 1]], dtype=np.float32)
    labels, patient = np.array([0, 1, 1, 1]), np.array([0, 0, 2, 2])
    found = assess(logits, labels, patient, ("a", "b", "c"), ("N", "V"))
    assert (found["accuracy"], found["majority_rate"], found["patients"]) == (0.75, 0.75, 2)
    assert found["per_patient"]["a"]["accuracy"] == 0.5
    assert found["mean_patient_accuracy"] == 0.75
    assert found["confusion"] == [[1, 0], [1, 2]]


def test_the_temperature_of_overconfident_logits_is_found() -> None:
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 1.5, (20_000, 3)).astype(np.float32)
    chances = OutputSpec().chances(honest)
    labels = (rng.random(len(chances))[:, None] > chances.cumsum(axis=1)).sum(axis=1)
    labels = np.minimum(labels, 2).astype(np.int64)
    assert temperature(3 * honest, labels) == pytest.approx(3, rel=0.05)
    found = calibration(3 * honest, labels, 3.0)
    assert found["ece_after"] < 0.02 < found["ece_before"]
    assert found["loss_after"] < found["loss_before"]


def test_the_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    sure = np.tile(np.array([[0.8, 0.2]], dtype=np.float32), (10, 1))
    labels = np.array([0] * 5 + [1] * 5)
    assert calibration_error(sure, labels) == pytest.approx(0.3, abs=1e-6)


@pytest.mark.parametrize(("value", "rounded"), [(0.2731, 0.28), (3.8, 3.8), (3.81, 3.9), (47.0, 47.0), (0.0, 1.0)])
def test_full_scales_are_rounded_up_to_two_digits(value: float, rounded: float) -> None:
    assert rounded_up(value) == rounded
