"""Outputs of long recordings: computed behind the scenes, by workers where there are any; one asks again."""

import logging
import threading
import time
from collections.abc import Callable, Hashable

from backend.errors import ComputingError
from backend.predictions.outputs import Outputs, WorkersOutputs, outputs_here
from backend.recordings.progress import Progress, Step
from models.errors import DomainError
from models.signals.windows import Cutter
from models.zoo import Model
from workers.errors import QueueUnavailableError, redis_as_domain_error
from workers.queue import Queue

log = logging.getLogger("beatlens.api")


class Computation:
    """One recording's outputs on their way."""

    def __init__(self, cutter: Cutter) -> None:
        self.step = model_step(cutter)
        self.error: DomainError | None = None

    def progress(self) -> ComputingError:
        """How far it is."""
        step = self.step
        return ComputingError(step.sentence, step.done, step.total or 0, step.remaining_seconds)


def model_step(cutter: Cutter) -> Step:
    """The step of a recording's work in which a model reads all its windows."""
    return Step("Model output", len(cutter.anchors), "windows" if cutter.anchors.beats is None else "beats")


class Computations:
    """The recordings whose outputs are being computed, each by one thread that feeds the workers or does it alone."""

    def __init__(self, queue: Queue | None, progress: Progress, long_windows: int) -> None:
        self.queue = queue
        self.long_windows = long_windows
        self.progress = progress
        self._computations: dict[Hashable, Computation] = {}
        self._threads: list[threading.Thread] = []
        self._lock = threading.Lock()
        self._stop = threading.Event()

    def takes(self, cutter: Cutter) -> bool:
        """Whether it is so much that nobody who asks should wait for the answer."""
        return len(cutter.anchors) > self.long_windows

    def check(
        self,
        key: Hashable,
        cutter: Cutter,
        model: Model,
        known: Callable[[], Outputs | None],
        keep: Callable[[Outputs, float], None],
    ) -> Outputs:
        """The outputs if they are `known` by now; else begins, raises ComputingError, and at the end has them kept."""
        with self._lock:
            running = self._computations.get(key)
            if running is None and (outputs := known()) is not None:
                return outputs
            if running is None:
                running = self._computations[key] = Computation(cutter)
                self._begin(key, running, cutter, model, keep)
            elif running.error is not None:
                raise self._computations.pop(key).error or running.progress()
        raise running.progress()

    def wait(self, seconds: float = 60.0) -> None:
        """Wait for the threads; for tests and the end."""
        for thread in self._threads:
            thread.join(seconds)

    def close(self) -> None:
        """Stop after the jobs in hand."""
        self._stop.set()
        self.wait(5.0)

    def _begin(
        self, key: Hashable, own: Computation, cutter: Cutter, model: Model, keep: Callable[[Outputs, float], None]
    ) -> None:
        def run() -> None:
            try:
                with self.progress.under_way(cutter.record.id, own.step) as step:
                    keep(self._compute(cutter, model, step.add), step.seconds)
            except DomainError as error:
                own.error = error
            except Exception as error:
                log.exception("outputs of %s", cutter.record.id)
                own.error = DomainError(f"The outputs could not be computed: {type(error).__name__}")
            else:
                with self._lock:
                    del self._computations[key]

        thread = threading.Thread(target=run, name="outputs", daemon=True)
        self._threads = [other for other in self._threads if other.is_alive()] + [thread]
        thread.start()

    def _compute(self, cutter: Cutter, model: Model, done: Callable[[int], object]) -> Outputs:
        if self.queue is not None and _manned(self.queue):
            return WorkersOutputs(self.queue, self._stop).compute(cutter, model, "secondary", done)
        return outputs_here(cutter, model, done)


def _manned(queue: Queue) -> bool:
    """Whether there are workers."""
    try:
        with redis_as_domain_error():
            return bool(queue.status_store.workers(time.time()))
    except QueueUnavailableError:
        return False
