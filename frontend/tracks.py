"""What an explanation holds beside or instead of a map of relevance: tracks, each with its role and dimensions."""

from dataclasses import dataclass, field
from typing import Any

from frontend.api import JSON


@dataclass(frozen=True)
class Track:
    """One of them; `values` are nested in the order of `dims`."""

    role: str  # relevance, probability, attention, state, displacement, signal, loss
    name: str
    dims: tuple[str, ...]  # of class, channel, unit, step, time
    values: list[Any]
    unit: str = ""
    full: float | None = None  # of the scale
    labels: dict[str, list[str]] = field(default_factory=dict)  # dimension → names along it


def tracks(explanation: JSON) -> list[Track]:
    """All tracks of an explanation."""
    names = ("role", "name", "values", "unit", "full", "labels")
    return [Track(**{name: one[name] for name in names}, dims=tuple(one["dims"])) for one in explanation["tracks"]]


def of_role(explanation: JSON, role: str, *dims: str) -> Track | None:
    """The first track of a role that runs over these dimensions; None where there is none."""
    return next((one for one in tracks(explanation) if one.role == role and set(dims) <= set(one.dims)), None)


def over_time(explanation: JSON) -> Track | None:
    """The output over time, of an explanation that holds no map of relevance; None for a map."""
    return None if shows_relevance(explanation) else of_role(explanation, "probability", "time", "class")


def shows_relevance(explanation: JSON) -> bool:
    """Whether there is a map of relevance."""
    return explanation["relevance"] is not None
