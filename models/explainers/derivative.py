"""Input derivative: how the score answers to a small change of each sample."""

from typing import ClassVar, Literal

import numpy as np

from models.explainers import engine
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.tracks import Batch, Findings, Floats
from models.explainers.wording import MethodWording
from models.networks.base import Network


class InputDerivative(Explainer):
    """∂s_c/∂x by one backward pass; the magnitude is the importance, the sign says which way."""

    title: ClassVar[str] = "Input derivative"
    summary: ClassVar[str] = (
        "How much the score would change with a small change of each sample. "
        "In recurrent networks it leans to the end of the window: recency, not importance."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.2; Simonyan et al. 2013"
    formula: ClassVar[str] = "R_t = ∂s_c/∂x_t"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit per SD"
    measured_scale: ClassVar[bool] = True
    compared: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window where the slope is steepest",
        "of the slope",
        "on {} of it a higher signal lowers the score",
    )

    method: Literal["input_derivative"] = "input_derivative"
    score: engine.Score = "logit"

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Gradient [batch, channels, samples] of the targets' scores, with its sign."""
        signals, targets = batch.signals, batch.targets
        rows = engine.rows_per_forward(signals)
        slopes = []
        for first in range(0, len(signals), rows):
            part = slice(first, first + rows)
            slopes.append(engine.gradient(network, signals[part], targets[part], self.score)[1].numpy())
            report(Progress(min(1.0, (first + rows) / len(signals))))
        return Findings.of_map(np.concatenate(slopes), self.units)

    def importance(self, values: Floats) -> Floats:
        """The magnitude (paper 000, §3.2)."""
        return np.abs(values)
