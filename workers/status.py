"""What is known about one job, of any kind, at one moment."""

from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict

State = Literal["queued", "running", "done", "failed", "cancelled"]
Urgency = Literal["interactive", "secondary", "prefetch", "bulk"]  # secondary: of the beat on the screen, but its maps
URGENCIES: tuple[Urgency, ...] = ("interactive", "secondary", "prefetch", "bulk")  # the first is served first
R = TypeVar("R")
M = TypeVar("M", bound=BaseModel)


class ProgressState(BaseModel):
    """How far a running job is."""

    model_config = ConfigDict(frozen=True)

    fraction: float  # 0 … 1
    elapsed: float  # seconds since the worker began
    loss: list[float] = []  # the curve so far, at most 100 points
    partial: list[list[float]] | None = None  # [leads][samples], the relevance so far


class StatusOf(BaseModel, Generic[R]):
    """The answer to "what about job `id`?", with a result of type R."""

    model_config = ConfigDict(frozen=True)

    id: str
    status: State
    position: int | None = None  # jobs ahead in the queue; only while queued
    progress: ProgressState | None = None  # only while running
    result: R | None = None  # only when done
    error: str | None = None  # why it failed

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen unless it is submitted again."""
        return self.status in ("done", "failed", "cancelled")

    def of(self, kind: type[M]) -> "StatusOf[M]":
        """The status with its result read as `kind`; pydantic's ValidationError where it is no such thing."""
        return StatusOf(
            id=self.id,
            status=self.status,
            position=self.position,
            progress=self.progress,
            result=None if self.result is None else kind.model_validate(self.result),
            error=self.error,
        )


Status = StatusOf[dict[str, Any]]  # as the queue knows it: the result as JSON, whatever its kind
