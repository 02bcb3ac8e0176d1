"""What an explanation holds beside or instead of a map of relevance: tracks, each with its role and dimensions."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from frontend.api import JSON

SEES, CENTRES = "one step sees", "step centres"  # tracks that say where a network's steps lie (decision 19), in samples
SPREAD = ("time", "unit", "step")  # dimensions of many values: what else there is becomes tracks of its own


@dataclass(frozen=True)
class Track:
    """A track of an explanation; `values` are nested in the order of `dims`."""

    role: str  # relevance, probability, attention, state, displacement, signal, loss
    name: str
    dims: tuple[str, ...]  # of class, channel, unit, step, time
    values: Any
    unit: str = ""
    full: float | None = None  # of the scale
    labels: dict[str, list[str]] = field(default_factory=dict)  # dimension → names along it
    channel: int = 0  # of one that was cut out of several

    @property
    def array(self) -> NDArray[np.float64]:
        """The values along `dims`; NaN for what is not finite."""
        return np.array(self.values, dtype=np.float64)

    def count(self, dim: str) -> int:
        """How many values there are along a dimension."""
        return int(self.array.shape[self.dims.index(dim)])

    def along(self, *dims: str) -> NDArray[np.float64]:
        """The values with their dimensions in this order."""
        return self.array.transpose([self.dims.index(dim) for dim in dims])

    def names(self, dim: str) -> list[str]:
        """Names along a dimension, else numbers from 1."""
        known = self.labels.get(dim) or ()
        count = self.count(dim)
        return list(known) if len(known) == count else [str(i + 1) for i in range(count)]

    def single(self, dim: str, index: int) -> "Track":
        """What it says at one place of a dimension, called by that place's name."""
        dims = tuple(other for other in self.dims if other != dim)
        values = np.take(self.array, index, axis=self.dims.index(dim))
        name = f"{self.name}, {self.names(dim)[index]}" if self.count(dim) > 1 else self.name
        channel = index if dim == "channel" else self.channel
        return replace(self, dims=dims, values=values.tolist(), name=name, channel=channel)


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


def sees(explanation: JSON) -> float | None:
    """Samples that one step of the network sees; None where the method does not say."""
    found = next((one for one in tracks(explanation) if one.name == SEES and not one.dims), None)
    return float(found.array) if found else None


def centres(explanation: JSON) -> list[float]:
    """The samples on which the network's steps are centred; none where the method does not say."""
    found = next((one for one in tracks(explanation) if one.name == CENTRES and one.dims == ("step",)), None)
    return [float(value) for value in found.values] if found else []


def beside(explanation: JSON) -> list[Track]:
    """The tracks that are not the picture, each of at most two dimensions; over time where steps have their places."""
    picture, placed = over_time(explanation), centres(explanation)
    shown = [one for one in tracks(explanation) if one != picture and not (placed and one.name == CENTRES)]
    return [part for one in shown for part in flat(in_time(one, len(placed)))]


def in_time(track: Track, steps: int) -> Track:
    """A track over so many steps, whose places are known, as one over time; others as they are."""
    if not steps or "step" not in track.dims or "time" in track.dims or track.count("step") != steps:
        return track
    return replace(track, dims=tuple("time" if dim == "step" else dim for dim in track.dims))


def flat(track: Track) -> Iterator[Track]:
    """A track of more than two dimensions as several, one for each class, channel or step; others as they are.

    Dimensions of one value are left out, and each channel of a signal stands alone, above its original.
    """
    dim = _cut(track)
    if dim is None:
        yield track
        return
    for index in range(track.count(dim)):
        yield from flat(track.single(dim, index))


def _cut(track: Track) -> str | None:
    """The dimension along which a track falls apart; None where it is drawn as it is."""
    short = next((dim for dim in track.dims if track.count(dim) == 1), None)
    if short or (len(track.dims) <= 2 and not (track.role == "signal" and "channel" in track.dims)):
        return short
    return next((dim for dim in track.dims if dim not in SPREAD), track.dims[0])
