"""LIME: a linear model of the pieces, fitted to the network's answers around the window."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field

from models.explainers.surrogates import Answers, Present, Surrogate
from models.explainers.tracks import Floats, Track
from models.explainers.wording import MethodWording


class LIME(Surrogate):
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
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the largest weight", "of the weights", "{} of it speaks against the class"
    )

    method: Literal["lime"] = "lime"
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

    def fitted(self, count: int, answers: Answers) -> tuple[Floats, float]:
        """Weights [count], and how much of the answers they explain."""
        from sklearn.linear_model import Ridge

        present = drawn(count, self.samples, self.seed)
        found, near = answers(present), nearness(present, self.width)
        linear = Ridge(alpha=self.ridge, solver="cholesky").fit(present, found, sample_weight=near)
        fit = float(linear.score(present, found, sample_weight=near)) if found.std() else 1.0
        return np.asarray(linear.coef_, dtype=np.float32), fit

    def beside(self, numbers: Floats) -> Track:
        """The fit: 1 where the linear model says all that the network does."""
        return Track("signal", "fit of the linear model (R²)", (), numbers, "")


def drawn(count: int, samples: int, seed: int) -> Present:
    """The whole window, then windows of which each piece is left with an even chance: [samples, count]."""
    present = np.random.default_rng(seed).random((samples, count)) < 0.5
    present[0] = True
    return np.asarray(present)


def nearness(present: Present, width: float) -> np.ndarray:
    """Weight of each window [samples]: e^(−D²/κ²), D the cosine distance of what is left to the whole."""
    distance = 1 - np.sqrt(present.mean(axis=1))
    return np.asarray(np.exp(-((distance / width) ** 2)))
