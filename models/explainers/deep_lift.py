"""DeepLIFT: the difference from a baseline, passed back exactly where a network is linear but for ReLUs and maxima."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.explainers import baselines
from models.explainers.base import Explainer, Group, Report, silent
from models.explainers.integrated_gradients import completeness
from models.explainers.reading import in_parts
from models.explainers.tracks import Batch, Findings
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.protocols import Rectified


class DeepLIFT(Explainer):
    """Contributions by the rescale rule; they sum to the difference of the logits.

    Of networks that answer together it is the mean of their contributions, to the mean of their logits.
    """

    title: ClassVar[str] = "DeepLIFT"
    summary: ClassVar[str] = (
        "How the difference between the logit and a baseline's is passed back through the layers, exactly. It depends "
        "on the baseline, which is no beat; networks with gates have products for which it has no rule."
    )
    source: ClassVar[str] = "Shrikumar et al. 2017, §3.5.1 (rescale rule)"
    formula: ClassVar[str] = "R_t = m_t · (x_t − x′_t), m of a ReLU Δy/Δx; Σ_t R_t = s_c(x) − s_c(x′)"
    group: ClassVar[Group] = "propagation"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (Rectified,)
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that adds most to the difference",
        "of the difference",
        "{} of it speaks against the class",
    )

    method: Literal["deep_lift"] = "deep_lift"
    baseline: baselines.BaselineKind = "zero"

    def effort(self, channels: int, samples: int) -> float:
        """Window and baseline, forward and backward."""
        return 6.0 * samples

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Contributions [batch, channels, samples], and the difference that they sum to."""
        base = baselines.baseline(batch, self.baseline)
        pairs = Batch(torch.stack([batch.signals, base], dim=1).flatten(1, 2), batch.targets)

        def read(frozen: Network, both: Tensor, targets: Tensor) -> list[Tensor]:
            assert isinstance(frozen, Rectified)
            signals, theirs = both.chunk(2, dim=1)
            return list(frozen.contributions(signals, theirs, targets))

        values, difference = in_parts(network, pairs, read, report)
        return Findings.of_map(values, self.units, *completeness(values, difference, self.units))

    def deletion(self, signals: Tensor) -> Tensor:
        """The baseline in place of signals [batch, leads, samples]; zero where it is the usual beat."""
        return baselines.deletion(signals, self.baseline)

    @property
    def deletion_value(self) -> str:
        """It in words."""
        return baselines.in_words(self.baseline)
