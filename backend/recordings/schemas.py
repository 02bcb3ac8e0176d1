"""Responses about recordings. Times in seconds from the record's start, signals in mV, null is a gap."""

from typing import Literal

from pydantic import BaseModel


class Header(BaseModel):
    """A recording's header."""

    id: str
    name: str
    source: str
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


class SignalResponse(BaseModel):
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
