"""Measures of many beats, as recorded and as drawn: computed once, since no weight decides them, then drawn from."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.networks.beat_measures import MEASURES, BeatMeasures, BeatMeasuresConfig
from models.training.beats.recipe import BeatRecipe
from models.training.beats.results import Floats, Ints, read
from models.training.beats.stretches import Stretch, draw
from models.training.datasets.mitdb import CLASSES, MarkedRecord
from models.training.datasets.mitdb_beats import Say

DECIDE = {"input", "network", "changes", "samples", "draws", "normals", "stretches"}  # the measures of a recording
FEW = 20  # early normal beats of a recording below which they are its exceptions


@dataclass(frozen=True)
class Measured:
    """Beats of one recording as the layers behind the measures read them."""

    name: str  # of the recording
    recorded: Floats  # [beats, measures]
    recorded_labels: Ints  # [beats]
    drawn: Floats  # [beats, measures], of changed stretches
    drawn_labels: Ints  # [beats]


def measure(records: Sequence[MarkedRecord], recipe: BeatRecipe, cache: Path, say: Say) -> list[Measured]:
    """The beats of `records`, from `cache` where they were measured before."""
    return list(_measured(records, recipe, cache, say))


def _measured(records: Sequence[MarkedRecord], recipe: BeatRecipe, cache: Path, say: Say) -> Iterator[Measured]:
    network = BeatMeasures(BeatMeasuresConfig.model_validate(recipe.network)).eval()
    for record in records:
        file = cache / f"measured-{_key(record, recipe)}.npz"
        if not file.is_file():
            _save(file, _measure(network, record, recipe))
            say(f"{record.name}: measured")
        with np.load(file) as saved:
            yield Measured(record.name, *(saved[name] for name in vars(_empty(record.name)) if name != "name"))


def _measure(network: BeatMeasures, record: MarkedRecord, recipe: BeatRecipe) -> Measured:
    """Every beat with a class and a whole window, and those of `recipe.stretches` changed stretches."""
    rng = np.random.default_rng(int(_key(record, recipe), 16))
    own = _beats(network, record.signal, record.beats, record.labels)
    kinds = kinds_of(record)
    shares = np.array([share * bool(kind.any()) for share, kind in zip(recipe.draws, kinds, strict=True)])
    parts = []
    for _ in range(recipe.stretches):
        spots = record.beats[kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]]
        stretch = draw(record, int(rng.choice(spots)), recipe.samples, recipe.changes, recipe.input.fs, rng)
        parts.append(_beats(network, stretch.signal, *_kept(stretch, recipe, rng)))
    return Measured(record.name, *own, *(np.concatenate(part) for part in zip(*parts, strict=True)))


def _beats(network: BeatMeasures, signal: Floats, at: Ints, labels: Ints) -> tuple[Floats, Ints]:
    """Measures and labels of the beats at `at` that have a class and a whole window."""
    starts = at - network.config.before
    kept = (starts >= 0) & (starts + network.config.samples <= signal.shape[1]) & (labels < len(CLASSES))
    return read(network.measures, signal, starts[kept], network.config.samples, MEASURES), labels[kept]


def _kept(stretch: Stretch, recipe: BeatRecipe, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Places, a little wrong, and labels of the stretch's rare beats and of at most `normals` normal ones."""
    network, jitter = BeatMeasuresConfig.model_validate(recipe.network), recipe.changes.jitter
    at = np.rint(stretch.beats).astype(np.int64) + rng.integers(-jitter, jitter + 1, len(stretch.beats))
    whole = (at >= network.before) & (at + network.after <= recipe.samples)
    normal = rng.permutation(np.flatnonzero(whole & (stretch.labels == 0)))[: recipe.normals]
    kept = np.sort(np.concatenate((np.flatnonzero(whole & (stretch.labels != 0)), normal)))
    return at[kept], stretch.labels[kept]


def kinds_of(record: MarkedRecord) -> list[NDArray[np.bool_]]:
    """[beats] of each kind that a stretch is drawn around: any, S, V, F, and a normal beat that is early."""
    rare = [record.labels == label for label in range(1, len(CLASSES))]
    return [np.ones(len(record.labels), dtype=np.bool_), *rare, early_normal(record)]


def early_normal(record: MarkedRecord) -> NDArray[np.bool_]:
    """[beats], which are normal though their RR is below 85 % of the mean of the eight before; none where few are.

    Nearly all are beats in atrial fibrillation: what is easiest taken for supraventricular premature.
    """
    rr = np.diff(record.beats)
    early = np.zeros(len(record.beats), dtype=bool)
    for index in range(1, len(rr)):
        early[index + 1] = rr[index] < 0.85 * rr[max(0, index - 8) : index].mean()
    early &= record.labels == 0
    return early if early.sum() >= FEW else np.zeros_like(early)


class Draws:
    """Random batches of measured beats: rare classes, and patients with few beats of a class, more often."""

    def __init__(self, measured: Sequence[Measured], recipe: BeatRecipe, rng: np.random.Generator) -> None:
        parts = [[(one.recorded, one.recorded_labels) for one in measured]]
        parts.append([(one.drawn, one.drawn_labels) for one in measured])
        self.recipe, self.rng = recipe, rng
        self.measures = np.concatenate([values for part in parts for values, _ in part])
        self.labels = np.concatenate([labels for part in parts for _, labels in part])
        weights = np.concatenate([weights_of([labels for _, labels in part], recipe) for part in parts])
        self.sums = np.cumsum(weights / weights.sum())

    def batch(self) -> tuple[Tensor, Tensor]:
        """Measures [batch, measures] and labels [batch]."""
        chosen = np.searchsorted(self.sums, self.rng.random(self.recipe.batch)).clip(0, len(self.labels) - 1)
        return torch.from_numpy(self.measures[chosen]), torch.from_numpy(self.labels[chosen])


def weights_of(labels: Sequence[Ints], recipe: BeatRecipe) -> NDArray[np.float64]:
    """Weight of every beat, for labels [beats] of each recording; 1 in all.

    Within a class a recording with n beats of it weighs n^(1 − `evenness`); a class weighs its share of the recipe.
    """
    every = np.concatenate(labels)
    weights = np.zeros(len(every))
    counts = np.repeat(
        [np.bincount(one, minlength=len(CLASSES)) for one in labels], [len(one) for one in labels], axis=0
    )
    for label, share in enumerate(recipe.shares):
        own = every == label
        raw = counts[own, label].astype(np.float64) ** -recipe.evenness
        weights[own] = share * raw / raw.sum() if own.any() else 0
    return np.asarray(weights / weights.sum())


def _key(record: MarkedRecord, recipe: BeatRecipe) -> str:
    """What decides a recording's measures."""
    settings = recipe.model_dump_json(include=DECIDE)
    digest = hashlib.sha256(f"1 {settings}".encode())
    for values in (record.signal, record.beats, record.labels):
        digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:16]


def _empty(name: str) -> Measured:
    """A recording without beats: the names of what is saved."""
    nothing, labels = np.zeros((0, MEASURES), dtype=np.float32), np.zeros(0, dtype=np.int64)
    return Measured(name, nothing, labels, nothing, labels)


def _save(file: Path, measured: Measured) -> None:
    """Written whole or not at all."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_suffix(".tmp")
    with partial.open("wb") as stream:
        np.savez(stream, **{name: value for name, value in vars(measured).items() if name != "name"})
    partial.replace(file)
