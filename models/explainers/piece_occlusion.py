"""Occlusion of whole pieces: hide one beat, or one stretch, after the other."""

from typing import ClassVar, Literal

import numpy as np
from pydantic import Field
from torch import Tensor

from models.explainers import engine, pieces
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.filling import UNUSED, Constant, FillExplainer, FillKind
from models.explainers.pieces import PieceExplainer
from models.explainers.tracks import Batch, Findings, Floats, Marks, Segments
from models.explainers.wording import MethodWording
from models.networks.base import Network


class PieceOcclusion(PieceExplainer, FillExplainer):
    """Score of the window less that of the window without the piece that a sample belongs to."""

    title: ClassVar[str] = "Occlusion by pieces"
    summary: ClassVar[str] = (
        "How much the score falls when one beat, from its P wave to the end of its T wave, or one stretch is hidden. "
        "A hidden beat is a pause as well: its interval changes with it."
    )
    source: ClassVar[str] = "Zeiler & Fergus 2014; van der Westhuizen & Lasenby 2018, §3.3"
    formula: ClassVar[str] = "R of a piece = s_c(x) − s_c(x without it)"
    group: ClassVar[Group] = "perturbation"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that counts most",
        "of the effect",
        "{} of it belongs to pieces that, hidden, raise the score",
    )

    method: Literal["piece_occlusion"] = "piece_occlusion"
    by: pieces.Pieces = "beats"
    fill: FillKind = "zero"
    constant: Constant = UNUSED
    score: engine.Score = "logit"
    leads: Literal["together", "each"] = Field(
        "together", title="Leads", description="Hide the same piece in all leads at once, or one lead at a time."
    )

    def effort(self, channels: int, samples: int) -> float:
        """The window once for each piece: of beats there are about as many as of stretches."""
        return float(samples * (self.count + 1) * (channels if self.leads == "each" else 1))

    def segments(self, channels: int, samples: int, marks: Marks) -> Segments:
        """The number of the piece that each sample belongs to, alike in all channels or each channel's own."""
        return pieces.cut(self.by, self.count, channels, samples, marks, self.leads == "each")

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Falls of the score [batch, channels, samples], one value for each piece."""
        full = engine.scores(network, batch.signals, batch.targets, self.score)
        maps = [self._one(network, batch, row, full[row], report) for row in range(len(batch))]
        return Findings.of_map(np.stack(maps), self.units)

    def _one(self, network: Network, batch: Batch, row: int, full: Tensor, report: Report) -> Floats:
        part = slice(row, row + 1)
        signals = batch.signals[part]
        covers, indices = pieces.of_row(batch, row, self.segments)
        scores = engine.covered(network, signals, batch.targets[part], covers, self.deletion(signals), self.score)[0]
        report(Progress((row + 1) / len(batch)))
        return pieces.spread((full - scores).numpy(), indices)
