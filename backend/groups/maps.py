"""Mean relevance of groups of beats, over what was computed before."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from backend.explanations.service import Explanations
from backend.groups.schemas import MapsRequest, MapsResponse, MeanMap
from backend.json_numbers import numbers
from backend.predictions.answers import class_index
from backend.predictions.service import Predictor
from models.errors import InvalidError, UnsupportedError
from models.explainers import Explainer
from models.explanations.explaining import batch_of, calibrated, full_scale
from models.signals.windows import Cutter
from models.tasks.explanation import check_supported
from models.tasks.explanation import explanations as ask_maps
from models.zoo import Model
from workers.errors import redis_as_domain_error

Floats = NDArray[np.float32]
MOST = 64  # beats of one group


@dataclass(frozen=True)
class Windows:
    """Beats as the network reads them."""

    inputs: Floats  # [beats, leads, samples]
    targets: NDArray[np.int64]  # [beats], class index
    valid: NDArray[np.bool_]  # [beats]


def maps(predictor: Predictor, explanations: Explanations, id: str, ask: MapsRequest) -> MapsResponse:
    """The mean map of each group; a beat whose map is not known yet is left out, and counted by its absence."""
    model, method = predictor.model(ask.model, predictor.repository.entry(id).kind), ask.explainer
    check_supported(model, method)
    if not method.ranks:
        raise UnsupportedError(f"{method.title} is no map of relevance: it has no mean", field="explainer")
    if any(len(group) > MOST for group in ask.groups):
        raise InvalidError(f"A group of {max(map(len, ask.groups))} beats: at most {MOST} are averaged", field="groups")
    windows = _windows(predictor, id, ask, model)
    return _answer(model, method, ask.groups, relevance(explanations, model, method, windows))


def relevance(explanations: Explanations, model: Model, method: Explainer, windows: Windows) -> list[Floats | None]:
    """Relevance [leads, samples] of each window; None where it is not known yet."""
    find = _instant if method.cost == "instant" else _cached
    return find(explanations, model, method, windows)


def _windows(predictor: Predictor, id: str, ask: MapsRequest, model: Model) -> Windows:
    record = predictor.repository.open(id)
    lead = record.lead_index(ask.lead)
    cutter = Cutter(record, model.card, lead)
    indices = [cutter.row(sample) for group in ask.groups for sample in group]
    inputs, valid = cutter.together(indices)
    chosen = class_index(model, ask.target)
    own = predictor.outputs(record, lead, model).probabilities[indices].argmax(axis=1)
    targets = np.full(len(indices), chosen) if chosen is not None else own
    return Windows(inputs, targets.astype(np.int64), valid)


def _instant(_: Explanations, model: Model, method: Explainer, windows: Windows) -> list[Floats | None]:
    """Relevance [leads, samples] of each window, computed here in one batch."""
    rows: list[Floats | None] = [None] * len(windows.valid)
    indices = np.flatnonzero(windows.valid)
    if len(indices):
        questions = ask_maps(model, windows.inputs[indices], windows.targets[indices].tolist(), method)
        values = method.attribute(calibrated(model), batch_of(questions)).values
        for context, value in zip(indices, values, strict=True):
            rows[context] = np.asarray(value)
    return rows


def _cached(explanations: Explanations, model: Model, method: Explainer, windows: Windows) -> list[Floats | None]:
    """Relevance [leads, samples] of each window where a worker has computed it before."""
    rows: list[Floats | None] = [None] * len(windows.valid)
    indices = np.flatnonzero(windows.valid)
    questions = ask_maps(model, windows.inputs[indices], windows.targets[indices].tolist(), method)
    for context, question in zip(indices, questions, strict=True):
        known = _known(explanations, question.id)
        rows[context] = None if known is None else np.asarray(known, dtype=np.float32)
    return rows


def _known(explanations: Explanations, id: str) -> list[list[float]] | None:
    if cached := explanations.kept(id):
        return cached.relevance
    if explanations.queue is None:
        return None
    with redis_as_domain_error():
        found = explanations.queue.cache.get(id)
    relevance: list[list[float]] | None = found["relevance"] if found else None
    return relevance


def _answer(model: Model, method: Explainer, groups: list[list[int]], rows: list[Floats | None]) -> MapsResponse:
    """The mean of each group's known rows; `rows` are those of all groups, one group after the other."""
    spec, fixed = model.card.input, full_scale(model, method)
    ends = np.cumsum([0, *map(len, groups)])
    known = [[row for row in rows[a:z] if row is not None] for a, z in pairwise(ends)]
    means = [np.mean(part, axis=0) if part else None for part in known]
    largest = max((float(np.abs(mean).max()) for mean in means if mean is not None), default=0.0)
    return MapsResponse(
        unit=method.units,
        signed=method.signed,
        full=fixed if fixed is not None else largest or 1.0,
        full_is_fixed=fixed is not None,
        before=spec.window.origin * 1000 / spec.fs,
        step=1000 / spec.fs,
        maps=[
            MeanMap(n=len(part), relevance=None if mean is None else numbers(mean))
            for part, mean in zip(known, means, strict=True)
        ],
    )
