"""Beyond one answer: a recording read in several versions, and classes weighed anew; all of held-out recordings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.cards import OutputSpec
from models.evaluation.accuracy import percent, table
from models.training.datasets import Examples
from models.training.fold_report import HeldOut, assessed, finished, interval
from models.training.folds import Floats, Indices, predict
from models.training.rhythm_recipes import RhythmRecipe

Say = Callable[[str], None]
PHASE = 16  # samples left out at the beginning: half a step of seven layers, of which five halve
GAINS = (0.8, 1.2)  # as far as training scales
PART = 0.8  # of a recording that is read alone, from its beginning and from its end
GRID = np.linspace(-1.5, 1.5, 31)  # log of the factors that a class's probability is tried with
ROUNDS = 3  # over all classes


def _parts(signal: Floats) -> list[Floats]:
    length = round(PART * signal.shape[1])
    return [signal[:, :length], signal[:, -length:]]


VERSIONS: Mapping[str, Callable[[Floats], list[Floats]]] = {
    "shifted": lambda signal: [signal[:, PHASE:]],
    "inverted": lambda signal: [-signal],
    "scaled": lambda signal: [np.float32(gain) * signal for gain in GAINS],
    "in parts": _parts,
}
READINGS = {"once": (), **{f"once and {name}": (name,) for name in VERSIONS}, "all of these": tuple(VERSIONS)}


@dataclass(frozen=True)
class FoldAnswers:
    """What a fold answers to what it has not seen: version → probabilities [versions, held out, classes]."""

    labels: Indices
    chances: Mapping[str, Floats]

    def averaged(self, names: Sequence[str]) -> Floats:
        """Log of the mean probability [held out, classes] over the recording as it is and the versions `names`."""
        every = np.concatenate([self.chances["once"], *(self.chances[name] for name in names)])
        logs: Floats = np.log(np.maximum(every.mean(axis=0), 1e-12)).astype(np.float32)
        return logs


def answers(examples: Examples, held: HeldOut) -> FoldAnswers:
    """Probabilities of every version of every held-out recording."""
    inputs = [examples.inputs[i] for i in held.fold.held_out]
    chances = {"once": OutputSpec().chances(held.logits)[None]}
    for name, made in VERSIONS.items():
        versions = zip(*map(made, inputs), strict=True)
        read = [OutputSpec().chances(predict(held.run.network, list(version))) for version in versions]
        chances[name] = np.stack(read)
    return FoldAnswers(examples.labels[held.fold.held_out], chances)


def weights(recipe: RhythmRecipe, logs: Floats, labels: Indices) -> Floats:
    """What added to the log probabilities [examples, classes] gives the highest score, sought class by class."""
    best, own = assessed(recipe, logs, labels)["f1"]["score"], np.zeros(logs.shape[1], np.float32)
    for _ in range(ROUNDS):
        for kind in range(len(own)):
            for value in GRID:
                tried = own.copy()
                tried[kind] = value
                score = assessed(recipe, logs + tried, labels)["f1"]["score"]
                if score > best:
                    best, own = score, tried
    return own


def weighed(recipe: RhythmRecipe, logs: Sequence[Floats], labels: Sequence[Indices]) -> list[Floats]:
    """Log probabilities of each fold with the weights that the other folds' held-out answers ask for."""
    found = []
    for fold, own in enumerate(logs):
        others = [i for i in range(len(logs)) if i != fold]
        fitted = weights(recipe, np.concatenate([logs[i] for i in others]), np.concatenate([labels[i] for i in others]))
        found.append(own + fitted)
    return found


def averaging_report(recipe: RhythmRecipe, examples: Examples, checkpoints: Path, say: Say) -> str:
    """The table: each way to read, with and without weights, over the folds that are trained to their end."""
    found = []
    for held in finished(recipe, examples, checkpoints):
        say(f"{recipe.id}: {held.fold.name} reads {len(held.fold.held_out)} recordings in every version")
        found.append(answers(examples, held))
    labels = [one.labels for one in found]
    rows = []
    for words, names in READINGS.items():
        logs = [one.averaged(names) for one in found]
        rows.append(row(recipe, words, "no", logs, labels))
        if len(found) > 1:
            rows.append(row(recipe, words, "yes", weighed(recipe, logs, labels), labels))
    head = ["Read", "Classes weighed", *(f"F1 {symbol}" for symbol in recipe.symbols), "Score", "95 %", "Right"]
    return f"{said(recipe, len(found))}\n\n{table(head, rows)}\n"


def row(recipe: RhythmRecipe, words: str, classes: str, logs: Sequence[Floats], labels: Sequence[Indices]) -> list[str]:
    """One way to read: F1 by class and the score, mean over folds; its interval; how many are right of all."""
    each = [assessed(recipe, *pair)["f1"] for pair in zip(logs, labels, strict=True)]
    score = interval([one["score"] for one in each])
    between = "–" if score["low"] is None else f"{score['low']:.3f}–{score['high']:.3f}"
    f1 = [f"{np.mean([one[symbol] for one in each]):.3f}" for symbol in recipe.symbols]
    right = assessed(recipe, np.concatenate(logs), np.concatenate(labels))["accuracy"]
    return [words, classes, *f1, f"**{score['mean']:.3f}**", between, percent(right)]


def said(recipe: RhythmRecipe, folds: int) -> str:
    """What the table shows, and what it cannot."""
    return (
        f"`{recipe.id}`, {folds} of {recipe.folds} folds, each about recordings its network has not seen. Mean "
        f"probability of the recording as it is and of versions of it: its first {PHASE} samples "
        f"left out (“shifted”), turned upside down (“inverted”), × {' and × '.join(map(str, GAINS))} (“scaled”), its "
        f"first and its last {PART:.0%} (“in parts”). Weighed: each class's probability times a factor; the factors "
        "that a fold is judged with were fitted to the held-out answers of the other folds. Nothing was trained anew, "
        "and no row was chosen by these numbers. The networks of all folds answering together cannot be judged here: "
        "no recording is held out from all of them."
    )
