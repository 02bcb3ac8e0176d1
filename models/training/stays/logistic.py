"""Logistic regression on the same stays, the usual yardstick: a few numbers for each variable, no order in time."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from models.training.stays.data import Floats

STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3)  # inverse of the penalty, from which set b chooses


class Fitted(NamedTuple):
    """The regression that did best on set b, and how strong its penalty is."""

    model: Any
    strength: float


def features(inputs: Floats) -> NDArray[np.float64]:
    """First, last, least, largest and mean of what was measured, and in how many hours: [stays, 6 · variables].

    Inputs [stays, channels, hours], values and masks behind them; of what was never measured all but the last are 0.
    """
    values, masks = np.split(inputs.astype(np.float64), 2, axis=1)
    there = masks > 0
    count = there.sum(axis=-1)
    never = count == 0
    mean = np.where(there, values, 0).sum(axis=-1) / np.maximum(count, 1)
    least = np.where(there, values, np.inf).min(axis=-1)
    most = np.where(there, values, -np.inf).max(axis=-1)
    first = np.take_along_axis(values, there.argmax(axis=-1)[..., None], axis=-1)[..., 0]
    kept = [np.where(never, 0, one) for one in (first, values[..., -1], least, most, mean)]
    return np.concatenate([*kept, np.log1p(count)], axis=1)


def fit(train: Floats, died: NDArray[np.int64], held: Floats, held_died: NDArray[np.int64]) -> Fitted:
    """Trained on one set, its penalty chosen on the other by AUROC."""
    own, others = features(train), features(held)
    found = [
        (float(roc_auc_score(held_died, model.predict_proba(others)[:, 1])), Fitted(model, strength))
        for strength in STRENGTHS
        for model in [LogisticRegression(C=strength, max_iter=2000).fit(own, died)]
    ]
    return max(found, key=lambda one: one[0])[1]


def predict(fitted: Fitted, inputs: Floats) -> NDArray[np.float64]:
    """Probabilities [stays]."""
    return np.asarray(fitted.model.predict_proba(features(inputs))[:, 1], dtype=np.float64)
