"""Whether a map can be trusted on this beat: the figures, and the one verdict that follows from them."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.explanations.explanation import Target

Verdict = Literal["holds up", "partly holds", "not faithful", "nothing found"]
BETTER = 0.95  # of the random masks, that a map has to beat


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Curve(_Frozen):
    """The target's calibrated probability as more and more of the window is deleted, or alone is left."""

    map: list[float]  # [fractions], by the map's order of importance
    random: list[float]  # [fractions], mean of the random masks
    low: list[float]  # [fractions], their 5th percentile
    high: list[float]  # [fractions], their 95th
    mean: float  # of `map` over the fractions
    random_mean: float
    better_than: float  # 0 … 1, share of the random masks whose mean is worse


class Baseline(_Frozen):
    """A map that knows no model, judged alike."""

    name: str  # "|x|", "triangle at R"
    deletion: float  # mean probability over the fractions
    insertion: float
    deletion_better_than: float
    insertion_better_than: float


class Agreement(_Frozen):
    """With the map of another method, at its default settings."""

    method: str
    title: str
    rho: float | None  # Spearman's, of what counts as important; None where a map is flat


class Stability(_Frozen):
    """Stability of the map under changes that should not matter: rank correlations with the map itself."""

    noise: list[float | None]  # one for each noisy copy of the input
    seeds: list[float | None] | None  # one for each other seed; None where nothing in the method is random


class TrustSettings(_Frozen):
    """How the figures were made."""

    random_masks: int
    smoothing: int  # samples over which a random mask is averaged
    noise: float  # standard deviation added to the network's input
    copies: int
    seed: int


class Trust(_Frozen):
    """The judgement of one method on one window."""

    id: str  # hash of everything that decides it
    explanation: str  # id of the judged map
    method: str
    title: str
    target: Target
    verdict: Verdict
    fractions: list[float]  # 0 … 0.6, of the window's samples
    deletion: Curve
    insertion: Curve
    agreement: list[Agreement]  # with occlusion; empty for occlusion itself, or where it was not asked for
    stability: Stability | None  # None where it was not asked for
    randomised: float | None = None  # ρ with the map of shuffled weights, where it was asked for
    baselines: list[Baseline]
    all_deleted: dict[str, float]  # class symbol → calibrated probability of the fully deleted window
    deletion_value: str
    settings: TrustSettings
    versions: dict[str, str]
    seconds: float


def verdict(deletion: Curve, insertion: Curve, nothing_found: bool) -> Verdict:
    """Holds up where both curves beat 95 % of the random masks, partly where one does."""
    if nothing_found:
        return "nothing found"
    passed = [curve.better_than >= BETTER for curve in (deletion, insertion)]
    return "holds up" if all(passed) else "partly holds" if any(passed) else "not faithful"
