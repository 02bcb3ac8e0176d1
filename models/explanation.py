"""One explanation of one window, with every number that says how far to trust its picture."""

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


class Explanation(_Frozen):
    """The result of one method on one window; what the cache holds and links freeze."""

    id: str  # hash of everything that decides the result
    method: str
    title: str
    parameters: dict[str, float | int | str | bool | None]
    version: str
    target: Target
    signed: bool
    relevance: list[list[float]]  # [leads][samples], raw units
    extras: dict[str, list[object]]  # loss curve, temporal probabilities [samples][classes], …
    scale: Scale
    model: str
    weights_sha256: str
    versions: dict[str, str]  # beatlens, torch, numpy, python
    seconds: float  # time the method took; its share of it where many windows were explained at once
    created: str  # ISO 8601, UTC
