"""Models' outputs for every beat of a recording, for one beat, for one beat with parts hidden."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from backend.blinding.intervals import Interval, extents, point
from backend.json_numbers import numbers
from backend.predictions.computing import Computations
from backend.predictions.outputs import Outputs, outputs_here
from backend.predictions.schemas import (
    Calibration,
    ClassResponse,
    CoveredPredictionResponse,
    CoverTableResponse,
    Headline,
    ModelResponse,
    ModelsResponse,
    Prediction,
    PredictionRequest,
    ShiftedRange,
    TableRequest,
)
from backend.recordings.service import RecordingRepository
from backend.settings import Settings
from models import zoo
from models.cards import BeatWindow, Card
from models.covering.covers import covered
from models.covering.table import table
from models.errors import DomainError, InvalidError, UnsupportedError
from models.memory import Memory
from models.placing import Anchors
from models.records import Kind, Record
from models.signals.beats import Beats
from models.signals.windows import Cutter, Window
from models.zoo import Model
from workers.queue import Queue

Floats = NDArray[np.float32]
NUMBER = 32  # bytes of a number in a list
UNCERTAIN = 0.25  # a smaller margin is called uncertain; the pages, which draw frozen answers too, have it themselves
NO_LABEL = "None of its labels"
NO_WINDOW = "No output: the window leaves the recording or touches a gap"


@dataclass(frozen=True)
class WindowContext:
    """A window as one model would see it."""

    record: Record
    lead: int
    cutter: Cutter
    index: int  # among the windows
    model: Model

    @property
    def beats(self) -> Beats:
        """The beats that the windows lie around; of other windows, their addresses."""
        return points(self.cutter.anchors)

    @property
    def at(self) -> int:
        """The window's address."""
        return int(self.cutter.anchors.samples[self.index])

    @property
    def label(self) -> str | None:
        """What is said of it, in the model's vocabulary."""
        labels = self.cutter.anchors.labels
        return labels[self.index] if labels else None

    @property
    def r(self) -> int:
        """The beat's R peak in this lead, or the window's first sample, at the record's fs."""
        return int(self.beats.r[self.index])

    @property
    def interval(self) -> Interval:
        """What a label of it is about: a beat alone, any other window whole."""
        starts, ends = extents(self.cutter.anchors)
        return int(starts[self.index]), int(ends[self.index])

    def window(self) -> Window:
        """What the network reads; InvalidError where it would leave the recording or touch a gap."""
        return self.cutter.window(self.at)


class Predictor:
    """The models there are, and their outputs for the recordings there are."""

    def __init__(self, settings: Settings, repository: RecordingRepository, queue: Queue | None = None) -> None:
        self.folders = settings.model_dirs
        self.computations = Computations(queue, repository.progress, settings.long_windows)
        self.repository = repository
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
        if (kept := self._outputs.peek(key)) is not None:
            return kept
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


def points(anchors: Anchors) -> Beats:
    """The beats that windows lie around; of other windows, their addresses and first samples."""
    if anchors.beats is not None:
        return anchors.beats
    return Beats(anchors.samples, anchors.starts, None, anchors.source)


def prediction(model: Model, inputs: Floats) -> Prediction:
    """The model's answer for inputs [leads, samples]."""
    card, logits = model.card, model.logits(inputs[None])[0]
    chances = card.output.chances(logits)
    best, order = int(card.output.best(chances)), np.argsort(-chances, kind="stable")
    symbols = card.symbols
    return Prediction(
        symbol=symbols[best] if best >= 0 else None,
        name=card.classes[best].name if best >= 0 else NO_LABEL,
        index=int(order[0]),
        probabilities=numbers(chances),
        logits=numbers(logits),
        margin=float(card.output.margins(chances)),
        runner_up=symbols[order[1]] if len(symbols) > 1 else None,
        labels=[symbols[i] for i in np.flatnonzero(card.output.given(chances))],
    )


def shifted_range(context: WindowContext) -> ShiftedRange | None:
    """The output's range as the beat's R peak moves by a few samples; None for a window around no beat."""
    card = context.model.card
    if context.cutter.anchors.beats is None:
        return None
    shifts, inputs = context.cutter.shifted(context.at)
    chances = context.model.probabilities(inputs)
    best = card.output.best(chances)
    own = int(best[np.flatnonzero(shifts == 0)[0]])
    column = chances[:, own] if own >= 0 else chances.max(axis=1)
    others = sorted({int(i) for i in best} - {own, -1})
    return ShiftedRange(
        ms=round(float(np.abs(shifts).max()) * 1000 / card.input.fs, 1),
        low=float(column.min()),
        high=float(column.max()),
        others=[card.symbols[i] for i in others],
    )


def cover_table(model: Model, inputs: Floats, request: TableRequest) -> CoverTableResponse:
    """Every cover of inputs [leads, samples] on the request's grid, or as near to it as a table may be."""
    found = table(model, inputs, request.value, request.grid)
    coarse = f"A grid of {request.grid} is too fine for {inputs.shape[1]} samples"
    return CoverTableResponse(
        value=request.value,
        grid=found.grid,
        note=f"{coarse}: it is {found.grid}" if found.grid > request.grid else None,
        edges=found.edges.tolist(),
        classes=[kind.symbol for kind in model.card.classes],
        before=numbers(model.probabilities(inputs[None])[0], 4),
        probabilities=numbers(found.probabilities.T, 4),
    )


def in_short(model: Model) -> ModelResponse:
    """The model's row in a list."""
    card = model.card
    return ModelResponse(
        id=card.id,
        title=card.title,
        summary=card.summary,
        classes=classes_of(card),
        input=card.input,
        leaks_patients=card.leaks_patients,
        trained_leads=list(card.trained_leads),
        limits=list(card.limits),
        temperature=card.output.temperature,
        output=card.output,
        vocabulary=card.vocabulary,
        modality=card.modality,
        reads=card.reads,
        weights_sha256=model.weights_sha256,
        headline=Headline(**model.headline()),
        calibration=Calibration(calibrated=model.calibrated, text=model.calibration()),
    )


def classes_of(card: Card) -> list[ClassResponse]:
    """The model's classes in order."""
    return [ClassResponse(symbol=kind.symbol, name=kind.name) for kind in card.classes]


def class_index(model: Model, symbol: str | None) -> int | None:
    """Index of the class with this symbol; None for None."""
    symbols: Sequence[str] = [kind.symbol for kind in model.card.classes]
    if symbol is None:
        return None
    if symbol not in symbols:
        message = f"Unknown class {symbol!r}: {model.card.id} has {', '.join(symbols)}"
        raise InvalidError(message, field="target", options=tuple(symbols))
    return symbols.index(symbol)
