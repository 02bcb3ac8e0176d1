"""Whether a map stays what it is under changes that should not matter: noise on the input, and other seeds."""

from typing import Any

import numpy as np
import torch

from models.evaluation.checks.agreement import known, rank_correlation
from models.evaluation.checks.deletion import Window
from models.evaluation.trust import Stability
from models.explainers.base import Explainer, Report
from models.explainers.tracks import Batch, Floats
from models.tasks.base import Question
from models.tasks.explanation import effort_of

NOISE, COPIES = 0.05, 5  # of the z-scored input's standard deviation; noisy copies
SEEDS = 5


def stability(at: Window, batch: Batch, explainer: Explainer, own: Floats, report: Report) -> Stability:
    """Rank correlations of the map own [1, leads, samples] of the batch's only window with those of the changed."""
    generators = [np.random.default_rng(seed) for seed in range(COPIES)]
    noise = np.stack([NOISE * random.standard_normal(at.signal.shape) for random in generators])
    noisy = repeated(batch, torch.from_numpy((at.signal + noise).astype(np.float32)))
    maps = explainer.importance(explainer.attribute(at.network, noisy, report).values)
    return Stability(noise=correlations(own, maps), seeds=seeds(at, batch, explainer, own))


def repeated(batch: Batch, signals: torch.Tensor) -> Batch:
    """The batch's only window with each of signals [copies, leads, samples] in its place."""
    copies = len(signals)
    return Batch(
        signals,
        batch.targets.expand(copies),
        batch.fs,
        batch.channels,
        batch.marks and batch.marks * copies,
        *(None if one is None else one.expand(copies, -1, -1) for one in (batch.segments, batch.usual)),
    )


def seeds(at: Window, batch: Batch, explainer: Explainer, own: Floats) -> list[float | None] | None:
    """Rank correlations with the maps of other seeds; None where the seed decides nothing."""
    others = reseeded(explainer)
    maps = [other.importance(other.attribute(at.network, batch).values) for other in others]
    return correlations(own, np.concatenate(maps)) if maps else None


def reseeded(explainer: Explainer) -> list[Explainer]:
    """The method with other seeds; none where it has no seed, or the seed decides nothing."""
    seed = getattr(explainer, "seed", None)
    if seed is None:
        return []
    found = [explainer.model_copy(update={"seed": seed + 1 + k}) for k in range(SEEDS)]
    return [] if type(explainer).model_validate(found[0].model_dump()) == explainer else found


def correlations(own: Floats, maps: Floats) -> list[float | None]:
    """Spearman's ρ of own [1, leads, samples] with each of maps [maps, leads, samples]."""
    return [known(rho) for rho in rank_correlation(np.broadcast_to(own, maps.shape), maps)]


def cost(question: Question[Any], speed: float) -> float:
    """Seconds, where the network reads `speed` samples in one."""
    return (COPIES + len(reseeded(question.parameters.explainer))) * effort_of(question) / speed
