"""What cross-validation found: counts by fold, the challenge's score with its interval, calibration."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.stats import t as student

from models.cards import OutputSpec
from models.training import folds
from models.training.assessment import BINS, calibration_error, confusion, per_class, rates, temperature
from models.training.datasets import Examples
from models.training.folds import Floats, Fold, Indices
from models.training.loop import Run
from models.training.rhythm_recipes import RhythmRecipe

DECIMALS = 4  # of a curve
NAMES = {"train_loss": "train_loss", "validation_loss": "held_out_loss", "validation_accuracy": "held_out_accuracy"}


@dataclass(frozen=True)
class HeldOut:
    """A fold that was trained to its end, and what it answers to the examples it has not seen."""

    fold: Fold
    run: Run
    logits: Floats  # [held out, classes]


def finished(recipe: RhythmRecipe, examples: Examples, checkpoints: Path) -> list[HeldOut]:
    """Every fold that has been trained to its end."""
    found = []
    for number in range(recipe.folds):
        fold = folds.fold_of(recipe, examples, number)
        run = folds.open_run(recipe, examples, fold, checkpoints)
        if run.best and run.epoch >= recipe.epochs:
            run.network.load_state_dict(run.best)
            found.append(HeldOut(fold, run, folds.predict(run.network, [examples.inputs[i] for i in fold.held_out])))
    return found


def report(recipe: RhythmRecipe, examples: Examples, held: Sequence[HeldOut]) -> dict[str, Any]:
    """Everything that the folds in `held` say, each about its own held-out examples."""
    by_fold = [_fold(recipe, examples, one) for one in held]
    logits = np.concatenate([one.logits for one in held])
    labels = np.concatenate([examples.labels[one.fold.held_out] for one in held])
    measured = ("score", *recipe.symbols)
    return {
        "confusion_rows": "true class",
        "confusion_columns": "model's class",
        "symbols": list(recipe.symbols),
        "scored": list(recipe.scored),
        "of_folds": recipe.folds,
        "folds": by_fold,
        "pooled": assessed(recipe, logits, labels),
        "f1_over_folds": {name: interval([one["f1"][name] for one in by_fold]) for name in measured},
        "calibration": calibrated(logits, labels),
    }


def assessed(recipe: RhythmRecipe, logits: Floats, labels: Indices) -> dict[str, Any]:
    """Counts, rates and F1 of answers [examples, classes]; `score` is the mean F1 of the scored classes."""
    matrix = confusion(labels, logits.argmax(axis=1), len(recipe.symbols))
    classes = per_class(matrix, recipe.symbols)
    found = rates(matrix)
    found["examples"] = found.pop("beats")
    f1 = {symbol: float(one["f1"] or 0.0) for symbol, one in classes.items()}
    by_class = {symbol: {"examples": one.pop("beats"), **one} for symbol, one in classes.items()}
    return found | {"per_class": by_class, "f1": f1 | {"score": float(np.mean([f1[s] for s in recipe.scored]))}}


def _fold(recipe: RhythmRecipe, examples: Examples, held: HeldOut) -> dict[str, Any]:
    curves = {NAMES[name]: [round(v, DECIMALS) for v in values] for name, values in vars(held.run.curves).items()}
    found = assessed(recipe, held.logits, examples.labels[held.fold.held_out])
    return {"fold": held.fold.number, "epochs": held.run.epoch} | found | {"curves": curves}


def interval(values: Sequence[float]) -> dict[str, Any]:
    """Mean, SD (n − 1) and 95 % interval (Student's t) over folds.

    Folds share most of what they are trained on, so the interval is a little too narrow. One fold has none.
    """
    count, mean = len(values), float(np.mean(values))
    if count < 2:
        return {"folds": count, "mean": mean, "sd": None, "low": None, "high": None}
    sd = float(np.std(values, ddof=1))
    half = float(student.ppf(0.975, count - 1)) * sd / count**0.5
    return {"folds": count, "mean": mean, "sd": sd, "low": mean - half, "high": mean + half}


def calibrated(logits: Floats, labels: Indices) -> dict[str, Any]:
    """The temperature of all held-out answers, and what one fitted on half of them does for the other half.

    Dealt out in turn, so that no example is judged by a temperature it took part in.
    """
    half = np.arange(len(labels)) % 2
    after = np.empty_like(logits)
    for own in (0, 1):
        after[half == own] = logits[half == own] / temperature(logits[half != own], labels[half != own])
    found = {"temperature": temperature(logits, labels), "fitted_on": "held-out examples", "bins": BINS}
    for name, scores in (("before", logits), ("after", after)):
        chances = OutputSpec().chances(scores)
        found[f"ece_{name}"] = calibration_error(chances, labels)
        found[f"loss_{name}"] = float(-np.log(np.maximum(chances[np.arange(len(labels)), labels], 1e-12)).mean())
    return found
