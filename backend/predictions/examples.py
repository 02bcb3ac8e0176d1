"""Examples of a model: real windows of all recordings here, drawn once behind the scenes and kept; one asks again."""

import logging
import threading
from collections.abc import Hashable, Sequence

from backend.errors import ComputingError
from backend.recordings.progress import Step
from backend.recordings.service import RecordingRepository
from models.errors import DomainError, UnsupportedError
from models.inside.examples import Drawn, Examples, draw
from models.memory import Memory
from models.records import Entry
from models.signals.groups import evenly
from models.signals.windows import Cutter
from models.zoo import Model

log = logging.getLogger("beatlens.api")
MOST = 200  # recordings that examples are drawn from, evenly over the list


class ExampleSets:
    """The examples of each model; each set is drawn by one thread."""

    def __init__(self, repository: RecordingRepository) -> None:
        self.repository = repository
        self._kept: Memory[Examples] = Memory("examples", lambda examples: examples.nbytes)
        self._steps: dict[Hashable, Step] = {}
        self._failed: dict[str, tuple[Hashable, DomainError]] = {}  # by model
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def of(self, model: Model) -> Examples:
        """The examples; ComputingError while they are drawn, UnsupportedError where there is nothing to draw from."""
        entries = self._entries(model)
        chosen = [entries[i] for i in evenly(len(entries), MOST).tolist()] if entries else []
        key = (model.card.id, model.weights_sha256, model.card.input, *((one.id, one.file_version) for one in chosen))
        with self._lock:
            if (known := self._kept.peek(key)) is not None:
                return known
            failed = self._failed.pop(model.card.id, None)
            if failed is not None and failed[0] == key:
                raise failed[1]
            if key not in self._steps:
                self._begin(key, model, chosen, len(entries) - len(chosen))
            step = self._steps[key]
        raise ComputingError(step.sentence, step.done, step.total or 0, step.remaining_seconds)

    def wait(self, seconds: float = 60.0) -> None:
        """Wait for the threads; for tests and the end."""
        for thread in list(self._threads):
            thread.join(seconds)

    def close(self) -> None:
        """Stop after the recording in hand."""
        self._stop.set()
        self.wait(5.0)

    def _entries(self, model: Model) -> list[Entry]:
        """The recordings that could be drawn from: real ones, and none that is left alone until it is opened."""
        found = [
            entry
            for entry in self.repository.catalogue.entries()
            if entry.kind == model.card.reads and not entry.synthetic and not self.repository.is_long(entry)
        ]
        if not found:
            raise UnsupportedError(f"There is no recording here of the kind that {model.card.id} reads", field="model")
        return found

    def _begin(self, key: Hashable, model: Model, entries: Sequence[Entry], others: int) -> None:
        step = self._steps[key] = Step("Drawing real windows", len(entries), "recordings")

        def run() -> None:
            try:
                self._kept.put(key, self._draw(model, entries, others, step), step.seconds)
            except DomainError as error:
                self._failed[model.card.id] = (key, error)
            except Exception as error:
                log.exception("examples of %s", model.card.id)
                self._failed[model.card.id] = (key, DomainError(f"No windows could be drawn: {type(error).__name__}"))
            with self._lock:
                del self._steps[key]

        thread = threading.Thread(target=run, name="examples", daemon=True)
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()

    def _draw(self, model: Model, entries: Sequence[Entry], others: int, step: Step) -> Examples:
        """The examples of these recordings; DomainError where none of them has any."""
        found: list[Drawn] = []
        reason: DomainError | None = None
        for entry in entries:
            if self._stop.is_set():
                raise DomainError("The service is stopping")
            try:
                record = self.repository.catalogue.open(entry.id)
                found.append(draw(Cutter(record, model.card, record.lead_index(None)), model))
            except DomainError as error:  # it lacks a lead, or is damaged: the others may do
                reason = error
            step.add(1)
        drawn = tuple(one for one in found if one.at)
        if not drawn:
            raise reason or UnsupportedError(
                f"No recording here has a window that {model.card.id} reads", field="model"
            )
        return Examples(drawn, len(entries) - len(drawn), others, model.card.symbols)
