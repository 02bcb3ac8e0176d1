"""Attention maps: how much a network weighs each part of its input."""

from typing import ClassVar, Literal

import torch
from torch import Tensor

from models.explainers.base import Explainer, Group, Report, silent
from models.explainers.reading import grid_of, in_parts, over_channels
from models.explainers.tracks import Batch, Findings, Floats, Role, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.feature_maps import at_samples
from models.networks.protocols import Attends


class AttentionMap(Explainer):
    """The gates' weights in [0, 1], each at the centre of what its step sees; their mean is judged like any map."""

    title: ClassVar[str] = "Attention"
    summary: ClassVar[str] = (
        "How much the network's own gate lets through at each place, for all classes alike. "
        "It says where the network looks, not what it finds there."
    )
    source: ClassVar[str] = "Paper 002, §3.2.2, eq. 3.2; Schlemper et al. 2018"
    formula: ClassVar[str] = "α = σ(ψᵀ ReLU(W_x x + W_c c + b_c) + b_ψ)"
    group: ClassVar[Group] = "network"
    cost: ClassVar[Literal["instant", "queued"]] = "instant"
    needs: ClassVar[tuple[type, ...]] = (Attends,)
    roles: ClassVar[tuple[Role, ...]] = ("attention", "relevance")
    unit: ClassVar[str] = "weight"
    full_scale: ClassVar[float | None] = 1.0
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that is weighed most", "of the weight", "", "no weight is above {}"
    )

    method: Literal["attention"] = "attention"

    def effort(self, channels: int, samples: int) -> float:
        """One reading."""
        return float(samples)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """The weights [batch, samples] of each gate, and their mean as a map [batch, channels, samples]."""
        channels, samples = batch.signals.shape[1:]

        def read(frozen: Network, signals: Tensor, targets: Tensor) -> list[Tensor]:
            with torch.no_grad():
                assert isinstance(frozen, Attends)
                found = frozen.attention(signals)
                gates = found if found.dim() == 3 else found[:, None]
                return [at_samples(gates, grid_of(frozen, samples, gates.shape[-1]), samples)]

        (gates,) = in_parts(network, batch, read, report)
        mean = over_channels(gates.mean(axis=1), channels)
        tracks = [self._track(number, gates) for number in range(gates.shape[1])]
        return Findings((*tracks, *Findings.of_map(mean, self.units).tracks))

    def _track(self, number: int, gates: Floats) -> Track:
        name = "attention" if gates.shape[1] == 1 else f"attention of gate {number + 1}"
        return Track("attention", name, ("time",), gates[:, number], self.unit, full=1.0)
