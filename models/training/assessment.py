"""How good a model's answers are: counts first, and every rate beside the rate of always saying the same."""

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from models.cards import OutputSpec

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
BINS = 15  # of confidence, for the calibration error


def confusion(labels: Ints, predicted: Ints, classes: int) -> Ints:
    """Beats [true class, predicted class]."""
    result = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(result, (labels, predicted), 1)
    return result


def rates(matrix: Ints) -> dict[str, Any]:
    """Accuracy and majority rate of a confusion matrix [true, predicted]."""
    total = int(matrix.sum())
    return {
        "beats": total,
        "accuracy": float(np.trace(matrix) / total),
        "majority_rate": float(matrix.sum(axis=1).max() / total),
        "confusion": matrix.tolist(),
    }


def per_class(matrix: Ints, symbols: tuple[str, ...]) -> dict[str, dict[str, float | int | None]]:
    """Sensitivity, positive predictive value and F1 by class; None where nothing is to be divided by."""
    result: dict[str, dict[str, float | int | None]] = {}
    for index, symbol in enumerate(symbols):
        hit, true, said = int(matrix[index, index]), int(matrix[index].sum()), int(matrix[:, index].sum())
        result[symbol] = {
            "beats": true,
            "sensitivity": hit / true if true else None,
            "ppv": hit / said if said else None,
            "f1": 2 * hit / (true + said) if true + said else None,
        }
    return result


def assess(logits: Floats, labels: Ints, patient: Ints, patients: tuple[str, ...], symbols: tuple[str, ...]) -> Any:
    """Rates over all beats, by class and by patient; logits [beats, classes], labels and patient [beats]."""
    predicted = logits.argmax(axis=1)
    matrix = confusion(labels, predicted, len(symbols))
    present = np.unique(patient)
    by_patient = {
        patients[p]: rates(confusion(labels[patient == p], predicted[patient == p], len(symbols))) for p in present
    }
    return rates(matrix) | {
        "patients": len(present),
        "mean_patient_accuracy": float(np.mean([one["accuracy"] for one in by_patient.values()])),
        "per_class": per_class(matrix, symbols),
        "per_patient": by_patient,
    }


def temperature(logits: Floats, labels: Ints) -> float:
    """The T that minimises the cross-entropy of softmax(logits / T)."""
    scores, truth = torch.from_numpy(logits.astype(np.float64)), torch.from_numpy(labels)
    log_t = torch.zeros((), dtype=torch.float64, requires_grad=True)  # log T keeps T above zero
    solver = torch.optim.LBFGS([log_t], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> torch.Tensor:
        solver.zero_grad()
        value = nn.functional.cross_entropy(scores / log_t.exp(), truth)
        value.backward()  # type: ignore[no-untyped-call]
        return value

    solver.step(loss)  # type: ignore[no-untyped-call]
    return float(log_t.detach().exp())


def calibration_error(probabilities: Floats, labels: Ints, bins: int = BINS) -> float:
    """Expected calibration error: |confidence − accuracy| by bin of confidence, weighted by its beats."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    index = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [abs(float(confidence[index == b].sum() - right[index == b].sum())) for b in range(bins)]
    return sum(gaps) / len(labels)


def calibration(logits: Floats, labels: Ints, t: float) -> dict[str, float]:
    """Calibration error and cross-entropy on these beats before and after dividing the logits by `t`."""
    before, after = OutputSpec().chances(logits), OutputSpec(temperature=t).chances(logits)
    rows = np.arange(len(labels))
    return {
        "ece_before": calibration_error(before, labels),
        "ece_after": calibration_error(after, labels),
        "loss_before": float(-np.log(np.maximum(before[rows, labels], 1e-12)).mean()),
        "loss_after": float(-np.log(np.maximum(after[rows, labels], 1e-12)).mean()),
    }
