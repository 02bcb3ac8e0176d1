"""Requests and responses about tasks."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from backend.schemas import Sample, Strict
from models.tasks import Scope


class TaskResponse(BaseModel):
    """A kind of work, and what may be set."""

    model_config = ConfigDict(populate_by_name=True)

    name: str
    title: str
    scope: Scope = Field(description="What it is asked of: one window, all windows of a recording, a model alone")
    version: str
    parameters: dict[str, Any] = Field(alias="schema", description="JSON Schema of the task's parameters")


class TasksResponse(BaseModel):
    """Every task."""

    tasks: list[TaskResponse]


class TaskRequest(Strict):
    """A request for one task: of a model; where its scope says so, also of a recording, or of one window in it."""

    model: str | None = Field(None, max_length=100)
    recording: str | None = Field(None, max_length=300, description="Where the scope is a window or a recording")
    at: Sample | None = Field(None, description="Where the scope is a window: its address")
    lead: str | None = Field(None, max_length=100)
    parameters: dict[str, Any] = Field({}, description="The task's own: see its schema")
    urgency: Literal["interactive", "prefetch", "bulk"] = "interactive"
