"""How well one probability tells two outcomes apart, with intervals by resampling stays."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import average_precision_score, roc_auc_score

Chances = NDArray[np.floating]
Outcomes = NDArray[np.int64]
BINS = 10
RESAMPLES = 1000


def sensitivity_and_precision(chances: Chances, died: Outcomes, threshold: float) -> tuple[float, float]:
    """Of those with the outcome the share at or above the threshold, and of these the share with the outcome."""
    called = chances >= threshold
    right = int((called & (died == 1)).sum())
    return right / max(1, int(died.sum())), right / max(1, int(called.sum()))


def score_1(chances: Chances, died: Outcomes, threshold: float) -> float:
    """The lesser of sensitivity and positive predictivity (PhysioNet Challenge 2012, event 1)."""
    return min(sensitivity_and_precision(chances, died, threshold))


def best_threshold(chances: Chances, died: Outcomes) -> float:
    """The probability from which on score 1 is highest; to be chosen on stays that nothing is judged by."""
    candidates = np.unique(chances)
    called = len(chances) - np.searchsorted(np.sort(chances), candidates)
    found = died.sum() - np.searchsorted(np.sort(chances[died == 1]), candidates)
    scores = np.minimum(found / max(1, died.sum()), found / np.maximum(called, 1))
    return float(candidates[scores.argmax()])


def calibration_error(chances: Chances, died: Outcomes) -> float:
    """Mean distance of probability and frequency over ten bins with equally many stays."""
    return float(sum(one["stays"] * abs(one["said"] - one["happened"]) for one in bins(chances, died)) / len(died))


def bins(chances: Chances, died: Outcomes) -> list[dict[str, float]]:
    """Mean probability and frequency of the outcome in ten bins with equally many stays."""
    order = np.argsort(chances, kind="stable")
    return [
        {"stays": len(part), "said": float(chances[part].mean()), "happened": float(died[part].mean())}
        for part in np.array_split(order, BINS)
        if len(part)
    ]


def judged(
    chances: Chances, died: Outcomes, threshold: float, groups: NDArray[np.int64] | None = None
) -> dict[str, Any]:
    """Every measure with its 95 % interval over resamples of groups [stays] (patients; stays where none are given)."""
    chances = np.asarray(chances, dtype=np.float64).reshape(len(died))
    groups = np.arange(len(died)) if groups is None else groups
    rows = (
        [np.flatnonzero(groups == one) for one in np.unique(groups)] if len(set(groups.tolist())) < len(died) else None
    )
    rng = np.random.default_rng(0)
    drawn: list[dict[str, float]] = []
    while len(drawn) < RESAMPLES:
        chosen = _drawn(rng, len(died), rows)
        if 0 < died[chosen].sum() < len(chosen):
            drawn.append(measures(chances[chosen], died[chosen], threshold))
    whole = measures(chances, died, threshold)
    sensitivity, precision = sensitivity_and_precision(chances, died, threshold)
    ends = {name: np.percentile([one[name] for one in drawn], (2.5, 97.5)).tolist() for name in whole}
    return {
        "stays": len(died),
        "died": int(died.sum()),
        "threshold": threshold,
        "sensitivity": sensitivity,
        "positive_predictivity": precision,
        "bins": bins(chances, died),
        **{name: {"value": value, "low": ends[name][0], "high": ends[name][1]} for name, value in whole.items()},
    }


def compared(first: Chances, second: Chances, died: Outcomes) -> dict[str, dict[str, float]]:
    """By how much the first is ahead of the second in AUROC and AUPRC, with 95 % intervals over the same resamples."""
    rng, died = np.random.default_rng(0), np.asarray(died)
    both = [np.asarray(one, dtype=np.float64).reshape(len(died)) for one in (first, second)]
    areas = {"auroc": roc_auc_score, "auprc": average_precision_score}
    drawn: list[list[float]] = []
    while len(drawn) <= RESAMPLES:
        chosen = rng.integers(len(died), size=len(died)) if drawn else np.arange(len(died))
        if 0 < died[chosen].sum() < len(chosen):
            parts = [[float(area(died[chosen], one[chosen])) for area in areas.values()] for one in both]
            drawn.append([a - b for a, b in zip(*parts, strict=True)])
    ends = np.percentile(np.array(drawn[1:]), (2.5, 97.5), axis=0).tolist()
    return {name: {"value": drawn[0][i], "low": ends[0][i], "high": ends[1][i]} for i, name in enumerate(areas)}


def _drawn(rng: np.random.Generator, count: int, rows: list[NDArray[np.int64]] | None) -> NDArray[np.int64]:
    if rows is None:
        return rng.integers(count, size=count)
    return np.concatenate([rows[i] for i in rng.integers(len(rows), size=len(rows))])


def measures(chances: Chances, died: Outcomes, threshold: float) -> dict[str, float]:
    """AUROC, AUPRC, score 1, Brier score and calibration error."""
    return {
        "auroc": float(roc_auc_score(died, chances)),
        "auprc": float(average_precision_score(died, chances)),
        "score_1": score_1(chances, died, threshold),
        "brier": float(np.square(chances - died).mean()),
        "calibration_error": calibration_error(chances, died),
    }
