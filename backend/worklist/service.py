"""Every recording at a glance."""

import logging

from sqlalchemy.exc import SQLAlchemyError

from backend.current_user import User
from backend.predictions.service import Predictor
from backend.readings.service import ReadingLog
from backend.worklist.counting import PredictionCounter, PredictionCounts, model_sha256
from backend.worklist.rows import output, recording, without_patient
from backend.worklist.schemas import CountingResponse, ProblemResponse, RecordingResponse, RecordingsResponse
from models.errors import UnsupportedError
from models.records import Entry
from models.zoo import Model

log = logging.getLogger("beatlens.api")


class Worklist:
    """Puts the rows together from what is known by now, and has the rest found out behind the scenes."""

    def __init__(self, predictor: Predictor, counter: PredictionCounter, readings: ReadingLog) -> None:
        self.repository = predictor.repository
        self.predictor = predictor
        self.counter = counter
        self.readings = readings

    def listing(self, user: User, model: str | None = None) -> RecordingsResponse:
        """Every recording, with what one model says of it and one user read; reads no file that was read before."""
        entries = self.repository.catalogue.entries()
        self.repository.summaries.begin(entries)
        network = self._model(model)
        known = self.repository.summaries.known
        rows = self._rows(entries, network, user.id) if network else [recording(e, known(e.id)) for e in entries]
        rows = rows if self.repository.shows_patient(user) else [without_patient(row) for row in rows]
        done = sum(_is_counted(row) for row in rows)
        return RecordingsResponse.model_construct(
            recordings=rows,
            problems=[
                ProblemResponse(file=problem.file, reason=problem.reason) for problem in self.repository.problems()
            ],
            model=network.card.id if network else None,
            counting=CountingResponse(
                done=done, total=len(rows), remaining_seconds=self.counter.remaining(len(rows) - done)
            ),
        )

    def _model(self, id: str | None) -> Model | None:
        try:
            return self.predictor.model(id)
        except UnsupportedError:  # no model at all: the recordings can be looked at all the same
            return None

    def _rows(self, entries: list[Entry], model: Model, reader: str) -> list[RecordingResponse]:
        self.counter.begin(entries, model)
        wanted, read = model_sha256(model), self._labelled(reader)
        rows = []
        for entry in entries:
            summary = self.repository.summaries.known(entry.id)
            trouble = self.repository.summaries.trouble(entry)
            outputs = PredictionCounts(trouble=trouble) if trouble else self.counter.known(summary, wanted)
            said = output(model, summary, outputs, read.get(summary.sha256, frozenset()))
            rows.append(recording(entry, summary, said, self.repository.progress.of(entry.id).words))
        return rows

    def _labelled(self, reader: str) -> dict[str, frozenset[int]]:
        try:
            return self.readings.labelled(reader)
        except SQLAlchemyError as error:  # /api/health says so; the recordings can be looked at all the same
            log.error("the worklist is without readings: %s", error)
            return {}


def _is_counted(row: RecordingResponse) -> bool:
    """Whether a row's counts are there or will not come by themselves, and nothing is under way for it."""
    found = row.output
    return row.progress is None and found is not None and bool(found.trouble or found.counts is not None)
