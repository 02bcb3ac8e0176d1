"""What a model says, as the API answers it: a class, its probabilities, how they change; and the model in short."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.json_numbers import numbers
from backend.predictions.context import WindowContext
from backend.predictions.schemas import (
    Calibration,
    ClassResponse,
    CoverTableResponse,
    Headline,
    ModelResponse,
    Prediction,
    ShiftedRange,
    TableRequest,
)
from models.cards import Card
from models.covering.table import table
from models.errors import InvalidError
from models.zoo import Model

Floats = NDArray[np.float32]
UNCERTAIN = 0.25  # a smaller margin is called uncertain; the pages, which draw frozen answers too, have it themselves
NO_LABEL = "None of its labels"
NO_WINDOW = "No output: the window leaves the recording or touches a gap"


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
