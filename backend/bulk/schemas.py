"""Requests and responses about explanations of many beats."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.explainers import AnyExplainer
from workers.bulk_work import BulkStatus

Symbol = Annotated[str, Field(max_length=20)]
Addresses = Annotated[list[Annotated[int, Field(ge=0)]], Field(min_length=1, max_length=20_000)]


class BulkRequest(BaseModel):
    """A request to explain beats of a recording: which of them, which model, class and method."""

    model_config = ConfigDict(extra="forbid")

    recording: str = Field(max_length=300)
    lead: str | None = Field(None, max_length=100)
    model: str | None = Field(None, max_length=100)
    target: Symbol | None = Field(None, description="Symbol of the class; null: the model's output for each beat")
    explainer: AnyExplainer
    which: Literal["all"] | Symbol | Addresses = Field(
        description="\"all\"; the symbol of a class: beats for which it is the model's output; or the beats' addresses"
    )


class BulkJobResponse(BaseModel):
    """A bulk request under way, as everybody sees it."""

    recording: str  # id
    name: str  # of the recording: "208"
    title: str  # "Occlusion, every beat"
    started_by: str
    created: datetime
    may_cancel: bool  # whoever asks
    progress: BulkStatus


class BulkJobsResponse(BaseModel):
    """The bulk requests under way, the latest first."""

    jobs: list[BulkJobResponse]


class BulkResultsResponse(BaseModel):
    """The beats asked for, and for each the id of its explanation: null while there is none."""

    at: list[int]
    ids: list[str | None]
