"""Which beats are trained on, chosen by and judged by."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidError

Indices = NDArray[np.int64]
NAMES = ("train", "validation", "test")
PATIENT_SHARES = (0.7, 0.1, 0.2)  # paper 000 §4, in the order of NAMES: 33, 5 and 9 of 47 patients
BEAT_SHARES = (0.5, 0.1, 0.4)  # paper 001 §3


@dataclass(frozen=True)
class Split:
    """Indices of beats, or of patients."""

    train: Indices
    validation: Indices
    test: Indices

    def parts(self) -> tuple[Indices, Indices, Indices]:
        """In the order of NAMES."""
        return self.train, self.validation, self.test


def sizes(total: int, shares: tuple[float, float, float] = PATIENT_SHARES) -> tuple[int, int, int]:
    """`total` in whole numbers: 47 → 33, 5, 9."""
    train = round(shares[0] * total)
    validation = round(shares[1] * total)
    return train, validation, total - train - validation


def permuted(total: int, seed: int, shares: tuple[float, float, float]) -> Split:
    """0 … total − 1 in random order, cut into three, each part sorted."""
    order = np.random.default_rng(seed).permutation(total)
    train, validation, _ = sizes(total, shares)
    return Split(*(np.sort(part) for part in np.split(order, (train, train + validation))))


def shortfall(counts: NDArray[np.int64], patients: Split) -> tuple[str, int, float] | None:
    """Set, class index and beats needed where paper 000's rule fails; None for an acceptable split.

    `counts` [patients, classes]. The rule: every class has in each set at least 0.9·γ·(smallest class) beats, where γ
    is the set's share (0.7, 0.1, 0.2) of the patients.
    """
    smallest = counts.sum(axis=0).min()
    for name, share, part in zip(NAMES, PATIENT_SHARES, patients.parts(), strict=True):
        needed = 0.9 * share * smallest
        held = counts[part].sum(axis=0)
        if held.min() < needed:
            return name, int(held.argmin()), float(needed)
    return None


def by_patient(counts: NDArray[np.int64], seed: int) -> Split:
    """Patients of seed's split; InvalidError where the paper's rule refuses it."""
    patients = permuted(len(counts), seed, PATIENT_SHARES)
    if failed := shortfall(counts, patients):
        name, index, needed = failed
        raise InvalidError(
            f"Split of seed {seed} is not acceptable: class {index} has fewer than {needed:.0f} beats in {name}",
            field="split_seed",
        )
    return patients


def accepted(counts: NDArray[np.int64], start: int = 0, stop: int = 100_000) -> Iterator[int]:
    """Seeds from `start` on whose split by patient is acceptable."""
    for seed in range(start, stop):
        if shortfall(counts, permuted(len(counts), seed, PATIENT_SHARES)) is None:
            yield seed


def beats_of(patients: Split, patient: Indices) -> Split:
    """The beats of each set's patients; `patient` [beats] is the patient of each beat."""
    return Split(*(np.flatnonzero(np.isin(patient, part)) for part in patients.parts()))
