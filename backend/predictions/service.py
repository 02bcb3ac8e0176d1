"""What the models say: of every beat of a recording, of one beat, of one beat with parts hidden."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.plain import numbers
from backend.predictions.schemas import (
    ClassResponse,
    CoveredPrediction,
    CoverTable,
    Headline,
    ModelResponse,
    ModelsResponse,
    Prediction,
    PredictionRequest,
    TableRequest,
)
from backend.recordings.service import RecordingRepository, locate
from backend.settings import Settings
from models import zoo
from models.cards import Card
from models.cover_table import table
from models.covering import covered
from models.errors import DomainError, InvalidError, UnsupportedError
from models.records import Record
from models.records.lru import Lru
from models.signals.beats import Beats
from models.signals.windows import Window, cut, cut_all, prepare
from models.zoo import Model
from models.zoo.model import softmax

Floats = NDArray[np.float32]
BATCH = 500  # beats cut and shown to the network at once
KEPT = 64  # whole recordings whose outputs stay in memory
TABLES = 64  # of covers, about 50 kB each
NO_WINDOW = "No output: the window leaves the recording or touches a gap"


@dataclass(frozen=True)
class Outputs:
    """What a model says of every beat of a recording."""

    probabilities: Floats  # [beats, classes], calibrated; zero where not valid
    valid: NDArray[np.bool_]  # [beats]


@dataclass(frozen=True)
class WindowContext:
    """One beat as one model would see it."""

    record: Record
    lead: int
    beats: Beats
    index: int  # among the beats
    model: Model

    @property
    def sample(self) -> int:
        """The beat's address."""
        return int(self.beats.samples[self.index])

    @property
    def r(self) -> int:
        """Its R peak in this lead, at the record's fs."""
        return int(self.beats.r[self.index])

    def window(self) -> Window:
        """What the network reads; InvalidError where it would leave the recording or touch a gap."""
        return cut(prepare(self.record, leads_for(self.model, self.record, self.lead), self.model.card.input), self.r)


class Predictor:
    """The zoo, and its outputs for what is on the shelf."""

    def __init__(self, settings: Settings, repository: RecordingRepository) -> None:
        self.folders = settings.model_dirs
        self.repository = repository
        self._outputs: Lru[Outputs] = Lru(KEPT)
        self._tables: Lru[CoverTable] = Lru(TABLES)

    def model(self, id: str | None = None) -> Model:
        """The model called `id`; the first that can be used where it is None."""
        if id is not None:
            return zoo.load(id, self.folders)
        for name in zoo.names(self.folders):
            try:
                return zoo.load(name, self.folders)
            except DomainError:
                continue
        raise UnsupportedError("There is no model that can be used: see /api/models", field="model")

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

    def resolve_window(self, recording: str, beat: int, lead: str | None, model: str | None) -> WindowContext:
        """The beat that a request names; NotFoundError for whichever part does not exist."""
        record = self.repository.open(recording)
        index = record.lead_index(lead)
        found = self.repository.beats(record, index)
        return WindowContext(record, index, found, locate(found, beat), self.model(model))

    def outputs(self, record: Record, lead: int, model: Model) -> Outputs:
        """What the model says of every beat; computed once however many ask."""
        key = (record.id, record.sha256, lead, model.card.id, model.weights_sha256, model.card.input)
        return self._outputs.get(key, lambda: self._outputs_of(record, lead, model))

    def _outputs_of(self, record: Record, lead: int, model: Model) -> Outputs:
        found = self.repository.beats(record, lead)
        prepared = prepare(record, leads_for(model, record, lead), model.card.input)
        shape = (len(found), len(model.card.classes))
        probabilities, every = np.zeros(shape, np.float32), np.zeros(len(found), bool)
        for first in range(0, len(found), BATCH):  # windows of a day's Holter at once would not fit
            part = slice(first, first + BATCH)
            inputs, valid = cut_all(prepared, found.r[part])
            every[part] = valid
            probabilities[part][valid] = model.probabilities(inputs[valid])
        return Outputs(probabilities, every)

    def predict(self, request: PredictionRequest) -> CoveredPrediction:
        """What the model says of one beat with the named spans hidden."""
        context = self.resolve_window(request.recording, request.beat, request.lead, request.model)
        spans = [(cover.start, cover.end) for cover in request.covers]
        shown, hidden = covered(context.window().input, spans, request.value)
        answer = prediction(context.model, shown)
        return CoveredPrediction(**dict(answer), covered_fraction=float(hidden.mean()), input=numbers(shown))

    def table(self, request: TableRequest) -> CoverTable:
        """What the model says of one beat with any one span hidden; computed once however many ask."""
        context = self.resolve_window(request.recording, request.beat, request.lead, request.model)
        model, inputs = context.model, context.window().input
        key = (model.card.id, model.weights_sha256, request.value, request.grid, inputs.tobytes())
        return self._tables.get(key, lambda: cover_table(model, inputs, request))


def leads_for(model: Model, record: Record, lead: int) -> tuple[int, ...]:
    """The leads (indices) that the model reads: the chosen one, or as many as it reads, from the first on."""
    wanted = model.card.input.leads
    if wanted == 1:
        return (lead,)
    if wanted > len(record.leads):
        message = f"{model.card.id} reads {wanted} leads, {record.id} has {len(record.leads)}"
        raise UnsupportedError(f"{message}: {', '.join(record.leads)}", field="model")
    return tuple(range(wanted))


def prediction(model: Model, inputs: Floats) -> Prediction:
    """The model's answer for inputs [leads, samples]."""
    logits = model.logits(inputs[None])
    chances = softmax(logits, model.card.temperature)[0]
    order = np.argsort(-chances, kind="stable")
    best, second = model.card.classes[order[0]], model.card.classes[order[1]]
    return Prediction(
        symbol=best.symbol,
        name=best.name,
        index=int(order[0]),
        probabilities=numbers(chances),
        logits=numbers(logits[0]),
        margin=float(chances[order[0]] - chances[order[1]]),
        runner_up=second.symbol,
    )


def cover_table(model: Model, inputs: Floats, request: TableRequest) -> CoverTable:
    """Every cover of inputs [leads, samples] on the request's grid, or as near to it as a table may be."""
    found = table(model, inputs, request.value, request.grid)
    coarse = f"A grid of {request.grid} is too fine for {inputs.shape[1]} samples"
    return CoverTable(
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
        limits=list(card.limits),
        temperature=card.temperature,
        weights_sha256=model.weights_sha256,
        headline=Headline(**model.headline()),
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
