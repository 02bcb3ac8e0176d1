"""What is shared, and the document that a link freezes. FORMAT rises when an old document could no longer be read."""

from typing import Literal

from pydantic import BaseModel, Field

from backend.predictions.schemas import Prediction, Seen, WhichBeat
from backend.recordings.schemas import BeatResponse
from backend.times import Utc
from backend.trust.schemas import ByWaveResponse
from models.cards import InputSpec
from models.explanation import Explanation

FORMAT = 1


class LinkRequest(WhichBeat):
    """One beat with its explanations, and what to say about it."""

    explanations: list[str] = Field([], max_length=20, description="Ids of finished explanations of this beat")
    title: str = Field("", max_length=200)
    note: str = Field("", max_length=5000)
    days: int | None = Field(None, ge=1, le=3660, description="Days until it ends; null: it does not")
    needs_sign_in: bool = Field(False, description="Whether a reader has to sign in as well")
    patient: bool = Field(False, description="Whether age and sex are frozen with it")


class LinkResponse(BaseModel):
    """The address of a frozen document; the token is shown this once."""

    id: int
    number: str
    token: str
    url: str
    expires: Utc | None


class LinkRow(BaseModel):
    """One's own link, as its list shows it."""

    id: int
    number: str  # what its page calls it
    title: str
    recording: str
    sample: int
    created: Utc
    state: Literal["open", "ended", "withdrawn"]
    needs_sign_in: bool
    expires: Utc | None
    revoked: Utc | None
    views: int
    seen: Utc | None  # last opened


class LinksResponse(BaseModel):
    """One's own links, the latest first."""

    links: list[LinkRow]


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
    margin: float | None = None


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


class Patient(BaseModel):
    """What the header says of the patient."""

    age: int | None  # years
    sex: Literal["M", "F"] | None


class Read(BaseModel):
    """What readers had said of the beat."""

    revision: int  # id of the last reading of this recording; 0: none
    label: str | None  # the maker's


class Frozen(BaseModel):
    """Everything the page of a link shows; never changed once written. What has a default was not there at first."""

    title: str
    note: str
    created: str  # ISO 8601, UTC
    record: LinkRecord
    strip: Strip
    beat: BeatResponse
    prediction: Prediction | None
    explanations: list[Explanation]
    model: LinkModel
    versions: dict[str, str]
    patient: Patient | None = None  # null: the maker did not ask for it
    by_wave: ByWaveResponse | None = None  # waves, what the maps say of them, and their judgements
    readings: Read | None = None


class Live(BaseModel):
    """How today's answer compares."""

    differs: bool
    notes: list[str]  # what differs, or why it cannot be compared


class LinkDocument(Frozen):
    """The frozen document, today's comparison beside it, and how it can be read."""

    live: Live
    number: str
    needs_sign_in: bool
    expires: Utc | None
