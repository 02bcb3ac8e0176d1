"""The variables of a window whose model is told which values were measured."""

from typing import Any

from frontend.figures.stay.rows import Variable


def is_stay(beat: dict[str, Any]) -> bool:
    """Whether a window, as the service answers it, is one of measurements carried forward."""
    window = beat["window"] or {}
    return any(row is not None for row in window.get("masks") or ())


def variables(beat: dict[str, Any], explanation: dict[str, Any] | None) -> list[Variable]:
    """What the model reads, in its order, with the relevance of value and mask together."""
    window, maps = beat["window"], explanation and explanation["relevance"]
    masks = window["masks"]
    found = []
    for row, values in enumerate(window["millivolts"]):
        if row in masks:
            continue
        mask = masks[row]
        measured = [bool(one) for one in window["millivolts"][mask]] if mask is not None else [True] * len(values)
        known = values if any(measured) else [None] * len(values)
        normal = window["normal"][row]
        relevance = _summed(maps[row], maps[mask] if mask is not None else None) if maps else ()
        name, unit = beat["channels"][row], window["units"][row]
        found.append(Variable(name, unit, normal and (normal[0], normal[1]), known, measured, relevance))
    return found


def _summed(values: list[float], mask: list[float] | None) -> list[float]:
    """The relevance of a variable: of what was measured, and of that it was."""
    return [a + b for a, b in zip(values, mask, strict=True)] if mask else list(values)


def weight(variable: Variable) -> tuple[bool, float, int]:
    """How much of the map a variable holds; where there is none, how often it was measured. Never measured: last."""
    return any(variable.measured), variable.raises + variable.lowers, sum(variable.measured)


def full_of(known: list[Variable]) -> float:
    """Relevance at the colours' ends: no more than one cell in two hundred is above it."""
    largest = sorted(abs(value) for one in known for value in one.relevance)
    return (largest[int(0.995 * (len(largest) - 1))] or largest[-1] or 1.0) if largest else 1.0
