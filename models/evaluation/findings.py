"""What was measured of every map, beat by beat, and the means and intervals that follow from it."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.evaluation import bootstrap
from models.evaluation.bootstrap import Estimate
from models.evaluation.curves import ALPHAS
from models.evaluation.sample import Sample
from models.explainers.tracks import Floats
from models.zoo import Model

MEASURES = ("mean over α", "at α = 0.9", "deletion area", "insertion area")
ALL = "all"  # the classes' mean


@dataclass(frozen=True)
class Findings:
    """What was measured, beat by beat."""

    model: Model
    sample: Sample
    curves: dict[str, Floats]  # map → score reduction [beats, ALPHAS]
    areas: dict[str, tuple[Floats, Floats]]  # map → deletion and insertion [beats]
    predicted: NDArray[np.int64]  # [beats]
    still: NDArray[np.bool_]  # [beats], the learned mask moved less than 0.05
    correlation: dict[str, NDArray[np.float64]]  # method → ρ with the map of randomised weights [sanity beats]
    empty: dict[str, float] = field(default_factory=dict)  # symbol → probability of the fully deleted beat

    @property
    def symbols(self) -> tuple[str, ...]:
        """Classes, in order."""
        return tuple(kind.symbol for kind in self.model.card.classes)

    @cached_property
    def shares(self) -> dict[int, NDArray[np.float64]]:
        """Class index → resamples of its beats."""
        labels, patient = self.sample.labels, self.sample.patient
        return {int(label): bootstrap.resamples(patient[labels == label]) for label in np.unique(labels)}

    def rows(self, values: Floats, group: str) -> NDArray[np.float64]:
        """Mean and resampled means of values [beats, …] in one class, or over all classes alike."""
        shares = self.shares
        if group != ALL:
            index = self.symbols.index(group)
            shares = {index: shares[index]}
        return bootstrap.means(values, self.sample.labels, shares)

    def values(self, name: str, measure: str) -> Floats:
        """One of MEASURES for every beat [beats]."""
        if measure == "mean over α":
            return np.asarray(self.curves[name].mean(axis=1))
        if measure == "at α = 0.9":
            return self.curves[name][:, int(np.argmin(np.abs(ALPHAS - 0.9)))]
        return self.areas[name][measure == "insertion area"]

    def measure(self, name: str, measure: str, group: str = ALL) -> Estimate:
        """One map's mean."""
        return bootstrap.estimate(self.rows(self.values(name, measure), group))

    def lead(self, name: str, over: str, measure: str = "mean over α", group: str = ALL) -> Estimate:
        """How far one map's mean is above another's, beat for beat."""
        return bootstrap.estimate(self.rows(self.values(name, measure) - self.values(over, measure), group))
