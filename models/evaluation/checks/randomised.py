"""Randomised weights: a map that survives them explains the data, not the model (Adebayo et al. 2018)."""

import copy
from typing import Any

import torch

from models.evaluation.checks.agreement import known, rank_correlation
from models.explainers.tracks import Floats
from models.explanations.explaining import batch_of, calibrated
from models.networks.base import Network
from models.tasks.base import Question
from models.tasks.explanation import effort_of


def randomised(network: Network, seed: int = 0) -> Network:
    """A copy whose every weight tensor is shuffled: the same numbers, nothing of what was learnt."""
    generator = torch.Generator().manual_seed(seed)
    shuffled = copy.deepcopy(network)
    with torch.no_grad():
        for weight in shuffled.parameters():
            order = torch.randperm(weight.numel(), generator=generator)
            weight.copy_(weight.flatten()[order].view_as(weight))
    return shuffled.requires_grad_(False).eval()


def survival(question: Question[Any], own: Floats) -> float | None:
    """Rank correlation of the map own [1, leads, samples] with that of the shuffled network; None where one is flat."""
    explainer = question.parameters.explainer
    nonsense = randomised(calibrated(question.model))
    values = explainer.attribute(nonsense, batch_of([question])).values
    return known(rank_correlation(own, explainer.importance(values))[0])


def cost(question: Question[Any], speed: float) -> float:
    """Seconds, where the network reads `speed` samples in one."""
    return effort_of(question) / speed
