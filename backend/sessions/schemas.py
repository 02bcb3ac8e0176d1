"""Requests and responses about annotation sessions. Positions count from 0; regions are in ms from R."""

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, Field, model_validator

from backend.schemas import Strict, refuse_renamed
from backend.sessions.choice_schemas import MOST, DrawRequest
from backend.sessions.labels import OWN
from backend.times import Utc
from backend.windows.schemas import WindowResponse
from models.explainers import AnyExplainer

Step = Literal["first", "reveal", "final", "correction", "adjudication"]
ReaderStep = Literal["first", "reveal", "final", "correction"]

Ms = Annotated[float, Field(ge=-10_000, le=10_000, allow_inf_nan=False)]
Score = Annotated[int, Field(ge=1, le=5)]
Word = Annotated[str, Field(min_length=1, max_length=40)]


class SessionRequest(DrawRequest):
    """A new session."""

    title: str = Field(min_length=1, max_length=200)
    label_set: Word | None = Field(
        None, description="A vocabulary, or 'own' with `labels`; null: the model's vocabulary"
    )
    labels: list[Word] = Field([], max_length=50, description="The labels of an own set")
    blind: bool = True
    readers: list[Annotated[str, Field(max_length=32)]] = Field(min_length=1, max_length=50, description="Users' ids")
    deadline: AwareDatetime | None = Field(None, description="Until when; what is read later is taken all the same")
    methods: list[AnyExplainer] | None = Field(
        None,
        max_length=8,
        description="Methods whose maps are compared with the readers' regions; null: mask and occlusion",
    )

    @model_validator(mode="after")
    def _labelled(self) -> "SessionRequest":
        if (self.label_set == OWN) != bool(self.labels):
            raise ValueError("labels are given with the label set 'own', and only with it")
        return self


class LabelResponse(BaseModel):
    """One label of the set."""

    label: str
    name: str


class Summary(BaseModel):
    """How far one reader is, and how that reader and the model compare so far."""

    items: int
    read: int  # items with a first reading; in an open session: with a reading
    revealed: int
    decided: int
    differed: int  # of the revealed, how many first readings differ from the model's output
    changed: int  # of the decided, how many were changed after the reveal
    toward_reference: int  # of the changed, how many then agree with the reference
    toward_model: int  # … with the model's output


class ReaderResponse(Summary):
    """Progress of a named reader."""

    id: str
    name: str
    seconds: float | None  # median time to the first reading, where the reader's clock told


class SessionResponse(BaseModel):
    """A session. `choice`, `maker` and `readers` are for a lead; to a reader they would tell something."""

    id: str
    title: str
    created: Utc
    closed: Utc | None
    deadline: Utc | None  # reading goes on after it
    blind: bool
    label_set: str
    labels: list[LabelResponse]
    model: str
    weights_sha256: str
    methods: list[dict[str, Any]]
    items: int
    recordings: int
    mine: Summary | None  # null: you do not read in it
    maker: str | None = None  # name
    choice: dict[str, Any] | None = None
    readers: list[ReaderResponse] | None = None


class SessionsResponse(BaseModel):
    """Sessions, the latest first: all of them for a lead, else those one reads in."""

    sessions: list[SessionResponse]


class Region(Strict):
    """The region in which the reader finds the reason."""

    start: Ms
    end: Ms

    @model_validator(mode="after")
    def _forward(self) -> "Region":
        if self.start >= self.end:
            raise ValueError("a region ends after it starts")
        return self


ClientId = Annotated[
    str, Field(pattern="^[A-Za-z0-9-]{8,64}$", description="Made by the client at the act; sent again, it is kept once")
]


class EntryRequest(Strict):
    """One step of a reader on one item."""

    _renamed = refuse_renamed(place="position")

    client_id: ClientId
    position: int = Field(ge=0, lt=MOST)
    step: ReaderStep
    label: Annotated[str, Field(max_length=40)] | None = Field(None, description="One of the session's labels")
    confidence: Score | None = None
    comment: str = Field("", max_length=5000)
    region: Region | None = None
    plausibility: Score | None = Field(None, description="Of the explanation; after the reveal")
    seconds: float | None = Field(None, ge=0, le=1e7, allow_inf_nan=False, description="From seeing it to this step")
    made: AwareDatetime | None = Field(None, description="When, by the reader's clock; it may reach us later")


class EntriesRequest(Strict):
    """Steps in the order in which they were done; all are kept, or none."""

    entries: list[EntryRequest] = Field(min_length=1, max_length=1000)


class EntryResponse(BaseModel):
    """One step as it is kept."""

    id: int
    client_id: str
    position: int
    step: Step
    label: str | None
    confidence: int | None
    comment: str
    region: Region | None
    plausibility: int | None
    seconds: float | None
    made: Utc | None
    at: Utc


class EntriesResponse(BaseModel):
    """The steps now kept of those sent, in their order."""

    entries: list[EntryResponse]


class OthersResponse(BaseModel):
    """Another reader's label of an item."""

    name: str
    label: str
    confidence: int | None


class ItemResponse(BaseModel):
    """One item, as far as the caller may see it."""

    session: str
    position: int
    items: int
    expects: ReaderStep | None  # the step that comes next; null: you do not read in this session
    recording: str
    name: str
    lead: str
    at: int  # the window's address
    start: int  # start ≤ sample < end; a beat's interval is its one sample
    end: int
    window: WindowResponse  # no reference before the final reading, no model output before the reveal
    entries: list[EntryResponse]  # your own
    output: LabelResponse | None  # the model's, as a label of the set; null before the reveal
    reference: LabelResponse | None  # null before the final reading
    others: list[OthersResponse] | None  # null before the final reading
    previous: int | None  # position
    next: int | None
    mine: Summary | None


class NextResponse(BaseModel):
    """The first item that waits for you; null: none does."""

    position: int | None
    item: ItemResponse | None


class AdjudicationRequest(Strict):
    """A lead's decision on one item."""

    _renamed = refuse_renamed(place="position")

    client_id: ClientId
    position: int = Field(ge=0, lt=MOST)
    label: Annotated[str, Field(max_length=40)]
    comment: str = Field("", max_length=5000)
    made: AwareDatetime | None = None


class AdjudicationsRequest(Strict):
    """Decisions; all are kept, or none."""

    entries: list[AdjudicationRequest] = Field(min_length=1, max_length=1000)


class AdjudicationsResponse(BaseModel):
    """The decisions now kept of those sent, in their order."""

    entries: list[EntryResponse]
