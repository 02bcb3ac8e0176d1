"""Responses about windows. Times in seconds from the record's start, signals in its units, null is a gap."""

from typing import Any

from pydantic import BaseModel

from backend.columns import typed_model
from backend.predictions.schemas import ClassResponse, Prediction, Seen


class BeatColumns(BaseModel):
    """Facts known of beats alone, as columns of equal length."""

    r: list[int]  # R peak in this lead, at the record's fs
    rr: list[float | None]  # ms since the previous beat; null where beats in between may be missing
    rr_note: list[str | None]  # why there is none
    aami: list[str | None]


class WindowColumns(BaseModel):
    """Windows as columns of equal length."""

    at: list[int]  # a window's address, at the record's fs: a beat's sample, the first sample of any other
    start: list[int]  # what a label of it is about, start ≤ sample < end: a beat's is its one sample
    end: list[int]
    time: list[float]  # of the address
    label: list[str | None]  # of the reference, in the vocabulary
    prediction: list[str | None]
    probabilities: list[list[float] | None]
    margin: list[float | None]  # of classes, largest probability − second largest
    note: list[str | None]  # why there is no prediction
    beats: BeatColumns | None  # null: the windows lie around no beats


class ComputingResponse(BaseModel):
    """How far the computing of a long recording's outputs is."""

    done: int  # windows
    total: int
    remaining_seconds: float | None  # at the pace so far; null: none yet


TypedBeatColumns: Any = typed_model(BeatColumns)
TypedWindowColumns: Any = typed_model(WindowColumns, beats=(TypedBeatColumns | None, None))


class AboutWindows(BaseModel):
    """All windows of a recording that a model reads, and what it says of each; the beats where no model is asked."""

    kind: str  # how the windows are placed: "beat", "span", "whole"
    source: str  # "reference (atr)", "every 10 s"
    lead: str  # in view
    model: str | None
    vocabulary: str  # that the labels are codes of
    channels: list[str]  # that the model really reads; empty where no model is asked or the recording lacks some
    missing: list[str] = []  # of these, optional ones that the recording has not: they are read as the card says
    stand_ins: dict[str, str] = {}  # channel → the lead that is read in its place
    untrained: list[str]  # of these, leads that it was not trained on: its probabilities are not calibrated there
    classes: list[ClassResponse]
    computing: ComputingResponse | None = None  # predictions are null as long as they are being computed: ask again


class WindowsResponse(AboutWindows):
    """Windows as lists."""

    windows: WindowColumns


class TypedWindowsResponse(AboutWindows):
    """Windows as typed arrays."""

    windows: TypedWindowColumns


class CutResponse(BaseModel):
    """The samples that the network reads."""

    start: int  # first sample, at the record's fs
    samples: int
    fs: float  # Hz, of the network
    before: int | None  # samples before R; null: the window lies around no beat
    millivolts: list[list[float | None]]  # [leads][samples], in the record's units
    units: list[str] = []  # [leads] of these values; mV where not stated
    masks: list[int | None] = []  # [leads], the row that says where this one was measured; empty: there is none
    normal: list[tuple[float, float] | None] = []  # [leads], range of usual values, in the unit
    input: list[list[float]]  # [leads][samples], as the network reads it


class Context(BaseModel):
    """The first lead that is read from 250 ms before the window to 250 ms after it, undecimated."""

    start_time: float
    time: list[float]
    value: list[float | None]


class BeatFacts(BaseModel):
    """Facts known of a beat alone."""

    r: int  # R peak in this lead, at the record's fs
    aami: str | None
    rr_before: float | None  # ms
    rr_after: float | None  # ms
    rr_note_before: str | None = None  # why it is not known
    rr_note_after: str | None = None


class WindowResponse(BaseModel):
    """One window, its surroundings and what the model says."""

    at: int  # its address, at the record's fs
    start: int  # what a label of it is about, start ≤ sample < end: a beat's is its one sample
    end: int
    time: float  # of the address
    label: str | None  # of the reference, in the model's vocabulary
    name: str | None  # the label spelled out
    index: int  # from 0
    count: int
    previous: int | None  # address of the neighbour
    next: int | None
    lead: str  # in view
    channels: list[str]  # that the model really reads
    missing: list[str] = []  # of these, optional ones that the recording has not: they are read as the card says
    stand_ins: dict[str, str] = {}  # channel → the lead that is read in its place
    untrained: list[str] = []  # of these, leads that it was not trained on: the probability is not calibrated there
    model: str
    kind: str  # "beat", "span", "whole"
    vocabulary: str
    window: CutResponse | None
    note: str | None  # why there is no window
    context: Context
    prediction: Prediction | None
    classes: list[ClassResponse]
    seen: Seen
    beat: BeatFacts | None


class MarkResponse(BaseModel):
    """A mark: what somebody said of a moment, a stretch or the whole of a recording."""

    start: int  # sample, at the record's fs
    end: int | None  # the sample after the last; null: a place
    time: float  # of the start
    end_time: float | None
    label: str  # a code of the vocabulary
    name: str
    vocabulary: str
    source: str
    text: str  # what was written beside it


class MarksResponse(BaseModel):
    """A recording's marks beside its beats, in order of their starts."""

    recording: str
    marks: list[MarkResponse]
