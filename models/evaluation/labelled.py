"""Labelled beats as a model reads them, whichever way its training cut them, with the set each is of."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.cards import BeatWindow, Card
from models.errors import InvalidError
from models.evaluation.sample import Sample, balanced
from models.explainers.tracks import Floats
from models.training.datasets import mitdb, mitdb_beats
from models.training.datasets.mitdb_beats import Say

EACH = 60  # beats of a class that are cut from a recording of several leads: their windows are long


@dataclass(frozen=True)
class Labelled:
    """Beats of one set."""

    inputs: Floats  # [beats, leads, samples]
    labels: NDArray[np.int64]  # [beats]
    origin: NDArray[np.int64]  # [beats], of which recording
    patient: NDArray[np.int64]  # [beats], index into `patients`
    patients: tuple[str, ...]

    def drawn(self, per_class: int, seed: int = 0) -> Sample:
        """`per_class` random beats of each class, as evenly over recordings as they allow; always the same ones."""
        rng = np.random.default_rng(seed)
        index = np.concatenate(
            [
                balanced(np.flatnonzero(self.labels == label), self.origin, per_class, rng)
                for label in np.unique(self.labels)
            ]
        )
        return Sample(self.inputs[index], self.labels[index], self.patient[index], self.patients)


def labelled(card: Card, split: str, data_dir: Path, cache: Path, say: Say) -> Labelled:
    """The beats of the recordings that the card has in `split`; InvalidError for a model of anything but beats."""
    names = [used.name for used in card.records if used.split == split]
    if not isinstance(card.input.window, BeatWindow) or not names:
        raise InvalidError(f"{card.id} has no beats of {split} recordings", field="model")
    return (
        _of_one_lead(card, names, data_dir, cache, say)
        if not card.input.channels
        else _of_several(card, names, data_dir, cache, say)
    )


def _of_one_lead(card: Card, names: Sequence[str], data_dir: Path, cache: Path, say: Say) -> Labelled:
    beats = mitdb_beats.load(data_dir, tuple(kind.symbol for kind in card.classes), card.input, cache, say)
    used = np.array([origin.name in names for origin in beats.origins])[beats.origin]
    return Labelled(beats.inputs[used], beats.labels[used], beats.origin[used], beats.patient[used], beats.patients)


def _of_several(card: Card, names: Sequence[str], data_dir: Path, cache: Path, say: Say) -> Labelled:
    window, rng = card.input.window, np.random.default_rng(0)
    assert isinstance(window, BeatWindow)
    marked = mitdb.read(data_dir, names, card.input, cache, say)
    patients = tuple(sorted({record.patient for record in marked}))
    inputs, labels, origin, patient = [], [], [], []
    for i, record in enumerate(marked):
        whole = (record.beats >= window.before) & (record.beats + window.after <= record.signal.shape[1])
        for label in range(len(card.classes)):
            own = np.flatnonzero(whole & (record.labels == label))
            for beat in np.sort(rng.permutation(own)[:EACH]).tolist():
                at = int(record.beats[beat])
                inputs.append(record.signal[:, at - window.before : at + window.after])
                labels.append(label)
                origin.append(i)
                patient.append(patients.index(record.patient))
    return Labelled(np.stack(inputs), np.array(labels), np.array(origin), np.array(patient), patients)
