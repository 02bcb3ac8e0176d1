"""Cumulative prediction difference and preservation (TIMING, ICML 2025): what single deletions change, added up."""

import numpy as np
import torch
from numpy.typing import NDArray

from models.explainers import engine
from models.explainers.tracks import Floats
from models.networks.base import Network, chances

SHARE = 0.1  # of the samples that are deleted one after the other


def cumulative(network: Network, inputs: Floats, maps: Floats, share: float = SHARE) -> tuple[Floats, Floats]:
    """Difference and preservation [beats] of maps [beats, leads, samples] for inputs of that shape.

    Σ_k ‖p(x_k) − p(x_k+1)‖₁, where x_k+1 is x_k with one more value set to 0: of those with the largest |relevance|
    first (difference: a good map changes much), of those with the smallest first (preservation: little). Equal values
    go in an order of their own, drawn once.
    """
    flat = np.abs(maps).reshape(len(maps), -1)
    random = np.random.default_rng(0).random(flat.shape)
    first, last = (np.lexsort((random, sign * flat), axis=1) for sign in (-1, 1))
    count = round(share * flat.shape[1])
    return _summed(network, inputs, first[:, :count]), _summed(network, inputs, last[:, :count])


def _summed(network: Network, inputs: Floats, order: NDArray[np.int64]) -> Floats:
    """Sum of changes [beats] as the values at order [beats, deletions] are deleted in turn."""
    left = inputs.reshape(len(inputs), -1).copy()
    before, total = _probabilities(network, inputs), np.zeros(len(inputs))
    for column in order.T:
        left[np.arange(len(left)), column] = 0
        now = _probabilities(network, left.reshape(inputs.shape))
        total += np.abs(now - before).sum(axis=1)
        before = now
    return total.astype(np.float32)


def _probabilities(network: Network, inputs: Floats) -> Floats:
    logits = engine.logits(network, torch.from_numpy(np.ascontiguousarray(inputs)))
    return np.asarray(chances(network, logits).numpy())
