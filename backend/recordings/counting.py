"""What a model says of every beat of every recording, counted for the worklist: workers compute it, quietly."""

import hashlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.predictions.service import Predictor, leads_for
from backend.recordings.summary import Summary
from backend.recordings.tables import ModelCounts
from models.errors import DomainError
from models.predicting import Probabilities, prediction_id
from models.records import Entry
from models.signals.beats import Beats
from models.signals.windows import cut_all, prepare
from models.zoo import Model
from workers.errors import QueueUnavailableError
from workers.queue import Queue
from workers.requests import PredictionJob

log = logging.getLogger("beatlens.api")
CHUNK = 500  # windows of one job: about a second of a worker
AHEAD = 4  # jobs in line at once: each holds its windows in Redis
UNCERTAIN = 0.25  # a smaller margin is called uncertain; the pages, which draw frozen answers too, have it themselves
POLL, AWAY = 0.1, 5.0  # s between looks at a job; at a queue that is not there

Floats = NDArray[np.float32]


class PredictionCounts(BaseModel):
    """One model's answers over the beats of one recording's first lead."""

    model_config = ConfigDict(frozen=True)

    counts: dict[str, int] = {}  # class symbol → beats
    compared: int = 0  # beats with an answer and a reference label that is one of the model's classes
    disagreements: int = 0  # of those
    uncertain: int = 0  # beats whose margin is below 0.25
    queue: frozenset[int] = frozenset()  # samples that a reader sees first: disagreements, or else the uncertain
    trouble: str | None = None  # why the model cannot read this recording


