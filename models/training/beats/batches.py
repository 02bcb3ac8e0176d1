"""Batches of stretches with the beats in them: the network's columns are computed once for all beats of a stretch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.networks.beat_context import FIELD, STRIDE, BeatContext, BeatContextConfig
from models.training.beats.recipe import BeatRecipe
from models.training.beats.stretches import Stretch, draw
from models.training.datasets.mitdb import CLASSES, MarkedRecord

Ints = NDArray[np.int64]
FEW = 20  # early normal beats of a recording below which they are its exceptions


@dataclass(frozen=True)
class Batch:
    """Stretches and the beats that are learned from."""

    signals: Tensor  # [stretches, leads, samples]
    stretch: Tensor  # [beats], index into the stretches
    first: Tensor  # [beats], first column of the beat's window
    labels: Tensor  # [beats], index of the class


class Draws:
    """Random batches from some recordings, rare classes more often than they occur."""

    def __init__(self, records: Sequence[MarkedRecord], recipe: BeatRecipe, rng: np.random.Generator) -> None:
        self.records, self.recipe, self.rng = records, recipe, rng
        self.config = BeatContextConfig.model_validate(recipe.network)
        rare = [[record.labels == label for record in records] for label in range(1, len(CLASSES))]
        any_beat = [np.ones(len(record.labels), dtype=np.bool_) for record in records]
        early = [early_normal(record) for record in records]
        self.holders = [_holders(records, kept) for kept in (any_beat, *rare, early)]

    def batch(self) -> Batch:
        """The next one."""
        stretches = [self._stretch() for _ in range(self.recipe.batch)]
        found = [self._beats(stretch) for stretch in stretches]
        index = np.concatenate([np.full(len(labels), i) for i, (_, labels) in enumerate(found)])
        first, labels = (np.concatenate(parts) for parts in zip(*found, strict=True))
        kept = self._kept(labels)
        signals = torch.from_numpy(np.stack([stretch.signal for stretch in stretches]))
        return Batch(signals, *(torch.from_numpy(part[kept]) for part in (index, first, labels)))

    def _stretch(self) -> Stretch:
        """Around a beat of a drawn kind: any, S, V, F, or a normal one that is early."""
        rng, recipe = self.rng, self.recipe
        holders = self.holders[int(rng.choice(len(self.holders), p=recipe.draws))] or self.holders[0]
        weights = np.sqrt([len(beats) for _, beats in holders])
        record, beats = holders[int(rng.choice(len(holders), p=weights / weights.sum()))]
        centre = int(rng.choice(beats))
        return draw(record, centre, recipe.samples, recipe.changes, recipe.input.fs, rng)

    def _beats(self, stretch: Stretch) -> tuple[Ints, Ints]:
        """First column and label of every beat whose window lies within the stretch; its place is a little wrong."""
        jitter = self.recipe.changes.jitter
        middle = np.rint((stretch.beats - FIELD // 2) / STRIDE).astype(np.int64)
        first = middle + self.rng.integers(-jitter, jitter + 1, len(middle)) - self.config.before
        columns = (self.recipe.samples - FIELD) // STRIDE + 1
        whole = (first >= 0) & (first + self.config.columns <= columns) & (stretch.labels < len(CLASSES))
        return first[whole], stretch.labels[whole]

    def _kept(self, labels: Ints) -> Ints:
        """Indices of every rare beat, and of at most `normals` normal ones."""
        normal, rare = np.flatnonzero(labels == 0), np.flatnonzero(labels != 0)
        return np.sort(np.concatenate((rare, self.rng.permutation(normal)[: self.recipe.normals])))


def _holders(records: Sequence[MarkedRecord], chosen: Sequence[NDArray[np.bool_]]) -> list[tuple[MarkedRecord, Ints]]:
    """Recordings with chosen beats, and where those are."""
    beats = [(record, record.beats[kept]) for record, kept in zip(records, chosen, strict=True)]
    return [(record, found) for record, found in beats if len(found)]


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


def logits(network: BeatContext, batch: Batch) -> Tensor:
    """Logits [beats, classes] of the batch's beats."""
    columns = network.columns(batch.signals)
    windows: Tensor = Windows.apply(columns, batch.stretch, batch.first, network.config.columns)  # type: ignore[no-untyped-call]
    return network.judge(windows)


class Windows(torch.autograd.Function):
    """Windows [beats, features, length] of columns [stretches, features, columns].

    The gradient is added window by window: indexing's own backward took ten times as long.
    """

    @staticmethod
    def forward(ctx: Any, columns: Tensor, stretch: Tensor, first: Tensor, length: int) -> Tensor:
        """Copies of columns[stretch, :, first : first + length]."""
        ctx.save_for_backward(stretch, first)
        ctx.shape = columns.shape
        return columns.unfold(2, length, 1)[stretch, :, first]

    @staticmethod
    def backward(ctx: Any, *slopes: Tensor) -> tuple[Tensor, None, None, None]:
        """The slope of each column is the sum of its windows'."""
        stretch, first = ctx.saved_tensors
        total = np.zeros(ctx.shape, dtype=np.float32)
        windows = slopes[0].numpy()
        for window, row, start in zip(windows, stretch.tolist(), first.tolist(), strict=True):
            total[row, :, start : start + window.shape[1]] += window
        return torch.from_numpy(total), None, None, None
