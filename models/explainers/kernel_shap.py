"""KernelSHAP: how the score is shared out fairly among the pieces of a window."""

import itertools
import math
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from models.explainers import coalitions, engine, pieces
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.coalitions import Present
from models.explainers.filling import UNUSED, Constant, FillKind, filled, in_words
from models.explainers.tracks import Batch, Findings, Floats, Marks, Segments, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network

Doubles = NDArray[np.float64]


class KernelSHAP(Explainer):
    """Shapley values of the pieces, by the regression that they solve; exact where all coalitions are tried."""

    title: ClassVar[str] = "KernelSHAP"
    summary: ClassVar[str] = (
        "How the difference between the score and that of the empty window is shared out among pieces, each for what "
        "it adds to every company. Windows with pieces missing are no beats, and with few samples two seeds differ."
    )
    source: ClassVar[str] = "Lundberg & Lee 2017, eq. 5–9 and §4.1; Covert & Lee 2021 (pairs)"
    formula: ClassVar[str] = (
        "φ = argmin Σ_z k(|z|) (s_c(x_z) − s_c(x_0) − φ·z)², k(n) = (M−1)/(C(M,n) n (M−n)); Σφ = s_c(x) − s_c(x_0)"
    )
    group: ClassVar[Group] = "surrogate"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ("marks", "segments")
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the largest share", "of the shares", "{} of it speaks against the class"
    )

    method: Literal["kernel_shap"] = "kernel_shap"
    by: pieces.Pieces = "stretches"
    count: pieces.Count = 18
    samples: int = Field(
        512,
        title="Samples",
        description="Windows with pieces hidden that are tried; the values are exact where there are no more.",
        ge=16,
        le=20000,
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

    def segments(self, channels: int, samples: int, marks: Marks) -> Segments:
        """The number of the piece that each sample belongs to, alike in all channels."""
        return pieces.cut(self.by, self.count, channels, samples, marks)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Shares [batch, channels, samples], one for each piece, and the difference that they sum to over pieces."""
        maps, differences = [], []
        for row in range(len(batch)):
            shares, difference, places = self._one(network, batch, row, report)
            maps.append(pieces.spread(shares, places))
            differences.append(difference)
        beside = Track("signal", "difference from the empty window", (), np.array(differences, np.float32), self.units)
        return Findings.of_map(np.stack(maps), self.units, beside)

    def _one(self, network: Network, batch: Batch, row: int, report: Report) -> tuple[Floats, float, NDArray[np.int64]]:
        part, (covers, places) = slice(row, row + 1), pieces.of_row(batch, row, self.segments)
        signal = batch.signals[part]
        present, weights = tried(len(covers), self.samples, self.seed)
        ends = np.repeat([[False], [True]], len(covers), axis=1)  # the empty window and the whole one
        answers = coalitions.values(
            network,
            signal,
            batch.targets[part],
            covers,
            np.concatenate([ends, present]),
            self.deletion(signal),
            self.score,
            lambda done: report(Progress((row + done) / len(batch))),
        )
        shares = shapley(present, weights, answers[2:] - answers[0], answers[1] - answers[0])
        return shares.astype(np.float32), float(answers[1] - answers[0]), places

    def deletion(self, signals: Tensor) -> Tensor:
        """k in place of signals [batch, leads, samples]."""
        return filled(signals, self.fill, self.constant)

    @property
    def deletion_value(self) -> str:
        """k in words."""
        return in_words(self.fill, self.constant)


def tried(count: int, samples: int, seed: int) -> tuple[Present, Doubles]:
    """Which pieces are left in each coalition tried [coalitions, count], and its weight [coalitions].

    All but the empty and the whole one where they are not more than `samples`; else pairs of random ones and what they
    leave out, of each size as often as the kernel weighs it.
    """
    if 2**count - 2 <= samples:
        every = np.array(list(itertools.product([False, True], repeat=count)), dtype=bool)[1:-1]
        sizes = every.sum(axis=1)
        return every, np.array([1 / (math.comb(count, n) * n * (count - n)) for n in sizes.tolist()])
    random, sizes = np.random.default_rng(seed), np.arange(1, count)
    chance = 1 / (sizes * (count - sizes))
    drawn = random.choice(sizes, size=(samples + 1) // 2, p=chance / chance.sum())
    ranks = random.random((len(drawn), count)).argsort(axis=1).argsort(axis=1)
    half = ranks < drawn[:, None]
    return np.concatenate([half, ~half]), np.ones(2 * len(half))


def shapley(present: Present, weights: Doubles, gains: Doubles, whole: float) -> Doubles:
    """Shares [pieces] whose sum is `whole`, fitted to what coalitions [coalitions, pieces] gain over the empty one."""
    if present.shape[1] == 1:
        return np.array([whole])
    # The last share is what the others leave of the whole: the sum holds whatever is fitted.
    last = present[:, -1:]
    left, right = present[:, :-1].astype(float) - last, gains - whole * last[:, 0]
    root = np.sqrt(weights)[:, None]
    found = np.linalg.lstsq(left * root, right * root[:, 0], rcond=None)[0]
    return np.append(found, whole - found.sum())
