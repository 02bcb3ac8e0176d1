"""Small networks that are taught one planted feature, and whether that is what they learnt."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from models.errors import unknown
from models.evaluation.known_truth.planted import Feature, Planted, plant
from models.explainers import engine
from models.explainers.tracks import Floats
from models.networks import Network, build

KINDS: dict[str, dict[str, Any]] = {
    # Read at its last step alone, 32 units had learnt none of the features after 640 steps; averaged over time, all.
    "lstm": {"hidden": 32, "classes": 2, "pooling": "mean"},
    "convolutional": {"channels": (8, 16, 16), "kernel": 15, "halved_after": (1, 2), "classes": 2},
}
BATCH, BATCHES = 64, 16  # beats of a step, steps of an epoch
RATE, CLIP = 0.01, 1.0
HELD_OUT = 400  # beats that are judged by
ENOUGH = 0.995  # of them right: training ends
JUDGED, OTHERS = 1_000_000, 2_000_000  # seeds of beats that no network is taught


@dataclass(frozen=True)
class Taught:
    """One planted network."""

    feature: Feature
    kind: str
    seed: int
    network: Network
    epochs: int
    accuracy: float  # on beats it was not taught
    follows: float  # share that changes class as the planted samples alone become another class's
    strays: float  # … as all the others do


def teach(feature: Feature, kind: str, seed: int, epochs: int) -> Taught:
    """A network of a kind, from fresh beats in each epoch, until it is right on ENOUGH of others or `epochs` are over.

    Equal arguments give equal weights on one machine with one thread; torch's own random numbers stay as they were.
    """
    if kind not in KINDS:
        raise unknown("kind of network", kind, tuple(KINDS))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = build(kind, KINDS[kind])
    steps = torch.optim.Adam(network.parameters(), lr=RATE)
    held, epoch, right = plant(feature, HELD_OUT, OTHERS), 0, 0.0
    while epoch < epochs and right < ENOUGH:
        _epoch(network, steps, plant(feature, BATCH * BATCHES, seed * 10_000 + epoch + 1))
        epoch, right = epoch + 1, float((answers(network, held.inputs) == held.labels).mean())
    network = network.requires_grad_(False).eval()
    return Taught(feature, kind, seed, network, epoch, right, *swapped(network, held))


def _epoch(network: Network, steps: torch.optim.Optimizer, beats: Planted) -> None:
    network.train()
    inputs, labels = torch.from_numpy(beats.inputs), torch.from_numpy(beats.labels)
    for first in range(0, len(beats), BATCH):
        part = slice(first, first + BATCH)
        loss = functional.cross_entropy(network(inputs[part]), labels[part])
        steps.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), CLIP)
        steps.step()


def answers(network: Network, inputs: Floats) -> NDArray[np.int64]:
    """The class [beats] of inputs [beats, leads, samples]."""
    return np.asarray(engine.logits(network, torch.from_numpy(inputs)).argmax(dim=1).numpy())


def swapped(network: Network, beats: Planted) -> tuple[float, float]:
    """Share of beats whose answer changes as their planted samples, then as all others, are the next beat's.

    The next beat is of the other class and is spread and disturbed in its own way.
    """
    other = np.roll(beats.inputs, -1, axis=0)
    where = beats.truth | np.roll(beats.truth, -1, axis=0)
    before = answers(network, beats.inputs)
    inside = answers(network, np.where(where, other, beats.inputs))
    outside = answers(network, np.where(where, beats.inputs, other))
    return float((inside != before).mean()), float((outside != before).mean())
