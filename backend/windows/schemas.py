"""Responses about beats. Times in seconds from the record's start, signals in mV, null is a gap."""

from pydantic import BaseModel

from backend.predictions.schemas import ClassResponse, Prediction, Seen


class BeatColumns(BaseModel):
    """Beats as columns of equal length."""

    sample: list[int]  # a beat's address, at the record's fs
    time: list[float]
    r: list[int]  # R peak in this lead, at the record's fs
    symbol: list[str | None]
    aami: list[str | None]
    rr: list[float | None]  # ms since the previous beat
    prediction: list[str | None]
    probabilities: list[list[float] | None]
    margin: list[float | None]  # largest probability − second largest
    note: list[str | None]  # why there is no prediction


class BeatsResponse(BaseModel):
    """All beats of a recording, and what a model says of each."""

    source: str
    lead: str
    model: str | None
    beats: BeatColumns
    classes: list[ClassResponse]


class WindowResponse(BaseModel):
    """The samples that the network reads around a beat."""

    start: int  # first sample, at the record's fs
    samples: int
    fs: float  # Hz, of the network
    before: int  # samples before R
    millivolts: list[list[float | None]]  # [leads][samples]
    input: list[list[float]]  # [leads][samples], as the network reads it


class Context(BaseModel):
    """The lead from 250 ms before the window to 250 ms after it, undecimated."""

    start_time: float
    time: list[float]
    value: list[float | None]


class BeatResponse(BaseModel):
    """One beat, its surroundings and what the model says."""

    sample: int
    r: int  # R peak in this lead, at the record's fs
    time: float  # of `sample`
    symbol: str | None
    name: str | None
    aami: str | None
    rr_before: float | None  # ms
    rr_after: float | None  # ms
    index: int  # from 0
    count: int
    previous: int | None  # sample of the neighbour
    next: int | None
    lead: str
    model: str
    window: WindowResponse | None
    note: str | None  # why there is no window
    context: Context
    prediction: Prediction | None
    classes: list[ClassResponse]
    seen: Seen
