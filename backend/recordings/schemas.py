"""What the service says about recordings. Times in seconds from the record's start, signals in mV, null is a gap."""

from typing import Literal

from pydantic import BaseModel

from backend.predictions.schemas import ClassResponse, Prediction, Seen


class OutputCounts(BaseModel):
    """What one model says of a recording's beats (first lead), counted; null: not yet."""

    seen: Seen | None  # in which of the model's sets this patient was; null: the signal was not yet read
    counts: dict[str, int] | None = None  # class symbol → beats
    compared: int | None = None  # beats with an answer and a reference label that the model has a class for
    disagreements: int | None = None  # of those
    uncertain: int | None = None  # beats with a margin below 0.25
    to_read: int | None = None  # disagreements, or the uncertain where there is no reference
    read: int = 0  # of those, how many bear a reader's label
    trouble: str | None = None  # why nothing can be counted


class CountingResponse(BaseModel):
    """How far the counting is, over all recordings."""

    done: int
    total: int
    remaining_seconds: float | None  # at the pace so far; null: none yet


class Recording(BaseModel):
    """A recording as the worklist shows it."""

    id: str
    name: str
    source: str
    leads: list[str]
    fs: float  # Hz
    samples: int  # per lead
    seconds: float
    comments: list[str]
    age: int | None  # years
    sex: Literal["M", "F"] | None
    annotated: bool
    synthetic: bool
    credit: str
    beat_source: str  # "reference (atr)", "truth (synthesised)", "detector (sleepecg)"
    counts: dict[str, int] | None  # symbol → beats; null: no beat is labelled, or not yet counted
    spark: list[float | None] | None  # about 120 values of 3 s of the first lead, mV; null: not yet read
    beats: int | None  # of the first lead, labelled or detected; null: not yet found
    output: OutputCounts | None = None  # null: no model can be used, or none was asked about


class RecordingDetail(Recording):
    """A recording once opened."""

    sha256: str
    seen: dict[str, Seen]  # model id → in which of its sets this patient was


class ProblemResponse(BaseModel):
    """A recording that cannot be used."""

    file: str
    reason: str


class Recordings(BaseModel):
    """Every recording, and those that cannot be used."""

    recordings: list[Recording]
    problems: list[ProblemResponse]
    model: str | None  # whose outputs are counted; null: no model can be used
    counting: CountingResponse


class Signal(BaseModel):
    """A stretch of one lead; decimated by minimum and maximum, so that peaks survive."""

    lead: str
    fs: float  # Hz, of the recording
    unit: Literal["mV"] = "mV"
    start: float
    seconds: float
    decimated: bool
    filter: str  # "none", or its band
    time: list[float]
    value: list[float | None]


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
    """What the network reads around a beat."""

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
