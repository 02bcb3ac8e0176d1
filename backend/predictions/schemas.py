"""Requests and responses about models and their outputs."""

from typing import Any, Literal

from pydantic import BaseModel, Field

from backend.schemas import Sample, Strict, refuse_renamed
from models.cards import InputSpec, Modality, OutputSpec
from models.covering.covers import Value

Seen = Literal["train", "validation", "test", "unknown"]


class ClassResponse(BaseModel):
    """One output of a model."""

    symbol: str
    name: str


class Headline(BaseModel):
    """A model's quality in short; null where its card does not say."""

    accuracy: float | None
    majority_rate: float | None  # accuracy of always saying the most frequent class
    patients: int | None  # in the test set
    interval: tuple[float, float] | None = None  # 95 %, of the accuracy as the test patients are drawn anew
    text: str


class Calibration(BaseModel):
    """What the model's probabilities are worth as probabilities."""

    calibrated: bool  # whether the temperature brought them nearer to the truth on the test set
    text: str  # on whom it was fitted, and how far off they are


class ModelResponse(BaseModel):
    """A model in short; its card says all."""

    id: str
    title: str
    summary: str
    classes: list[ClassResponse]
    input: InputSpec
    output: OutputSpec
    vocabulary: str
    modality: Modality
    reads: str = Field(description='The kind of recording it reads, as recordings say it: "ecg", "series"')
    leaks_patients: bool
    trained_leads: list[str]  # the most frequent first; empty where the card does not say
    limits: list[str]
    temperature: float
    weights_sha256: str
    headline: Headline
    calibration: Calibration


class ModelsResponse(BaseModel):
    """Every model that can be used, the default first."""

    models: list[ModelResponse]
    problems: list[dict[str, Any]] = []  # {model, reason} of those that cannot


class ShiftedRange(BaseModel):
    """What becomes of the output as the beat's R peak is placed a few samples earlier or later."""

    ms: float  # at most so much earlier or later
    low: float  # least and largest probability of the class that is answered
    high: float
    others: list[str]  # symbols of the classes that are answered instead, at any of these places


class Prediction(BaseModel):
    """A model's output for one window."""

    symbol: str | None  # null where it gives none of its labels
    name: str
    index: int  # of the most probable class
    probabilities: list[float]  # in the order of the model's classes
    logits: list[float]
    margin: float  # largest probability − second largest; of labels, twice the nearest one's distance to its threshold
    runner_up: str | None  # symbol of the second; null where there is only one
    labels: list[str] = []  # symbols of all labels given: the one class, or each over its threshold
    range: ShiftedRange | None = None  # null: the window lies around no beat, or nobody asked


class Cover(Strict):
    """Samples of the window to hide: start ≤ i < end."""

    start: int = Field(ge=0)
    end: int = Field(ge=1)


class WhichWindow(Strict):
    """One window in one lead, and the model to read it: what every request about a window begins with."""

    _renamed = refuse_renamed(beat="at")

    recording: str = Field(max_length=300)
    at: Sample = Field(description="The window's address: a beat's sample, the first sample of any other")
    lead: str | None = Field(None, max_length=100)
    model: str | None = Field(None, max_length=100)


class CoverRequest(WhichWindow):
    """A request for a model's output for one window of which something is hidden."""

    value: Value = Field(
        "zero",
        description="What stands in for a hidden sample of the network's input: 0, the window's mean (lead by lead), "
        "or a straight line between the samples beside the span",
    )


class PredictionRequest(CoverRequest):
    """A window with the named spans hidden, if any."""

    covers: list[Cover] = Field([], max_length=100)


class TableRequest(CoverRequest):
    """A window with every span whose ends lie on a grid hidden in turn."""

    grid: int = Field(4, ge=1, le=10_000, description="Samples between two ends; more where the window is long")


class CoverTableResponse(BaseModel):
    """The answer for every span between two of the edges, as columns."""

    value: Value
    grid: int  # samples between two edges, as used
    note: str | None  # why the grid is coarser than asked
    edges: list[int]  # samples, from 0 to the window's end
    classes: list[str]  # symbols, in the model's order
    before: list[float]  # probability of each class with nothing hidden
    probabilities: list[list[float]]  # [classes][pairs]: edges i < j in lexicographic order, hidden from i up to j


class CoveredPredictionResponse(Prediction):
    """The answer for the window as it was shown to the model."""

    covered_fraction: float  # 0 … 1
    input: list[list[float]]  # [leads][samples], with the covers
