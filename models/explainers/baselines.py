"""What a window is compared with by methods that explain a difference: nothing, its mean, or the recording's usual."""

from typing import Annotated, ClassVar, Literal

import numpy as np
from pydantic import Field
from torch import Tensor

from models.errors import InvalidError
from models.explainers.base import Explainer
from models.explainers.filling import filled
from models.explainers.tracks import Batch, Findings, Floats, Track
from models.explainers.wording import MethodWording

BaselineKind = Annotated[
    Literal["zero", "mean", "usual", "other"],
    Field(
        title="Baseline",
        description="What the window is compared with: zero, about the iso-electric line; this window's mean, lead by "
        "lead; the recording's usual beat, so that the map says what is unusual; or the training beat most like it of "
        "the next most probable class, so that the map says what makes it not one of those.",
    ),
]


class BaselineExplainer(Explainer):
    """Base of the methods that share out the difference between the score and that of a baseline."""

    signed: ClassVar[bool] = True
    unit: ClassVar[str] = "logit"
    measured_scale: ClassVar[bool] = True
    wording: ClassVar[MethodWording] = MethodWording(
        "the {} of the window that adds most to the difference",
        "of the difference",
        "{} of it speaks against the class",
    )

    baseline: BaselineKind = "zero"

    def base(self, batch: Batch) -> Tensor:
        """The baselines [batch, channels, samples] of a batch; InvalidError where the window it takes is missing."""
        if not self.reads_usual:
            return filled(batch.signals, self.baseline, 0.0)
        if batch.usual is None:
            raise no_window(self.baseline)
        return batch.usual

    def shared_out(self, shares: Floats, difference: Floats) -> Findings:
        """Shares [batch, channels, samples] of a difference [batch], with what they miss of it."""
        gap = difference - shares.sum(axis=(1, 2))
        return Findings.of_map(
            shares,
            self.units,
            Track("signal", "difference from the baseline", (), difference, self.units),
            Track("relevance", "completeness gap", (), gap.astype(np.float32), self.units),
        )

    def deletion(self, signals: Tensor) -> Tensor:
        """The baseline in place of signals [batch, leads, samples]; zero where it is another beat."""
        return filled(signals, "mean" if self.baseline == "mean" else "zero", 0.0)

    @property
    def deletion_value(self) -> str:
        """What `deletion` puts in, in words."""
        return "mean" if self.baseline == "mean" else "0"


def no_window(baseline: str) -> InvalidError:
    """The refusal of a baseline that is another window, where there is none."""
    kind = "usual beat" if baseline == "usual" else "beat of another class"
    message = f"baseline = {baseline}: this window has no {kind} to be compared with"
    return InvalidError(message, field="baseline", options=("zero", "mean"))
