"""Long recordings made ready for their pages: read, searched for beats and filtered by a thread of their own."""

import logging
import threading

from cachetools import LRUCache

from backend.predictions.service import Predictor
from models.errors import DomainError
from models.signals.intervals import intervals

log = logging.getLogger("beatlens.api")
REMEMBERED = 10_000  # that are ready: a caller may name any lead
Asked = tuple[str, str | None, str | None]  # recording, lead, model


class Preparations:
    """The recordings that are being made ready; what is the matter with one is told by the questions that follow."""

    def __init__(self, predictor: Predictor) -> None:
        self.predictor = predictor
        self._threads: dict[Asked, threading.Thread] = {}
        self._ready: LRUCache[Asked, bool] = LRUCache(REMEMBERED)
        self._lock = threading.Lock()

    def ready(self, id: str, lead: str | None, model: str | None) -> bool:
        """Whether nobody has to wait long for this recording; begins what there is to do for a long one."""
        asked, entry = (id, lead, model), self.predictor.repository.entry(id)
        with self._lock:
            if not self.predictor.repository.is_long(entry) or asked in self._ready:
                return True
            if asked not in self._threads:
                thread = threading.Thread(target=self._prepare, args=(asked,), name="preparing", daemon=True)
                self._threads[asked] = thread
                thread.start()
            return False

    def wait(self, seconds: float = 60.0) -> None:
        """Wait for the threads; for tests."""
        for thread in list(self._threads.values()):
            thread.join(seconds)

    def _prepare(self, asked: Asked) -> None:
        id, lead, model = asked
        try:
            record = self.predictor.repository.open(id)
            index, network = record.lead_index(lead), self.predictor.model(model, record.kind)
            self.predictor.repository.beats(record, index)  # by which the worklist knows that it was read
            cutter, step = self.predictor.cutter(record, network, index), self.predictor.repository.progress.step
            with step(id, "Measuring intervals"):
                if cutter.anchors.beats is not None:
                    intervals(record, index, cutter.anchors.beats)
            with step(id, "Filtering the signal"):
                len(cutter.valid)
        except DomainError:
            pass  # whoever asks for it is told
        except Exception:
            log.exception("preparing %s", id)
        with self._lock:
            self._ready[asked] = True
            del self._threads[asked]
