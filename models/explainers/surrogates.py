"""Surrogates: simple models of which pieces are left, fitted to the network's answers to windows without the others."""

from collections.abc import Callable
from typing import ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from models.explainers import engine, pieces
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.filling import UNUSED, Constant, FillExplainer, FillKind
from models.explainers.pieces import PieceExplainer
from models.explainers.tracks import Batch, Findings, Floats, Track
from models.networks.base import Network

Doubles = NDArray[np.float64]
Present = NDArray[np.bool_]  # [coalitions, pieces]: which pieces are left
Answers = Callable[[Present], Doubles]  # scores [coalitions] of a window of which only those are left
BLOCK = 256  # coalitions at once: their covers are [coalitions, channels, samples]


class Surrogate(PieceExplainer, FillExplainer):
    """Base of the surrogates: what a window's pieces are worth, and one number that says it of all of them."""

    group: ClassVar[Group] = "surrogate"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"

    count: pieces.Count = 18
    samples: int = Field(
        512, title="Samples", description="Windows with pieces hidden that the model is fitted to.", ge=16, le=20000
    )
    seed: int = Field(
        0, title="Seed", description="Of the hidden pieces.", ge=0, le=2**31 - 1, json_schema_extra={"advanced": True}
    )
    fill: FillKind = "zero"
    constant: Constant = UNUSED
    score: engine.Score = "logit"

    def effort(self, channels: int, samples: int) -> float:
        """The window once for each sample, whole and empty."""
        return float(samples * (self.samples + 2))

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Worth [batch, channels, samples], one value for each piece, and the number beside it [batch]."""
        rows = [self._of_row(network, batch, row, report) for row in range(len(batch))]
        maps, numbers = zip(*rows, strict=True)
        return Findings.of_map(np.stack(maps), self.units, self.beside(np.array(numbers, dtype=np.float32)))

    def _of_row(self, network: Network, batch: Batch, row: int, report: Report) -> tuple[Floats, float]:
        signal, target = batch.signals[row : row + 1], batch.targets[row : row + 1]
        covers, indices = pieces.of_row(batch, row, self.segments)

        def done(part: float) -> None:
            report(Progress((row + part) / len(batch)))

        def answers(present: Present) -> Doubles:
            return scores(network, signal, target, covers, present, self.deletion(signal), self.score, done)

        worth, number = self.fitted(len(covers), answers)
        return pieces.spread(worth, indices), number

    def fitted(self, count: int, answers: Answers) -> tuple[Floats, float]:
        """Worth [count] of the pieces by the answers to some coalitions of them, and the number beside it."""
        raise NotImplementedError

    def beside(self, numbers: Floats) -> Track:
        """The track of those numbers [batch]."""
        raise NotImplementedError


def scores(
    network: Network,
    signal: Tensor,
    target: Tensor,
    covers: Tensor,
    present: Present,
    blank: Tensor,
    kind: engine.ScoreKind,
    done: Callable[[float], None],
) -> Doubles:
    """Score [coalitions] of signal [1, leads, samples] with the pieces that are not present replaced by `blank`.

    `covers` [pieces, leads, samples] says what each piece covers.
    """
    flat, found = covers.flatten(1).float(), []
    for first in range(0, len(present), BLOCK):
        some = present[first : first + BLOCK]
        hidden = (torch.from_numpy(~some).float() @ flat > 0).reshape(-1, *covers.shape[1:])

        def partly(part: float, first: int = first, count: int = len(some)) -> None:
            done((first + part * count) / len(present))

        found.append(engine.covered(network, signal, target, hidden, blank, kind, partly)[0].double().numpy())
    return np.concatenate(found)
