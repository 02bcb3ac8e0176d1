"""Requests and responses about what a reader calls a beat, or any other window."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from backend.schemas import Located, Strict, refuse_renamed
from backend.times import Utc, utc

OTHERS = ("artefact", "cannot say")  # what a reader may say of a beat beside its class
MOST = 10_000  # entries of one request: a class of a long recording
Sent = Annotated[AwareDatetime, AfterValidator(utc)]


class ReadingRequest(Located):
    """An act of a reader: a label, another label, or none any more."""

    _renamed = refuse_renamed(sample="at")

    client_id: str = Field(
        pattern="^[A-Za-z0-9-]{8,64}$", description="Made by the client; sent again, it is kept once"
    )
    recording: str = Field(max_length=300)
    lead: str | None = Field(None, max_length=100, description="The lead in view")
    vocabulary: str = Field("mitbih", max_length=40, description="That the label is a code of: the model's")
    label: str | None = Field(
        max_length=20, description="Code of the vocabulary, 'artefact' or 'cannot say'; null withdraws the label"
    )
    comment: str = Field("", max_length=5000)
    made: Sent | None = Field(None, description="When, by the reader's clock; it may reach us later")


class ReadingsRequest(Strict):
    """Acts in the order in which they were done; all are kept, or none."""

    entries: list[ReadingRequest] = Field(min_length=1, max_length=MOST)


class ReadingResponse(BaseModel):
    """A reader's act as it is kept."""

    id: int
    client_id: str
    reader: str
    recording: str
    lead: str | None
    at: int
    start: int
    end: int
    vocabulary: str
    label: str | None
    comment: str
    made: Utc | None
    created: Utc


class StoredReadingsResponse(BaseModel):
    """The acts now kept of those sent, in their order."""

    readings: list[ReadingResponse]


class CurrentReading(BaseModel):
    """The label and comment that hold of one window."""

    at: int
    start: int
    end: int
    vocabulary: str
    label: str | None
    comment: str


class ReadingsResponse(BaseModel):
    """The labels and comments that hold of one recording, in their order; windows with neither are left out."""

    recording: str
    reader: str
    readings: list[CurrentReading]
