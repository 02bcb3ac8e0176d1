"""From what is on the screen to a document that needs nothing else to be shown again."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from backend.links.schemas import Frozen, LinkModel, LinkRecord, Patient, Read, Strip, StripBeat
from backend.plain import numbers
from backend.predictions.service import Predictor, WindowContext
from backend.recordings.beats import all_beats, one_beat
from backend.trust.schemas import ByWaveResponse
from models.explaining import versions
from models.explanation import Explanation

STRIP = 8.0  # s of rhythm around the beat


def freeze(
    predictor: Predictor,
    context: WindowContext,
    results: Sequence[Explanation],
    by_wave: ByWaveResponse | None,
    *,
    title: str,
    note: str,
    now: datetime,
    patient: Patient | None,
    readings: Read,
) -> Frozen:
    """The document of one beat with its explanations, and what they say of its waves."""
    record, beat = context.record, one_beat(context)
    return Frozen(
        title=title,
        note=note,
        created=now.isoformat(timespec="seconds"),
        record=LinkRecord(
            id=record.id,
            name=record.name,
            lead=record.leads[context.lead],
            leads=list(record.leads),
            fs=record.fs,
            sha256=record.sha256,
            synthetic=record.synthetic,
            credit=record.credit,
            time=beat.time,
            sample=context.sample,
        ),
        strip=strip(predictor, context),
        beat=beat,
        prediction=beat.prediction,
        explanations=list(results),
        model=_model(context),
        versions=versions(),
        patient=patient,
        by_wave=by_wave,
        readings=readings,
    )


def extent(context: WindowContext) -> tuple[int, int]:
    """First sample of the strip and the one after its last: 8 s around the beat, moved where the recording ends."""
    record = context.record
    size = min(record.samples, round(STRIP * record.fs))
    first = max(0, min(context.sample - size // 2, record.samples - size))
    return first, first + size


def strip(predictor: Predictor, context: WindowContext) -> Strip:
    """The strip, with every beat in it."""
    record = context.record
    first, last = extent(context)
    start, end = first / record.fs, last / record.fs
    found = all_beats(predictor, record.id, record.leads[context.lead], context.model.card.id)
    beats = found.beats
    columns = zip(beats.time, beats.symbol, beats.prediction, beats.margin, strict=True)
    near = [StripBeat(time=t, symbol=s, prediction=p, margin=m) for t, s, p, m in columns if start <= t < end]
    return Strip(
        start=start,
        time=numbers(np.arange(first, last) / record.fs, 5),
        value=numbers(record.signal[context.lead, first:last], 4),
        beats=near,
        beat_source=found.source,
    )


def _model(context: WindowContext) -> LinkModel:
    card = context.model.card
    return LinkModel(
        id=card.id,
        title=card.title,
        weights_sha256=context.model.weights_sha256,
        input=card.input,
        temperature=card.temperature,
        limits=list(card.limits),
        leaks_patients=card.leaks_patients,
        seen=context.model.seen(context.record),
    )
