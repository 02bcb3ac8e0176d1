"""Windows as the service shows them: all as columns, one with its surroundings; and marks."""

import math
from typing import Any

import numpy as np

from backend.blinding.intervals import extents
from backend.columns import Columns, Numbers, Rows, Words
from backend.errors import ComputingError
from backend.json_numbers import number, numbers
from backend.predictions.answers import NO_WINDOW, classes_of, prediction, shifted_range
from backend.predictions.context import WindowContext
from backend.predictions.outputs import Outputs
from backend.predictions.schemas import Prediction
from backend.predictions.service import Predictor
from backend.windows.schemas import (
    BeatFacts,
    ComputingResponse,
    Context,
    CutResponse,
    MarkResponse,
    MarksResponse,
    WindowResponse,
)
from backend.windows.table import WindowTable
from models.cards import BeatWindow, Card, InputSpec
from models.errors import DomainError
from models.placing import Anchors, anchors
from models.records import Record
from models.signals.beats import Beats
from models.signals.channels import missing, stand_ins, untrained
from models.signals.intervals import intervals
from models.signals.windows import Cutter, Window
from models.vocabularies import name_of
from models.vocabularies.mitbih import BEATS
from models.zoo import Model

Stretch = tuple[float, float]  # begin and end, s
MARGIN = 0.25  # s of context either side of the window
MITBIH = "mitbih"


def all_windows(
    predictor: Predictor, id: str, lead: str | None, model: str | None, stretch: Stretch | None = None
) -> WindowTable:
    """Every window of a recording (or of a stretch) that a model reads, with what it says; without one every beat."""
    record = predictor.repository.open(id)
    index = record.lead_index(lead)
    network = predictor.model(model) if model is not None else None
    cutter = predictor.cutter(record, network, index) if network else None
    found = cutter.anchors if cutter else anchors(record, index, any_beat(record))
    rows = _rows(found, record.fs, stretch)
    said, note, computing = _output_columns(predictor, record, index, rows, network)
    starts, ends = extents(found)
    about = {
        "kind": network.card.input.window.kind if network else BeatWindow().kind,
        "source": found.source,
        "lead": record.leads[index],
        "model": network.card.id if network else None,
        "vocabulary": network.card.vocabulary if network else MITBIH,
        "untrained": untrained(record, network.card, index) if network else [],
        "classes": classes_of(network.card) if network else [],
        "computing": computing,
    }
    return WindowTable(
        about=about | _channels(cutter),
        starts=starts[rows],
        ends=ends[rows],
        note=note,
        shown={**_place_columns(record, found, rows), **said},
        beats=_beat_columns(record, index, found.beats, rows) if found.beats is not None else None,
    )


def _rows(found: Anchors, fs: float, stretch: Stretch | None) -> Rows:
    """Which windows are told of [rows]: all, or those that lie in the stretch with at least one sample."""
    if stretch is None:
        return np.arange(len(found))
    starts, ends = extents(found)
    begin, end = stretch
    return np.flatnonzero((ends > begin * fs) & (starts < end * fs))


def _place_columns(record: Record, found: Anchors, rows: Rows) -> Columns:
    """The columns at, time and label."""
    return {
        "at": Numbers(found.samples[rows]),
        "time": Numbers(found.samples[rows] / record.fs, 5),
        "label": Words.of([found.labels[i] for i in rows]) if found.labels else Words.nothing(len(rows)),
    }


def any_beat(record: Record) -> InputSpec:
    """Where no model says which windows: the beats, their R peaks sought at the record's own rate."""
    return InputSpec(fs=record.fs, window=BeatWindow())


def _channels(cutter: Cutter | None) -> dict[str, Any]:
    """The fields about the leads that are really read; of none where no model reads, or it cannot."""
    try:
        if cutter is not None:
            named, spec = cutter.channels, cutter.card.input
            read = {"channels": list(cutter.channel_names), "missing": missing(named, spec)}
            return read | {"stand_ins": stand_ins(cutter.record, named, spec)}
    except DomainError:
        pass
    return {"channels": []}


def _beat_columns(record: Record, lead: int, found: Beats, rows: Rows) -> Columns:
    rr = intervals(record, lead, found)
    symbols = Words.of([found.symbols[i] for i in rows]) if found.symbols else Words.nothing(len(rows))
    return {
        "r": Numbers(found.r[rows]),
        "rr": Numbers(rr.before[rows].astype(np.float32), 2),
        "rr_note": Words.of([rr.why_before[i] for i in rows]),
        "aami": symbols.renamed(BEATS[symbol].group for symbol in symbols.names),
    }


def _output_columns(
    predictor: Predictor, record: Record, lead: int, rows: Rows, model: Model | None
) -> tuple[Columns, Words, ComputingResponse | None]:
    """The columns of outputs, why there are none, and how far they are, if they are still computed."""
    unknown = Numbers(np.full(len(rows), np.nan, np.float32))
    silent = Words.nothing(len(rows))
    empty: Columns = {"prediction": silent, "probabilities": unknown, "margin": unknown}
    if model is None:
        return empty, silent, None
    try:
        outputs = predictor.outputs(record, lead, model)
    except ComputingError as error:
        far = ComputingResponse(done=error.done, total=error.total, remaining_seconds=error.remaining_seconds)
        return empty, silent, far
    except DomainError as error:  # a flat lead, too few leads: the windows are there all the same
        return empty, Words(np.zeros(len(rows), np.int64), (str(error),)), None
    return *_columns(outputs.of(rows), model.card), None


