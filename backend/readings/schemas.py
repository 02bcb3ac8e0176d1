"""What a reader calls a beat."""

from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from backend.times import Utc, utc
from models.symbols import BEATS

OTHERS = ("artefact", "cannot say")  # what a reader may say of a beat beside its class
MOST = 10_000  # entries of one request: a class of a long recording


def _label(value: str) -> str:
    if value not in BEATS and value not in OTHERS:
        raise ValueError(f"not a label: there is {', '.join((*BEATS, *OTHERS))}")
    return value


Label = Annotated[str, AfterValidator(_label)]
Sent = Annotated[AwareDatetime, AfterValidator(utc)]


class Entry(BaseModel):
    """One act: a label, another label, or none any more."""

    model_config = ConfigDict(extra="forbid")

    client_id: str = Field(
        pattern="^[A-Za-z0-9-]{8,64}$", description="Made by the client; sent again, it is kept once"
    )
    recording: str = Field(max_length=300)
    lead: str | None = Field(None, max_length=100, description="The lead in view")
    sample: int = Field(ge=0, le=2**31 - 1, description="The beat's sample, at the record's sampling frequency")
    label: Label | None = Field(description="MIT-BIH symbol, 'artefact' or 'cannot say'; null withdraws the label")
    comment: str = Field("", max_length=5000)
    made: Sent | None = Field(None, description="When, by the reader's clock; it may reach us later")


class Entries(BaseModel):
    """Acts in the order in which they were done; all are kept, or none."""

    model_config = ConfigDict(extra="forbid")

    entries: list[Entry] = Field(min_length=1, max_length=MOST)


class ReadingResponse(BaseModel):
    """One act as it is kept."""

    id: int
    client_id: str
    reader: str
    recording: str
    lead: str | None
    sample: int
    label: str | None
    comment: str
    made: Utc | None
    created: Utc


class Stored(BaseModel):
    """What is now kept of the entries sent, in their order."""

    readings: list[ReadingResponse]


class Current(BaseModel):
    """What holds of one beat."""

    sample: int
    label: str | None
    comment: str


class Readings(BaseModel):
    """What holds of one recording, by sample; a beat without label and comment is left out."""

    recording: str
    reader: str
    readings: list[Current]
