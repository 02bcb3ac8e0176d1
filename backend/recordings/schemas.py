"""Responses about recordings. Times in seconds from the record's start, signals in their unit, null is a gap."""

from typing import Literal

from pydantic import BaseModel

from models.records import Kind


class Header(BaseModel):
    """A recording's header."""

    id: str
    name: str
    source: str
    kind: Kind  # "ecg", or "series": measurements of any kind, without beats
    leads: list[str]
    lead: str  # that it opens on
    fs: float  # Hz
    samples: int  # per lead
    seconds: float
    comments: list[str]
    notes: list[str] = []  # what was assumed, dropped or left out in reading
    age: int | None  # years
    sex: Literal["M", "F"] | None
    annotated: bool
    synthetic: bool
    credit: str


class Findings(BaseModel):
    """Findings in a recording's files: a field here is computed in summary.py, kept, and in each row."""

    beat_source: str | None = None  # "reference (atr)", "truth (synthesised)", "detector (sleepecg)"
    counts: dict[str, int] | None = None  # symbol → beats; null: no beat is labelled, or not yet counted
    spark: list[float | None] | None = None  # about 120 values of 3 s of the lead it opens on, mV; null: not yet read
    beats: int | None = None  # of the lead it opens on, labelled or detected; null: not yet found


class ProgressResponse(BaseModel):
    """The work under way for a recording; all null where there is none, or none that is worth waiting for."""

    ready: bool = True  # whether it is read and its beats are found: else those who ask for them wait
    words: str | None = None  # a sentence: "Model output: 31,000 of 109,494 beats, about 40 s left."
    seconds: float | None = None  # since it began
    done: int | None = None  # of total; null where a step is not counted
    total: int | None = None
    remaining_seconds: float | None = None  # at the pace so far; null: none yet


class AllProgressResponse(BaseModel):
    """The work under way, by recording."""

    recordings: dict[str, ProgressResponse]


class SignalResponse(BaseModel):
    """A stretch of one lead; decimated by minimum and maximum, so that peaks survive."""

    lead: str
    fs: float  # Hz, of the recording
    unit: str = "mV"  # of the values
    start: float
    seconds: float
    decimated: bool
    filter: str  # "none", or its band
    time: list[float]
    value: list[float | None]
