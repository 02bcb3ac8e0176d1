"""What a window is compared with by methods that explain a difference: nothing, its mean, or the recording's usual."""

from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor

from models.errors import InvalidError
from models.explainers.filling import filled
from models.explainers.tracks import Batch

BaselineKind = Annotated[
    Literal["zero", "mean", "usual"],
    Field(
        title="Baseline",
        description="What the window is compared with: zero, about the iso-electric line; this window's mean, lead by "
        "lead; or the recording's usual beat, so that the map says what is unusual.",
    ),
]


def baseline(batch: Batch, kind: str) -> Tensor:
    """The baselines [batch, channels, samples] of a batch; InvalidError where nobody knows the usual beat."""
    if kind != "usual":
        return filled(batch.signals, kind, 0.0)
    if batch.usual is None:
        message = "baseline = usual: this window has no usual beat to be compared with"
        raise InvalidError(message, field="baseline", options=("zero", "mean"))
    return batch.usual


def deletion(signals: Tensor, kind: str) -> Tensor:
    """What the map is judged with: the baseline, and zero where that is the usual beat."""
    return filled(signals, "mean" if kind == "mean" else "zero", 0.0)


def in_words(kind: str) -> str:
    """ "0", "mean": what `deletion` puts in."""
    return "mean" if kind == "mean" else "0"
