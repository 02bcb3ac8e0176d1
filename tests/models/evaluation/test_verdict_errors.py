"""The verdict keeps its promise on networks whose truth is known: what cannot know does not hold up, the truth does."""

import numpy as np
import pytest

from models.evaluation.checks import baselines, judging
from models.evaluation.checks.deletion import Window, smooth_noise
from models.evaluation.known_truth.judging import replacing
from models.evaluation.known_truth.networks import Taught, teach
from models.evaluation.known_truth.planted import FEATURES, Planted, plant
from models.evaluation.trust import Verdict
from models.explainers.engine import frozen

PROMISE = 0.05  # of maps that cannot know, that hold up
BEATS = 8


@pytest.fixture(scope="module", params=["ST level", "P wave"])
def planted(request: pytest.FixtureRequest) -> tuple[Taught, Planted]:
    """A network that reads one feature away from R, and beats that it was not taught."""
    feature = FEATURES[request.param]
    return teach(feature, "convolutional", 0, 4), plant(feature, BEATS, 5)


def verdicts(taught: Taught, beats: Planted, maps: dict[str, np.ndarray]) -> dict[str, list[Verdict]]:
    """Title → the verdict of each beat's map [beats, 1, samples]."""
    network, said = frozen(taught.network), {title: [] for title in maps}
    for row, fills in enumerate(replacing(taught.feature, beats)):
        at = Window(network, beats.inputs[row], fills, int(beats.labels[row]))
        random, room = baselines.measured(at, taught.feature.peak), judging.room(at)
        gone, left = at.curves(np.stack([values[row] for values in maps.values()]))
        for i, title in enumerate(maps):
            said[title].append(judging.judged(gone[:, i], left[:, i], random, besides=title).verdict(room, False))
    return said


def test_what_knows_no_model_seldom_holds_up_and_the_truth_mostly_does(planted: tuple[Taught, Planted]) -> None:
    taught, beats = planted
    assert taught.follows > 0.85  # it reads what was planted: else there would be no truth
    free = baselines.shapes(beats.inputs, taught.feature.peak)
    noise = smooth_noise((4 * BEATS, 1, beats.inputs.shape[2]), np.random.default_rng(7)).reshape(4, BEATS, 1, -1)
    free |= {f"noise {i}": one for i, one in enumerate(noise)}
    said = verdicts(taught, beats, free | {"truth": beats.apart})
    every = [word for title in free for word in said[title]]
    assert every.count("holds up") <= PROMISE * len(every)
    assert said["truth"].count("holds up") >= BEATS / 2
    told = said["truth"].count("better than chance") + said["truth"].count("holds up")
    assert told >= 0.8 * BEATS


def test_a_map_of_the_opposite_never_holds_up(planted: tuple[Taught, Planted]) -> None:
    taught, beats = planted
    said = verdicts(taught, beats, {"opposite": -beats.apart})
    assert set(said["opposite"]) == {"not told from chance"}
