"""Every map of the planted networks: how well it names what decides, and what the trust panel would say of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from models.evaluation.all_methods import methods_of
from models.evaluation.checks import baselines
from models.evaluation.checks.deletion import Window
from models.evaluation.checks.judging import judged as figures
from models.evaluation.checks.judging import room
from models.evaluation.known_truth.networks import JUDGED, OTHERS, Taught, teach
from models.evaluation.known_truth.planted import Feature, Planted, plant
from models.evaluation.known_truth.scores import Scores, scores
from models.evaluation.maps import importance
from models.evaluation.sample import Sample
from models.evaluation.trust import Verdict
from models.explainers import Batch, Explainer
from models.explainers.engine import frozen
from models.explainers.integrated_gradients import IntegratedGradients
from models.explainers.tracks import Floats
from models.explanations.explaining import NOTHING
from models.training.datasets.mitdb_beats import Say
from models.training.scales import PERCENTILE
from models.zoo import contrast

TRUTH, TWIN = "the truth itself", "the difference from its twin"
OTHER = "Integrated gradients from a beat of the other class"
FREE = "knows no model"
FILLS = ("0", "beats of the other class")  # what stands for "nothing there" when a map is judged by deleting

POOL = 64  # beats from which those of the other class are taken

Verdicts = dict[str, list[Verdict]]  # one of FILLS → of each beat


@dataclass(frozen=True)
class MapOf:
    """One kind of map of one planted network's beats."""

    title: str
    group: str
    values: Floats  # [beats, 1, samples], an order of deletion
    nothing: NDArray[np.bool_]  # [beats], the map would be shown empty


@dataclass(frozen=True)
class Found:
    """What was found of one kind of map of one network."""

    title: str
    group: str
    scores: Scores
    verdicts: Verdicts


@dataclass(frozen=True)
class Judgement:
    """One planted network, its beats, and every map of them."""

    taught: Taught
    beats: Planted
    maps: list[MapOf]
    found: list[Found]


def judge(
    features: Sequence[Feature], kinds: Sequence[str], seeds: int, count: int, epochs: int, store: Path, say: Say
) -> Iterator[Judgement]:
    """Every network in turn, on `count` beats that it was not taught; maps are kept in `store`."""
    for kind in kinds:
        for feature in features:
            for seed in range(seeds):
                taught = teach(feature, kind, seed, epochs)
                say(f"{kind}, {feature.name}, seed {seed}: {taught.accuracy:.1%} right after {taught.epochs} epochs")
                yield judged(taught, plant(feature, count, JUDGED + seed), store)


def judged(taught: Taught, beats: Planted, store: Path) -> Judgement:
    """One network."""
    maps = list(every_map(taught, beats, store))
    verdicts = verdicts_of(taught, beats, maps)
    found = [Found(one.title, one.group, scores(one.values, beats.truth), verdicts[one.title]) for one in maps]
    return Judgement(taught, beats, maps, found)


def every_map(taught: Taught, beats: Planted, store: Path) -> Iterator[MapOf]:
    """Maps for the beats' own class by every method that can explain the network, and those that know no model."""
    sample = Sample(beats.inputs, beats.labels, np.zeros(len(beats), dtype=np.int64), ("made",))
    for method in methods_of(taught.network):
        values = importance(method, taught.network, sample, store, lambda _: None)
        yield MapOf(method.title, method.group, values, nothing_found(method, values))
    never = np.zeros(len(beats), dtype=np.bool_)
    yield MapOf(OTHER, "gradient", from_others(taught, beats), never)
    shapes: dict[str, Callable[[Floats], Floats]] = {
        "\\|x\\|": baselines.magnitude,
        "smoothed energy": baselines.energy,
        "triangle at R": lambda inputs: baselines.triangle(inputs, taught.feature.peak),
        "noise": baselines.random,
    }
    for title, shape in shapes.items():
        yield MapOf(title, FREE, shape(beats.inputs), never)
    yield MapOf(TRUTH, "truth", beats.truth.astype(np.float32), never)
    yield MapOf(TWIN, "truth", beats.apart, never)


def from_others(taught: Taught, beats: Planted) -> Floats:
    """Integrated gradients [beats, 1, samples] from the nearest beat of the other class."""
    base = torch.from_numpy(np.stack([one[0] for one in replacing(taught.feature, beats)]))
    batch = Batch(torch.from_numpy(beats.inputs), torch.from_numpy(beats.labels), usual=base)
    return IntegratedGradients(baseline="other").attribute(taught.network, batch).values


def replacing(planted: Feature, beats: Planted) -> Iterator[Floats]:
    """For each beat the nearest of the other class [fills, 1, samples], among POOL that nobody was taught."""
    others = plant(planted, POOL, OTHERS + 1)
    for inputs, label in zip(beats.inputs, beats.labels.tolist(), strict=True):
        yield contrast.nearest(others.inputs[others.labels != label], inputs)


def nothing_found(method: Explainer, values: Floats) -> NDArray[np.bool_]:
    """Which maps stay below 0.05 of the full scale: the method's own, else measured on these as training does."""
    largest = np.abs(values).max(axis=(1, 2))
    full = float(np.percentile(largest, PERCENTILE)) if method.full_scale is None else method.full_scale
    return np.asarray((largest < NOTHING * full) | (largest == 0))


def verdicts_of(taught: Taught, beats: Planted, maps: Sequence[MapOf]) -> dict[str, Verdicts]:
    """Title of a map → what the trust panel says of it, whatever it is deleted to."""
    said: dict[str, Verdicts] = {one.title: {fill: [] for fill in FILLS} for one in maps}
    network = frozen(taught.network)
    for row, other in enumerate(replacing(taught.feature, beats)):
        inputs, label = beats.inputs[row], int(beats.labels[row])
        for fill, windows in zip(FILLS, (np.zeros_like(inputs)[None], other), strict=True):
            at = Window(network, inputs, windows, label)
            for one, word in zip(maps, of_beat(at, maps, row, taught.feature.peak), strict=True):
                said[one.title][fill].append(word)
    return said


def of_beat(at: Window, maps: Sequence[MapOf], row: int, peak: int) -> Iterator[Verdict]:
    """The verdict of each map of one beat, as the trust panel comes to it; R is at `peak`."""
    random, falls = baselines.measured(at, peak), room(at)
    gone, left = at.curves(np.stack([one.values[row] for one in maps]))
    for i, one in enumerate(maps):
        found = figures(gone[:, i], left[:, i], random, besides=one.title.replace("\\", ""))
        yield found.verdict(falls, bool(one.nothing[row]))
