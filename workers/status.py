"""What is known about one explanation at one moment."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.explanation import Explanation

State = Literal["queued", "running", "done", "failed", "cancelled"]
Urgency = Literal["interactive", "prefetch", "bulk"]
URGENCIES: tuple[Urgency, ...] = ("interactive", "prefetch", "bulk")  # the first is served first


class ProgressState(BaseModel):
    """How far a running job is."""

    model_config = ConfigDict(frozen=True)

    fraction: float  # 0 … 1
    elapsed: float  # seconds since the worker began
    loss: list[float] = []  # the curve so far, at most 100 points
    partial: list[list[float]] | None = None  # [leads][samples], the relevance so far


class Status(BaseModel):
    """The answer to "what about explanation `id`?"."""

    model_config = ConfigDict(frozen=True)

    id: str
    status: State
    position: int | None = None  # jobs ahead in line; only while queued
    progress: ProgressState | None = None  # only while running
    result: Explanation | None = None  # only when done
    error: str | None = None  # why it failed

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen unless it is submitted again."""
        return self.status in ("done", "failed", "cancelled")
