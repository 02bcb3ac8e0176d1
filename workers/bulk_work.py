"""What a bulk request is: its questions, how it is kept, and where it stands."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pydantic import BaseModel, ConfigDict

from workers.status import State

if TYPE_CHECKING:  # importing it would import torch
    from models.tasks import Question


@dataclass(frozen=True)
class Work:
    """Questions of one task on windows of one length, that differ by input and target at most."""

    questions: "list[Question[Any]]"  # equal windows are equal questions
    asked: list[tuple[int, str | None]]  # what the asker calls each window, and its question's id, if there is one

    @property
    def id(self) -> str:
        """Equal work asked for in the same words is one whole."""
        return hashlib.sha256(repr(self.asked).encode()).hexdigest()[:32]

    @property
    def ids(self) -> list[str]:
        """The ids of the questions."""
        return [question.id for question in self.questions]


class About(BaseModel):
    """What people see of a whole in a list: of what it is, and whose."""

    model_config = ConfigDict(frozen=True)

    recording: str
    lead: str | None
    model: str | None
    title: str  # "Occlusion, every beat"
    user_id: str
    user_name: str
    created: float = 0.0  # seconds since the epoch


class Plan(BaseModel):
    """What Redis keeps of a whole."""

    id: str
    created: float  # seconds since the epoch
    asked: list[tuple[int, str | None]]
    cached: int  # explanations that were there already
    chunks: list[str]  # ids

    @property
    def ids(self) -> list[str]:
        """Every explanation once."""
        return list(dict.fromkeys(id for _, id in self.asked if id is not None))


class BulkStatus(BaseModel):
    """How far a whole is."""

    model_config = ConfigDict(frozen=True)

    id: str
    status: State
    total: int  # different windows
    cached: int  # of these, explained before it was asked for
    done: int  # of these, explained since
    failed: int  # of these; the others are still to come
    skipped: int  # asked for, but no window of the model
    elapsed: float  # seconds since it was asked for
    remaining_seconds: float | None  # by the rate of the last minute; null until one is known
    error: str | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen unless it is asked for again."""
        return self.status in ("done", "failed", "cancelled")
