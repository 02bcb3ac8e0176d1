"""The state of every part; no function here raises."""

import importlib.metadata
import logging
import time

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.health.schemas import HealthPart, HealthResponse, MemoryPart, Parts, RecordingsPart, WorkersPart
from backend.recordings.service import RecordingRepository
from models.memory import BUDGET, MEGABYTE
from workers.queue import Queue

log = logging.getLogger("beatlens.api")
STARTING = 90.0  # seconds after the service's own start in which a worker may still be loading its models
NO_REDIS = "No Redis is set (BEATLENS_REDIS_URL): only instant methods can be used"


class HealthService:
    """Looks at every part of the service."""

    def __init__(
        self, queue: Queue | None, database: Database, repository: RecordingRepository, workers: int = 0
    ) -> None:
        self.queue = queue
        self.database = database
        self.repository = repository
        self.workers = workers  # that are started with the service
        self.born = time.monotonic()

    def health(self) -> HealthResponse:
        """The state of every part."""
        redis, workers = queue_parts(self.queue)
        workers.starting = self._starting(redis, workers)
        database, recordings = database_part(self.database), recordings_part(self.repository)
        well = all(part.ok for part in (redis, workers, database, recordings))
        return HealthResponse(
            status="ok" if well else "degraded",
            parts=Parts(redis=redis, workers=workers, database=database, recordings=recordings, memory=memory_part()),
            version=importlib.metadata.version("beatlens"),
        )

    def _starting(self, redis: HealthPart, workers: WorkersPart) -> bool:
        """Whether the first worker is expected and has not yet reported."""
        expected = bool(self.workers) and redis.ok and not workers.count
        return expected and time.monotonic() - self.born < STARTING


def queue_parts(queue: Queue | None) -> tuple[HealthPart, WorkersPart]:
    """Redis and the workers."""
    if queue is None:
        return HealthPart(ok=False, detail=NO_REDIS), WorkersPart(
            ok=False, count=0, detail="There are none without Redis"
        )
    said = queue.health()
    return HealthPart.model_validate(said["redis"]), WorkersPart.model_validate(said["workers"])


def database_part(database: Database) -> HealthPart:
    """Whether the database answers."""
    try:
        with database.transaction() as session:
            session.execute(text("SELECT 1 FROM links LIMIT 1"))
    except SQLAlchemyError as error:
        log.error("database: %s", error)
        return HealthPart(ok=False, detail="The database does not answer: links can be neither made nor read")
    return HealthPart(ok=True, detail=f"{database.engine.dialect.name} answers")


def recordings_part(repository: RecordingRepository) -> RecordingsPart:
    """How many recordings there are."""
    try:
        count, bad = len(repository.catalogue.entries()), len(repository.problems())
    except Exception:
        log.exception("the recordings cannot be listed")
        return RecordingsPart(ok=False, count=0, problems=0)
    return RecordingsPart(ok=count > 0, count=count, problems=bad)


def memory_part() -> MemoryPart:
    """The megabytes that this process keeps."""
    use = BUDGET.use()
    used, limit = (round(size / MEGABYTE, 1) for size in (use.used, use.limit))
    return MemoryPart(
        used=used, limit=limit, memories={name: round(size / MEGABYTE, 1) for name, size in use.memories.items()}
    )
