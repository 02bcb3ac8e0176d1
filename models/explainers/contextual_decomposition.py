"""Contextual decomposition: what each piece of the window adds to the logit of an LSTM, in its context."""

from typing import ClassVar, Literal

import numpy as np
import torch

from models.explainers import engine, pieces
from models.explainers.base import Explainer, Group, Progress, Report, silent
from models.explainers.tracks import Batch, Findings, Floats, Marks, Segments, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.protocols import Decomposable


class ContextualDecomposition(Explainer):
    """β of each piece: states split into what comes of the piece and the rest, from the first step to the last."""

    title: ClassVar[str] = "Contextual decomposition"
    summary: ClassVar[str] = (
        "What each piece of the window adds to the logit by itself, the states being split into its part and the rest. "
        "Pieces do not sum to the logit: what two of them do together belongs to the rest of both."
    )
    source: ClassVar[str] = "Murdoch et al. 2018, eq. 10–24"
    formula: ClassVar[str] = "h_t = β_t + γ_t, c_t likewise; s_c = (V β_T)_c + (V γ_T + b)_c; R of a piece is (V β_T)_c"
    group: ClassVar[Group] = "propagation"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    needs: ClassVar[tuple[type, ...]] = (Decomposable,)
    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ("marks", "segments")
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that adds most", "of what pieces add", "{} of it speaks against the class"
    )

    method: Literal["contextual_decomposition"] = "contextual_decomposition"
    by: pieces.Pieces = "stretches"
    count: pieces.Count = 18

    def effort(self, channels: int, samples: int) -> float:
        """Every step in two parts for each piece."""
        return 2.0 * samples * self.count

    def segments(self, channels: int, samples: int, marks: Marks) -> Segments:
        """The number of the piece that each sample belongs to, alike in all channels."""
        return pieces.cut(self.by, self.count, channels, samples, marks)

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """What its piece adds [batch, channels, samples], and the rest of the logit [batch, samples] beside it."""
        network, maps, rests = engine.frozen(network), [], []
        for row in range(len(batch)):
            own, others = self._one(network, batch, row)
            maps.append(own)
            rests.append(others)
            report(Progress((row + 1) / len(batch)))
        rest = Track("signal", "rest of the logit", ("time",), np.stack(rests), self.unit)
        return Findings.of_map(np.stack(maps), self.units, rest)

    @torch.no_grad()
    def _one(self, network: Network, batch: Batch, row: int) -> tuple[Floats, Floats]:
        assert isinstance(network, Decomposable)
        covers, indices = pieces.of_row(batch, row, self.segments)
        inside, target = covers.any(dim=1).to(engine.device()), int(batch.targets[row])
        signal = batch.signals[row : row + 1].to(engine.device())
        blocks = torch.split(inside, engine.rows_per_forward(signal))
        found = [network.decomposed(signal.expand(len(some), -1, -1), some) for some in blocks]
        own, rest = (torch.cat(part)[:, target].cpu().numpy() for part in zip(*found, strict=True))
        return pieces.spread(own, indices), pieces.spread(rest, indices)[0]
