"""DeepLIFT: the difference from a baseline, passed back exactly where a network is linear but for ReLUs and maxima."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.explainers.base import Group, Report, silent
from models.explainers.baselines import BaselineExplainer
from models.explainers.reading import in_parts
from models.explainers.tracks import Batch, Findings
from models.networks.base import Network
from models.networks.protocols import Rectified


class DeepLIFT(BaselineExplainer):
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

    method: Literal["deep_lift"] = "deep_lift"

    def effort(self, channels: int, samples: int) -> float:
        """Window and baseline, forward and backward."""
        return 6.0 * samples

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Contributions [batch, channels, samples], and the difference that they sum to."""
        base = self.base(batch)
        pairs = Batch(torch.stack([batch.signals, base], dim=1).flatten(1, 2), batch.targets)

        def read(frozen: Network, both: Tensor, targets: Tensor) -> list[Tensor]:
            assert isinstance(frozen, Rectified)
            signals, theirs = both.chunk(2, dim=1)
            return list(frozen.contributions(signals, theirs, targets))

        values, difference = in_parts(network, pairs, read, report)
        return self.shared_out(values, difference)
