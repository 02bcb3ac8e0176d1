"""Requests and responses about groups and queues. Beats go by their address, traces are in mV, null is a gap."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.columns import TypedColumn, typed_model
from backend.predictions.schemas import ClassResponse
from models.explainers import AnyExplainer

By = Literal["reference_and_model", "model", "reader", "shape"]
QueueName = Literal["disagreements", "uncertain", "unlabelled", "class"]


class QueueBeats(BaseModel):
    """Beats as columns of equal length: all that a card of the queue says of one."""

    at: list[int]  # a beat's address, at the record's fs
    time: list[float]  # s
    rr: list[float | None]  # ms since the previous beat
    reference: list[str | None]
    output: list[str | None]
    margin: list[float | None]  # largest probability − second largest


TypedQueueBeats: Any = typed_model(QueueBeats)


class AboutQueue(BaseModel):
    """Beats worth a look, in the order in which to look."""

    name: QueueName
    symbol: str | None = None  # of the class
    count: int


class QueueResponse(AboutQueue):
    """A queue as a list."""

    at: list[int]


class TypedQueueResponse(AboutQueue):
    """A queue as a typed array."""

    at: TypedColumn


class AboutQueues(BaseModel):
    """All beats of a recording, and the queues they stand in."""

    source: str
    lead: str
    model: str | None
    classes: list[ClassResponse]
    note: str | None  # why the model says nothing of this lead


class QueuesResponse(AboutQueues):
    """Queues as lists."""

    beats: QueueBeats
    queues: list[QueueResponse]


class TypedQueuesResponse(AboutQueues):
    """Queues as typed arrays."""

    beats: TypedQueueBeats
    queues: list[TypedQueueResponse]


class TracesResponse(BaseModel):
    """Stretches of one lead around some beats."""

    lead: str
    before: float  # ms from the first value to the R peak
    step: float  # ms between two values
    at: list[int]
    traces: list[list[float | None]]


class GroupResponse(BaseModel):
    """Beats that belong together."""

    key: str  # "V>/", "shape 1": stable for one way of grouping
    reference: str | None  # symbol that all of them bear
    output: str | None  # symbol that the model says of all of them
    reader: str | None  # label that a reader gave all of them
    count: int
    at: list[int] | TypedColumn
    traces: list[list[float | None]]  # at most 48 of them, each on its own level
    shown: list[int]  # the addresses of `traces`
    mean: list[float | None]  # of all of them
    probability: float | None  # mean probability of their outputs
    references: dict[str, int]  # reference symbol → beats, most frequent first
    outputs: dict[str, int]  # output symbol → beats, most frequent first
    rr: float | None  # ms, median of the RR before them
    mapped: list[int]  # at most 32 addresses, spread evenly, whose relevance stands for the group


class GroupsResponse(BaseModel):
    """All groups of a recording's beats, those worth a look first."""

    source: str
    lead: str
    model: str | None
    by: By
    untrained: list[str] = []  # leads read that the model was not trained on
    rule: str  # how the beats were grouped, in a sentence
    before: float  # ms from a trace's first value to the R peak
    step: float  # ms between two values
    beats: int
    ungrouped: int  # beats in no group: no output, no reader's label, or part of them missing
    groups: list[GroupResponse]


class MapsRequest(BaseModel):
    """The groups of beats whose relevance is to be averaged."""

    model_config = ConfigDict(extra="forbid")

    lead: str | None = Field(None, max_length=100)
    model: str | None = Field(None, max_length=100)
    target: str | None = Field(None, max_length=20, description="Symbol of the class; null: each beat's own output")
    explainer: AnyExplainer
    groups: list[list[int]] = Field(max_length=64, description="Addresses of each group's beats, at most 64 of each")


class MeanMap(BaseModel):
    """Mean relevance of the beats of one group that are known."""

    n: int  # beats whose map was there
    relevance: list[list[float]] | None  # [leads][samples]; null where n is 0


class MapsResponse(BaseModel):
    """Mean relevance of each group, over what was computed before; nothing is computed for it but instant methods."""

    unit: str
    signed: bool
    full: float  # full scale of the ramp, fixed for model and method; else the largest of these means
    full_is_fixed: bool
    before: float  # ms from the window's first sample to the R peak
    step: float  # ms between two samples
    maps: list[MeanMap]
