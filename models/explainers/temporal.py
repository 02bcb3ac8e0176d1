"""Temporal output score: what the network would say if the window ended here."""

from typing import ClassVar, Literal

from models.explainers import engine
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.reading import grid_of
from models.explainers.tracks import Batch, Findings, Role, Track
from models.networks.base import Network
from models.networks.feature_maps import held
from models.networks.protocols import OverTime


class TemporalScore(Explainer):
    """Probability of every class after each step; it shows when a decision tips, not what tipped it."""

    title: ClassVar[str] = "Temporal output score"
    summary: ClassVar[str] = (
        "The probability of the class after each sample, as if the window ended there: when the decision tips, not why."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.1; Lanchantin et al. 2017; paper 002, §4.3.4"
    formula: ClassVar[str] = "p_c(t) = softmax(V h_t + b)_c"
    group: ClassVar[Group] = "network"
    version: ClassVar[str] = "2"  # steps of feature maps lie where they look
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (OverTime,)
    roles: ClassVar[tuple[Role, ...]] = ("probability",)
    unit: ClassVar[str] = "probability"
    full_scale: ClassVar[float | None] = 1.0
    compared: ClassVar[bool] = True

    method: Literal["temporal_score"] = "temporal_score"

    def effort(self, channels: int, samples: int) -> float:
        """One reading gives all steps."""
        return float(samples)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Probability [batch, samples, classes] of every class after each sample; no relevance."""
        steps, samples = engine.temporal(network, batch.signals), batch.signals.shape[2]
        # Fewer steps than samples: an answer counts from the centre of what its step sees until the next one's.
        curves = steps[:, held(grid_of(network, samples, steps.shape[1]), steps.shape[1], samples)]
        report(Progress(1.0))
        return Findings((Track("probability", "output", ("time", "class"), curves.numpy(), self.unit, full=1.0),))
