"""What is shared, and the document that a link freezes. FORMAT rises when an old document could no longer be read."""

from pydantic import BaseModel, Field

from backend.predictions.schemas import Prediction, Seen, WhichBeat
from backend.recordings.schemas import BeatOut
from models.cards import InputSpec
from models.explanation import Explanation

FORMAT = 1


class LinkRequest(WhichBeat):
    """One beat with its explanations, and what to say about it."""

    explanations: list[str] = Field([], max_length=20, description="Ids of finished explanations of this beat")
    title: str = Field("", max_length=200)
    note: str = Field("", max_length=5000)


class LinkOut(BaseModel):
    """The address of a frozen document; the token is shown this once."""

    token: str
    url: str


class LinkRecord(BaseModel):
    """The recording, as it was."""

    id: str
    name: str
    lead: str
    leads: list[str]
    fs: float  # Hz
    sha256: str
    synthetic: bool
    credit: str
    time: float  # s, of the beat
    sample: int  # of the beat, at fs


class StripBeat(BaseModel):
    """A beat in the strip."""

    time: float  # s
    symbol: str | None
    prediction: str | None


class Strip(BaseModel):
    """Rhythm around the beat, undecimated: mV, null is a gap."""

    start: float  # s
    time: list[float]
    value: list[float | None]
    beats: list[StripBeat]
    beat_source: str


class LinkModel(BaseModel):
    """The model, as it was."""

    id: str
    title: str
    weights_sha256: str
    input: InputSpec  # which part of the recording it read, and how that was prepared
    temperature: float
    limits: list[str]
    leaks_patients: bool
    seen: Seen


class Frozen(BaseModel):
    """Everything the page of a link shows; never changed once written."""

    title: str
    note: str
    created: str  # ISO 8601, UTC
    record: LinkRecord
    strip: Strip
    beat: BeatOut
    prediction: Prediction | None
    explanations: list[Explanation]
    model: LinkModel
    versions: dict[str, str]


class Live(BaseModel):
    """How today's answer compares."""

    differs: bool
    notes: list[str]  # what differs, or why it cannot be compared


class LinkDocument(Frozen):
    """The frozen document and today's comparison beside it."""

    live: Live
