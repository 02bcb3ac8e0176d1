"""Test beats to judge explanations on: the same number of every class, spread over patients."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidError
from models.explainers.tracks import Floats
from models.training.datasets.mitdb_beats import Say, load
from models.zoo import Model

Indices = NDArray[np.int64]


@dataclass(frozen=True)
class Sample:
    """Beats of patients that the model has not seen."""

    inputs: Floats  # [beats, leads, samples]
    labels: Indices  # [beats], the true class: what is explained
    patient: Indices  # [beats], index into `patients`
    patients: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.labels)


def draw(model: Model, data_dir: Path, per_class: int, cache: Path, say: Say, seed: int = 0) -> Sample:
    """`per_class` random test beats of each class, as evenly over recordings as they allow; always the same ones.

    Raises InvalidError for a model without test patients of its own.
    """
    tested = {used.name for used in model.card.records if used.split == "test"}
    if model.card.leaks_patients or not tested:
        raise InvalidError(f"{model.card.id} has no patients that were kept for testing only", field="model")
    beats = load(data_dir, tuple(kind.symbol for kind in model.card.classes), model.card.input, cache, say)
    held = np.array([origin.name in tested for origin in beats.origins])[beats.origin]
    rng = np.random.default_rng(seed)
    chosen = [
        balanced(np.flatnonzero(held & (beats.labels == label)), beats.origin, per_class, rng)
        for label in range(len(beats.symbols))
    ]
    for label, part in enumerate(chosen):
        if len(part) < per_class:
            say(f"Only {len(part)} test beats of class {beats.symbols[label]}, {per_class} were asked for")
    index = np.concatenate(chosen)
    return Sample(beats.inputs[index], beats.labels[index], beats.patient[index], beats.patients)


def balanced(beats: Indices, origin: Indices, count: int, rng: np.random.Generator) -> Indices:
    """Up to `count` of `beats` (indices), taken in turn from each recording origin[beat], at random within it."""
    order = rng.permutation(beats)
    turn = np.zeros(len(order), dtype=np.int64)
    for recording in np.unique(origin[order]):
        own = np.flatnonzero(origin[order] == recording)
        turn[own] = np.arange(len(own))
    return np.sort(order[np.argsort(turn, kind="stable")][:count])
