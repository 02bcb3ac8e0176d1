"""Learned mask: the least deletion that brings the score down, found by gradient descent."""

from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
import torch
from pydantic import Field, model_validator
from torch import Tensor

from models.explainers import engine
from models.explainers.base import Explainer, Floats, Progress, Relevance, Report, silent
from models.explainers.filling import UNUSED, Constant, FillKind, filled, in_words
from models.networks.base import Network

REPORT_EVERY, PARTIAL_EVERY = 5, 25  # steps


class LearnedMask(Explainer):
    """1 − m, where m minimises λ1·‖1−m‖₁ + λ2·Σ|m_{t+1}−m_t| + s_c(m⊙x + k(1−m)) within 0 … 1."""

    title: ClassVar[str] = "Learned mask"
    summary: ClassVar[str] = (
        "How far each sample was deleted by the smallest, smoothest deletion found that lowers the score."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.4, eq. 1 and 2; Fong & Vedaldi 2017"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    unit: ClassVar[str] = "1 − m"
    full_scale: ClassVar[float | None] = 1.0

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
        if self.fill != "constant":
            object.__setattr__(self, "constant", UNUSED)
        if self.jitter == 0:
            object.__setattr__(self, "seed", 0)
        return self

    def attribute(self, network: Network, signals: Tensor, targets: Tensor, report: Report = silent) -> Relevance:
        """1 − m [batch, leads, samples].

        Extras: `loss` [batch, steps + 1], the objective before every step and after the last; `masked_score` [batch],
        the score of the input under the final mask.
        """
        problem = Problem(self, engine.frozen(network), signals, targets, self.deletion(signals))
        mask = torch.full_like(signals, self.initial)
        optimiser = torch.optim.Adam([mask], lr=self.learning_rate)
        losses = []
        for step in range(self.steps):
            objective, mask.grad = problem.gradient(mask)
            losses.append(objective)
            optimiser.step()
            mask.clamp_(0.0, 1.0)
            if step % REPORT_EVERY == 0:
                report(self._progress(step, objective, mask))
        score = engine.scores(problem.network, problem.masked(mask), targets, self.score)
        losses.append(score + problem.penalty(mask))
        report(Progress(1.0, float(losses[-1].mean()), deleted(mask)))
        extras = {"loss": torch.stack(losses, dim=1).numpy(), "masked_score": score.numpy()}
        return Relevance(deleted(mask), extras)

    def deletion(self, signals: Tensor) -> Tensor:
        """k in place of signals [batch, leads, samples]."""
        return filled(signals, self.fill, self.constant)

    @property
    def deletion_value(self) -> str:
        """k in words."""
        return in_words(self.fill, self.constant)

    def _progress(self, step: int, objective: Tensor, mask: Tensor) -> Progress:
        partial = deleted(mask) if step % PARTIAL_EVERY == 0 else None
        return Progress(step / self.steps, float(objective.mean()), partial)


@dataclass
class Problem:
    """The objective of one batch: eq. 2, beat by beat, and its gradient."""

    settings: LearnedMask
    network: Network  # frozen
    signals: Tensor  # [batch, leads, samples]
    targets: Tensor  # [batch]
    value: Tensor  # [batch, leads, samples], k
    chance: torch.Generator = field(init=False)

    def __post_init__(self) -> None:
        self.chance = torch.Generator().manual_seed(self.settings.seed)

    def masked(self, mask: Tensor) -> Tensor:
        """m⊙x + k(1−m), eq. 1, written so that m = 1 gives x exactly."""
        return mask * self.signals + self.value * (1 - mask)

    def penalty(self, mask: Tensor) -> Tensor:
        """λ1·‖1−m‖₁ + λ2·Σ|m_{t+1}−m_t| of each beat [batch], summed over leads."""
        size = (1 - mask).abs().sum(dim=(1, 2))
        roughness = mask.diff(dim=2).abs().sum(dim=(1, 2))
        return self.settings.lambda1 * size + self.settings.lambda2 * roughness

    def gradient(self, mask: Tensor) -> tuple[Tensor, Tensor]:
        """The objective [batch] and its gradient [batch, leads, samples] with respect to the mask."""
        moved = self._shift(mask.shape[2])
        score, slope = engine.gradient(self.network, self.masked(mask)[:, :, moved], self.targets, self.settings.score)
        if self.settings.jitter:
            slope = torch.zeros_like(slope).index_add_(2, moved, slope)
        rise = mask.diff(dim=2).sign()
        smooth = torch.zeros_like(mask)
        smooth[:, :, 1:] += rise
        smooth[:, :, :-1] -= rise
        # d|1−m|/dm = −sign(1−m): none where nothing is deleted.
        regular = self.settings.lambda2 * smooth - self.settings.lambda1 * (1 - mask).sign()
        return score + self.penalty(mask), slope * (self.signals - self.value) + regular

    def _shift(self, samples: int) -> Tensor:
        """Which sample stands at each place [samples] in this step; the ends repeat the first or the last."""
        at = torch.arange(samples)
        reach = self.settings.jitter
        if not reach:
            return at
        shift = int(torch.randint(-reach, reach + 1, (1,), generator=self.chance))
        return (at + shift).clamp(0, samples - 1)


def deleted(mask: Tensor) -> Floats:
    """1 − m as an array of its own."""
    values: Floats = np.asarray((1 - mask).numpy())
    return values
