"""Looks at every part; never raises."""

import importlib.metadata
import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.deps import Services
from backend.health.schemas import Health, Part, Parts, RecordingsPart, WorkersPart
from backend.recordings.service import RecordingRepository
from workers.queue import Queue

log = logging.getLogger("beatlens.api")
NO_REDIS = "No Redis is set (BEATLENS_REDIS_URL): only instant methods can be used"


def health(services: Services) -> Health:
    """The state of every part."""
    redis, workers = queue_parts(services.queue)
    parts = Parts(
        redis=redis,
        workers=workers,
        database=database_part(services.database),
        recordings=recordings_part(services.repository),
    )
    well = all(part.ok for part in (redis, workers, parts.database, parts.recordings))
    return Health(status="ok" if well else "degraded", parts=parts, version=importlib.metadata.version("beatlens"))


def queue_parts(queue: Queue | None) -> tuple[Part, WorkersPart]:
    """Redis and the workers."""
    if queue is None:
        return Part(ok=False, detail=NO_REDIS), WorkersPart(ok=False, count=0, detail="There are none without Redis")
    said = queue.health()
    return Part.model_validate(said["redis"]), WorkersPart.model_validate(said["workers"])


def database_part(database: Database) -> Part:
    """Whether the database answers."""
    try:
        with database.transaction() as session:
            session.execute(text("SELECT 1 FROM links LIMIT 1"))
    except SQLAlchemyError as error:
        log.error("database: %s", error)
        return Part(ok=False, detail="The database does not answer: links can be neither made nor read")
    return Part(ok=True, detail=f"{database.engine.dialect.name} answers")


def recordings_part(repository: RecordingRepository) -> RecordingsPart:
    """How many recordings there are."""
    try:
        count, bad = len(repository.catalogue.entries()), len(repository.problems())
    except Exception:
        log.exception("the recordings cannot be listed")
        return RecordingsPart(ok=False, count=0, problems=0)
    return RecordingsPart(ok=count > 0, count=count, problems=bad)
