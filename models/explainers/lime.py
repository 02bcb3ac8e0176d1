"""LIME: a linear model of the pieces, fitted to the network's answers around the window."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field
from torch import Tensor

from models.explainers import coalitions, engine, pieces
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.coalitions import Present
from models.explainers.filling import UNUSED, Constant, FillKind, filled, in_words
from models.explainers.tracks import Batch, Findings, Floats, Marks, Segments, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network


class LIME(Explainer):
    """Weights of a ridge regression on which pieces are left, near ones counting more."""

    title: ClassVar[str] = "LIME"
    summary: ClassVar[str] = (
        "What a linear model, fitted to the network's answers with some pieces hidden, gives each piece. How well it "
        "fits is said: where that is little, its weights explain little; other kernel widths give other weights."
    )
    source: ClassVar[str] = "Ribeiro et al. 2016, §3"
    formula: ClassVar[str] = (
        "w = argmin Σ_z π(z) (s_c(x_z) − w·z − w₀)² + α‖w‖², π(z) = exp(−D(z, 1)²/κ²), D the cosine"
    )
    group: ClassVar[Group] = "surrogate"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ("marks", "segments")
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the largest weight", "of the weights", "{} of it speaks against the class"
    )

    method: Literal["lime"] = "lime"
    by: pieces.Pieces = "stretches"
    count: pieces.Count = 18
    samples: int = Field(
        512,
        title="Samples",
        description="Windows with random pieces hidden that the model is fitted to.",
        ge=16,
        le=20000,
    )
    width: float = Field(
        0.25,
        title="κ, kernel width",
        description="How near a window must be to count: 0.25 as published; larger counts the far ones as well.",
        gt=0.0,
        le=10.0,
        allow_inf_nan=False,
    )
    ridge: float = Field(
        1.0,
        title="α, ridge",
        description="Cost of large weights: 0 is plain least squares.",
        ge=0.0,
        le=1000.0,
        allow_inf_nan=False,
        json_schema_extra={"advanced": True},
    )
    seed: int = Field(
        0, title="Seed", description="Of the hidden pieces.", ge=0, le=2**31 - 1, json_schema_extra={"advanced": True}
    )
    fill: FillKind = "zero"
    constant: Constant = UNUSED
    score: engine.Score = "logit"

    def effort(self, channels: int, samples: int) -> float:
        """The window once for each sample."""
        return float(samples * (self.samples + 1))

    def segments(self, channels: int, samples: int, marks: Marks) -> Segments:
        """The number of the piece that each sample belongs to, alike in all channels."""
        return pieces.cut(self.by, self.count, channels, samples, marks)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Weights [batch, channels, samples], one for each piece, and how much of the answers they explain."""
        maps, fits = [], []
        for row in range(len(batch)):
            weights, fit, places = self._one(network, batch, row, report)
            maps.append(pieces.spread(weights, places))
            fits.append(fit)
        fit_ = Track("relevance", "fit of the linear model (R²)", (), np.array(fits, dtype=np.float32), "")
        return Findings.of_map(np.stack(maps), self.units, fit_)

    def _one(self, network: Network, batch: Batch, row: int, report: Report) -> tuple[Floats, float, np.ndarray]:
        from sklearn.linear_model import Ridge

        part, (covers, places) = slice(row, row + 1), pieces.of_row(batch, row, self.segments)
        signal, present = batch.signals[part], drawn(len(covers), self.samples, self.seed)
        answers = coalitions.values(
            network, signal, batch.targets[part], covers, present, self.deletion(signal), self.score,
            lambda done: report(Progress((row + done) / len(batch))),
        )  # fmt: skip
        near = nearness(present, self.width)
        fitted = Ridge(alpha=self.ridge, solver="cholesky").fit(present, answers, sample_weight=near)
        fit = float(fitted.score(present, answers, sample_weight=near)) if answers.std() else 1.0
        return np.asarray(fitted.coef_, dtype=np.float32), fit, places

    def deletion(self, signals: Tensor) -> Tensor:
        """k in place of signals [batch, leads, samples]."""
        return filled(signals, self.fill, self.constant)

    @property
    def deletion_value(self) -> str:
        """k in words."""
        return in_words(self.fill, self.constant)


def drawn(count: int, samples: int, seed: int) -> Present:
    """The whole window, then windows of which each piece is left with an even chance: [samples, count]."""
    present = np.random.default_rng(seed).random((samples, count)) < 0.5
    present[0] = True
    return np.asarray(present)


def nearness(present: Present, width: float) -> np.ndarray:
    """Weight of each window [samples]: e^(−D²/κ²), D the cosine distance of what is left to the whole."""
    distance = 1 - np.sqrt(present.mean(axis=1))
    return np.asarray(np.exp(-((distance / width) ** 2)))