def _columns(outputs: Outputs, card: Card) -> tuple[Columns, Words]:
    silent = ~outputs.valid
    probabilities, margin = (Numbers(found, 4).without(silent) for found in (outputs.probabilities, outputs.margins))
    said: Columns = {"prediction": Words(outputs.best, card.symbols), "probabilities": probabilities, "margin": margin}
    return said, Words(np.where(silent, 0, -1), (_no_window(card.input),))


def _no_window(spec: InputSpec) -> str:
    """The reason why a window has no output, as far as it is the same for all."""
    if isinstance(spec.window, BeatWindow):
        return NO_WINDOW
    return f"No output: the window touches a gap, or has not {spec.window.length} samples at {spec.fs:g} Hz"


def one_window(context: WindowContext) -> WindowResponse:
    """One window with its surroundings and the model's answer, where it can be read."""
    record, found, i, card = context.record, context.cutter.anchors, context.index, context.model.card
    label, (start, end) = context.label, context.interval
    window, note = _window(context)
    return WindowResponse(
        at=context.at,
        start=start,
        end=end,
        time=context.at / record.fs,
        label=label,
        name=name_of(card.vocabulary, label) if label else None,
        index=i,
        count=len(found),
        previous=int(found.samples[i - 1]) if i > 0 else None,
        next=int(found.samples[i + 1]) if i + 1 < len(found) else None,
        lead=record.leads[context.lead],
        **_channels(context.cutter),
        untrained=untrained(record, card, context.lead),
        model=card.id,
        kind=card.input.window.kind,
        vocabulary=card.vocabulary,
        window=_cut(context, window) if window else None,
        note=note,
        context=_context(context),
        prediction=_prediction(context, window) if window else None,
        classes=classes_of(card),
        seen=context.model.seen(record),
        beat=_beat(context, found.beats) if found.beats is not None else None,
    )


def _window(context: WindowContext) -> tuple[Window | None, str | None]:
    """The window, or why there is none."""
    try:
        return context.window(), None
    except DomainError as error:
        return None, str(error)


def _prediction(context: WindowContext, window: Window) -> Prediction:
    answer = prediction(context.model, window.input)
    return answer.model_copy(update={"range": shifted_range(context)})


def _cut(context: WindowContext, window: Window) -> CutResponse:
    spec = context.model.card.input
    return CutResponse(
        start=window.start,
        samples=window.input.shape[1],
        fs=spec.fs,
        before=spec.window.before if isinstance(spec.window, BeatWindow) else None,
        millivolts=numbers(window.raw, 4),
        units=_units(context.cutter),
        masks=masks(spec),
        normal=[channel.normal for channel in spec.channels],
        input=numbers(window.input),
    )


def _units(cutter: Cutter) -> list[str]:
    """The unit of each channel's values; of one that the recording has not, and of a mask, the network's."""
    named = cutter.card.input.channels
    return [
        named[row].unit if lead is None or (named and named[row].mask) else cutter.record.units[lead]
        for row, lead in enumerate(cutter.channels)
    ]


def masks(spec: InputSpec) -> list[int | None]:
    """For each channel the row that says where it was measured."""
    rows = {channel.aliases[0]: row for row, channel in enumerate(spec.channels) if channel.mask}
    return [rows.get(channel.name) if not channel.mask else None for channel in spec.channels] if rows else []


def _beat(context: WindowContext, found: Beats) -> BeatFacts:
    index, rr = context.index, intervals(context.record, context.lead, found)
    return BeatFacts(
        r=int(found.r[index]),
        aami=BEATS[found.symbols[index]].group if found.symbols else None,
        rr_before=number(rr.before[index], 2),
        rr_after=number(rr.after[index], 2),
        rr_note_before=rr.why_before[index],
        rr_note_after=rr.why_after[index],
    )


def _context(context: WindowContext) -> Context:
    """The recording's own samples around where the window is, or would be."""
    record, fs, found = context.record, context.model.card.input.fs, context.cutter.anchors
    start, samples = int(found.first[context.index]), int(found.lengths[context.index])
    first = max(0, math.floor((start / fs - MARGIN) * record.fs))
    end = min(record.samples, math.ceil(((start + samples) / fs + MARGIN) * record.fs) + 1)
    return Context(
        start_time=first / record.fs,
        time=numbers(np.arange(first, end) / record.fs, 5),
        value=numbers(record.signal[_first_channel(context), first:end], 4),
    )


def _first_channel(context: WindowContext) -> int:
    """The lead that stands first in the window; the one in view where the recording lacks it."""
    try:
        first = context.cutter.channels[0]
    except DomainError:
        first = None
    return context.lead if first is None else first


def all_marks(record: Record) -> MarksResponse:
    """Everything that the recording's files say of it beside its beats."""
    return MarksResponse(
        recording=record.id,
        marks=[
            MarkResponse(
                start=mark.start,
                end=mark.end,
                time=mark.start / record.fs,
                end_time=None if mark.end is None else mark.end / record.fs,
                label=mark.label,
                name=name_of(mark.vocabulary, mark.label),
                vocabulary=mark.vocabulary,
                source=mark.source,
                text=mark.text,
            )
            for mark in record.marks
        ],
    )
