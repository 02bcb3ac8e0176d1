"""Integrated gradients: the slope, averaged on the way from a baseline to the window."""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from models.explainers import engine, slopes
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.baselines import BaselineExplainer
from models.explainers.tracks import Batch, Findings, Floats
from models.networks.base import Network


class IntegratedGradients(BaselineExplainer):
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

    method: Literal["integrated_gradients"] = "integrated_gradients"
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
        base = self.base(batch)
        shares = self._shares(network, batch, base, report)
        ends = [engine.scores(network, one, batch.targets, self.score) for one in (batch.signals, base)]
        difference = (ends[0] - ends[1]).numpy()
        return self.shared_out(shares, difference)

    def _shares(self, network: Network, batch: Batch, base: Tensor, report: Report) -> Floats:
        nodes, weights = np.polynomial.legendre.leggauss(self.steps)
        at, weight = (torch.from_numpy(one.astype(np.float32)) for one in ((nodes + 1) / 2, weights / 2))
        found = []
        windows = slopes.rows(batch.signals, batch.targets, lambda part: report(Progress(part)))
        for row, (signal, target, done) in enumerate(windows):
            way = signal - base[row]
            points = base[row] + at[:, None, None] * way
            _, slope = slopes.gradients(network, points, target.expand(self.steps), self.score, done)
            found.append((way * torch.einsum("k,kct->ct", weight.to(slope), slope)).numpy())
        return np.stack(found)
