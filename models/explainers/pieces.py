"""Pieces of a window that are hidden or kept as one: a beat each, or stretches of equal length."""

from collections.abc import Callable
from typing import Annotated, ClassVar, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor

from models.explainers.base import Explainer
from models.explainers.tracks import Batch, Floats, Marks, Segments, beat_marks
from models.signals.cycles import boundaries

By = Literal["beats", "stretches"]
Pieces = Annotated[By, Field(title="Pieces", description="A beat each, cut in diastole; or stretches of equal length.")]
Count = Annotated[
    int,
    Field(
        title="Stretches",
        description="How many equal stretches, where the pieces are stretches or no beats are marked.",
        ge=2,
        le=500,
        json_schema_extra={"advanced": True},
    ),
]


class PieceExplainer(Explainer):
    """Base of the methods that give each piece of a window one value."""

    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ("marks", "segments")
    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True

    by: Pieces = "stretches"
    count: Count = 24

    def segments(self, channels: int, samples: int, marks: Marks) -> Segments:
        """The number of the piece that each sample belongs to, alike in all channels."""
        return cut(self.by, self.count, channels, samples, marks)


def cut(by: By, count: int, channels: int, samples: int, marks: Marks, apart: bool = False) -> Segments:
    """The number of the piece that each sample belongs to, alike in all channels or each channel's own."""
    edges = boundaries(beat_marks(marks)) if by == "beats" else np.empty(0)
    if not len(edges):
        edges = samples * np.arange(1, count) / count
    numbers = np.searchsorted(np.ceil(edges), np.arange(samples), side="right")
    own = (len(edges) + 1) * apart
    return tuple(tuple((numbers + own * row).tolist()) for row in range(channels))


def of_row(batch: Batch, row: int, segments: Callable[[int, int, Marks], Segments]) -> tuple[Tensor, NDArray[np.int64]]:
    """What each piece of one window covers, bool [pieces, channels, samples]; and each sample's piece, from 0.

    The batch's own segments where it has any, else as `segments` cuts the window by its marks.
    """
    channels, samples = batch.signals.shape[1:]
    marks = batch.marks[row] if batch.marks else ()
    numbers = batch.segments[row] if batch.segments is not None else segments(channels, samples, marks)
    names, indices = np.unique(np.asarray(numbers), return_inverse=True)
    indices = indices.reshape(channels, samples)
    return torch.from_numpy(indices == np.arange(len(names))[:, None, None]), indices


def spread(values: Floats, indices: NDArray[np.int64]) -> Floats:
    """Values [pieces] at each sample's piece [channels, samples]."""
    return np.asarray(values[indices], dtype=np.float32)
