"""What is shared, and the document that a link freezes; backend.links.upgrade reads earlier formats."""

from typing import Literal

from pydantic import BaseModel, Field

from backend.predictions.schemas import Prediction, Seen, WhichWindow
from backend.times import Utc
from backend.trust.schemas import ByWaveResponse
from backend.windows.schemas import MarkResponse, WindowResponse
from models.cards import InputSpec, OutputSpec
from models.explanations.explanation import Explanation
from models.records import Kind

FORMAT = 2  # of the documents written now


class LinkRequest(WhichWindow):
    """One window with its explanations, and what to say about it."""

    explanations: list[str] = Field([], max_length=20, description="Ids of finished explanations of this window")
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
    """A link of the caller, as the list shows it."""

    id: int
    number: str  # what its page calls it
    title: str
    recording: str
    at: int  # the window's address
    time: float | None  # s, of the window's address
    created: Utc
    state: Literal["open", "ended", "withdrawn"]
    needs_sign_in: bool
    expires: Utc | None
    revoked: Utc | None
    views: int
    seen: Utc | None  # last opened


class LinksResponse(BaseModel):
    """The caller's links, the latest first."""

    links: list[LinkRow]


class LinkRecord(BaseModel):
    """The recording, as it was."""

    id: str
    name: str
    kind: Kind = "ecg"
    lead: str
    leads: list[str]
    fs: float  # Hz
    sha256: str
    synthetic: bool
    credit: str
    time: float  # s, of the window's address
    at: int  # the window's address, at fs
    start: int  # what a label of it is about, start ≤ sample < end: a beat's is its one sample
    end: int


class StripWindow(BaseModel):
    """A window in the strip."""

    time: float  # s
    label: str | None  # of the reference
    prediction: str | None
    margin: float | None = None
    rr: float | None = None  # ms since the beat before
    rr_note: str | None = None  # why there is none


class Strip(BaseModel):
    """Rhythm around the window, undecimated: mV, null is a gap."""

    start: float  # s
    time: list[float]
    value: list[float | None]
    windows: list[StripWindow]
    source: str  # of the windows


class RhythmBeat(BaseModel):
    """A beat in a window of rhythm."""

    time: float  # s, of its R peak
    symbol: str | None
    rr: float | None  # ms since the beat before


class FrozenRhythm(BaseModel):
    """What is known in a window of rhythm beside its signal."""

    beats: list[RhythmBeat]
    marks: list[MarkResponse]  # rhythms of the reference that touch it


class LinkModel(BaseModel):
    """The model, as it was."""

    id: str
    title: str
    weights_sha256: str
    input: InputSpec  # which part of the recording it read, and how that was prepared
    output: OutputSpec
    vocabulary: str  # that its classes and the labels are codes of
    limits: list[str]
    leaks_patients: bool
    seen: Seen


class Patient(BaseModel):
    """The patient's age and sex, as the header says."""

    age: int | None  # years
    sex: Literal["M", "F"] | None


class Read(BaseModel):
    """What readers had said of the window."""

    revision: int  # id of the last reading of this recording; 0: none
    label: str | None  # the maker's


class Provenance(BaseModel):
    """Where everything on the page comes from."""

    record: LinkRecord
    model: LinkModel
    versions: dict[str, str]


class Frozen(Provenance):
    """Everything the page of a link shows; never changed once written. What has a default was not there at first."""

    title: str
    note: str
    created: str  # ISO 8601, UTC
    strip: Strip
    window: WindowResponse
    prediction: Prediction | None
    explanations: list[Explanation]
    patient: Patient | None = None  # null: the maker did not ask for it
    by_wave: ByWaveResponse | None = None  # waves, what the maps say of them, and their judgements
    readings: Read | None = None
    rhythm: FrozenRhythm | None = None  # of windows that lie around no beat


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
