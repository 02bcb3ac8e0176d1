"""Representation erasure: what becomes of the class's log-likelihood without a piece, and without a hidden unit."""

from typing import ClassVar, Literal

import numpy as np
import torch
from torch import Tensor

from models.explainers import engine, pieces
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.pieces import PieceExplainer
from models.explainers.tracks import Batch, Findings, Floats, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network, chances
from models.networks.protocols import Erasable, lacks

LEAST = 1e-30  # a probability is not less: its logarithm is shown


class Erasure(PieceExplainer):
    """log p_c of the window less that of the window with a piece set to zero; the same for each hidden unit."""

    title: ClassVar[str] = "Representation erasure"
    summary: ClassVar[str] = (
        "How much the class's log-likelihood falls when a piece of the window, or a hidden unit, is set to zero. Zero "
        "is no neutral value, and units share their work: one that can be spared need not be idle."
    )
    source: ClassVar[str] = "Li et al. 2016, eq. 1"
    formula: ClassVar[str] = "R of d = log p_c(x) − log p_c(x without d)"
    group: ClassVar[Group] = "perturbation"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    unit: ClassVar[str] = "log p"
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that counts most",
        "of the effect",
        "{} of it belongs to pieces that, erased, raise the likelihood",
    )

    method: Literal["erasure"] = "erasure"

    def effort(self, channels: int, samples: int) -> float:
        """The window once for each piece, and for each hidden unit of about a hundred."""
        return float(samples * (self.count + 1 + 100))

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Falls [batch, channels, samples], one value for each piece; [batch, unit] where the network has units."""
        whole = likelihood(engine.scores(network, batch.signals, batch.targets, "probability"))
        able, maps, units = not lacks(network, (Erasable,)), [], []
        for row in range(len(batch)):
            maps.append(self._one(network, batch, row, whole[row]))
            if able:
                units.append(self._units(network, batch, row, whole[row]))
            report(Progress((row + 1) / len(batch)))
        beside = [Track("relevance", "hidden units", ("unit",), np.stack(units), f"{self.unit} each")] if able else []
        return Findings.of_map(np.stack(maps), self.units, *beside)

    def _one(self, network: Network, batch: Batch, row: int, whole: Tensor) -> Floats:
        part, (covers, indices) = slice(row, row + 1), pieces.of_row(batch, row, self.segments)
        signals = batch.signals[part]
        without = engine.covered(
            network, signals, batch.targets[part], covers, torch.zeros_like(signals), "probability"
        )[0]
        return pieces.spread((whole - likelihood(without)).numpy(), indices)

    @torch.no_grad()
    def _units(self, network: Network, batch: Batch, row: int, whole: Tensor) -> Floats:
        """Falls [units] without each unit that is read for the answer."""
        frozen = engine.frozen(network)
        assert isinstance(frozen, Erasable)
        logits = frozen.without_units(batch.signals[row : row + 1].to(engine.device()))[0]
        without = likelihood(chances(network, logits)[:, batch.targets[row]].cpu())
        return np.asarray((whole - without).numpy(), dtype=np.float32)


def likelihood(probabilities: Tensor) -> Tensor:
    """The logarithm."""
    return probabilities.clamp(min=LEAST).log()
