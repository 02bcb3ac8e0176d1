"""Beats as the service shows them: all as columns, one with its surroundings."""

import math

import numpy as np

from backend.plain import number, numbers
from backend.predictions.service import NO_WINDOW, Outputs, Predictor, WindowContext, classes_of, prediction
from backend.recordings.schemas import BeatColumns, BeatResponse, BeatsResponse, Context, WindowResponse
from models.errors import DomainError
from models.records import Record
from models.signals.beats import Beats
from models.signals.resample import position
from models.signals.windows import Window
from models.symbols import BEATS
from models.zoo import Model

MARGIN = 0.25  # s of context either side of the window


def all_beats(predictor: Predictor, id: str, lead: str | None, model: str | None) -> BeatsResponse:
    """Every beat of a recording; with a model, what it says of each."""
    repository = predictor.repository
    record = repository.open(id)
    index = record.lead_index(lead)
    network = predictor.model(model) if model is not None else None
    found = repository.beats(record, index)
    return BeatsResponse(
        source=found.source,
        lead=record.leads[index],
        model=network.card.id if network else None,
        beats=BeatColumns(
            sample=found.samples.tolist(),
            time=numbers(found.samples / record.fs, 5),
            r=found.r.tolist(),
            symbol=list(found.symbols or [None] * len(found)),
            aami=[BEATS[symbol].aami for symbol in found.symbols] if found.symbols else [None] * len(found),
            rr=numbers(found.rr(record.fs)[0], 2),
            **_output_columns(predictor, record, index, found, network),
        ),
        classes=classes_of(network.card) if network else [],
    )


def _output_columns(
    predictor: Predictor, record: Record, lead: int, found: Beats, model: Model | None
) -> dict[str, list]:  # type: ignore[type-arg]
    """The columns prediction, probabilities, margin and note."""
    nothing: list[None] = [None] * len(found)
    empty = {"prediction": nothing, "probabilities": nothing, "margin": nothing, "note": nothing}
    if model is None:
        return empty
    try:
        outputs = predictor.outputs(record, lead, model)
    except DomainError as error:  # a flat lead, too few leads: the beats are there all the same
        return empty | {"note": [str(error)] * len(found)}
    return _columns(outputs, [kind.symbol for kind in model.card.classes])


def _columns(outputs: Outputs, symbols: list[str]) -> dict[str, list]:  # type: ignore[type-arg]
    rows = numbers(outputs.probabilities, 4)
    valid = outputs.valid.tolist()
    best = outputs.probabilities.argmax(axis=1)
    two = np.sort(outputs.probabilities, axis=1)
    margin = numbers(two[:, -1] - two[:, -2], 4)
    return {
        "prediction": [symbols[i] if ok else None for i, ok in zip(best, valid, strict=True)],
        "probabilities": [row if ok else None for row, ok in zip(rows, valid, strict=True)],
        "margin": [value if ok else None for value, ok in zip(margin, valid, strict=True)],
        "note": [None if ok else NO_WINDOW for ok in valid],
    }


def one_beat(context: WindowContext) -> BeatResponse:
    """One beat with its window, its surroundings and the model's answer, where it has a window."""
    record, found, i = context.record, context.beats, context.index
    symbol = found.symbols[i] if found.symbols else None
    before, after = (number(values[i], 2) for values in found.rr(record.fs))
    window, note = _window(context)
    return BeatResponse(
        sample=context.sample,
        r=context.r,
        time=context.sample / record.fs,
        symbol=symbol,
        name=BEATS[symbol].name if symbol else None,
        aami=BEATS[symbol].aami if symbol else None,
        rr_before=before,
        rr_after=after,
        index=i,
        count=len(found),
        previous=int(found.samples[i - 1]) if i > 0 else None,
        next=int(found.samples[i + 1]) if i + 1 < len(found) else None,
        lead=record.leads[context.lead],
        model=context.model.card.id,
        window=_window_out(context, window) if window else None,
        note=note,
        context=_context(context),
        prediction=prediction(context.model, window.input) if window else None,
        classes=classes_of(context.model.card),
        seen=context.model.seen(record),
    )


def _window(context: WindowContext) -> tuple[Window | None, str | None]:
    """The window, or why there is none."""
    try:
        return context.window(), None
    except DomainError as error:
        return None, str(error)


def _window_out(context: WindowContext, window: Window) -> WindowResponse:
    spec = context.model.card.input
    return WindowResponse(
        start=window.start,
        samples=spec.window.samples,
        fs=spec.fs,
        before=spec.window.before,
        millivolts=numbers(window.raw, 4),
        input=numbers(window.input),
    )


def _context(context: WindowContext) -> Context:
    """The recording's own samples around where the window is, or would be."""
    record, spec = context.record, context.model.card.input
    start = position(context.r, record.fs, spec.fs) - spec.window.before
    first = max(0, math.floor((start / spec.fs - MARGIN) * record.fs))
    end = min(record.samples, math.ceil(((start + spec.window.samples) / spec.fs + MARGIN) * record.fs) + 1)
    return Context(
        start_time=first / record.fs,
        time=numbers(np.arange(first, end) / record.fs, 5),
        value=numbers(record.signal[context.lead, first:end], 4),
    )
