"""One explanation of one window, with every number that says how far to trust its picture."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Target(_Frozen):
    """The class whose score is explained."""

    index: int
    symbol: str
    name: str


class Scale(_Frozen):
    """The facts without which a map can be read as more than it is."""

    unit: str  # of the relevance
    maximum: float  # largest |relevance|, raw
    full: float  # full scale of the colour ramp, fixed for model and method
    full_is_fixed: bool  # False: the card has none for this method, so this map's own maximum is used
    nothing_found: bool  # the map moved less than 0.05 of its full scale: show it empty, never stretched
    score_before: float  # logit of the target
    score_after: float  # … after deleting the samples with at least half the maximal relevance
    probability_before: float  # calibrated
    probability_after: float
    deleted_fraction: float  # 0 … 1, how much of the window that was
    deletion_value: str  # "0", "mean", "0.5": what stood in for a deleted sample
    all_deleted: dict[str, float]  # class symbol → calibrated probability of the fully deleted window


class TrackResult(_Frozen):
    """A finding beside the map: what is drawn of it follows from its role and dimensions, never from the method."""

    role: str  # relevance, probability, attention, state, displacement, signal, loss
    name: str
    dims: list[str]  # of class, channel, unit, step, time: the axes of `values`
    values: Any  # nested lists along `dims`; a number where there are none; null for what is not finite
    unit: str = ""
    full: float | None = None  # full scale, where it is fixed
    labels: dict[str, list[str]] = {}  # dimension → names along it: classes' symbols, channels, units


class Explanation(_Frozen):
    """The result of one method on one window; what the cache holds and links freeze."""

    id: str  # hash of everything that decides the result
    method: str
    title: str
    parameters: dict[str, float | int | str | bool | None]
    version: str
    target: Target
    signed: bool
    relevance: list[list[float]] | None  # [channels][samples], raw units; null where the method gives no map
    tracks: list[TrackResult] = []  # everything else that the method found
    scale: Scale | None  # null where there is no map
    model: str
    weights_sha256: str
    versions: dict[str, str]  # beatlens, torch, numpy, python
    seconds: float  # time the method took; its share of it where many windows were explained at once
    created: str  # ISO 8601, UTC

    def track(self, role: str, *dims: str) -> TrackResult | None:
        """The first track of this role over exactly these dimensions, in any order."""
        return next((one for one in self.tracks if one.role == role and sorted(one.dims) == sorted(dims)), None)


def from_extras(data: dict[str, Any]) -> dict[str, Any]:
    """Today's form of an explanation of version 0.1, which kept what it found beside the map as `extras`."""
    found = {name: value for name, value in data.items() if name != "extras"}
    extras = data.get("extras", {})
    loss, curves = extras.get("loss"), extras.get("probabilities")
    tracks = []
    if loss:
        tracks.append({"role": "loss", "name": "objective", "dims": ["step"], "values": loss})
    if curves:  # the decision over time: its map was the target's probability in every lead
        symbols = list((found.get("scale") or {}).get("all_deleted", ()))
        labels = {"class": symbols} if len(symbols) == len(curves[0]) else {}
        row = {"role": "probability", "name": "output", "dims": ["time", "class"], "values": curves, "full": 1.0}
        tracks.append(row | {"unit": "probability", "labels": labels})
        found |= {"relevance": None, "scale": None}
    return found | {"tracks": tracks}
