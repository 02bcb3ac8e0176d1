"""Requests and responses about examples."""

from typing import Any

from pydantic import BaseModel, Field

from backend.predictions.schemas import Seen, WhichWindow


class ExampleRecording(BaseModel):
    """A recording that examples were drawn from."""

    id: str
    name: str
    seen: Seen = Field(description="Whether the model was trained on the patient")


class ExamplesResponse(BaseModel):
    """The examples of a model: as columns, a value for each window."""

    model: str
    weights_sha256: str
    recordings: list[ExampleRecording]
    recording: list[int]  # [windows], index of `recordings`
    at: list[int]  # [windows]
    label: list[str | None]  # [windows], of the reference
    output: list[str | None]  # [windows], of the model
    x: list[float]  # [windows], first two principal components of the last state
    y: list[float]
    explained: list[float] = Field(description="Share of the variance of the last states along x and along y")
    units: int  # of the last state
    unread: int  # recordings of this kind without a window that could be drawn
    others: int  # recordings that were left aside


class SimilarRequest(WhichWindow):
    """A request for the examples most like one window."""

    count: int = Field(8, ge=1, le=50)


class SimilarWindow(BaseModel):
    """An example, and how far its last state lies from that of the window."""

    recording: str
    name: str
    at: int
    seen: Seen
    label: str | None  # of the reference
    output: str | None  # of the model
    distance: float
    row: int  # among the examples
    trace: list[float]  # its first lead as the network reads it, thinned out


class SimilarResponse(BaseModel):
    """The examples most like a window, the nearest first; those of its own patient are left out."""

    model: str
    x: float  # where the window lies among the examples
    y: float
    usual_distance: float | None  # median from an example to the nearest one of another patient
    left_out: int  # examples of the same patient
    nearest: list[SimilarWindow]
    among: dict[str, Any] = Field(description="Of the 50 nearest: how many have each label of the reference")
