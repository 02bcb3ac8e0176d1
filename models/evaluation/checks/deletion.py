"""The target's probability as more and more of a window is deleted, or alone is left, by a map's order."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from models.evaluation.trust import Curve
from models.explainers import engine
from models.explainers.tracks import Floats
from models.networks.base import Network, chances
from models.tasks.base import Question

FRACTIONS = np.linspace(0.0, 0.6, 25)
SEGMENTS = 240  # of a lead at most: a longer window is deleted in stretches, not in single samples


@dataclass(frozen=True)
class Window:
    """What is deleted from: one window of one model and one class."""

    network: Network  # calibrated
    signal: Floats  # [leads, samples]
    blank: Floats  # [leads, samples]
    target: int

    def curves(self, saliency: Floats) -> tuple[Floats, Floats]:
        """Deletion and insertion [maps, FRACTIONS] by saliency [maps, leads, samples]: the target's probability."""
        counts = np.round(FRACTIONS * self.signal.size).astype(np.int64)
        at_once = max(1, engine.CHUNK // (self.signal.size * len(counts)))  # maps
        deletion, insertion = [], []
        for start in range(0, len(saliency), at_once):
            first = order(in_segments(saliency[start : start + at_once]))[:, None] < counts[:, None, None]
            deletion.append(self.probability(np.where(first, self.blank, self.signal)))
            insertion.append(self.probability(np.where(first, self.signal, self.blank)))
        return np.concatenate(deletion), np.concatenate(insertion)

    def probability(self, windows: Floats) -> Floats:
        """The target's calibrated probability [maps, fractions] of windows [maps, fractions, leads, samples]."""
        signals = torch.from_numpy(np.ascontiguousarray(windows, dtype=np.float32)).flatten(0, 1)
        found = chances(self.network, engine.logits(self.network, signals))
        return np.asarray(found[:, self.target].numpy().reshape(windows.shape[:2]))


def cost(question: Question[Any], speed: float, maps: int = 1) -> float:
    """Seconds for `maps` maps, where the network reads `speed` samples in one."""
    assert question.inputs is not None
    return float(maps * 2 * len(FRACTIONS) * question.inputs.shape[-1] / speed)


def in_segments(saliency: Floats, most: int = SEGMENTS) -> Floats:
    """Saliency [maps, leads, samples] as the means of at most `most` equal stretches of each lead."""
    samples = saliency.shape[2]
    size = -(-samples // most)
    if size <= 1:
        return saliency
    starts = np.arange(0, samples, size)
    lengths = np.diff(np.append(starts, samples))
    means = np.add.reduceat(saliency, starts, axis=2) / lengths
    return np.asarray(np.repeat(means, lengths, axis=2), dtype=saliency.dtype)


def order(saliency: Floats) -> NDArray[np.int64]:
    """Place of each value of saliency [maps, leads, samples] in its map, 0 the highest; the earlier where equal."""
    flat = saliency.reshape(len(saliency), -1)
    ranks = np.empty(flat.shape, dtype=np.int64)
    np.put_along_axis(ranks, np.argsort(-flat, axis=1, kind="stable"), np.arange(flat.shape[1])[None], axis=1)
    return ranks.reshape(saliency.shape)


def curve(values: Floats, random: Floats, sign: int) -> Curve:
    """One map's values [FRACTIONS] among those of random masks [masks, FRACTIONS]; `sign` 1: high is good."""
    low, high = np.percentile(random, (5, 95), axis=0)
    means = random.mean(axis=1)
    return Curve(
        map=rounded(values),
        random=rounded(random.mean(axis=0)),
        low=rounded(low),
        high=rounded(high),
        mean=float(values.mean()),
        random_mean=float(means.mean()),
        better_than=float((sign * values.mean() > sign * means).mean()),
    )


def rounded(values: Floats | NDArray[np.float64]) -> list[float]:
    """Four decimals."""
    return [round(float(value), 4) for value in values]
