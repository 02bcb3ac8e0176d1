"""What ε does to relevance propagation: sums beside the logit that is shared out, and what deleting by it does."""

from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch

from models.evaluation.checks.deletion import Window
from models.evaluation.sample import Sample, draw
from models.explainers.relevance_propagation import RelevancePropagation
from models.explainers.tracks import Batch, Floats
from models.explanations.explaining import calibrated
from models.training.datasets.mitdb_beats import Say
from models.zoo import Model

EPSILONS = (0.01, 0.03, 0.1, 0.3, 1.0)
HEAD = """| ε | sum of relevance, 5 / 50 / 95 % | largest value, 50 / 95 % | insertion less deletion |
|---|---|---|---|"""


class Row(NamedTuple):
    """What one ε gave."""

    epsilon: float
    sums: Floats  # [beats]
    largest: Floats  # [beats]
    gain: float  # mean area under insertion less that under deletion, to zero

    def __str__(self) -> str:
        low, middle, high = np.percentile(self.sums, (5, 50, 95))
        usual, most = np.percentile(self.largest, (50, 95))
        return (
            f"| {self.epsilon} | {low:.2f} / {middle:.2f} / {high:.2f} | {usual:.2f} / {most:.2f} | {self.gain:.3f} |"
        )


def relevance_report(model: Model, data_dir: Path, beats_per_class: int, cache: Path, say: Say = print) -> str:
    """A table in Markdown: for each ε the relevance of the predicted class's logit on test patients' beats."""
    sample = draw(model, data_dir, beats_per_class, cache, say)
    logits = model.logits(sample.inputs)
    low, middle, high = np.percentile(logits.max(axis=1), (5, 50, 95))
    rows = []
    for epsilon in EPSILONS:
        rows.append(judged(model, sample, logits.argmax(axis=1), epsilon))
        say(str(rows[-1]))
    about = f"{len(logits)} beats of test patients; their logits are {low:.2f} / {middle:.2f} / {high:.2f}."
    return "\n".join([f"`{model.card.id}`, {about}", "", HEAD, *map(str, rows)])


def judged(model: Model, sample: Sample, classes: Floats, epsilon: float) -> Row:
    """Maps of every beat for the class [beats] that the model predicts."""
    network = calibrated(model)
    batch = Batch(torch.from_numpy(sample.inputs), torch.from_numpy(classes))
    values = RelevancePropagation(epsilon=epsilon).attribute(network, batch).values
    gains = []
    for signal, target, value in zip(sample.inputs, classes, values, strict=True):
        deletion, insertion = Window(network, signal, np.zeros_like(signal)[None], int(target)).curves(value[None])
        gains.append(insertion.mean() - deletion.mean())
    return Row(epsilon, values.sum((1, 2)), np.abs(values).max((1, 2)), float(np.mean(gains)))
