import math

import numpy as np
import pytest
from sklearn.metrics import cohen_kappa_score

from models.evaluation.readers import (
    cohen,
    cohen_of,
    fleiss,
    fleiss_of,
    mean,
    overlap,
    overlap_by_chance,
    points_into,
    share,
)


def test_cohen_is_that_of_the_textbook() -> None:
    labels = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    value, low, high = cohen(*zip(*labels, strict=True))
    assert value == pytest.approx(0.4)
    assert low < 0.4 < high


@pytest.mark.parametrize("seed", range(5))
def test_kappas_are_those_of_the_reference_implementation(seed: int) -> None:
    rng = np.random.default_rng(seed)
    a = list(rng.choice(list("NVAF"), 60, p=(0.6, 0.2, 0.15, 0.05)))
    b = [one if rng.random() < 0.7 else str(rng.choice(list("NVAF"))) for one in a]
    assert cohen(a, b)[0] == pytest.approx(cohen_kappa_score(a, b))
    for label in sorted({*a, *b}):
        expected = cohen_kappa_score([one == label for one in a], [one == label for one in b])
        assert cohen_of(label, a, b)[0] == pytest.approx(expected)


def test_the_interval_of_kappa_holds_its_value_in_so_many_repeated_studies() -> None:
    """Two readers who say the truth with 85 % each: known κ, and how often the 95 % interval holds it."""
    rng, held, studies, items = np.random.default_rng(3), 0, 400, 150
    right, by_chance = 0.85**2 + 0.15**2, 0.5
    true = (right - by_chance) / (1 - by_chance)
    for _ in range(studies):
        truth = rng.random(items) < 0.5
        a, b = (np.where(rng.random(items) < 0.85, truth, ~truth) for _ in range(2))
        _, low, high = cohen(["V" if one else "N" for one in a], ["V" if one else "N" for one in b])
        held += low <= true <= high
    assert 0.92 <= held / studies <= 0.98


def test_fleiss_by_hand_and_by_label() -> None:
    """Three readers, four beats: pairs that agree 1, 1/3, 0 and 1/3; N 7 of 12 times, V 4, F once."""
    rows = [list("NNN"), list("NNV"), list("NFV"), list("VVN")]
    agreed = [1.0, 1 / 3, 0.0, 1 / 3]
    counts = {"N": 7, "V": 4, "F": 1}
    said = {label: [row.count(label) for row in rows] for label in counts}
    chance = sum((count / 12) ** 2 for count in counts.values())
    assert fleiss(rows, [0, 1, 2, 3])[0] == pytest.approx((np.mean(agreed) - chance) / (1 - chance))
    for label, found in said.items():  # κ of a category, Fleiss 1971
        share = counts[label] / 12
        by_hand = 1 - sum(n * (3 - n) for n in found) / (4 * 3 * 2 * share * (1 - share))
        assert fleiss_of(label, rows, [0, 1, 2, 3])[0] == pytest.approx(by_hand)


def test_kappa_of_a_label_that_nobody_says_is_not_determined() -> None:
    assert all(map(math.isnan, cohen_of("F", "NVN", "NVV")))
    assert math.isnan(fleiss_of("F", [["N", "V"], ["N", "N"]], [0, 1])[0])


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
