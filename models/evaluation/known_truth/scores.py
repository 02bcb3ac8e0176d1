"""How well a map names the samples that are known to decide."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidError
from models.evaluation.curves import ranks
from models.explainers.tracks import Floats

Truth = NDArray[np.bool_]


class Scores(NamedTuple):
    """Each [beats], 0 … 1; a map that is 1 on the truth and 0 elsewhere has 1 in all."""

    aup: NDArray[np.float64]  # area under precision
    aur: NDArray[np.float64]  # area under recall
    iou: NDArray[np.float64]  # intersection over union


def scores(maps: Floats, truth: Truth) -> Scores:
    """All three of maps [beats, leads, samples] with truth of that shape.

    Raises InvalidError where a beat has no true sample: nothing could be found in it.
    """
    if (empty := np.flatnonzero(~truth.any(axis=(1, 2)))).size:
        raise InvalidError(f"Beat {empty[0]} of {len(truth)} has no true sample")
    return Scores(*areas(maps, truth), overlap(maps, truth))


def raising(maps: Floats) -> NDArray[np.float64]:
    """What raises the score, as a share of the beat's largest value: 0 … 1; all 0 where nothing does."""
    positive = np.maximum(maps.astype(np.float64), 0)
    largest = positive.max(axis=(1, 2), keepdims=True)
    return np.asarray(np.divide(positive, largest, out=np.zeros_like(positive), where=largest > 0))


def areas(maps: Floats, truth: Truth) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """AUP and AUR [beats]: ∫₀¹ P(τ) dτ and ∫₀¹ R(τ) dτ (Crabbé & van der Schaar, Dynamask, ICML 2021, §4.1).

    P is the share of true samples among those whose relevance is at least τ, R the share of the true samples that are
    among them, relevance as `raising` has it. Both are steps between the map's own values, so the integrals are exact;
    where no sample reaches τ, P is 0.
    """
    flat, known = raising(maps).reshape(len(maps), -1), truth.reshape(len(truth), -1)
    order = np.argsort(-flat, axis=1, kind="stable")
    values, hits = np.take_along_axis(flat, order, axis=1), np.take_along_axis(known, order, axis=1).cumsum(axis=1)
    steps = values - np.pad(values[:, 1:], ((0, 0), (0, 1)))  # τ between two values; of equal ones nothing is left
    count = np.arange(1, flat.shape[1] + 1)
    return (steps * hits / count).sum(axis=1), (steps * hits / hits[:, -1:]).sum(axis=1)


def overlap(maps: Floats, truth: Truth) -> NDArray[np.float64]:
    """IoU [beats] of the truth with as many samples as it has, those with the largest relevance above 0.

    Equal values fall at random, with a fixed seed (`curves.ranks`).
    """
    count = truth.sum(axis=(1, 2), keepdims=True)
    chosen = (ranks(maps) < count) & (maps > 0)
    return np.asarray((chosen & truth).sum(axis=(1, 2)) / (chosen | truth).sum(axis=(1, 2)))
