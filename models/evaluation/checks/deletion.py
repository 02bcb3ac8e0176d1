"""The target's probability as more and more of a window is deleted, or alone is left, by a map's order."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from models.explainers import engine
from models.explainers.base import Progress, Report, part_of, silent
from models.explainers.tracks import Floats
from models.networks.base import Network, chances
from models.tasks.base import Question

FRACTIONS = np.array([0.0, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3])  # of the samples; 0 is the same for every map
SMOOTHING = 10 / 216  # of the window, standard deviation of the Gaussian under random masks: they name as few
# stretches as occlusion's maps do, about two; a moving average of 25 of 216 samples named eight, which hurts less
SEED = 3
SEGMENTS = 240  # of a lead at most: a longer window is deleted in stretches, not in single samples
Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Window:
    """What is deleted from: one window of one model and one class, and what may stand for "nothing there"."""

    network: Network  # calibrated
    signal: Floats  # [leads, samples]
    fills: Floats  # [fills, leads, samples]
    target: int

    def curves(self, saliency: Floats, report: Report = silent) -> tuple[Floats, Floats]:
        """Deletion and insertion [fills, maps, FRACTIONS] by saliency [maps, leads, samples], with every fill."""
        found = []
        for fill in range(len(self.fills)):
            found.append(self.curves_with(fill, saliency))
            report(Progress((fill + 1) / len(self.fills)))
        deletion, insertion = zip(*found, strict=True)
        return np.stack(deletion), np.stack(insertion)

    def curves_with(self, fill: int, saliency: Floats, report: Report = silent) -> tuple[Floats, Floats]:
        """Deletion and insertion [maps, FRACTIONS] with one fill; equal values fall at random, for each fill anew."""
        first = most_important(saliency, FRACTIONS[1:], seed=fill).reshape(-1, *self.signal.shape)
        pairs = (self.signal, self.fills[fill]), (self.fills[fill], self.signal)
        curves = []
        for half, (whole, value) in zip(((0.0, 0.5), (0.5, 1.0)), pairs, strict=True):
            untouched = self._probability(whole, value, np.zeros_like(first[:1]), silent)
            found = self._probability(whole, value, first, part_of(report, *half)).reshape(len(saliency), -1)
            curves.append(np.concatenate([np.repeat(untouched[None], len(saliency), axis=0), found], axis=1))
        return curves[0], curves[1]

    def own(self) -> float:
        """The target's probability in the window as it is."""
        found = engine.logits(self.network, torch.from_numpy(np.ascontiguousarray(self.signal[None])))
        return float(chances(self.network, found)[0, self.target])

    def replaced(self) -> Floats:
        """Probabilities [fills, classes] of the window replaced whole by each fill."""
        found = engine.logits(self.network, torch.from_numpy(np.ascontiguousarray(self.fills)))
        return np.asarray(chances(self.network, found).numpy())

    def _probability(self, whole: Floats, value: Floats, covers: Flags, report: Report) -> Floats:
        """The target's probability [covers] where each covers[covers, leads, samples] puts the value in place."""
        touched = np.asarray(covers.any(axis=1))
        onset = np.where(np.asarray(touched.any(axis=1)), touched.argmax(axis=1), touched.shape[1])
        turn = np.argsort(onset, kind="stable")  # covers that begin together share most
        signals, values = (torch.from_numpy(np.array(one[None], dtype=np.float32)) for one in (whole, value))
        found = engine.covered(
            self.network,
            signals,
            torch.tensor([self.target]),
            torch.from_numpy(covers[turn]),
            values,
            "probability",
            lambda part: report(Progress(part)),
        )
        result = np.empty(len(covers), dtype=np.float32)
        result[turn] = found[0].numpy()
        return result


def cost(question: Question[Any], speed: float, maps: int = 1) -> float:
    """Seconds for `maps` maps with one fill, where the network reads `speed` samples in one."""
    assert question.inputs is not None
    return float(maps * 2 * (len(FRACTIONS) - 1) * question.inputs.shape[-1] / speed)


def most_important(saliency: Floats, fractions: NDArray[np.float64], seed: int = 0) -> Flags:
    """The first `fractions` of each map [maps, fractions, leads, samples] by saliency [maps, leads, samples].

    Equal values fall at random, for all maps alike; of a long window whole stretches (`SEGMENTS`) are taken.
    """
    means, lengths = in_segments(saliency)
    counts = np.round(fractions * means[0].size).astype(np.int64)
    chosen = order(means, seed)[:, None] < counts[:, None, None]
    return np.asarray(np.repeat(chosen, lengths, axis=3))


def in_segments(saliency: Floats, most: int = SEGMENTS) -> tuple[Floats, Indices]:
    """Means of saliency [maps, leads, samples] over at most `most` equal stretches of each lead, and their lengths."""
    samples = saliency.shape[2]
    starts = np.arange(0, samples, -(-samples // most))
    lengths = np.diff(np.append(starts, samples))
    means = np.add.reduceat(saliency, starts, axis=2) / lengths
    return np.asarray(means, dtype=saliency.dtype), lengths


def order(saliency: Floats, seed: int = 0) -> Indices:
    """Place of each value of saliency [maps, leads, samples] in its map, 0 the highest.

    Equal values come in stretches, by a smooth random field that is the same for all maps: scattered over a flat part
    they would hide little, and from its beginning on they would name what nobody said.
    """
    flat = saliency.reshape(len(saliency), -1)
    field = smooth_noise((1, *saliency.shape[1:]), np.random.default_rng((SEED, seed)))
    ordered = np.lexsort((np.broadcast_to(field.reshape(1, -1), flat.shape), -flat), axis=1)
    ranks = np.empty(flat.shape, dtype=np.int64)
    np.put_along_axis(ranks, ordered, np.arange(flat.shape[1])[None], axis=1)
    return ranks.reshape(saliency.shape)


def smooth_noise(shape: tuple[int, ...], random: np.random.Generator) -> Floats:
    """White noise [masks, leads, samples] under a Gaussian of `width` samples; every second mask alike in all leads."""
    wide = width(shape[2])
    noise = random.standard_normal((*shape[:2], shape[2] + 8 * wide))
    noise[::2] = noise[::2, :1]
    smooth = gaussian_filter1d(noise, wide, axis=2, mode="constant")
    return np.asarray(smooth[:, :, 4 * wide : 4 * wide + shape[2]], dtype=np.float32)


def width(samples: int) -> int:
    """Standard deviation in samples of the Gaussian that random masks are smoothed with."""
    return max(1, round(SMOOTHING * samples))


def rounded(values: Floats | NDArray[np.float64]) -> list[float]:
    """Four decimals."""
    return [round(float(value), 4) for value in values]
