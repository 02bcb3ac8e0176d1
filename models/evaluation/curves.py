"""How much the score falls when what a map calls important is deleted, and rises when only that is kept."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.explainers import engine
from models.explainers.tracks import Floats
from models.networks.base import Network

ALPHAS = np.round(np.arange(0.0, 0.96, 0.05), 2)  # paper 000, figure 5
FRACTIONS = np.round(np.arange(0.05, 0.96, 0.05), 2)  # of the samples; 0 and 1 are the same for every map


def scaled(saliency: Floats) -> Floats:
    """Saliency [beats, leads, samples] from 0 to 1 in each beat; a flat map becomes 0: it names no sample."""
    low = saliency.min(axis=(1, 2), keepdims=True)
    span = saliency.max(axis=(1, 2), keepdims=True) - low
    return np.asarray(np.divide(saliency - low, span, out=np.zeros_like(saliency), where=span > 0))


def reductions(network: Network, inputs: Floats, targets: NDArray[np.int64], saliency: Floats) -> Floats:
    """Paper 000 §4.2: score drop × (T − M)/T [beats, ALPHAS] on deleting (k = 0) samples with scaled saliency > α.

    M of a beat's T values are deleted. The score is the logit of the class targets [beats].
    """
    shades = scaled(saliency)
    before = _scores(network, inputs, targets)
    drops = []
    for alpha in ALPHAS:
        removed = shades > alpha
        left = 1 - removed.mean(axis=(1, 2))
        drops.append((before - _scores(network, np.where(removed, 0, inputs), targets)) * left)
    return np.stack(drops, axis=1).astype(np.float32)


def ranks(saliency: Floats, seed: int = 0) -> NDArray[np.int64]:
    """Place of each value of saliency [beats, leads, samples] in its beat, 0 the most salient; ties fall at random."""
    flat = saliency.reshape(len(saliency), -1)
    random = np.random.default_rng(seed).random(flat.shape)
    order = np.lexsort((random, -flat), axis=1)
    ranked = np.empty_like(order)
    np.put_along_axis(ranked, order, np.arange(flat.shape[1])[None], axis=1)
    return ranked.reshape(saliency.shape)


def areas(network: Network, inputs: Floats, targets: NDArray[np.int64], saliency: Floats) -> tuple[Floats, Floats]:
    """Mean drop on deleting, and mean rise on inserting, the most salient FRACTIONS of the samples; each [beats].

    Every map deletes or inserts the same number of samples. Both in logits, from the whole beat and the deleted one.
    """
    ranked = ranks(saliency)
    total = inputs[0].size
    whole = _scores(network, inputs, targets)
    empty = _scores(network, np.zeros_like(inputs), targets)
    deleted, inserted = [], []
    for fraction in FRACTIONS:
        first = ranked < round(fraction * total)
        deleted.append(whole - _scores(network, np.where(first, 0, inputs), targets))
        inserted.append(_scores(network, np.where(first, inputs, 0), targets) - empty)
    return np.mean(deleted, axis=0), np.mean(inserted, axis=0)


def _scores(network: Network, inputs: NDArray[Any], targets: NDArray[np.int64]) -> Floats:
    signals: Tensor = torch.from_numpy(np.ascontiguousarray(inputs, dtype=np.float32))
    return np.asarray(engine.scores(network, signals, torch.from_numpy(targets)).numpy())
