"""A model's outputs for every beat of every recording, counted for the worklist: workers compute them, quietly."""

import hashlib
import logging
import threading
import time
from collections import Counter
from collections.abc import Sequence

import numpy as np
from pydantic import ConfigDict
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from backend.database import Database
from backend.predictions.answers import UNCERTAIN
from backend.predictions.computing import model_step
from backend.predictions.outputs import Outputs, WorkersOutputs
from backend.predictions.service import Predictor
from backend.recordings.summary import Summary
from backend.worklist.schemas import Counts
from backend.worklist.tables import ModelCounts
from models.errors import DomainError
from models.placing import Anchors
from models.records import Entry
from models.zoo import Model
from workers.errors import QueueUnavailableError
from workers.queue import Queue

log = logging.getLogger("beatlens.api")
AWAY = 5.0  # s between looks at a queue that is not there


class PredictionCounts(Counts):
    """The counts of one model and recording, as they are kept."""

    model_config = ConfigDict(frozen=True)

    queue: frozenset[int] = frozenset()  # samples that a reader sees first: disagreements, or else the uncertain


class PredictionCounter:
    """The counter: a thread asks the workers for one recording after the other; counts are kept for good."""

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
        """Have recordings not counted yet counted in the background; the model asked for last comes first."""
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
        assert self.queue is not None
        record = self.predictor.repository.open(entry.id)
        lead = record.lead_index(None)
        cutter = self.predictor.cutter(record, model, lead)
        outputs = self.predictor.known_outputs(record, lead, model)
        if outputs is None:
            with self.predictor.repository.progress.under_way(entry.id, model_step(cutter)) as step:
                outputs = WorkersOutputs(self.queue, self._stop).compute(cutter, model, "bulk", step.add)
            self.predictor.keep(record, lead, model, outputs)
        return count(cutter.anchors, outputs, model.card.symbols)

    def _recall(self, model: str) -> None:
        """Read the counts kept of a model."""
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
            with self.database.transaction(writing=True) as session:  # a merge reads first
                session.merge(row)
        except SQLAlchemyError as error:
            log.warning("counts are not kept: %s", error)


def model_sha256(model: Model) -> str:
    """Hash of everything of a model that decides its counts."""
    card = model.card
    parts = (
        model.weights_sha256,
        card.input.model_dump_json(),
        card.output.model_dump_json(),
        *(c.symbol for c in card.classes),
    )
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def count(found: Anchors, outputs: Outputs, classes: Sequence[str]) -> PredictionCounts:
    """The counts of a model's outputs for all windows; of several labels each counts."""
    valid = outputs.valid
    given = outputs.spec.given(outputs.probabilities) & valid[:, None]
    counts = Counter(dict(zip(classes, given.sum(axis=0).tolist(), strict=True)))
    unsure = valid & (outputs.margins < UNCERTAIN)
    labels = np.array([label or "" for label in found.labels or [None] * len(found)], dtype=str)
    compared = valid & np.isin(labels, classes)
    differ = compared & (np.array([said or "" for said in outputs.said(classes)], dtype=str) != labels)
    queue = differ if found.labels is not None else unsure
    return PredictionCounts(
        counts={symbol: number for symbol, number in counts.most_common() if number},
        compared=int(compared.sum()),
        disagreements=int(differ.sum()),
        uncertain=int(unsure.sum()),
        queue=frozenset(found.samples[queue].tolist()),
    )
