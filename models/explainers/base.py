"""A method of explanation is its parameters (a frozen pydantic model) plus one function on a batch."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from torch import Tensor

from models.networks.base import Network

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Progress:
    """How far a running method is."""

    fraction: float  # 0 … 1
    loss: float | None = None  # mean over the batch, at this step
    partial: Floats | None = None  # [batch, leads, samples], the relevance so far


Report = Callable[[Progress], None]  # may raise to cancel: methods let that through


def silent(_: Progress) -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class Relevance:
    """What a method answers for a batch, in its own units: never scaled to 0 … 1."""

    values: Floats  # [batch, leads, samples]
    extras: dict[str, Floats] = field(default_factory=dict)  # each batch first: loss [batch, steps], …


class Explainer(BaseModel):
    """Base of every method. Fields are what a clinician may set: give each a title, description, bounds and unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]  # "Learned mask"
    summary: ClassVar[str]  # one sentence for the reader
    source: ClassVar[str]  # paper and section
    version: ClassVar[str] = "1"  # part of an explanation's identity: raise it when results change
    cost: ClassVar[Literal["instant", "queued"]]
    signed: ClassVar[bool] = False  # negative relevance has a meaning
    unit: ClassVar[str]  # of the relevance: "1 − m", "logit", "logit per SD"
    ranks: ClassVar[bool] = True  # more relevance is more important: the map can be judged by deleting
    full_scale: ClassVar[float | None] = None  # fixed full scale where the method has one; else the card's

    method: str  # subclasses: Literal["learned_mask"] = "learned_mask"

    @property
    def units(self) -> str:
        """Unit of the relevance with these parameters: a `score` field may ask for probabilities."""
        return self.unit.replace("logit", getattr(self, "score", "logit"))

    @property
    def scale_name(self) -> str:
        """Key of this method's full scale in a card: "occlusion", "occlusion:probability"."""
        score = getattr(self, "score", "logit")
        return self.method if score == "logit" else f"{self.method}:{score}"

    @property
    def deletion_value(self) -> str:
        """What `deletion` puts in, in words: "0", "mean", "0.5"."""
        return "0"

    @classmethod
    def unsupported(cls, network: Network) -> str | None:
        """Why this method cannot explain `network`; None where it can."""
        return None

    def attribute(self, network: Network, signals: Tensor, targets: Tensor, report: Report = silent) -> Relevance:
        """Relevance of signals [batch, leads, samples] for the class indices targets [batch]."""
        raise NotImplementedError

    def deletion(self, signals: Tensor) -> Tensor:
        """What stands for "nothing there" in place of signals [batch, leads, samples]: zero unless the method has k."""
        return signals.new_zeros(()).expand_as(signals)

    def importance(self, values: Floats) -> Floats:
        """Relevance [..., samples] as an order of deletion, most important highest."""
        return values
