"""A frozen document beside today's answer. Whatever is wrong today is a note, never an error."""

import logging

import numpy as np

from backend.database import Database
from backend.links.readings import labelled_since
from backend.links.schemas import Frozen, Live
from backend.predictions.answers import prediction
from backend.predictions.service import Predictor
from models.errors import DomainError
from models.explainers import explainers
from models.explanations.explaining import versions
from models.zoo import Model

log = logging.getLogger("beatlens.api")
SAME = 1e-3  # largest difference of probabilities that is rounding


def compare(predictor: Predictor, database: Database, frozen: Frozen) -> Live:
    """What is different today, and what cannot be compared."""
    changed, notes = [*_readings(database, frozen), *_tools(frozen)], []
    try:
        model = predictor.model(frozen.model.id)
        if model.weights_sha256 != frozen.model.weights_sha256:
            old, new = frozen.model.weights_sha256[:12], model.weights_sha256[:12]
            changed.append(f"Model {frozen.model.id} has other weights today ({new}…, then {old}…)")
        changed += _answer(predictor, frozen, model)
    except DomainError as error:
        notes.append(f"Cannot be compared with today's answer: {error}")
    except Exception:
        log.exception("comparing a link with today")
        notes.append("Cannot be compared with today's answer: the comparison failed")
    return Live(differs=bool(changed), notes=changed + notes)


def _readings(database: Database, frozen: Frozen) -> list[str]:
    """Labels that readers have given the beat since."""
    if frozen.readings is None:
        return []
    where = frozen.record
    labels = labelled_since(database, where.sha256, (where.start, where.end), frozen.readings.revision)
    return [f"A reader labelled this beat {label} after this page was frozen" for label in labels]


def _tools(frozen: Frozen) -> list[str]:
    """Methods and version of the program that have changed since."""
    changed, known = [], explainers()
    for result in frozen.explanations:
        kind = known.get(result.method)
        if kind is None:
            changed.append(f"The method {result.title} is no longer there")
        elif kind.version != result.version:
            changed.append(f"{result.title} is at version {kind.version} today, then {result.version}")
    now, then = versions()["beatlens"], frozen.versions.get("beatlens")
    if now != then:
        changed.append(f"Beatlens is at version {now} today, then {then}")
    return list(dict.fromkeys(changed))


def _answer(predictor: Predictor, frozen: Frozen, model: Model) -> list[str]:
    """What the recording and the model say today, where it is something else."""
    record = predictor.repository.open(frozen.record.id)
    if record.sha256 != frozen.record.sha256:
        return [f"Recording {frozen.record.name} holds other samples today"]
    context = predictor.resolve_window(record.id, frozen.record.at, frozen.record.lead, model.card.id)
    changed = []
    label = context.label
    if label != frozen.window.label:
        changed.append(f"The reference label is {label or 'none'} today, then {frozen.window.label or 'none'}")
    if (frozen.window.window is None) or frozen.prediction is None:
        return changed
    window = context.window()
    shape = np.asarray(frozen.window.window.input).shape
    if window.input.shape != shape or not np.allclose(window.input, frozen.window.window.input, atol=SAME):
        changed.append("The model is shown something else today: another R peak, or other preprocessing")
    now, then = prediction(model, window.input), frozen.prediction
    if now.symbol != then.symbol:
        return [*changed, f"The model's output is {now.name} today, then {then.name}"]
    if not np.allclose(now.probabilities, then.probabilities, atol=SAME):
        mine, theirs = now.probabilities[now.index], then.probabilities[then.index]
        changed.append(f"The probability of {now.name} is {mine:.3f} today, then {theirs:.3f}")
    return changed
