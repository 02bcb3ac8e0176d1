"""What a card says of how good its model is: one shape for beats, rhythms and stays. Nothing here is computed anew."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from frontend import format
from frontend.api import JSON

SETS = {  # parts of a card's evaluation with counts by class, the one that is shown elsewhere first
    "reference": "reference beats, as they are shown",
    "test": "test",
    "pooled": "held out in turn",
    "validation": "validation",
}
COUNTED = ("beats", "examples", "stays")  # what the counts are of


@dataclass(frozen=True)
class Measured:
    """How a model did on one set of windows."""

    name: str  # "test"
    values: JSON

    @property
    def noun(self) -> str:
        """What was counted: "beat"."""
        return next((name for name in COUNTED if name in self.values), "windows").removesuffix("s")

    @property
    def count(self) -> int:
        """How many windows."""
        return int(self.values.get(self.noun + "s", 0))

    @property
    def words(self) -> str:
        """`19,311 reference beats, as they are shown; 9 patients`."""
        patients = self.values.get("patients")
        counted = SETS[self.name] if self.noun in SETS[self.name] else f"{self.noun}s, {SETS[self.name]}"
        return f"{format.count(self.count)} {counted}" + (f"; {format.plural(patients, 'patient')}" if patients else "")


def measured(card: JSON) -> list[Measured]:
    """The sets on which a confusion matrix was counted, the one that is shown elsewhere first."""
    found = card["evaluation"]
    return [Measured(name, found[name]) for name in SETS if "confusion" in found.get(name, {})]


def areas(card: JSON) -> dict[str, JSON]:
    """Figures with their intervals `{value, low, high}` of the test set, by name: of a card without a confusion."""
    test = card["evaluation"].get("test", {})
    return {name: one for name, one in test.items() if isinstance(one, dict) and {"value", "low", "high"} <= set(one)}


@dataclass(frozen=True)
class Spread:
    """Accuracies of other runs of the same training, and which of them is in use."""

    words: str  # "Other seeds"
    values: tuple[float, ...]
    own: float | None  # of the weights in use


def spreads(card: JSON) -> list[Spread]:
    """What other seeds, other splits and folds gave; nothing of a card that was made from one run."""
    runs, folds = card["evaluation"].get("runs", []), card["evaluation"].get("folds", [])
    found = []
    if runs and all("test" in run for run in runs):
        own = runs[0]
        for words, key, other in (("Other seeds", "split_seed", "seed"), ("Other splits", "seed", "split_seed")):
            alike = [run for run in runs if run[key] == own[key]]
            if len({run[other] for run in alike}) > 1:
                found.append(Spread(words, tuple(_accuracy(run["test"]) for run in alike), _accuracy(own["test"])))
    if len(folds) > 1:
        found.append(Spread("Folds", tuple(_accuracy(one) for one in folds), None))
    return found


def _accuracy(values: Mapping[str, Any]) -> float:
    return float(values["accuracy"])


@dataclass(frozen=True)
class Bin:
    """Windows of about one probability: what the model said, and how often it was so."""

    said: float
    happened: float
    count: int


def calibration_curve(card: JSON) -> list[Bin]:
    """The curve of the test set; empty where the card has only the error."""
    test, own = card["evaluation"].get("test", {}), card["evaluation"].get("calibration", {})
    bins = own.get("curve") or test.get("bins") or []
    return [Bin(one["said"], one["happened"], next(one[name] for name in COUNTED if name in one)) for one in bins]


def patients(card: JSON, split: str) -> int:
    """How many patients' recordings were used for this."""
    return len({used["patient"] for used in card["records"] if used["split"] == split})
