"""Responses about the state of the service."""

from typing import Literal

from pydantic import BaseModel, Field


class HealthPart(BaseModel):
    """One part of the service."""

    ok: bool
    detail: str


class SpeedResponse(BaseModel):
    """How fast a worker explains by one method as it comes, with one model."""

    model: str
    method: str
    per_second: float = Field(description="Windows; measured when it began, and again with each chunk of such work")


class WorkerResponse(BaseModel):
    """One worker, as it says of itself."""

    host: str
    device: str
    models: list[str]
    state: str = Field(description="idle or busy")
    heartbeat: float = Field(description="Seconds since its last sign of life")
    speeds: list[SpeedResponse]


class WorkersPart(HealthPart):
    """The workers alive, the one that began first at the head."""

    count: int
    starting: bool = Field(False, description="None has come yet, and the service itself has only just begun")
    workers: list[WorkerResponse] = []


class RecordingsPart(BaseModel):
    """The recordings there are."""

    ok: bool
    count: int
    problems: int  # files that cannot be used


class MemoryPart(BaseModel):
    """Megabytes kept so as not to read or compute them again."""

    ok: bool = True
    used: float
    limit: float
    memories: dict[str, float] = Field(description="By what is kept, the largest first")


class Parts(BaseModel):
    """Every part."""

    redis: HealthPart
    workers: WorkersPart
    database: HealthPart
    recordings: RecordingsPart
    memory: MemoryPart


class HealthResponse(BaseModel):
    """State of the service; degraded: something is missing, the rest works."""

    status: Literal["ok", "degraded"]
    parts: Parts
    version: str

    def bare(self) -> "HealthResponse":
        """The same without names of machines, models and files."""
        parts = self.parts
        bare = Parts(
            redis=HealthPart(ok=parts.redis.ok, detail=""),
            workers=parts.workers.model_copy(update={"detail": "", "workers": []}),
            database=HealthPart(ok=parts.database.ok, detail=""),
            recordings=RecordingsPart(ok=parts.recordings.ok, count=0, problems=0),
            memory=MemoryPart(used=0, limit=0, memories={}),
        )
        return HealthResponse(status=self.status, parts=bare, version=self.version)
