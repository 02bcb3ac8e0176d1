"""Models' outputs for every beat of a recording, for one beat, for one beat with parts hidden."""

from collections.abc import Hashable, Sequence
from functools import partial

from backend.blinding.intervals import Interval, extents, point
from backend.json_numbers import numbers
from backend.predictions.answers import cover_table, in_short, prediction
from backend.predictions.computing import Computations
from backend.predictions.context import WindowContext
from backend.predictions.examples import ExampleSets
from backend.predictions.outputs import Outputs, outputs_here
from backend.predictions.schemas import (
    CoveredPredictionResponse,
    CoverTableResponse,
    ModelResponse,
    ModelsResponse,
    PredictionRequest,
    TableRequest,
)
from backend.recordings.service import RecordingRepository
from backend.settings import Settings
from models import zoo
from models.cards import BeatWindow
from models.covering.covers import covered
from models.errors import DomainError, UnsupportedError
from models.memory import Memory
from models.records import Kind, Record
from models.signals.windows import Cutter
from models.zoo import Model
from workers.queue import Queue

NUMBER = 32  # bytes of a number in a list


class Predictor:
    """The models there are, and their outputs for the recordings there are."""

    def __init__(self, settings: Settings, repository: RecordingRepository, queue: Queue | None = None) -> None:
        self.folders = settings.model_dirs
        self.computations = Computations(queue, repository.progress, settings.long_windows)
        self.repository = repository
        self.examples = ExampleSets(repository)
        self._outputs: Memory[Outputs] = Memory("outputs", lambda outputs: 2 * outputs.probabilities.nbytes)
        self._tables: Memory[CoverTableResponse] = Memory("cover tables", table_weight)

    def model(self, id: str | None = None, kind: Kind | None = None) -> Model:
        """The model called `id`; where it is None the first that can be used, and reads recordings of this kind."""
        if id is not None:
            return zoo.load(id, self.folders)
        for name in zoo.names(self.folders):
            try:
                found = zoo.load(name, self.folders)
            except DomainError:
                continue
            if kind in (None, found.card.reads):
                return found
        raise UnsupportedError("There is no model that can be used here: see /api/models", field="model")

    def models(self) -> ModelsResponse:
        """Every model in short; one that cannot be used is named with its reason."""
        good: list[ModelResponse] = []
        bad: list[dict[str, str]] = []
        for name in zoo.names(self.folders):
            try:
                good.append(in_short(zoo.load(name, self.folders)))
            except DomainError as error:
                bad.append({"model": name, "reason": str(error)})
        return ModelsResponse(models=good, problems=bad)

    def usable(self) -> list[Model]:
        """Every model that can be used."""
        return [self.model(entry.id) for entry in self.models().models]

    def resolve_window(self, recording: str, at: int, lead: str | None, model: str | None) -> WindowContext:
        """The window that a request names; NotFoundError for whichever part does not exist."""
        record = self.repository.open(recording)
        index = record.lead_index(lead)
        network = self.model(model, record.kind)
        cutter = self.cutter(record, network, index)
        return WindowContext(record, index, cutter, cutter.row(at), network)

    def located(
        self, recording: str, lead: str | None, model: str | None, addresses: Sequence[int]
    ) -> tuple[str, list[Interval]]:
        """SHA-256 of the recording's signal, and what a label of the window at each address is about.

        A beat is its address, wherever beats are found; NotFoundError where there is no other window there.
        """
        sha256, network = self.repository.checksum(recording), self.model(model, self.repository.entry(recording).kind)
        if isinstance(network.card.input.window, BeatWindow):
            return sha256, [point(at) for at in addresses]
        record = self.repository.open(recording)
        cutter = self.cutter(record, network, record.lead_index(lead))
        starts, ends = extents(cutter.anchors)
        rows = [cutter.row(at) for at in addresses]
        return sha256, [(int(starts[row]), int(ends[row])) for row in rows]

    def cutter(self, record: Record, model: Model, lead: int) -> Cutter:
        """The windows of a recording as the model reads them; DomainError where it reads no such recording."""
        cutter = Cutter(record, model.card, lead)
        with self.repository.progress.step(record.id, "Looking for beats"):
            len(cutter.anchors)
        return cutter

    def known_outputs(self, record: Record, lead: int, model: Model) -> Outputs | None:
        """What the model says of every window, if that was computed and is kept."""
        return self._outputs.peek(outputs_key(record, lead, model))

    def outputs(self, record: Record, lead: int, model: Model) -> Outputs:
        """What the model says of every window; computed once however many ask.

        ComputingError while workers compute those of a long recording.
        """
        key = outputs_key(record, lead, model)
        if (known := self._outputs.peek(key)) is not None:
            return known
        cutter = self.cutter(record, model, lead)
        if self.computations.takes(cutter):
            keep = partial(self._outputs.put, key)
            return self.computations.check(key, cutter, model, lambda: self._outputs.peek(key), keep)
        return self._outputs.get(key, lambda: outputs_here(cutter, model))

    def keep(self, record: Record, lead: int, model: Model, outputs: Outputs) -> None:
        """Keep outputs that were computed elsewhere."""
        self._outputs.put(outputs_key(record, lead, model), outputs)

    def predict(self, request: PredictionRequest) -> CoveredPredictionResponse:
        """What the model says of one beat with the named spans hidden."""
        context = self.resolve_window(request.recording, request.at, request.lead, request.model)
        spans = [(cover.start, cover.end) for cover in request.covers]
        shown, hidden = covered(context.window().input, spans, request.value)
        answer = prediction(context.model, shown)
        return CoveredPredictionResponse(**dict(answer), covered_fraction=float(hidden.mean()), input=numbers(shown))

    def table(self, request: TableRequest) -> CoverTableResponse:
        """What the model says of one beat with any one span hidden; computed once however many ask."""
        context = self.resolve_window(request.recording, request.at, request.lead, request.model)
        model, inputs = context.model, context.window().input
        key = (model.card.id, model.weights_sha256, request.value, request.grid, inputs.tobytes())
        return self._tables.get(key, lambda: cover_table(model, inputs, request))


def outputs_key(record: Record, lead: int, model: Model) -> Hashable:
    """Everything that decides a model's outputs for a recording seen in one lead."""
    card = model.card
    return (record.id, record.sha256, lead, card.id, model.weights_sha256, card.input, card.output)


def table_weight(table: CoverTableResponse) -> int:
    """Bytes of a table of covers in memory: lists of numbers."""
    return NUMBER * (len(table.edges) + sum(map(len, table.probabilities)))
