"""Learned mask: the least deletion that brings the score down, found by gradient descent."""

from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field, model_validator
from torch import Tensor

from models.explainers import engine
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.descent import Problem, descent
from models.explainers.filling import UNUSED, Constant, FillExplainer, FillKind
from models.explainers.tracks import Batch, Findings, Floats, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network

REPORT_EVERY, PARTIAL_EVERY = 5, 25  # steps


class LearnedMask(FillExplainer):
    """1 − m, where m minimises λ1·‖1−m‖₁ + λ2·Σ|m_{t+1}−m_t| + s_c(m⊙x + k(1−m)) within 0 … 1."""

    title: ClassVar[str] = "Learned mask"
    summary: ClassVar[str] = (
        "How far each sample was deleted by the smallest, smoothest deletion found that lowers the score."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.4, eq. 1 and 2; Fong & Vedaldi 2017"
    formula: ClassVar[str] = "1 − m, m = argmin λ₁‖1 − m‖₁ + λ₂ Σ_t |m_t+1 − m_t| + s_c(m ⊙ x + k(1 − m))"
    group: ClassVar[Group] = "perturbation"
    version: ClassVar[str] = "2"  # masks in float64
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    unit: ClassVar[str] = "1 − m"
    full_scale: ClassVar[float | None] = 1.0
    compared: ClassVar[bool] = True
    default_slot: ClassVar[Literal["a", "b"] | None] = "a"
    wording: ClassVar[MethodWording] = MethodWording(
        "the marked {} of the window", "of the weight", "", "the map moved at most {}"
    )

    method: Literal["learned_mask"] = "learned_mask"
    steps: int = Field(500, title="Steps", description="Steps of Adam.", ge=1, le=5000)
    learning_rate: float = Field(
        0.001,
        title="Learning rate",
        description="Of Adam. A sample moves by at most about this much in a step: 500 steps of 0.001 can delete it.",
        gt=0.0,
        le=1.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "per step"},
    )
    lambda1: float = Field(
        0.01,
        title="λ1, size",
        description="Cost of deleting: larger leaves more of the beat in place.",
        ge=0.0,
        le=10.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "score per sample"},
    )
    lambda2: float = Field(
        0.001,
        title="λ2, smoothness",
        description="Cost of differences between neighbouring samples of the mask.",
        ge=0.0,
        le=10.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "score per step of the mask"},
    )
    fill: FillKind = "zero"
    constant: Constant = UNUSED
    score: engine.Score = "logit"
    initial: float = Field(
        1.0,
        title="Initial mask",
        description="1 starts from the whole beat, 0 from the deleted one.",
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        json_schema_extra={"advanced": True},
    )
    resolution: int = Field(
        1,
        title="Resolution",
        description="Samples that share one value of the mask; coarser masks suit long windows.",
        ge=1,
        le=5000,
        json_schema_extra={"unit": "samples", "advanced": True},
    )
    jitter: int = Field(
        0,
        title="Jitter",
        description="Shift the beat at random by up to this much in every step; the paper tried it and left it.",
        ge=0,
        le=1000,
        json_schema_extra={"unit": "samples", "advanced": True},
    )
    seed: int = Field(
        0,
        title="Seed",
        description="Of the jitter; without jitter nothing here is random.",
        ge=0,
        le=2**31 - 1,
        json_schema_extra={"advanced": True},
    )

    @property
    def units(self) -> str:
        """A mask has no unit of score."""
        return self.unit

    @model_validator(mode="after")
    def _forget_unused(self) -> "LearnedMask":
        # Equal work must look equal: settings that decide nothing take their default.
        if self.jitter == 0:
            object.__setattr__(self, "seed", 0)
        return self

    def effort(self, channels: int, samples: int) -> float:
        """Forward and backward once in each step."""
        return 3.0 * self.steps * samples

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """1 − m [batch, channels, samples]; the objective before every step and after the last, and its score alone."""
        parts = (part.to(engine.device()) for part in (batch.signals, batch.targets, self.deletion(batch.signals)))
        problem = Problem(self, engine.frozen(network), *parts)
        backend, losses = descent(problem), []
        for step in range(0, self.steps, REPORT_EVERY):
            losses.append(backend.advance(min(REPORT_EVERY, self.steps - step)))
            partial = deleted(backend.mask) if step % PARTIAL_EVERY == 0 else None
            report(Progress(step / self.steps, float(losses[-1][:, 0].mean()), partial))
        mask = backend.mask
        score = engine.scores(problem.network, problem.masked(mask), problem.targets, self.score)
        losses.append((score + problem.penalty(mask))[:, None])
        report(Progress(1.0, float(losses[-1].mean()), deleted(mask)))
        objective = torch.cat(losses, dim=1).float().cpu().numpy()
        return Findings.of_map(
            deleted(mask),
            self.units,
            Track("loss", "objective", ("step",), objective, self.score),
            Track("loss", "masked score", (), score.cpu().numpy(), self.score),
        )


def deleted(mask: Tensor) -> Floats:
    """1 − m as an array of its own."""
    values: Floats = np.asarray((1 - mask).float().cpu().numpy())
    return values
