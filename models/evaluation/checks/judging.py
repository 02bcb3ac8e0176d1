"""A map's curves among those of random masks and simple shapes, and the figures that the verdict follows from."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.evaluation.checks.baselines import RandomMaskBaseline
from models.evaluation.checks.deletion import Window, rounded
from models.evaluation.trust import Baseline, Curve, Verdict, verdict
from models.explainers.tracks import Floats


@dataclass(frozen=True)
class Judged:
    """One map on one window."""

    deletion: Curve
    insertion: Curve
    chance: float
    gain: float
    lead: float

    def verdict(self, room: float, nothing_found: bool) -> Verdict:
        """The verdict, where the class falls by `room` as the window is replaced whole."""
        return verdict(self.chance, self.gain, self.lead, room, nothing_found)


def judge(at: Window, random: RandomMaskBaseline, saliency: Floats) -> list[Judged]:
    """The figures of maps saliency [maps, leads, samples]."""
    gone, left = at.curves(saliency)
    return [judged(gone[:, i], left[:, i], random) for i in range(len(saliency))]


def judged(gone: Floats, left: Floats, random: RandomMaskBaseline, besides: str | None = None) -> Judged:
    """The figures of a map's deletion and insertion [fills, FRACTIONS]; `besides` is a shape that is left out."""
    own, chance = separation(gone, left), separation(random.deletion, random.insertion)
    others = [separation(*curves).mean() for name, curves in random.shapes.items() if name != besides]
    # Each random mask is compared with the map as judged by the same fill: some windows are reached sooner than others.
    as_well = int((chance >= own[random.fill]).sum())
    return Judged(
        deletion=curve(gone.mean(axis=0), random.deletion, -1),
        insertion=curve(left.mean(axis=0), random.insertion, 1),
        chance=(1 + as_well) / (1 + len(chance)),
        gain=float(own.mean() - chance.mean()),
        lead=float(own.mean() - max(others, default=-np.inf)),
    )


def separation(gone: Floats, left: Floats) -> NDArray[np.float64]:
    """Mean insertion less mean deletion [...] of curves [..., FRACTIONS]; at fraction 0 all maps are alike."""
    return np.asarray((left[..., 1:].astype(np.float64) - gone[..., 1:]).mean(axis=-1))


def shown(random: RandomMaskBaseline) -> list[Baseline]:
    """The shapes that know no model, judged alike."""
    rows = []
    for name, (gone, left) in random.shapes.items():
        found = judged(gone, left, random, besides=name)
        rows.append(
            Baseline(
                name=name,
                deletion=found.deletion.mean,
                insertion=found.insertion.mean,
                deletion_better_than=found.deletion.better_than,
                insertion_better_than=found.insertion.better_than,
                gain=found.gain,
            )
        )
    return rows


def room(at: Window) -> float:
    """By how much of probability the target falls as the window is replaced whole, mean over fills."""
    return float(at.own() - at.replaced()[:, at.target].mean())


def curve(values: Floats, random: Floats, sign: int) -> Curve:
    """One map's values [FRACTIONS] among those of random masks [masks, FRACTIONS]; `sign` 1: high is good."""
    low, high = np.percentile(random, (5, 95), axis=0)
    own, means = float(values[1:].mean()), random[:, 1:].mean(axis=1)
    return Curve(
        map=rounded(values),
        random=rounded(random.mean(axis=0)),
        low=rounded(low),
        high=rounded(high),
        mean=own,
        random_mean=float(means.mean()),
        better_than=float((sign * own > sign * means).mean()),
    )
