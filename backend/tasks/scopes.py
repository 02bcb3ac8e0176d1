"""The scopes of tasks: for each who may ask, what may be hidden from whom, and what a question is about."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from backend.blinding.result_index import Origin
from backend.blinding.visibility import SEALED_RECORDING, Visibility
from backend.errors import SealedError
from backend.predictions.context import WindowContext
from backend.predictions.service import Predictor
from backend.roles import Role
from backend.tasks.schemas import RecordingTaskRequest, TaskRequest, WindowTaskRequest
from models.errors import InvalidError
from models.explainers.tracks import Marks
from models.signals.window_marks import window_marks
from models.signals.windows import VALUE, Cutter
from models.tasks import Scope, Task
from models.zoo import Model

Floats = NDArray[np.float32]
LARGEST = 64 * 2**20  # bytes of a recording's windows that one request may put into Redis
NOWHERE: Origin = ("", frozenset())  # there is nothing of a recording in what is said of a model
END = 2**31  # of any recording, in samples


@dataclass(frozen=True)
class Subject:
    """What a question is about, found for a request."""

    model: Model
    inputs: Floats | None = None  # as the task's scope wants them
    marks: Callable[[], Marks] = tuple  # of the window
    usual: Callable[[], Floats | None] = lambda: None  # the recording's usual window
    known: Mapping[str, Any] = field(default_factory=dict)  # parameters that say what is known of examples

    @classmethod
    def of(cls, context: WindowContext) -> "Subject":
        """One window."""
        cutter = context.cutter
        marks = lambda: window_marks(cutter, context.at)  # noqa: E731
        return cls(context.model, context.window().input, marks, lambda: cutter.usual)


class Access(ABC):
    """The rules for every task of one scope."""

    role: ClassVar[Role] = "reader"  # the least that may ask, look and cancel
    Request: ClassVar[type[TaskRequest]]

    @abstractmethod
    def subject(self, predictor: Predictor, request: Any, work: Task[Any, Any]) -> Subject:
        """What the question is about; NotFoundError for whichever part does not exist."""

    @abstractmethod
    def origin(self, predictor: Predictor, visibility: Visibility, request: Any) -> Origin | None:
        """What of a recording the answer tells, for `Visibility.remember`; SealedError where a part of it is hidden."""

    def recording(self, request: Any) -> str | None:
        """The recording of which somebody is shown something: for the audit log."""
        return getattr(request, "recording", None)


class WindowAccess(Access):
    """One window: sealed with it."""

    Request = WindowTaskRequest

    def subject(self, predictor: Predictor, request: WindowTaskRequest, work: Task[Any, Any]) -> Subject:
        """The window as the model reads it."""
        return Subject.of(predictor.resolve_window(request.recording, request.at, request.lead, request.model))

    def origin(self, predictor: Predictor, visibility: Visibility, request: WindowTaskRequest) -> Origin | None:
        """The window."""
        return visibility.check_windows(predictor, request.recording, request.lead, request.model, request.at)


class RecordingAccess(Access):
    """All windows of a recording: sealed while any of it is."""

    Request = RecordingTaskRequest

    def subject(self, predictor: Predictor, request: RecordingTaskRequest, work: Task[Any, Any]) -> Subject:
        """Every window that the model can read, in order, or the whole signal where the task reads that.

        InvalidError where that is too much, or there is none.
        """
        record = predictor.repository.open(request.recording)
        model = predictor.model(request.model, record.kind)
        cutter = Cutter(record, model.card, record.lead_index(request.lead))
        if work.reads_signal:
            return Subject(model, whole_signal(cutter))
        rows = np.flatnonzero(cutter.valid)
        lengths = cutter.anchors.lengths[rows]
        check_size(model, lengths)
        inputs = np.full((len(rows), model.card.input.leads, lengths.max()), np.nan, dtype=np.float32)
        for part, windows in cutter.batches(rows):
            inputs[np.searchsorted(rows, part), :, : windows.shape[2]] = windows
        return Subject(model, inputs)

    def origin(self, predictor: Predictor, visibility: Visibility, request: RecordingTaskRequest) -> Origin | None:
        """The whole recording."""
        if visibility.unrestricted:
            return None
        sha256 = predictor.repository.checksum(request.recording)
        if visibility.affects(request.recording, sha256):
            raise SealedError(SEALED_RECORDING)
        return sha256, frozenset({(0, END)})


class ModelAccess(Access):
    """A model alone: nothing of it is sealed."""

    Request = TaskRequest

    def subject(self, predictor: Predictor, request: TaskRequest, work: Task[Any, Any]) -> Subject:
        """The model."""
        return Subject(predictor.model(request.model))

    def origin(self, predictor: Predictor, visibility: Visibility, request: TaskRequest) -> Origin | None:
        """No part of any recording."""
        return None if visibility.unrestricted else NOWHERE


class ExamplesAccess(Access):
    """A model and the examples: sealed while anything is: they tell what the reference says."""

    Request = TaskRequest

    def subject(self, predictor: Predictor, request: TaskRequest, work: Task[Any, Any]) -> Subject:
        """The examples; ComputingError while they are drawn."""
        model = predictor.model(request.model)
        found = predictor.examples.of(model)
        check_size(model, np.full(len(found), found.length))
        known = {"labels": found.classes, "patients": found.patients, "trained": found.trained}
        return Subject(model, found.inputs, known=known)

    def origin(self, predictor: Predictor, visibility: Visibility, request: TaskRequest) -> Origin | None:
        """No part of any recording, for whoever has none to read blind."""
        visibility.check_examples()
        return None


def whole_signal(cutter: Cutter) -> Floats:
    """The prepared recording [1, leads, samples], NaN in gaps; InvalidError where it is too much for one request."""
    prepared = cutter.prepared
    if prepared.signal.nbytes > LARGEST:
        hours = prepared.samples / prepared.spec.fs / 3600
        raise InvalidError(
            f"{hours:.0f} h as {cutter.card.id} reads them are more than {LARGEST >> 20} MB", field="recording"
        )
    signal = prepared.signal.copy()
    for first, stop in prepared.gaps.tolist():
        signal[:, first:stop] = np.nan
    return signal[None]


def check_size(model: Model, lengths: NDArray[np.int64]) -> None:
    """InvalidError where a recording's windows of these lengths [windows] cannot be asked about together."""
    if not len(lengths):
        raise InvalidError(f"The recording has no window that {model.card.id} can read", field="recording")
    if len(lengths) * int(lengths.max()) * model.card.input.leads * VALUE > LARGEST:
        message = f"{len(lengths)} windows of {model.card.id} are more than {LARGEST >> 20} MB"
        raise InvalidError(message, field="recording")


SCOPES: dict[Scope, Access] = {
    "window": WindowAccess(),
    "recording": RecordingAccess(),
    "model": ModelAccess(),
    "examples": ExamplesAccess(),
}


def access(work: Task[Any, Any]) -> Access:
    """The rules for a task."""
    return SCOPES[work.scope]
