"""How far two maps agree: Spearman's rank correlation of what raises the score."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.evaluation.trust import Agreement
from models.explainers import Explainer, parse
from models.explainers.occlusion import Occlusion
from models.explainers.tracks import Floats
from models.explanations.explaining import batch_of, calibrated
from models.explanations.explanation import Explanation
from models.tasks.base import Question

COVERS = 240  # of the reference at most, however long the window
WIDTH = 25  # samples it hides at once, where the window is no longer than a beat


def rank_correlation(left: Floats, right: Floats) -> NDArray[np.float64]:
    """Spearman's ρ [maps] between maps [maps, leads, samples]; NaN where either is flat."""
    a, b = (rankdata(each.reshape(len(each), -1), axis=1) for each in (left, right))
    a, b = (each - each.mean(axis=1, keepdims=True) for each in (a, b))
    size = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return np.asarray(np.divide((a * b).sum(axis=1), size, out=np.full(len(a), np.nan), where=size > 0))


def known(rho: float) -> float | None:
    """Four decimals; None for NaN: JSON has no name for it."""
    return round(float(rho), 4) if np.isfinite(rho) else None


def importance(one: Explanation) -> Floats | None:
    """The map [1, leads, samples] as an order of deletion, without what lowers the score; None where there is none."""
    if one.relevance is None:
        return None
    return np.maximum(method_of(one).importance(np.array([one.relevance], dtype=np.float32)), 0)


def method_of(one: Explanation) -> Explainer:
    """The method with the parameters that gave an explanation."""
    return parse({"method": one.method, **one.parameters})


def between(first: Floats | None, second: Floats | None) -> float | None:
    """ρ of two maps [1, leads, samples]; None where there is no map, one is flat, or they are of different windows."""
    if first is None or second is None or first.shape != second.shape:
        return None
    return known(rank_correlation(first, second)[0])


def matrix(maps: Sequence[Explanation]) -> list[list[float | None]]:
    """ρ [maps][maps] of each with each."""
    values = [importance(one) for one in maps]
    return [[between(a, b) for b in values] for a in values]


def reference(samples: int) -> Occlusion:
    """What a map is compared with: occlusion as it comes, coarser where the window is longer than a beat."""
    stride = -(-(samples + WIDTH - 1) // COVERS)
    return Occlusion(width=max(WIDTH, 2 * stride), stride=stride)


def with_reference(question: Question[Any], own: Floats) -> list[Agreement]:
    """Agreement of the map own [1, leads, samples] with occlusion's; nothing for occlusion itself."""
    assert question.inputs is not None
    other, model = reference(question.inputs.shape[1]), question.model
    if other.method == question.parameters.explainer.method or other.unsupported(model.network):
        return []
    values = other.attribute(calibrated(model), batch_of([question])).values
    rho = rank_correlation(np.maximum(own, 0), np.maximum(other.importance(values), 0))
    return [Agreement(method=other.method, title=other.title, rho=known(rho[0]))]


def cost(question: Question[Any], speed: float) -> float:
    """Seconds for the comparison with the reference, where the network reads `speed` samples in one."""
    assert question.inputs is not None
    channels, samples = question.inputs.shape
    return reference(samples).effort(channels, samples) / speed
