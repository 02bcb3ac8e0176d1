"""The interval of an accuracy over patients."""

from models import zoo
from models.evaluation.bootstrap import over_patients


def test_patients_that_are_alike_leave_nothing_open() -> None:
    found = over_patients([8, 16, 4], [10, 20, 5])
    assert round(found.low, 9) == round(found.mean, 9) == round(found.high, 9) == 0.8


def test_the_interval_lies_within_the_best_and_the_worst_patient_and_holds_the_mean() -> None:
    found = over_patients([1, 90, 50], [10, 100, 100])
    assert 0.1 <= found.low < found.mean < found.high <= 0.9
    assert found.mean == 141 / 210


def test_the_headline_of_the_shipped_model_has_one() -> None:
    headline = zoo.load("mitbih-lstm").headline()
    assert headline["interval"]
    low, high = headline["interval"]
    assert low < (headline["accuracy"] or 0.0) < high
