"""What stands for "nothing there" in place of a deleted sample: k in paper 000, shared by the deletion methods."""

from typing import Annotated, Literal

from pydantic import Field
from torch import Tensor

FillKind = Annotated[
    Literal["zero", "mean", "constant"],
    Field(
        title="Deleted samples become",
        description="Zero is the recording's mean, about the iso-electric line; mean is this window's, lead by lead.",
    ),
]
Constant = Annotated[
    float,
    Field(
        title="Constant",
        description="The value deleted samples become, where a constant is chosen.",
        ge=-10.0,
        le=10.0,
        allow_inf_nan=False,
        json_schema_extra={"unit": "SD", "shown_when": {"fill": "constant"}},
    ),
]

UNUSED = 0.5  # a constant that is not in use is this, so that it cannot make equal work look different


def filled(signals: Tensor, fill: str, constant: float) -> Tensor:
    """The fully deleted window [batch, leads, samples] of each of signals."""
    if fill == "mean":
        return signals.mean(dim=2, keepdim=True).expand_as(signals)
    return signals.new_tensor(constant if fill == "constant" else 0.0).expand_as(signals)


def in_words(fill: str, constant: float) -> str:
    """ "0", "mean", "0.5"."""
    return {"zero": "0", "mean": "mean"}.get(fill, f"{constant:g}")
