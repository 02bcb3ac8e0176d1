"""What works."""

from typing import Literal

from pydantic import BaseModel


class Part(BaseModel):
    """One part of the service."""

    ok: bool
    detail: str


class WorkersPart(Part):
    """The workers alive."""

    count: int


class RecordingsPart(BaseModel):
    """What is on the shelf."""

    ok: bool
    count: int
    problems: int  # files that cannot be used


class Parts(BaseModel):
    """Every part."""

    redis: Part
    workers: WorkersPart
    database: Part
    recordings: RecordingsPart


class Health(BaseModel):
    """Degraded: something is missing, the rest works."""

    status: Literal["ok", "degraded"]
    parts: Parts
    version: str
