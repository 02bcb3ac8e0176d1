"""Responses about disagreements and results of a session."""

from pydantic import BaseModel

from backend.sessions.schemas import ReaderResponse
from backend.times import Utc


class LabelledBy(BaseModel):
    """One reader's last label of an item."""

    reader: str  # id
    name: str
    first: str | None
    label: str
    confidence: int | None
    comment: str


class Adjudicated(BaseModel):
    """A lead's decision."""

    by: str  # name
    label: str
    comment: str
    at: Utc


class DisagreementResponse(BaseModel):
    """An item whose readers do not agree."""

    position: int
    recording: str
    lead: str
    at: int
    start: int
    end: int
    time: float  # s
    labels: list[LabelledBy]
    output: str | None  # as labels of the set
    reference: str | None
    adjudicated: Adjudicated | None


class DisagreementsResponse(BaseModel):
    """The adjudication queue: undecided items first."""

    open: int
    items: list[DisagreementResponse]


class EstimateResponse(BaseModel):
    """A number and its 95 % interval; null where the readings do not determine it."""

    value: float | None
    low: float | None
    high: float | None


class PairResponse(EstimateResponse):
    """Cohen's κ of two readers."""

    a: str  # id
    b: str
    items: int  # that both have read
    agree: int  # of those, with the same label


class TableResponse(BaseModel):
    """Labels of one reader by those of another, or by the reference."""

    a: str  # id
    b: str | None  # id; null: the reference
    labels: list[str]  # in the session's order, then those of the reference alone
    counts: list[list[int]]  # [labels of a][labels of b]


class AgreementResponse(BaseModel):
    """How far the readers agree."""

    pairs: list[PairResponse]
    fleiss: EstimateResponse
    items: int  # that all readers have read: what Fleiss' κ rests on
    agree: int = 0  # of those, with the same label by all
    tables: list[TableResponse] = []  # reader by reader, and each reader by the reference


class ShareResponse(EstimateResponse):
    """A share: `of` reads, of which `count`."""

    count: int
    of: int


class ChangesResponse(BaseModel):
    """How often a reading was changed after the reveal."""

    all: ShareResponse
    model_agrees: ShareResponse  # where the model's output was the reference
    model_differs: ShareResponse
    toward_model: int
    toward_reference: int


class RegionsResponse(BaseModel):
    """How far the readers' regions agree with one method's relevance."""

    method: str
    title: str
    regions: int  # with a map to compare with
    missing: int  # regions whose beat has no map by this method yet
    pointing: EstimateResponse  # share of maps whose maximum lies in the region
    pointing_by_chance: float | None  # the regions' mean share of the window
    iou: EstimateResponse  # of the region and as many of the most relevant samples
    iou_by_chance: float | None


class ResultsResponse(BaseModel):
    """Results of a session so far."""

    readers: list[ReaderResponse]
    first: AgreementResponse | None  # before the reveal; null in an open session
    final: AgreementResponse
    changes: ChangesResponse | None  # null in an open session
    regions: list[RegionsResponse]
    disagreements: int
    adjudicated: int
    intervals: str  # how they were made
