"""Whether a map can be trusted on this beat: the figures, and the one verdict that follows from them."""

from typing import Literal, get_args

from pydantic import BaseModel, ConfigDict

from models.explanations.explanation import Target

RULE = 2  # by which verdicts are made now; 1 knew "partly holds" and "not faithful"
Verdict = Literal[
    "holds up",
    "better than chance",
    "not told from chance",
    "cannot be judged",
    "nothing found",
    "partly holds",
    "not faithful",
]
MADE: tuple[Verdict, ...] = get_args(Verdict)[:5]  # by today's rule
CHANCE = 0.04  # as often, at most, a random mask does as well as a map that is better than chance
GAIN = 0.05  # of probability, that a map has to be ahead of random masks and of every shape that knows no model
ROOM = 0.2  # of probability, between the whole window and the replaced one: less does not tell maps apart


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
    gain: float | None = None  # of probability, above the random masks' mean; None by rule 1


class Replacement(_Frozen):
    """What the window was replaced by, piece by piece, to judge its map."""

    windows: int
    symbol: str | None  # of the class that the model gives these windows; None: a value of the method's own
    name: str  # "Ventricular premature", or the value: "0", "mean"


class ErrorRates(_Frozen):
    """How often the verdict was wrong where that is known: shares of test windows, as `evaluate verdict` found them."""

    windows: int
    patients: int
    false: dict[str, float]  # map that cannot know → share of windows on which it holds up
    worst_high: float  # upper end of the 95 % interval of the largest of these


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
    fractions: list[float]  # of the window's samples that are deleted, or inserted
    deletion: Curve
    insertion: Curve
    agreement: list[Agreement]  # with occlusion; empty for occlusion itself, or where it was not asked for
    stability: Stability | None  # None where it was not asked for
    randomised: float | None = None  # ρ with the map of shuffled weights, where it was asked for
    baselines: list[Baseline]
    all_deleted: dict[str, float]  # class symbol → calibrated probability of the window replaced whole, mean of fills
    deletion_value: str
    rule: int = 1  # by which the verdict was made
    chance: float | None = None  # 0 … 1, share of random masks that do as well or better; this and what follows: rule 2
    gain: float | None = None  # of probability: insertion less deletion, above the random masks' mean
    lead: float | None = None  # … above that of the best shape that knows no model
    room: float | None = None  # … by which the class falls as the window is replaced whole
    replacement: Replacement | None = None
    error_rates: ErrorRates | None = None  # None: nobody measured them for this model
    settings: TrustSettings
    versions: dict[str, str]
    seconds: float


def verdict(chance: float, gain: float, lead: float, room: float, nothing_found: bool) -> Verdict:
    """What follows from a map's figures on one window.

    Parameters
    ----------
    chance : share of random masks that do as well as the map or better, itself counted among them (0 … 1)
    gain : of probability, by which its insertion less deletion is above the mean of the random masks'
    lead : of probability, by which it is above that of the best shape that knows no model
    room : of probability, by which the class falls as the window is replaced whole
    nothing_found : the map hardly moved
    """
    if nothing_found:
        return "nothing found"
    if room < ROOM:
        return "cannot be judged"
    if chance > CHANCE:
        return "not told from chance"
    return "holds up" if min(gain, lead) >= GAIN else "better than chance"
