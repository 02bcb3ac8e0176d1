"""GradientSHAP: the slope on random ways from many baselines to the window."""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from models.explainers import engine, slopes
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.baselines import BaselineExplainer
from models.explainers.smooth_grad import noise
from models.explainers.tracks import Batch, Findings
from models.networks.base import Network


class GradientSHAP(BaselineExplainer):
    """Mean of (x − x′) ⊙ ∂s_c/∂x at x′ + α (x − x′), over noisy baselines x′ and α spread over 0 … 1.

    The published method draws baselines from training data, which a model does not carry; here they lie around one.
    """

    title: ClassVar[str] = "GradientSHAP"
    summary: ClassVar[str] = (
        "Integrated gradients from many noisy baselines at once, one random point on the way from each. Two seeds "
        "differ a little; it depends on the baseline, and the completeness gap says how much of the difference is lost."
    )
    source: ClassVar[str] = "Erion et al. 2021 (expected gradients); Lundberg & Lee 2017"
    formula: ClassVar[str] = "R_t = 1/n Σ_i (x_t − x′_i,t) · ∂s_c(x′_i + α_i(x − x′_i))/∂x_t, x′_i = x′ + σ·ε_i"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"

    method: Literal["gradient_shap"] = "gradient_shap"
    draws: int = Field(64, title="Draws", description="Baselines drawn, each with one point on the way.", ge=1, le=2000)
    noise: float = Field(
        0.1,
        title="Noise",
        description="Standard deviation of the baselines around theirs, as a share of the window's range.",
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "of the range"},
    )
    seed: int = Field(
        0,
        title="Seed",
        description="Of baselines and points.",
        ge=0,
        le=2**31 - 1,
        json_schema_extra={"advanced": True},
    )
    score: engine.Score = "logit"

    def effort(self, channels: int, samples: int) -> float:
        """Forward and backward at every point, and every baseline's own score."""
        return 4.0 * samples * self.draws

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Mean shares [batch, channels, samples], the mean difference, and what of it the shares miss."""
        base, found, differences = self.base(batch), [], []
        at = self._points()[:, None, None]
        own = engine.scores(network, batch.signals, batch.targets, self.score)
        windows = slopes.rows(batch.signals, batch.targets, lambda part: report(Progress(part)))
        for row, (signal, target, done) in enumerate(windows):
            each, targets = base[row] + noise(signal, self.draws, self.noise, self.seed), target.expand(self.draws)
            way = signal - each
            _, slope = slopes.gradients(network, each + at * way, targets, self.score, done)
            found.append((way * slope).mean(dim=0).numpy())
            differences.append(own[row] - engine.scores(network, each, targets, self.score).mean())
        return self.shared_out(np.stack(found), torch.stack(differences).numpy())

    def _points(self) -> Tensor:
        """One in each of equal parts of 0 … 1 [draws], in random order: uniform, with less spread of the mean."""
        random = np.random.default_rng([self.seed, 1])
        parts = random.permutation(self.draws) + random.uniform(size=self.draws)
        return torch.from_numpy((parts / self.draws).astype(np.float32))
