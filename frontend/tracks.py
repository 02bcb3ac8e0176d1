"""What an explanation holds beside or instead of a map of relevance: tracks, each with its role and dimensions."""

from dataclasses import dataclass
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
    labels: tuple[str, ...] = ()


def tracks(explanation: JSON) -> list[Track]:
    """All tracks of an explanation; also of one that was made before there were any."""
    if "tracks" not in explanation:
        return earlier(explanation.get("extras") or {})
    names = ("role", "name", "values", "unit", "full")
    return [
        Track(**{name: one[name] for name in names}, dims=tuple(one["dims"]), labels=tuple(one.get("labels") or ()))
        for one in explanation["tracks"]
    ]


def earlier(extras: JSON) -> list[Track]:
    """The tracks that stood among an explanation's `extras`."""
    found = []
    if extras.get("probabilities"):
        found.append(Track("probability", "output over time", ("time", "class"), extras["probabilities"], full=1.0))
    if extras.get("loss"):
        found.append(Track("loss", "loss", ("step",), extras["loss"]))
    return found


def of_role(explanation: JSON, role: str, *dims: str) -> Track | None:
    """The first track of a role that runs over these dimensions; None where there is none."""
    return next((one for one in tracks(explanation) if one.role == role and set(dims) <= set(one.dims)), None)


def over_time(explanation: JSON) -> Track | None:
    """The output over time, of an explanation that holds no map of relevance; None for a map."""
    mapped = explanation.get("relevance") is not None and "tracks" in explanation
    return None if mapped else of_role(explanation, "probability", "time", "class")


def shows_relevance(explanation: JSON) -> bool:
    """Whether there is a map of relevance."""
    return explanation.get("relevance") is not None and over_time(explanation) is None
