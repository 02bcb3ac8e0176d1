"""Randomised weights: a map that survives them explains the data, not the model (Adebayo et al. 2018)."""

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.explainers.base import Floats
from models.networks.base import Network


def randomised(network: Network, seed: int = 0) -> Network:
    """A copy whose every weight tensor is shuffled: the same numbers, nothing of what was learnt."""
    generator = torch.Generator().manual_seed(seed)
    shuffled = copy.deepcopy(network)
    with torch.no_grad():
        for weight in shuffled.parameters():
            order = torch.randperm(weight.numel(), generator=generator)
            weight.copy_(weight.flatten()[order].view_as(weight))
    return shuffled.requires_grad_(False).eval()


def rank_correlation(left: Floats, right: Floats) -> NDArray[np.float64]:
    """Spearman's ρ [beats] between maps [beats, leads, samples]; NaN where either is flat."""
    a, b = (rankdata(each.reshape(len(each), -1), axis=1) for each in (left, right))
    a, b = (each - each.mean(axis=1, keepdims=True) for each in (a, b))
    size = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return np.asarray(np.divide((a * b).sum(axis=1), size, out=np.full(len(a), np.nan), where=size > 0))
