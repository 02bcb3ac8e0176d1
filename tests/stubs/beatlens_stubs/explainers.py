"""A method that reads where beats are and how a window is cut, and answers with two tracks."""

from typing import ClassVar, Literal

import numpy as np
import torch

from models.explainers.base import Explainer, Report, silent
from models.explainers.tracks import Batch, Findings, Floats, Role, Track
from models.networks.base import Network


class StubSegments(Explainer):
    """What becomes of the score as each piece is set to 0; and which of the pieces hold a mark."""

    title: ClassVar[str] = "Stub pieces"
    summary: ClassVar[str] = "How much the score falls when a piece between two beats is set to 0."
    source: ClassVar[str] = "tests/stubs"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ("marks", "segments")
    roles: ClassVar[tuple[Role, ...]] = ("relevance", "attention")
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"

    method: Literal["stub_segments"] = "stub_segments"

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Relevance [batch, channels, samples] and the share of marks [batch, unit] in each piece of a channel."""
        assert batch.segments is not None
        assert batch.marks is not None
        pieces = batch.segments.numpy()
        maps = np.stack([self._one(network, batch, row, pieces[row]) for row in range(len(batch))])
        width = 1 + max(int(row[0].max()) for row in pieces)
        shares = np.zeros((len(batch), width), np.float32)
        for row, marks in enumerate(batch.marks):
            places = [mark.start for mark in marks if mark.end is None]
            np.add.at(shares[row], pieces[row][0][places], 1 / max(1, len(places)))
        return Findings.of_map(maps, self.units, Track("attention", "marks", ("unit",), shares, "share"))

    def _one(self, network: Network, batch: Batch, row: int, pieces: np.ndarray) -> Floats:
        signal, target = batch.signals[row], int(batch.targets[row])
        names = np.unique(pieces)
        hidden = torch.stack([signal, *(signal.masked_fill(torch.from_numpy(pieces == name), 0) for name in names)])
        with torch.inference_mode():
            scores = network(hidden)[:, target].numpy()
        falls = dict(zip(names.tolist(), (scores[0] - scores[1:]).tolist(), strict=True))
        return np.vectorize(falls.__getitem__)(pieces).astype(np.float32)
