"""Responses about disagreements and results of a session."""

from typing import Literal

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
    output: str | None  # as labels of the set; what it cannot say, in the model's own vocabulary
    output_name: str | None  # spelled out
    reference: str | None
    reference_name: str | None
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
    """Cohen's κ of two readers, or of a reader with the reference or the model."""

    a: str  # id
    b: str | None  # id; null: the reference, the model
    items: int  # that both have labelled
    agree: int  # of those, with the same label


class TableResponse(BaseModel):
    """Labels of one reader by those of another, or by the reference."""

    a: str  # id
    b: str | None  # id; null: the reference
    labels: list[str]  # in the session's order, then those of the reference alone
    counts: list[list[int]]  # [labels of a][labels of b]


class LabelAgreementResponse(BaseModel):
    """κ of one label against all others, in the order of the pairs and readers above."""

    label: str
    pairs: list[EstimateResponse]
    reference: list[EstimateResponse]
    fleiss: EstimateResponse


class AgreementResponse(BaseModel):
    """How far the readers agree."""

    pairs: list[PairResponse]
    reference: list[PairResponse]  # each reader with the reference
    model: list[PairResponse]  # each reader with the model's output
    fleiss: EstimateResponse
    items: int  # that all readers have read: what Fleiss' κ rests on
    agree: int  # of those, with the same label by all
    labels: list[LabelAgreementResponse]
    tables: list[TableResponse]  # reader by reader, and each reader by the reference


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


class RatingResponse(EstimateResponse):
    """The mean of ratings from 1 to 5, and how often each was given."""

    counts: list[int]  # of 1, 2, 3, 4, 5


class RatingsResponse(BaseModel):
    """One rating, apart by whether what was said was the reference; beats without a reference are left out."""

    rating: Literal["certainty", "plausibility"]  # at the first reading; of the explanation
    of: Literal["reader", "model"]  # whose first label, or output, was right or wrong
    right: RatingResponse
    wrong: RatingResponse


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
    ratings: list[RatingsResponse]
    regions: list[RegionsResponse]
    disagreements: int
    adjudicated: int
    intervals: str  # how they were made
