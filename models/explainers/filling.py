"""What stands for "nothing there" in place of a deleted sample: k in paper 000, shared by the deletion methods."""

from typing import TYPE_CHECKING, Annotated, Literal, Self

from pydantic import Field, model_validator
from torch import Tensor

from models.explainers.base import Explainer

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


class FillExplainer(Explainer):
    """Base of the methods that delete samples: each has the fields `fill` and `constant`, in an order of its own."""

    if TYPE_CHECKING:
        fill: FillKind = "zero"
        constant: Constant = UNUSED

    @model_validator(mode="after")
    def _forget_constant(self) -> Self:
        # Equal work must look equal: settings that decide nothing take their default.
        if self.fill != "constant":
            object.__setattr__(self, "constant", UNUSED)
        return self

    def deletion(self, signals: Tensor) -> Tensor:
        """k in place of signals [batch, leads, samples]."""
        return filled(signals, self.fill, self.constant)

    @property
    def deletion_value(self) -> str:
        """k in words."""
        return in_words(self.fill, self.constant)


def filled(signals: Tensor, fill: str, constant: float) -> Tensor:
    """The fully deleted window [batch, leads, samples] of each of signals."""
    if fill == "mean":
        return signals.mean(dim=2, keepdim=True).expand_as(signals)
    return signals.new_tensor(constant if fill == "constant" else 0.0).expand_as(signals)


def in_words(fill: str, constant: float) -> str:
    """ "0", "mean", "0.5"."""
    return {"zero": "0", "mean": "mean"}.get(fill, f"{constant:g}")
