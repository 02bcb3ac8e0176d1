"""Occlusion: hide a piece, see what becomes of the score, move on by one sample."""

from typing import ClassVar, Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor

from models.errors import InvalidError
from models.explainers import engine
from models.explainers.base import Explainer, Progress, Relevance, Report, silent
from models.explainers.filling import UNUSED, Constant, FillKind, filled, in_words
from models.networks.base import Network


class Occlusion(Explainer):
    """Mean score of the windows that leave a sample alone, less that of the windows that hide it."""

    title: ClassVar[str] = "Occlusion"
    summary: ClassVar[str] = (
        "How much the score falls, on average, when a sliding window hides the sample. "
        "It depends on the window's width and on what is put in its place."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.3; Zeiler & Fergus 2014"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"

    method: Literal["occlusion"] = "occlusion"
    width: int = Field(
        25,
        title="Width",
        description="Samples hidden at once; for images, columns of the block.",
        ge=1,
        le=5000,
        json_schema_extra={"unit": "samples"},
    )
    fill: FillKind = "zero"
    constant: Constant = UNUSED
    score: engine.Score = "logit"
    leads: Literal["together", "each"] = Field(
        "together", title="Leads", description="Hide the same stretch in all leads at once, or one lead at a time."
    )
    row_length: int = Field(
        0,
        title="Image row",
        description="Pixels in a row, for images read line by line; 0 for signals.",
        ge=0,
        le=5000,
        json_schema_extra={"unit": "samples", "advanced": True},
    )
    block_rows: int = Field(
        1,
        title="Block rows",
        description="Rows of the hidden block, for images: width 5 and 5 rows hide 5 × 5 pixels.",
        ge=1,
        le=5000,
        json_schema_extra={"unit": "rows", "advanced": True},
    )

    @model_validator(mode="after")
    def _forget_unused(self) -> "Occlusion":
        # Equal work must look equal: settings that decide nothing take their default.
        if self.fill != "constant":
            object.__setattr__(self, "constant", UNUSED)
        if self.row_length == 0:
            object.__setattr__(self, "block_rows", 1)
        return self

    def attribute(self, network: Network, signals: Tensor, targets: Tensor, report: Report = silent) -> Relevance:
        """Contrast [batch, leads, samples]; extra `uncovered`: the paper's v, mean score of the windows beside it."""
        covers = self.covers(signals.shape[1], signals.shape[2])
        scores = engine.covered(
            network, signals, targets, covers, self.deletion(signals), self.score, lambda part: report(Progress(part))
        )
        hides = covers.flatten(1).to(scores.dtype)  # [covers, leads · samples]
        # Centred first: the mean of hundreds of nearly equal scores would lose the small contrast in float32.
        centre = scores.mean(dim=1, keepdim=True)
        hidden = (scores - centre) @ hides / hides.sum(dim=0)
        left = (scores - centre) @ (1 - hides) / (1 - hides).sum(dim=0)
        return Relevance(
            (left - hidden).reshape(signals.shape).numpy(),
            {"uncovered": (left + centre).reshape(signals.shape).numpy()},
        )

    def covers(self, leads: int, samples: int) -> Tensor:
        """What each window hides, bool [windows, leads, samples]: every sample is hidden equally often.

        A signal has samples + width − 1 windows, shortened at the ends; "each" has as many again for every lead.
        """
        spans = self._blocks(samples) if self.row_length else sliding(samples, self.width)
        if not (~spans).any():
            raise InvalidError(f"Occlusion needs windows that leave a sample alone; {samples} sample(s) have none")
        if self.leads == "together" or leads == 1:
            return spans[:, None].expand(-1, leads, -1)
        alone = torch.eye(leads, dtype=torch.bool)
        return (alone[:, None, :, None] & spans[None, :, None]).flatten(0, 1)

    def deletion(self, signals: Tensor) -> Tensor:
        """k in place of signals [batch, leads, samples]."""
        return filled(signals, self.fill, self.constant)

    @property
    def deletion_value(self) -> str:
        """k in words."""
        return in_words(self.fill, self.constant)

    def _blocks(self, samples: int) -> Tensor:
        """Blocks [windows, samples] of width × block_rows pixels in an image read line by line."""
        rows, rest = divmod(samples, self.row_length)
        if rest:
            message = f"row_length = {self.row_length} does not divide the window's {samples} samples into rows"
            raise InvalidError(message, field="row_length")
        down, across = sliding(rows, self.block_rows), sliding(self.row_length, self.width)
        return (down[:, None, :, None] & across[None, :, None]).reshape(-1, samples)


def sliding(samples: int, width: int) -> Tensor:
    """All windows of `width` that touch the samples, clipped at the ends: bool [samples + width − 1, samples]."""
    start = torch.arange(1 - width, samples)[:, None]
    at = torch.arange(samples)
    return (at >= start) & (at < start + width)
