"""SmoothGrad: the slope, averaged over noisy copies of the window."""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field
from torch import Tensor

from models.explainers import engine, slopes
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.tracks import Batch, Findings, Floats
from models.explainers.wording import MethodWording
from models.networks.base import Network


class SmoothGrad(Explainer):
    """Mean of ∂s_c/∂x over x + N(0, σ²), σ a share of the window's range; without noise it is the derivative."""

    title: ClassVar[str] = "SmoothGrad"
    summary: ClassVar[str] = (
        "The slope of the score, averaged over copies of the window with a little noise. Calmer than the derivative "
        "and no truer: it says where small changes matter, not what was decided by."
    )
    source: ClassVar[str] = "Smilkov et al. 2017, §3"
    formula: ClassVar[str] = "R_t = 1/n Σ_i ∂s_c(x + σ·ε_i)/∂x_t, ε_i ~ N(0, 1), σ = noise · (max x − min x)"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit per SD"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window where the slope is steepest",
        "of the slope",
        "on {} of it a higher signal lowers the score",
    )

    method: Literal["smooth_grad"] = "smooth_grad"
    copies: int = Field(48, title="Copies", description="Noisy copies over which the slope is averaged.", ge=1, le=1000)
    noise: float = Field(
        0.1,
        title="Noise",
        description="Standard deviation of the noise, as a share of the window's range; the paper's 0.1 to 0.2.",
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "of the range"},
    )
    seed: int = Field(
        0, title="Seed", description="Of the noise.", ge=0, le=2**31 - 1, json_schema_extra={"advanced": True}
    )
    score: engine.Score = "logit"

    def effort(self, channels: int, samples: int) -> float:
        """Forward and backward of every copy."""
        return 3.0 * samples * self.copies

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Mean gradient [batch, channels, samples] of the targets' scores, with its sign."""
        found = []
        for signal, target, done in slopes.rows(batch.signals, batch.targets, lambda part: report(Progress(part))):
            points = signal + noise(signal, self.copies, self.noise, self.seed)
            _, slope = slopes.gradients(network, points, target.expand(self.copies), self.score, done)
            found.append(slope.mean(dim=0).numpy())
        return Findings.of_map(np.stack(found), self.units)

    def importance(self, values: Floats) -> Floats:
        """The magnitude."""
        return np.abs(values)


def noise(signal: Tensor, copies: int, share: float, seed: int) -> Tensor:
    """Noise [copies, leads, samples] with a standard deviation of a share of a signal's range, the same for a seed."""
    draws = np.random.default_rng(seed).standard_normal((copies, *signal.shape)).astype(np.float32)
    return torch.from_numpy(draws) * share * (signal.max() - signal.min())
