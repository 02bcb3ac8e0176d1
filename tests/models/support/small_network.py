"""A small network of three classes, signals for it, and a mask that is learned quickly."""

import numpy as np
import torch

from models.explainers.mask import LearnedMask
from models.networks import build

T = 40
FAST_MASK = LearnedMask(steps=60, learning_rate=0.01)
TARGETS = torch.tensor([0, 2, 1])


def make_network(leads=1, **config):
    torch.manual_seed(3)
    network = build("lstm", {"leads": leads, "hidden": 16, "classes": 3, "dropout": 0.5, **config}).eval()
    with torch.no_grad():
        network.scores.weight.mul_(4)
    return network


def make_signals(batch=3, leads=1, samples=T):
    return torch.from_numpy(np.random.default_rng(5).normal(size=(batch, leads, samples)).astype(np.float32))
