"""What routes are given: the services of this application."""

import logging
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends, Path, Request

from backend.accounts.auth import AuthService
from backend.audit.service import Audit
from backend.bulk.service import BulkService
from backend.database import Database
from backend.errors import Problem
from backend.explanations.service import Explanations
from backend.groups.gallery import Gallery
from backend.links.service import Links
from backend.predictions.service import Predictor
from backend.readings.service import ReadingLog
from backend.recordings.counting import PredictionCounter
from backend.recordings.service import RecordingRepository
from backend.recordings.worklist import Worklist
from backend.sessions.blind import BlindingService
from backend.sessions.service import Sessions
from backend.settings import Settings
from backend.trust.service import TrustService
from backend.uploads.service import UploadService
from workers.queue import Queue

log = logging.getLogger("beatlens.api")


@dataclass(frozen=True)
class Services:
    """Everything that lives as long as the application."""

    settings: Settings
    database: Database
    audit: Audit
    auth: AuthService
    queue: Queue | None
    repository: RecordingRepository
    predictor: Predictor
    explanations: Explanations
    bulk_service: BulkService
    gallery: Gallery
    links: Links
    readings: ReadingLog
    counting: PredictionCounter
    worklist: Worklist
    trust: TrustService
    blinding: BlindingService
    sessions: Sessions
    uploads: UploadService

    def close(self) -> None:
        """Give everything back."""
        self.counting.close()
        self.repository.summaries.close()
        if self.queue:
            self.queue.close()
        self.database.close()


def build(settings: Settings) -> Services:
    """The services, not yet touching disk, Redis or database."""
    database = Database(settings.database)
    audit = Audit(database, strict=settings.accounts)
    queue = Queue(settings.redis_url) if settings.redis_url else None
    repository = RecordingRepository(settings, database)
    predictor = Predictor(settings, repository)
    explanations = Explanations(predictor, queue)
    bulk_service = BulkService(predictor, queue)
    readings = ReadingLog(database, repository)
    counting = PredictionCounter(predictor, queue, database)
    worklist = Worklist(predictor, counting, readings)
    trust = TrustService(predictor, explanations, queue)
    links = Links(database, predictor, explanations, trust)
    return Services(
        settings=settings,
        database=database,
        audit=audit,
        auth=AuthService(settings, database, audit),
        queue=queue,
        repository=repository,
        predictor=predictor,
        explanations=explanations,
        bulk_service=bulk_service,
        gallery=Gallery(),
        links=links,
        readings=readings,
        counting=counting,
        worklist=worklist,
        trust=trust,
        blinding=BlindingService(database),
        sessions=Sessions(settings, database, predictor, readings),
        uploads=UploadService(settings, database, repository),
    )


async def services(request: Request) -> Services:
    """This application's services; async, so that it costs no trip to a thread."""
    found: Services = request.app.state.services
    return found


ServicesDep = Annotated[Services, Depends(services)]
RecordingId = Annotated[str, Path(max_length=300, description="Id of a recording, as the list gives it")]
ModelId = Annotated[str, Path(max_length=100)]
ExplanationId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Hash of everything that decides the result")]

_WORDS = {
    401: "Nobody is signed in",
    403: "Whoever is signed in may not do this",
    404: "Something named does not exist",
    409: "It does not fit with what is there now",
    410: "It has ended or was withdrawn",
    413: "The body is too large",
    422: "A value cannot be used",
    429: "Asked too often",
    503: "A part of the service is not there",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that a route may answer, for the OpenAPI document."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
        }
        for status in statuses
    }
