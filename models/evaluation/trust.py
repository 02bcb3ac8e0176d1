"""Judges one map on its own beat: against random masks of equal size, other methods, noise and seeds."""

import hashlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from memory import Memory
from models.errors import UnsupportedError
from models.evaluation import baselines
from models.evaluation.sanity import rank_correlation
from models.explainers import Explainer, engine, explainers
from models.explainers.base import Floats, Progress, Report, silent
from models.explaining import calibrated, checked, explain, explanation_id, resolve, versions
from models.networks.base import Network, chances
from models.trust import Agreement, Baseline, Curve, Stability, Trust, TrustSettings, verdict
from models.zoo import Model

VERSION = "1"  # part of a judgement's identity: raise it when results change
FRACTIONS = np.linspace(0.0, 0.6, 25)
MASKS = 60
SMOOTHING = 25 / 216  # of the window: width of a random mask's moving average
NOISE, COPIES = 0.05, 5  # of the z-scored input's standard deviation; noisy copies
SEEDS = 5
SEED = 3
FIRST = "occlusion"  # what agreement is told with first


@dataclass(frozen=True)
class Window:
    """What is deleted from: one beat of one model and one class."""

    network: Network  # calibrated
    signal: Floats  # [leads, samples]
    blank: Floats  # [leads, samples]
    target: int

    def curves(self, saliency: Floats) -> tuple[Floats, Floats]:
        """Deletion and insertion [maps, FRACTIONS] by saliency [maps, leads, samples]: the target's probability."""
        counts = np.round(FRACTIONS * self.signal.size).astype(np.int64)
        at_once = max(1, engine.CHUNK // (self.signal.size * len(counts)))  # maps
        deletion, insertion = [], []
        for start in range(0, len(saliency), at_once):
            first = order(saliency[start : start + at_once])[:, None] < counts[:, None, None]
            deletion.append(self.probability(np.where(first, self.blank, self.signal)))
            insertion.append(self.probability(np.where(first, self.signal, self.blank)))
        return np.concatenate(deletion), np.concatenate(insertion)

    def probability(self, windows: Floats) -> Floats:
        """The target's calibrated probability [maps, fractions] of windows [maps, fractions, leads, samples]."""
        signals = torch.from_numpy(np.ascontiguousarray(windows, dtype=np.float32)).flatten(0, 1)
        found = chances(self.network, engine.logits(self.network, signals))
        return np.asarray(found[:, self.target].numpy().reshape(windows.shape[:2]))


@dataclass(frozen=True)
class Chance:
    """What random masks do to the target's probability."""

    deletion: Floats  # [MASKS, FRACTIONS]
    insertion: Floats  # [MASKS, FRACTIONS]
    baselines: list[Baseline]


_chances: Memory[Chance] = Memory(
    "chance", lambda chance: 2 * chance.deletion.nbytes
)  # the same for every method that deletes alike


def trust_id(model: Model, inputs: Floats, target: int | None, explainer: Explainer) -> str:
    """Hash (32 hex characters) of everything that decides the judgement."""
    decisive = [VERSION, explanation_id(model, inputs, target, explainer), model.card.input.window.origin]
    decisive += [[kind.method, kind.version] for kind in others(model, explainer)]
    return hashlib.sha256(json.dumps(decisive).encode()).hexdigest()[:32]


def trust(model: Model, inputs: Floats, target: int | None, explainer: Explainer, report: Report = silent) -> Trust:
    """Judge the map of `explainer` for class index `target` (None: the output) of inputs [leads, samples].

    Raises UnsupportedError where what the method gives is no map, and what `explain` raises.
    """
    if not explainer.ranks:
        raise UnsupportedError(f"{explainer.title} is no map of relevance: it cannot be judged by deletion")
    began = time.perf_counter()
    found = explain(model, inputs, target, explainer, _part(report, 0.0, 0.2))
    window = checked(model, inputs[None])
    index = resolve(model, window, target)
    own = explainer.importance(np.array([found.relevance], dtype=np.float32))
    at = Window(calibrated(model), inputs, explainer.deletion(window)[0].numpy(), index)
    chance = _chance(model, at)
    report(Progress(0.5))
    by_map = at.curves(own)
    deletion, insertion = curve(by_map[0][0], chance.deletion, -1), curve(by_map[1][0], chance.insertion, 1)
    return Trust(
        id=trust_id(model, inputs, target, explainer),
        explanation=found.id,
        method=explainer.method,
        title=explainer.title,
        target=found.target,
        verdict=verdict(deletion, insertion, found.scale.nothing_found),
        fractions=rounded(FRACTIONS),
        deletion=deletion,
        insertion=insertion,
        agreement=list(agreements(model, window, index, explainer, own)),
        stability=stability(at, explainer, own, _part(report, 0.6, 1.0)),
        baselines=chance.baselines,
        all_deleted=found.scale.all_deleted,
        deletion_value=explainer.deletion_value,
        settings=TrustSettings(
            random_masks=MASKS, smoothing=width(inputs.shape[1]), noise=NOISE, copies=COPIES, seed=SEED
        ),
        versions=versions(),
        seconds=round(time.perf_counter() - began, 3),
    )


def order(saliency: Floats) -> NDArray[np.int64]:
    """Place of each value of saliency [maps, leads, samples] in its map, 0 the highest; the earlier where equal."""
    flat = saliency.reshape(len(saliency), -1)
    places = np.empty(flat.shape, dtype=np.int64)
    np.put_along_axis(places, np.argsort(-flat, axis=1, kind="stable"), np.arange(flat.shape[1])[None], axis=1)
    return places.reshape(saliency.shape)


def smooth_masks(shape: tuple[int, int], count: int = MASKS, seed: int = SEED) -> Floats:
    """Random masks [count, leads, samples]: noise under a moving average, so that they delete stretches as maps do."""
    leads, samples = shape
    size = width(samples)
    noise = np.random.default_rng(seed).random((count, leads, samples + size - 1))
    sums = np.cumsum(np.concatenate((np.zeros((count, leads, 1)), noise), axis=2), axis=2)
    return np.asarray((sums[:, :, size:] - sums[:, :, :-size]) / size, dtype=np.float32)


def width(samples: int) -> int:
    """Samples that a random mask is averaged over."""
    return max(1, round(SMOOTHING * samples))


def curve(values: Floats, chance: Floats, sign: int) -> Curve:
    """One map's values [FRACTIONS] among those of random masks [masks, FRACTIONS]; `sign` 1: high is good."""
    low, high = np.percentile(chance, (5, 95), axis=0)
    means = chance.mean(axis=1)
    return Curve(
        map=rounded(values),
        random=rounded(chance.mean(axis=0)),
        low=rounded(low),
        high=rounded(high),
        mean=float(values.mean()),
        random_mean=float(means.mean()),
        better_than=float((sign * values.mean() > sign * means).mean()),
    )


def agreements(model: Model, window: Tensor, index: int, explainer: Explainer, own: Floats) -> Iterator[Agreement]:
    """With every other method: rank correlation of what raises the score."""
    for other in others(model, explainer):
        values = other.attribute(calibrated(model), window, torch.tensor([index])).values
        rho = rank_correlation(np.maximum(own, 0), np.maximum(other.importance(values), 0))
        yield Agreement(method=other.method, title=other.title, rho=plain(rho[0]))


def others(model: Model, explainer: Explainer) -> list[Explainer]:
    """Occlusion, then the instant methods, at their defaults; not the judged one."""
    kinds = explainers()
    names = [FIRST, *(name for name, kind in kinds.items() if kind.cost == "instant" and name != FIRST)]
    found = [kinds[name](method=name) for name in names if name in kinds and name != explainer.method]
    return [other for other in found if other.ranks and other.unsupported(model.network) is None]


def stability(at: Window, explainer: Explainer, own: Floats, report: Report) -> Stability:
    """Rank correlation of the map with those of noisy copies, and of other seeds where the method has any."""
    generators = [np.random.default_rng(seed) for seed in range(COPIES)]
    noise = np.stack([NOISE * chance.standard_normal(at.signal.shape) for chance in generators])
    noisy = torch.from_numpy((at.signal + noise).astype(np.float32))
    targets = torch.full((COPIES,), at.target)
    maps = explainer.importance(explainer.attribute(at.network, noisy, targets, report).values)
    return Stability(noise=correlations(own, maps), seeds=seeds(at, explainer, own))


def seeds(at: Window, explainer: Explainer, own: Floats) -> list[float | None] | None:
    """Rank correlations with the maps of other seeds; None where the seed decides nothing."""
    seed = getattr(explainer, "seed", None)
    if seed is None:
        return None
    reseeded = [explainer.model_copy(update={"seed": seed + 1 + k}) for k in range(SEEDS)]
    if type(explainer).model_validate(reseeded[0].model_dump()) == explainer:
        return None
    signal, targets = torch.from_numpy(at.signal[None]), torch.tensor([at.target])
    maps = [other.importance(other.attribute(at.network, signal, targets).values) for other in reseeded]
    return correlations(own, np.concatenate(maps))


def correlations(own: Floats, maps: Floats) -> list[float | None]:
    """Spearman's ρ of own [1, leads, samples] with each of maps [maps, leads, samples]."""
    return [plain(rho) for rho in rank_correlation(np.broadcast_to(own, maps.shape), maps)]


def _chance(model: Model, at: Window) -> Chance:
    blank = hashlib.sha256(at.blank.tobytes()).hexdigest()
    key = (model.card.id, model.weights_sha256, model.card.output, at.target, at.signal.tobytes(), blank)
    return _chances.get(key, lambda: _judge_chance(at, model.card.input.window.origin))


def _judge_chance(at: Window, peak: int) -> Chance:
    deletion, insertion = at.curves(smooth_masks((at.signal.shape[0], at.signal.shape[1])))
    plain_maps = {
        "|x|": baselines.magnitude(at.signal[None]),
        "triangle at R": baselines.triangle(at.signal[None], peak),
    }
    judged = [(name, *at.curves(values)) for name, values in plain_maps.items()]
    rows = [
        Baseline(
            name=name,
            deletion=float(gone.mean()),
            insertion=float(left.mean()),
            deletion_better_than=curve(gone[0], deletion, -1).better_than,
            insertion_better_than=curve(left[0], insertion, 1).better_than,
        )
        for name, gone, left in judged
    ]
    return Chance(deletion, insertion, rows)


def _part(report: Report, low: float, high: float) -> Report:
    """Reports of one part of the work as a stretch of the whole."""
    return lambda progress: report(Progress(low + (high - low) * progress.fraction))


def plain(rho: float) -> float | None:
    """None for NaN: JSON has no name for it."""
    return round(float(rho), 4) if np.isfinite(rho) else None


def rounded(values: Floats | NDArray[np.float64]) -> list[float]:
    """Four decimals."""
    return [round(float(value), 4) for value in values]
