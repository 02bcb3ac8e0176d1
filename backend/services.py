"""The services of one application, put together; nothing but backend.app knows them all."""

from dataclasses import dataclass

from backend.accounts.auth import AuthService
from backend.audit.service import Audit
from backend.blinding.service import BlindingService
from backend.bulk.service import BulkService
from backend.database import Database
from backend.explanations.service import Explanations
from backend.groups.gallery import Gallery
from backend.health.service import HealthService
from backend.links.service import Links
from backend.predictions.preparing import Preparations
from backend.predictions.service import Predictor
from backend.readings.service import ReadingLog
from backend.recordings.service import RecordingRepository
from backend.sessions.blind_items import BlindItems
from backend.sessions.service import Sessions
from backend.settings import Settings
from backend.tasks.service import TaskService
from backend.trust.service import TrustService
from backend.uploads.service import UploadService
from backend.worklist.counting import PredictionCounter
from backend.worklist.service import Worklist
from models.memory import BUDGET, MEGABYTE, mapped
from workers.queue import Queue


@dataclass(frozen=True)
class Services:
    """Everything that lives as long as the application; a route names what it needs of it (`backend.deps.provide`)."""

    settings: Settings
    database: Database
    queue: Queue | None
    audit: Audit
    auth: AuthService
    blinding: BlindingService
    repository: RecordingRepository
    predictor: Predictor
    preparations: Preparations
    prediction_counter: PredictionCounter
    worklist: Worklist
    tasks: TaskService
    explanations: Explanations
    bulk: BulkService
    trust: TrustService
    gallery: Gallery
    readings: ReadingLog
    sessions: Sessions
    links: Links
    uploads: UploadService
    health: HealthService

    def close(self) -> None:
        """Give everything back."""
        self.prediction_counter.close()
        self.predictor.computations.close()
        self.predictor.examples.close()
        self.repository.summaries.close()
        if self.queue:
            self.queue.close()
        self.database.close()


def build(settings: Settings) -> Services:
    """The services, not yet touching disk, Redis or database."""
    BUDGET.limit = settings.memory_mb * MEGABYTE
    mapped.keep_in(settings.data_dir)
    database = Database(settings.database)
    queue = Queue(settings.redis_url) if settings.redis_url else None
    audit = Audit(database, strict=settings.accounts)
    repository = RecordingRepository(settings, database)
    predictor = Predictor(settings, repository, queue)
    tasks = TaskService(predictor, queue)
    explanations = Explanations(tasks)
    trust = TrustService(explanations)
    readings = ReadingLog(database, repository)
    counter = PredictionCounter(predictor, queue, database)
    return Services(
        settings=settings,
        database=database,
        queue=queue,
        audit=audit,
        auth=AuthService(settings, database, audit),
        blinding=BlindingService(database, BlindItems()),
        repository=repository,
        predictor=predictor,
        preparations=Preparations(predictor),
        prediction_counter=counter,
        worklist=Worklist(predictor, counter, readings),
        tasks=tasks,
        explanations=explanations,
        bulk=BulkService(predictor, queue),
        trust=trust,
        gallery=Gallery(),
        readings=readings,
        sessions=Sessions(settings, database, predictor, readings),
        links=Links(database, predictor, explanations, trust),
        uploads=UploadService(settings, database, repository),
        health=HealthService(queue, database, repository, settings.workers),
    )
