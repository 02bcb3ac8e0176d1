"""The verdict keeps its promise where the truth is known: what cannot know seldom holds up, the truth mostly does."""

from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import Tensor

from models.evaluation.checks import baselines, judging
from models.evaluation.checks.deletion import Window, smooth_noise
from models.evaluation.known_truth.judging import replacing
from models.evaluation.known_truth.planted import FEATURES, Feature, Planted, plant
from models.evaluation.trust import Verdict
from models.networks.base import Network

PROMISE = 0.05  # of maps that cannot know, that hold up
BEATS = 8


class Level(Network):
    """Set by hand: the logit of class 1 is how far the mean of the samples `read` lies above the middle of classes."""

    def __init__(self, read: np.ndarray, middle: float, steepness: float) -> None:
        super().__init__()
        self.read, self.middle, self.steepness = torch.from_numpy(read), middle, steepness

    def forward(self, signals: Tensor) -> Tensor:
        level = self.steepness * (signals[:, 0, self.read].mean(dim=1) - self.middle)
        return torch.stack([torch.zeros_like(level), level], dim=1)


@dataclass(frozen=True)
class Case:
    """A network that reads one planted feature away from R, and beats of it."""

    feature: Feature
    network: Network
    beats: Planted


@pytest.fixture(params=["ST level", "P wave"])
def case(request: pytest.FixtureRequest) -> Case:
    feature = FEATURES[request.param]
    known = plant(feature, 200, 1)
    read = np.flatnonzero(known.truth[:, 0].mean(axis=0) > 0.9)
    level = known.inputs[:, 0, read].mean(axis=1)
    low, high = (float(level[known.labels == label].mean()) for label in (0, 1))
    network = Level(read, (low + high) / 2, 6 / (high - low)).eval()
    return Case(feature, network, plant(feature, BEATS, 5))


def verdicts(case: Case, maps: dict[str, np.ndarray]) -> dict[str, list[Verdict]]:
    """Title → the verdict of each beat's map [beats, 1, samples]."""
    said: dict[str, list[Verdict]] = {title: [] for title in maps}
    for row, fills in enumerate(replacing(case.feature, case.beats)):
        at = Window(case.network, case.beats.inputs[row], fills, int(case.beats.labels[row]))
        random, room = baselines.measured(at, case.feature.peak), judging.room(at)
        gone, left = at.curves(np.stack([values[row] for values in maps.values()]))
        for i, title in enumerate(maps):
            said[title].append(judging.judged(gone[:, i], left[:, i], random, besides=title).verdict(room, False))
    return said


def test_what_knows_no_model_seldom_holds_up_and_the_truth_mostly_does(case: Case) -> None:
    free = baselines.shapes(case.beats.inputs, case.feature.peak)
    noise = smooth_noise((4 * BEATS, 1, case.beats.inputs.shape[2]), np.random.default_rng(7))
    free |= {f"noise {i}": one for i, one in enumerate(noise.reshape(4, BEATS, 1, -1))}
    said = verdicts(case, free | {"truth": case.beats.apart})
    every = [word for title in free for word in said[title]]
    assert every.count("holds up") <= PROMISE * len(every)
    assert said["truth"].count("holds up") >= 0.8 * BEATS


def test_a_map_of_the_opposite_never_holds_up(case: Case) -> None:
    said = verdicts(case, {"opposite": -case.beats.apart})
    assert set(said["opposite"]) == {"not told from chance"}
