"""Layer-wise relevance propagation: the logit, shared out layer by layer down to the samples."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field
from torch import Tensor

from models.explainers.base import Explainer, Group, Report, silent
from models.explainers.reading import in_parts
from models.explainers.tracks import Batch, Findings, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.protocols import Relevant
from models.propagation.relevance import Shares


class RelevancePropagation(Explainer):
    """ε-rule through linear maps, sums and pooling; in a product of gate and source the source takes all.

    Of networks that answer together it is the mean of their maps, of the mean of their logits.
    """

    title: ClassVar[str] = "Relevance propagation"
    summary: ClassVar[str] = (
        "How the logit is shared out over the samples, layer by layer from the end; negative relevance speaks against "
        "the class. Gates take nothing, so when a state was kept or forgotten is not in it; biases keep their share."
    )
    source: ClassVar[str] = "Bach et al. 2015; Arras et al. 2017; paper 003"
    formula: ClassVar[str] = "R_i←j = (x_i w_ij + (ε·sign(z_j) + δ·b_j)/N) / (z_j + ε·sign(z_j)) · R_j"
    group: ClassVar[Group] = "propagation"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (Relevant,)
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window with the most relevance", "of the relevance", "{} of it speaks against the class"
    )

    method: Literal["relevance_propagation"] = "relevance_propagation"
    epsilon: float = Field(
        0.1,  # paper 003 has 0.01; over a beat's 216 steps sums of 2 logits grow to a hundred (decision 22)
        title="ε",
        description="Keeps small sums from sharing out huge relevance: larger is calmer and leaves more with the "
        "biases; 0.01, as published for series of 48 steps, lets it grow beyond measure over a beat's 216.",
        gt=0.0,
        le=10.0,
        allow_inf_nan=False,
    )
    bias: float = Field(
        0.0,
        title="δ, bias share",
        description="How much of a bias's share goes to the inputs: 0 keeps it with the biases, 1 hands all on.",
        ge=0.0,
        le=1.0,
        allow_inf_nan=False,
        json_schema_extra={"advanced": True},
    )

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Relevance [batch, channels, samples] of the targets' logits, and what of them stays with the biases."""
        shares = Shares(self.epsilon, self.bias)

        def read(frozen: Network, signals: Tensor, targets: Tensor) -> list[Tensor]:
            assert isinstance(frozen, Relevant)
            return list(frozen.relevance(signals, targets, shares))

        values, score = in_parts(network, batch, read, report)
        kept = (score - values.sum(axis=(1, 2))).astype(np.float32)
        return Findings.of_map(
            values,
            self.units,
            Track("signal", "logit passed back", (), score, self.unit),
            Track("relevance", "kept by biases and first states", (), kept, self.unit),
        )
