"""Splits: whole patients, the paper's rule, and the split that METHODS' trial used."""

import numpy as np
import pytest

from models.errors import InvalidError
from models.training.splits import BEAT_SHARES, accepted, beats_of, by_patient, permuted, shortfall, sizes


def test_47_patients_are_33_5_and_9() -> None:
    assert sizes(47) == (33, 5, 9)


def test_the_parts_hold_everything_once() -> None:
    split = permuted(1000, 3, BEAT_SHARES)
    assert [len(part) for part in split.parts()] == [500, 100, 400]
    assert sorted(np.concatenate(split.parts()).tolist()) == list(range(1000))


def test_the_rule_wants_a_share_of_the_smallest_class_in_each_set() -> None:
    counts = np.full((10, 2), 100)
    patients = permuted(10, 0, (0.7, 0.1, 0.2))
    assert shortfall(counts, patients) is None
    # The smallest class has 910 beats: validation needs 0.9 · 0.1 · 910 = 81.9.
    counts[patients.validation[0], 1] = 81
    counts[patients.train[0], 1] = 29
    failed = shortfall(counts, patients)
    assert failed is not None
    assert failed[:2] == ("validation", 1)
    assert failed[2] == pytest.approx(0.9 * 0.1 * counts[:, 1].sum())


def test_an_unacceptable_split_is_refused_with_its_reason() -> None:
    counts = np.full((10, 2), 100)
    counts[1:, 1] = 0  # one patient has the whole class
    with pytest.raises(InvalidError, match=r"Split of seed 0 is not acceptable: class 1 has fewer than \d+ beats"):
        by_patient(counts, 0)
    assert list(accepted(counts, stop=50)) == []


def test_no_patient_is_in_two_sets() -> None:
    patient = np.repeat(np.arange(10), 7)
    split = beats_of(by_patient(np.full((10, 2), 100), 0), patient)
    owners = [set(patient[part].tolist()) for part in split.parts()]
    assert set.union(*owners) == set(range(10))
    assert sum(map(len, owners)) == 10


def test_seed_1252_gives_the_split_of_the_trial() -> None:
    groups = ((100, 109), (111, 119), (121, 124), (200, 210), (212, 215), (217, 223), (228, 234))
    absent = {110, 120, 202, 204, 206, 211, 216, 218, 224, 225, 226, 227, 229}  # 202 is 201's second record
    patients = [n for first, last in groups for n in range(first, last + 1) if n not in absent]
    assert len(patients) == 47
    split = permuted(47, 1252, (0.7, 0.1, 0.2))
    assert [patients[i] for i in split.validation] == [107, 124, 203, 209, 213]
    assert [patients[i] for i in split.test] == [104, 109, 112, 123, 200, 208, 212, 215, 221]
