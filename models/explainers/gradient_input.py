"""Gradient × input: what each sample adds to the score, to first order."""

from typing import ClassVar, Literal

from models.explainers import engine, slopes
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.tracks import Batch, Findings
from models.explainers.wording import MethodWording
from models.networks.base import Network


class GradientInput(Explainer):
    """∂s_c/∂x ⊙ x."""

    title: ClassVar[str] = "Gradient × input"
    summary: ClassVar[str] = (
        "What each sample adds to the score, to first order. A sample at zero gets nothing whatever it means, and "
        "where the score is saturated the slope says little."
    )
    source: ClassVar[str] = "Shrikumar et al. 2016; Kindermans et al. 2016"
    formula: ClassVar[str] = "R_t = x_t · ∂s_c/∂x_t"
    group: ClassVar[Group] = "gradient"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window where the product is largest", "of the product", "{} of it speaks against the class"
    )

    method: Literal["gradient_input"] = "gradient_input"
    score: engine.Score = "logit"

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """The product [batch, channels, samples], with its sign."""
        _, found = slopes.gradients(
            network, batch.signals, batch.targets, self.score, lambda part: report(Progress(part))
        )
        return Findings.of_map((found * batch.signals).numpy(), self.units)
