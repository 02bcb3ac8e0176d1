"""A method of explanation is its parameters (a frozen pydantic model) plus one function on a batch."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict
from torch import Tensor

from models.explainers.tracks import Batch, Findings, Floats, Marks, Role, Segments, between_marks
from models.explainers.wording import MethodWording
from models.networks.base import Network
from models.networks.protocols import lacks


@dataclass(frozen=True)
class Progress:
    """How far a running method is."""

    fraction: float  # 0 … 1
    loss: float | None = None  # mean over the batch, at this step
    partial: Floats | None = None  # [batch, leads, samples], the relevance so far


Group = Literal["network", "perturbation", "gradient", "propagation", "surrogate", "other"]
Report = Callable[[Progress], None]  # may raise to cancel: methods let that through


def silent(_: Progress) -> None:
    """Report to nobody."""


def part_of(report: Report, low: float, high: float) -> Report:
    """Reports of one part of the work as a stretch of the whole."""
    return lambda progress: report(Progress(low + (high - low) * progress.fraction))


class Explainer(BaseModel):
    """Base of every method. Fields are what a clinician may set: give each a title, description, bounds and unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: ClassVar[str]  # "Learned mask"
    summary: ClassVar[str]  # one sentence for the reader
    source: ClassVar[str]  # paper and section
    formula: ClassVar[str] = ""  # in one line, for the reference
    group: ClassVar[Group] = "other"  # how it comes by its findings: what Compare puts together
    version: ClassVar[str] = "1"  # part of an explanation's identity: raise it when results change
    cost: ClassVar[Literal["instant", "queued"]]
    needs: ClassVar[tuple[type, ...]] = ()  # protocols of models.networks.protocols that the network must have
    reads: ClassVar[tuple[Literal["marks", "segments"], ...]] = ()  # what of a batch beyond its signals decides;
    # the usual window too, where `reads_usual`
    roles: ClassVar[tuple[Role, ...]] = ("relevance",)  # of the tracks that it answers with, the first is its picture
    signed: ClassVar[bool] = False  # negative relevance has a meaning
    unit: ClassVar[str]  # of its picture: "1 − m", "logit", "logit per SD"
    full_scale: ClassVar[float | None] = None  # fixed full scale where the method has one; else the card's
    measured_scale: ClassVar[bool] = False  # training measures the full scale of its maps for the card
    compared: ClassVar[bool] = False  # judged in the evaluation on the results page, which takes hours
    wording: ClassVar[MethodWording] = MethodWording()
    default_slot: ClassVar[Literal["a", "b"] | None] = None  # which of the two pictures it is where nobody chose

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
    def reads_usual(self) -> bool:
        """Whether another window decides, the recording's usual one or one of another class: a `baseline` may ask."""
        return getattr(self, "baseline", None) in ("usual", "other")

    @property
    def deletion_value(self) -> str:
        """What `deletion` puts in, in words: "0", "mean", "0.5"."""
        return "0"

    @property
    def ranks(self) -> bool:
        """Whether more relevance is more important, so that the map can be judged by deleting."""
        return "relevance" in self.roles

    @classmethod
    def unsupported(cls, network: Network) -> str | None:
        """Why this method cannot explain `network`; None where it can."""
        return lacks(network, cls.needs)

    def effort(self, channels: int, samples: int) -> float:
        """Samples that the network reads for one window: how the time grows with the window and the settings."""
        return 3.0 * samples  # once forward, and about twice that backward

    def attribute(self, network: Network, batch: Batch, report: Report = silent) -> Findings:
        """What the method finds in the windows of a batch, each for its own target."""
        raise NotImplementedError

    def segments(self, channels: int, samples: int, marks: Marks) -> Segments:
        """The pieces of a window, for a method that reads segments, where whoever asks says nothing."""
        return between_marks(channels, samples, marks)

    def deletion(self, signals: Tensor) -> Tensor:
        """What stands for "nothing there" in place of signals [batch, leads, samples]: zero unless the method has k."""
        return signals.new_zeros(()).expand_as(signals)

    def importance(self, values: Floats) -> Floats:
        """Relevance [..., samples] as an order of deletion, most important highest."""
        return values
