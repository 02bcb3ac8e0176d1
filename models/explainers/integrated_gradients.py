"""Integrated gradients: the slope, averaged on the way from a baseline to the window."""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from models.explainers import baselines, engine, slopes
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.tracks import Batch, Findings, Floats, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network


class IntegratedGradients(Explainer):
    """(x − x′) ⊙ ∫₀¹ ∂s_c/∂x at x′ + α (x − x′) dα, by Gauss–Legendre quadrature."""

    title: ClassVar[str] = "Integrated gradients"
    summary: ClassVar[str] = (
        "How the difference between the score and that of a baseline is shared out over the samples. It depends on the "
        "baseline, which is no beat, and samples that equal it get nothing; the completeness gap says how much is lost."
    )
    source: ClassVar[str] = "Sundararajan et al. 2017, eq. 1 and 3"
    formula: ClassVar[str] = "R_t = (x_t − x′_t) · ∫₀¹ ∂s_c(x′ + α(x − x′))/∂x_t dα; Σ_t R_t = s_c(x) − s_c(x′)"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that adds most to the difference",
        "of the difference",
        "{} of it speaks against the class",
    )

    method: Literal["integrated_gradients"] = "integrated_gradients"
    baseline: baselines.BaselineKind = "zero"
    steps: int = Field(
        64,
        title="Steps",
        description="Points on the way at which the slope is taken; more leave a smaller gap.",
        ge=2,
        le=1024,
    )
    score: engine.Score = "logit"

    def effort(self, channels: int, samples: int) -> float:
        """Forward and backward at every point."""
        return 3.0 * samples * self.steps

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Shares of the difference [batch, channels, samples], the difference, and what of it the shares miss."""
        base = baselines.baseline(batch, self.baseline)
        shares = self._shares(network, batch, base, report)
        ends = [engine.scores(network, one, batch.targets, self.score) for one in (batch.signals, base)]
        difference = (ends[0] - ends[1]).numpy()
        return Findings.of_map(shares, self.units, *completeness(shares, difference, self.units))

    def _shares(self, network: Network, batch: Batch, base: Tensor, report: Report) -> Floats:
        nodes, weights = np.polynomial.legendre.leggauss(self.steps)
        at, weight = (torch.from_numpy(one.astype(np.float32)) for one in ((nodes + 1) / 2, weights / 2))
        found = []
        told = slopes.rows(batch.signals, batch.targets, lambda part: report(Progress(part)))
        for row, (signal, target, done) in enumerate(told):
            way = signal - base[row]
            points = base[row] + at[:, None, None] * way
            _, slope = slopes.gradients(network, points, target.expand(self.steps), self.score, done)
            found.append((way * torch.einsum("k,kct->ct", weight.to(slope), slope)).numpy())
        return np.stack(found)

    def deletion(self, signals: Tensor) -> Tensor:
        """The baseline in place of signals [batch, leads, samples]; zero where it is the usual beat."""
        return baselines.deletion(signals, self.baseline)

    @property
    def deletion_value(self) -> str:
        """It in words."""
        return baselines.in_words(self.baseline)


def completeness(shares: Floats, difference: Floats, unit: str) -> tuple[Track, Track]:
    """The difference [batch] that shares [batch, channels, samples] should sum to, and what they miss of it."""
    gap = difference - shares.sum(axis=(1, 2))
    return (
        Track("signal", "difference from the baseline", (), difference, unit),
        Track("relevance", "completeness gap", (), gap.astype(np.float32), unit),
    )
