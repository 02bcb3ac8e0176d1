"""Requests and responses about tasks: what every request of a scope begins with, before the task's own parameters."""

from typing import Any

from pydantic import BaseModel, Field

from backend.predictions.schemas import WhichWindow
from backend.schemas import Strict
from models.tasks import Scope
from workers.status import Urgency


class TaskRequest(Strict):
    """A request about a model alone: what all requests have."""

    model: str | None = Field(None, max_length=100)
    urgency: Urgency = "interactive"
    start: bool = Field(True, description="False: no job is begun; 404 where neither a result nor a job is there")


class RecordingTaskRequest(TaskRequest):
    """A request about all windows of a recording that the model reads."""

    recording: str = Field(max_length=300)
    lead: str | None = Field(None, max_length=100)


class WindowTaskRequest(TaskRequest, WhichWindow):
    """A request about one window."""


class TaskResponse(BaseModel):
    """A task: what it is asked with, and what it answers with."""

    name: str
    title: str
    scope: Scope = Field(
        description="What it is asked of: a window, all windows of a recording, a model, or a model and examples"
    )
    version: str
    request: dict[str, Any] = Field(description="JSON Schema of the body to send")
    result: dict[str, Any] = Field(description="JSON Schema of the result")


class TasksResponse(BaseModel):
    """Every task."""

    tasks: list[TaskResponse]
