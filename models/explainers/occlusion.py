"""Occlusion: hide a piece, see what becomes of the score, move on by one sample."""

from typing import ClassVar, Literal

import torch
from pydantic import Field, model_validator
from torch import Tensor

from models.errors import InvalidError
from models.explainers import engine
from models.explainers.base import Group, Progress, Report, silent
from models.explainers.filling import UNUSED, Constant, FillExplainer, FillKind
from models.explainers.tracks import MAP, Batch, Findings, Track
from models.explainers.wording import MethodWording
from models.networks.base import Network


class Occlusion(FillExplainer):
    """Mean score of the windows that leave a sample alone, less that of the windows that hide it."""

    title: ClassVar[str] = "Occlusion"
    summary: ClassVar[str] = (
        "How much the score falls, on average, when a sliding window hides the sample. "
        "It depends on the window's width and on what is put in its place."
    )
    source: ClassVar[str] = "van der Westhuizen & Lasenby 2018, §3.3; Zeiler & Fergus 2014"
    formula: ClassVar[str] = "R_t = mean of s_c over windows that leave t, less that over windows that hide it"
    group: ClassVar[Group] = "perturbation"
    cost: ClassVar[Literal["instant", "queued"]] = "queued"
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    compared: ClassVar[bool] = True
    default_slot: ClassVar[Literal["a", "b"] | None] = "b"
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that counts most",
        "of the effect",
        "{} of it belongs to samples that, hidden, raise the score",
    )

    method: Literal["occlusion"] = "occlusion"
    width: int = Field(
        25,
        title="Width",
        description="Samples hidden at once; for images, columns of the block.",
        ge=1,
        le=5000,
        json_schema_extra={"unit": "samples"},
    )
    stride: int = Field(
        1,
        title="Stride",
        description="Samples by which the window moves on, at most its width; larger is quicker and coarser.",
        ge=1,
        le=5000,
        json_schema_extra={"unit": "samples", "advanced": True},
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
        if self.row_length == 0:
            object.__setattr__(self, "block_rows", 1)
        return self

    def effort(self, channels: int, samples: int) -> float:
        """Every window is read to the end, from its first hidden sample on where the network can be interrupted."""
        rows = -(-samples // self.row_length) + self.block_rows - 1 if self.row_length else 1
        across = (self.row_length or samples) + self.width - 1
        return float(samples * rows * -(-across // self.stride) * (channels if self.leads == "each" else 1))

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """Contrast [batch, channels, samples]; `uncovered` is the paper's v, mean score of the windows beside it."""
        signals = batch.signals
        covers, blank = self.covers(signals.shape[1], signals.shape[2]), self.deletion(signals)
        scores = engine.covered(
            network, signals, batch.targets, covers, blank, self.score, lambda part: report(Progress(part))
        )
        hides = covers.flatten(1).to(scores.dtype)  # [covers, channels · samples]
        # Centred first: the mean of hundreds of nearly equal scores would lose the small contrast in float32.
        centre = scores.mean(dim=1, keepdim=True)
        hidden = (scores - centre) @ hides / hides.sum(dim=0)
        left = (scores - centre) @ (1 - hides) / (1 - hides).sum(dim=0)
        uncovered = (left + centre).reshape(signals.shape).numpy()
        contrast = (left - hidden).reshape(signals.shape).numpy()
        return Findings.of_map(contrast, self.units, Track("signal", "uncovered", MAP, uncovered, self.score))

    def covers(self, leads: int, samples: int) -> Tensor:
        """What each window hides, bool [windows, leads, samples]; with a stride of 1 every sample equally often.

        A signal has (samples + width − 1) / stride windows, shortened at the ends; "each" has as many for every lead.
        """
        if self.stride > self.width:
            message = f"stride = {self.stride} leaves samples between windows of width {self.width}: at most the width"
            raise InvalidError(message, field="stride")
        spans = self._blocks(samples) if self.row_length else sliding(samples, self.width, self.stride)
        if not (~spans).any():
            raise InvalidError(f"Occlusion needs windows that leave a sample alone; {samples} sample(s) have none")
        if self.leads == "together" or leads == 1:
            return spans[:, None].expand(-1, leads, -1)
        alone = torch.eye(leads, dtype=torch.bool)
        return (alone[:, None, :, None] & spans[None, :, None]).flatten(0, 1)

    def _blocks(self, samples: int) -> Tensor:
        """Blocks [windows, samples] of width × block_rows pixels in an image read line by line."""
        rows, rest = divmod(samples, self.row_length)
        if rest:
            message = f"row_length = {self.row_length} does not divide the window's {samples} samples into rows"
            raise InvalidError(message, field="row_length")
        down, across = sliding(rows, self.block_rows), sliding(self.row_length, self.width, self.stride)
        return (down[:, None, :, None] & across[None, :, None]).reshape(-1, samples)


def sliding(samples: int, width: int, stride: int = 1) -> Tensor:
    """Windows of `width` that touch the samples, each `stride` after the last, clipped at the ends: [windows, samples].

    With a stride of 1 there are samples + width − 1 of them.
    """
    start = torch.arange(1 - width, samples, stride)[:, None]
    at = torch.arange(samples)
    return (at >= start) & (at < start + width)
