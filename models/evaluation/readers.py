"""How readers agree with each other, with a model and with its maps."""

import warnings
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from models.evaluation.bootstrap import resamples

RESAMPLES = 1000
Interval = tuple[float, float, float]  # value and the ends of its 95 % interval; NaN where it is not determined
UNKNOWN: Interval = (np.nan, np.nan, np.nan)


def cohen(a: Sequence[str], b: Sequence[str]) -> Interval:
    """Cohen's κ of two readers' labels [items], with its asymptotic interval (Fleiss, Cohen & Everitt 1969).

    Not determined where both use one and the same label throughout: agreement by chance is then complete. The interval
    is not determined where one of them uses one label throughout: κ is 0 then, whatever the other says.
    """
    from statsmodels.stats.inter_rater import cohens_kappa

    kinds = sorted({*a, *b})
    if len(kinds) < 2:
        return UNKNOWN
    table = np.zeros((len(kinds), len(kinds)))
    for one, other in zip(a, b, strict=True):
        table[kinds.index(one), kinds.index(other)] += 1
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # divisions by zero are NaN here
        found = cohens_kappa(table)
    varied = len({*a}) > 1 and len({*b}) > 1
    low, high = np.clip((found.kappa_low, found.kappa_upp), -1, 1) if varied else (np.nan, np.nan)
    return float(found.kappa), float(low), float(high)


def fleiss(labels: Sequence[Sequence[str]], patients: Sequence[int]) -> Interval:
    """Fleiss' κ of labels [items][readers]; the interval by resampling patients [items], then their items.

    Resamples in which all use one label are left out: κ is not determined there. One item has no interval.
    """
    if not labels or len(labels[0]) < 2:
        return UNKNOWN
    kinds = sorted({label for row in labels for label in row})
    table = np.array([[row.count(kind) for kind in kinds] for row in map(list, labels)])
    times = np.rint(resamples(np.asarray(patients), RESAMPLES) * len(table)).astype(int)
    values = np.array([_fleiss(np.repeat(table, counts, axis=0)) for counts in times])
    known = values[np.isfinite(values)]
    low, high = np.percentile(known, (2.5, 97.5)) if len(known) and len(table) > 1 else (np.nan, np.nan)
    return _fleiss(table), float(low), float(high)


def _fleiss(table: NDArray[np.int64]) -> float:
    """Fleiss' κ of a table [items, labels] of counts; NaN where all use one label."""
    from statsmodels.stats.inter_rater import fleiss_kappa

    if (table.sum(axis=0) > 0).sum() < 2:
        return np.nan
    return float(fleiss_kappa(table))


def cohen_of(label: str, a: Sequence[str], b: Sequence[str]) -> Interval:
    """Cohen's κ of one label against all others, of two readers' labels [items]; NaN where neither says it."""
    return cohen(_against(label, a), _against(label, b))


def fleiss_of(label: str, labels: Sequence[Sequence[str]], patients: Sequence[int]) -> Interval:
    """Fleiss' κ of one label against all others (Fleiss 1971, κ of a category), of labels [items][readers]."""
    return fleiss([_against(label, row) for row in labels], patients)


def _against(label: str, labels: Sequence[str]) -> list[str]:
    return [label if one == label else f"not {label}" for one in labels]


def share(count: int, of: int) -> Interval:
    """A share and its Wilson interval, which takes the reads as independent."""
    from statsmodels.stats.proportion import proportion_confint

    if not of:
        return UNKNOWN
    low, high = proportion_confint(count, of, method="wilson")
    return count / of, float(low), float(high)


def mean(values: Sequence[float], patients: Sequence[int]) -> Interval:
    """The mean of values [items]; the interval by resampling patients [items], then their items. One has none."""
    if len(values) < 2:
        return (float(values[0]), np.nan, np.nan) if values else UNKNOWN
    drawn = resamples(np.asarray(patients), RESAMPLES) @ np.asarray(values, np.float64)
    low, high = np.percentile(drawn, (2.5, 97.5))
    return float(np.mean(values)), float(low), float(high)


def points_into(relevance: NDArray[np.floating], region: slice) -> bool | None:
    """The pointing game (Zhang et al. 2018): whether the most relevant of relevance [leads, samples] lies in a region.

    None for a map that is flat: it points nowhere.
    """
    row = np.asarray(relevance).max(axis=0)
    if row.max() <= row.min():
        return None
    best = int(row.argmax())
    return bool(region.start <= best < region.stop)


def overlap(relevance: NDArray[np.floating], region: slice) -> float | None:
    """Intersection over union of a region and equally many of the most relevant samples; None for a flat map.

    With as many samples as the region has, no threshold of relevance needs to be chosen and methods can be compared.
    """
    row = np.asarray(relevance).max(axis=0)
    size = region.stop - region.start
    if row.max() <= row.min() or size <= 0:
        return None
    top = np.argsort(-row, kind="stable")[:size]
    shared = int(((top >= region.start) & (top < region.stop)).sum())
    return float(shared / (2 * size - shared))


def overlap_by_chance(size: int, of: int) -> float:
    """About what `overlap` is for relevance without any order: a region of `size` samples of a window `of` so many."""
    shared = size * size / of
    return shared / (2 * size - shared)
