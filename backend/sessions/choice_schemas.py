"""How beats of a session are chosen, and what such a choice would draw."""

from typing import Annotated, Literal

from pydantic import BaseModel, Field, model_validator

from backend.schemas import Sample, Strict, refuse_renamed
from backend.sessions.tables import RENAMED_CHOICE

MOST = 10_000  # items of a session
Id = Annotated[str, Field(max_length=300)]
Count = Annotated[int, Field(ge=1, le=MOST)]
Seed = Annotated[int, Field(ge=0, le=2**31 - 1)]


class FromQueue(Strict):
    """The first beats of a queue, at most `count` of them, then shuffled: their order would tell something."""

    how: Literal["queue"] = "queue"
    queue: Literal["disagreements", "uncertain", "unlabelled", "class"]
    symbol: Annotated[str, Field(max_length=20)] | None = Field(None, description="The class, for the queue of a class")
    count: Count = 200
    seed: Seed = 0


class AtRandom(Strict):
    """Beats drawn from all beats of the recordings, each as likely as any other."""

    how: Literal["random"] = "random"
    count: Count
    seed: Seed = 0


class Stratified(Strict):
    """As many beats of every class, or all where there are fewer."""

    how: Literal["stratified"] = "stratified"
    by: Literal["reference", "model"] = "reference"
    each: Count
    seed: Seed = 0


class Named(Strict):
    """The windows with these addresses, in this order; of the one recording that is named."""

    _renamed = refuse_renamed(**RENAMED_CHOICE)
    how: Literal["named"] = "named"
    at: Annotated[list[Sample], Field(min_length=1, max_length=MOST)]


Choice = Annotated[FromQueue | AtRandom | Stratified | Named, Field(discriminator="how")]


class DrawRequest(Strict):
    """Beats to draw from recordings."""

    recordings: list[Id] = Field(min_length=1, max_length=1000)
    lead: str | None = Field(None, max_length=100, description="The lead to read; null: each recording's first")
    model: str | None = Field(None, max_length=100, description="The model that is revealed; null: the first")
    choice: Choice

    @model_validator(mode="after")
    def _fits(self) -> "DrawRequest":
        if isinstance(self.choice, Named) and len(self.recordings) != 1:
            raise ValueError("named beats are of one recording")
        if isinstance(self.choice, FromQueue) and (self.choice.queue == "class") != (self.choice.symbol is not None):
            raise ValueError("a symbol is given with the queue 'class', and only with it")
        return self


class DrawnClass(BaseModel):
    """How many of the drawn beats the reference gives one label."""

    label: str | None  # null: it has none, or is sealed from the caller
    name: str
    items: int


class DrawResponse(BaseModel):
    """What a choice draws; nothing is opened by asking."""

    items: int
    recordings: int
    classes: list[DrawnClass]  # of the reference, the commonest first
    seconds: float  # that one beat takes a reader: the median of those read here, else assumed
    timed: int  # beats that this rests on
