"""From what is on the screen to a document that needs nothing else to be shown again."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np

from backend.links.schemas import Frozen, LinkModel, LinkRecord, Patient, Read, Strip, StripBeat
from backend.plain import numbers
from backend.predictions.service import Place, Predictor
from backend.recordings.beats import all_beats, one_beat
from backend.trust.schemas import ByWaveOut
from models.explaining import versions
from models.explanation import Explanation

STRIP = 8.0  # s of rhythm around the beat


def freeze(
    predictor: Predictor,
    place: Place,
    results: Sequence[Explanation],
    by_wave: ByWaveOut | None,
    *,
    title: str,
    note: str,
    now: datetime,
    patient: Patient | None,
    readings: Read,
) -> Frozen:
    """The document of one beat with its explanations, and what they say of its waves."""
    record, beat = place.record, one_beat(place)
    return Frozen(
        title=title,
        note=note,
        created=now.isoformat(timespec="seconds"),
        record=LinkRecord(
            id=record.id,
            name=record.name,
            lead=record.leads[place.lead],
            leads=list(record.leads),
            fs=record.fs,
            sha256=record.sha256,
            synthetic=record.synthetic,
            credit=record.credit,
            time=beat.time,
            sample=place.sample,
        ),
        strip=strip(predictor, place),
        beat=beat,
        prediction=beat.prediction,
        explanations=list(results),
        model=_model(place),
        versions=versions(),
        patient=patient,
        by_wave=by_wave,
        readings=readings,
    )


def extent(place: Place) -> tuple[int, int]:
    """First sample of the strip and the one after its last: 8 s around the beat, moved where the recording ends."""
    record = place.record
    size = min(record.samples, round(STRIP * record.fs))
    first = max(0, min(place.sample - size // 2, record.samples - size))
    return first, first + size


def strip(predictor: Predictor, place: Place) -> Strip:
    """The strip, with every beat in it."""
    record = place.record
    first, last = extent(place)
    start, end = first / record.fs, last / record.fs
    found = all_beats(predictor, record.id, record.leads[place.lead], place.model.card.id)
    beats = found.beats
    columns = zip(beats.time, beats.symbol, beats.prediction, beats.margin, strict=True)
    near = [StripBeat(time=t, symbol=s, prediction=p, margin=m) for t, s, p, m in columns if start <= t < end]
    return Strip(
        start=start,
        time=numbers(np.arange(first, last) / record.fs, 5),
        value=numbers(record.signal[place.lead, first:last], 4),
        beats=near,
        beat_source=found.source,
    )


def _model(place: Place) -> LinkModel:
    card = place.model.card
    return LinkModel(
        id=card.id,
        title=card.title,
        weights_sha256=place.model.weights_sha256,
        input=card.input,
        temperature=card.temperature,
        limits=list(card.limits),
        leaks_patients=card.leaks_patients,
        seen=place.model.seen(place.record),
    )
