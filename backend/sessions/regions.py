"""How far the regions that readers marked agree with the maps of each method."""

import json
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.explanations.service import Explanations
from backend.groups.maps import Windows, relevance
from backend.json_numbers import number
from backend.predictions.answers import class_index
from backend.predictions.service import Predictor
from backend.sessions.result_schemas import EstimateResponse, RegionsResponse
from backend.sessions.session_data import SessionData
from backend.sessions.tables import SessionItem
from models.errors import DomainError
from models.evaluation.readers import Interval, mean, overlap, overlap_by_chance, points_into
from models.explainers import Explainer, parse
from models.signals.windows import Cutter
from models.zoo import Model

Floats = NDArray[np.float32]
ASKED = 50  # maps that one look at the results asks for


@dataclass(frozen=True)
class Marked:
    """A reader's region on one item."""

    item: SessionItem
    region: tuple[float, float]  # ms from R


def estimate(found: Interval) -> EstimateResponse:
    """An interval for the answer."""
    value, low, high = (number(part, 4) for part in found)
    return EstimateResponse(value=value, low=low, high=high)


def agreement(predictor: Predictor, explanations: Explanations, data: SessionData) -> list[RegionsResponse]:
    """For each of the session's methods; instant maps are computed here, others that are not known are asked for."""
    marked = [
        Marked(data.items[position], read.region)
        for (_, position), read in data.reads.items()
        if read.region is not None
    ]
    return [_of_method(predictor, explanations, data, parse(dict(method)), marked) for method in _methods(data)]


def _methods(data: SessionData) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(data.row.methods)
    return found


def _of_method(
    predictor: Predictor, explanations: Explanations, data: SessionData, method: Explainer, marked: Sequence[Marked]
) -> RegionsResponse:
    maps = _maps(predictor, explanations, data, method, [one.item for one in marked])
    points: list[tuple[float, int]] = []  # value, patient
    overlaps: list[tuple[float, int]] = []
    chances: list[tuple[float, float]] = []
    patients = {item.recording_sha256: number for number, item in enumerate(data.items)}
    for one in marked:
        found = maps.get(one.item.position)
        if found is None:
            continue
        values, before, fs = found
        span = span_of(one.region, before, fs, values.shape[1])
        hit, shared = points_into(values, span), overlap(values, span)
        if hit is None or shared is None:
            continue
        patient, size = patients[one.item.recording_sha256], span.stop - span.start
        points.append((float(hit), patient))
        overlaps.append((shared, patient))
        chances.append((size / values.shape[1], overlap_by_chance(size, values.shape[1])))
    return RegionsResponse(
        method=method.method,
        title=method.title,
        regions=len(points),
        missing=len(marked) - len(points),
        pointing=estimate(mean([value for value, _ in points], [patient for _, patient in points])),
        pointing_by_chance=number(float(np.mean([by_chance for by_chance, _ in chances])), 4) if chances else None,
        iou=estimate(mean([value for value, _ in overlaps], [patient for _, patient in overlaps])),
        iou_by_chance=number(float(np.mean([by_chance for _, by_chance in chances])), 4) if chances else None,
    )


def span_of(region: tuple[float, float], before: int, fs: float, samples: int) -> slice:
    """Samples of the window in a region in ms from R; empty where it lies outside."""
    start, end = (int(np.clip(round(before + edge * fs / 1000), 0, samples)) for edge in region)
    return slice(start, end)


def _maps(
    predictor: Predictor,
    explanations: Explanations,
    data: SessionData,
    method: Explainer,
    items: Sequence[SessionItem],
) -> dict[int, tuple[Floats, int, float]]:
    """By position: what counts as important [leads, samples], samples before R, and Hz; nothing for unknown maps."""
    found: dict[int, tuple[Floats, int, float]] = {}
    try:
        model = predictor.model(data.row.model)
    except DomainError:
        return found
    if model.weights_sha256 != data.row.weights_sha256 or method.unsupported(model.network) or not method.ranks:
        return found
    groups: dict[tuple[str, str], dict[int, SessionItem]] = defaultdict(dict)
    for item in items:
        if item.output is not None:
            groups[item.recording, item.lead][item.position] = item
    spec, missing = model.card.input, list[SessionItem]()
    for (recording, lead), rows in groups.items():
        try:
            windows = _windows(predictor, model, recording, lead, list(rows.values()))
        except DomainError:  # the recording is not here any more, or is another
            continue
        known = relevance(explanations, model, method, windows)
        for position, values, valid in zip(rows, known, windows.valid, strict=True):
            if values is not None:
                important = np.maximum(method.importance(values[None])[0], 0)
                found[position] = (np.asarray(important, np.float32), spec.window.origin, spec.fs)
            elif valid:
                missing.append(rows[position])
    _ask(explanations, model, method, missing[:ASKED])
    return found


def _ask(explanations: Explanations, model: Model, method: Explainer, items: Sequence[SessionItem]) -> None:
    """Have the workers compute what is missing, after everything else; whoever looks again finds it."""
    for item in items if method.cost != "instant" else ():
        with suppress(DomainError):  # without a queue, or without a window there, it stays missing
            explanations.ask(
                recording=item.recording,
                at=item.at,
                lead=item.lead,
                model=model.card.id,
                target=item.output,
                explainer=method,
                urgency="bulk",
            )


def _windows(predictor: Predictor, model: Model, recording: str, lead: str, items: Sequence[SessionItem]) -> Windows:
    record = predictor.repository.open(recording)
    cutter = Cutter(record, model.card, record.lead_index(lead))
    rows = [cutter.row(item.at) for item in items if item.recording_sha256 == record.sha256]
    if len(rows) < len(items):
        raise DomainError(f"{recording} holds other samples than when this session was made")
    inputs, valid = cutter.together(rows)
    targets = np.array([class_index(model, item.output) for item in items], np.int64)
    return Windows(inputs, targets, valid)