class PredictionCounter:
    """One quiet thread asks the workers for one recording after the other; what is counted is kept for good."""

    def __init__(self, predictor: Predictor, queue: Queue | None, database: Database) -> None:
        self.predictor = predictor
        self.queue = queue
        self.database = database
        self._known: dict[tuple[str, str], PredictionCounts] = {}  # by the beats' and the model's hash
        self._recalled: set[str] = set()  # models whose counts were read from the database
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._wanted: tuple[Model, Sequence[Entry]] | None = None
        self._thread: threading.Thread | None = None
        self._began, self._done = 0.0, 0  # monotonic s, and the recordings counted since

    def known(self, summary: Summary, model_sha256: str) -> PredictionCounts | None:
        """The counts, if they are there."""
        return self._known.get((summary.beats_sha256 or "", model_sha256))

    def begin(self, entries: Sequence[Entry], model: Model) -> None:
        """Have what is not counted yet counted behind the scenes; the model asked for last comes first."""
        with self._lock:
            self._recall(model_sha256(model))
            self._wanted = (model, entries)
            idle = self._thread is None or not self._thread.is_alive()
            if idle and self.queue is not None and not self._stop.is_set() and self._next() is not None:
                self._began, self._done = time.monotonic(), 0
                self._thread = threading.Thread(target=self._run, name="counting", daemon=True)
                self._thread.start()

    def remaining(self, recordings: int) -> float | None:
        """Seconds that so many more will take at the pace since the thread began; None where there is no pace yet."""
        alive = self._thread is not None and self._thread.is_alive()
        if not alive or not self._done or not recordings:
            return None
        return recordings * (time.monotonic() - self._began) / self._done

    def wait(self, seconds: float = 60.0) -> None:
        """Wait for the thread; for tests and the end."""
        if self._thread is not None:
            self._thread.join(seconds)

    def close(self) -> None:
        """Stop after the job in hand."""
        self._stop.set()
        self.wait(5.0)

    def _run(self) -> None:
        while not self._stop.is_set() and (found := self._next()) is not None:
            entry, summary, model = found
            key = (summary.beats_sha256 or "", model_sha256(model))
            try:
                self._known[key] = self._count(entry, model)
                self._keep(key)
                self._done += 1
            except QueueUnavailableError:
                self._stop.wait(AWAY)
            except DomainError as error:
                self._known[key] = PredictionCounts(trouble=str(error))  # not kept: it may be put right
            except Exception as error:
                log.exception("counting %s", entry.id)
                self._known[key] = PredictionCounts(trouble=f"could not be counted: {type(error).__name__}")

    def _next(self) -> tuple[Entry, Summary, Model] | None:
        """The first recording that was read but not counted."""
        assert self._wanted is not None
        model, entries = self._wanted
        wanted = model_sha256(model)
        for entry in entries:
            summary = self.predictor.repository.summaries.known(entry.id)
            if summary.beats_sha256 and (summary.beats_sha256, wanted) not in self._known:
                return entry, summary, model
        return None

    def _count(self, entry: Entry, model: Model) -> PredictionCounts:
        repository = self.predictor.repository
        record = repository.open(entry.id)
        found = repository.beats(record, 0)
        prepared = prepare(record, leads_for(model, record, 0), model.card.input)
        inputs, valid = cut_all(prepared, found.r)
        answers = np.zeros((len(found), len(model.card.classes)), np.float32)
        if valid.any():
            answers[valid] = np.concatenate(list(self._ask(model, inputs[valid])))
        return count(found, answers, valid, [kind.symbol for kind in model.card.classes])

    def _ask(self, model: Model, inputs: Floats) -> Iterator[Floats]:
        """Probabilities [windows, classes] of inputs [windows, leads, samples], chunk by chunk."""
        chunks = [inputs[first : first + CHUNK] for first in range(0, len(inputs), CHUNK)]
        requests = [_request(model, chunk) for chunk in chunks]
        for i, request in enumerate(requests):
            for near in requests[i : i + AHEAD]:
                self._submit(near)
            yield self._answer(request)

    def _submit(self, request: PredictionJob) -> None:
        assert self.queue is not None
        self.queue.submit(request, "bulk")

    def _answer(self, request: PredictionJob) -> Floats:
        """Wait for the job's answer; DomainError where it has none."""
        assert self.queue is not None
        while not self._stop.is_set():
            status = self.queue.status(request.id)
            if status is not None and status.result is not None:
                return Probabilities.model_validate(status.result).array()
            if status is None or status.ended:
                raise DomainError((status and status.error) or "the job was lost")
            self._stop.wait(POLL)
        raise DomainError("the service is stopping")

    def _recall(self, model: str) -> None:
        """Read what was counted for this model before."""
        if model in self._recalled:
            return
        self._recalled.add(model)
        query = select(ModelCounts.beats_sha256, ModelCounts.counts).where(ModelCounts.model_sha256 == model)
        try:
            with self.database.transaction() as session:
                rows = session.execute(query).all()
            self._known |= {(beats, model): PredictionCounts.model_validate_json(text) for beats, text in rows}
        except (SQLAlchemyError, ValueError) as error:
            log.warning("what was counted is counted again: %s", error)

    def _keep(self, key: tuple[str, str]) -> None:
        beats, model = key
        row = ModelCounts(beats_sha256=beats, model_sha256=model, counts=self._known[key].model_dump_json())
        try:
            with self.database.transaction() as session:
                session.merge(row)
        except SQLAlchemyError as error:
            log.warning("counts are not kept: %s", error)


def _request(model: Model, inputs: Floats) -> PredictionJob:
    id = prediction_id(model, inputs)
    return PredictionJob.of(inputs=inputs, id=id, model=model.card.id, weights_sha256=model.weights_sha256)


def model_sha256(model: Model) -> str:
    """Hash of everything of a model that decides its counts."""
    card = model.card
    parts = (
        model.weights_sha256,
        card.input.model_dump_json(),
        str(card.temperature),
        *(c.symbol for c in card.classes),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def count(found: Beats, answers: Floats, valid: NDArray[np.bool_], classes: Sequence[str]) -> PredictionCounts:
    """Count answers [beats, classes], of which only the valid [beats] are any."""
    symbols = np.array(classes)
    said = symbols[answers.argmax(axis=1)]
    two = np.sort(answers, axis=1)
    unsure = valid & (two[:, -1] - two[:, -2] < UNCERTAIN)
    labels = np.array(found.symbols) if found.symbols else None
    compared = valid & np.isin(labels, symbols) if labels is not None else np.zeros(len(found), bool)
    differ = compared & (said != labels) if labels is not None else compared
    queue = differ if labels is not None else unsure
    return PredictionCounts(
        counts=dict(Counter(said[valid].tolist()).most_common()),
        compared=int(compared.sum()),
        disagreements=int(differ.sum()),
        uncertain=int(unsure.sum()),
        queue=frozenset(found.samples[queue].tolist()),
    )
