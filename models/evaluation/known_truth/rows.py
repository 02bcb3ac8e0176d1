"""All beats of one kind of map, over the networks that it explained, and the means that follow from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.evaluation import bootstrap
from models.evaluation.bootstrap import Estimate
from models.evaluation.known_truth.judging import Judgement, Verdicts
from models.evaluation.trust import Verdict

MEASURES = ("AUP", "AUR", "IoU")


@dataclass(frozen=True)
class Rows:
    """One kind of map; every list and array has a place for each beat."""

    title: str
    group: str
    scores: dict[str, NDArray[np.float64]]  # one of MEASURES → [beats]
    verdicts: Verdicts
    labels: NDArray[np.int64]
    feature: list[str]
    kind: list[str]  # of network
    seed: NDArray[np.int64]  # of network

    def mean(self, measure: str, label: int | None = None) -> Estimate:
        """Mean of a measure, features and kinds counting alike; of one class alone where it is said."""
        return self._estimate(self.scores[measure], label)

    def lead(self, measure: str, over: "Rows") -> Estimate:
        """How far its mean is above another's of the same beats."""
        return self._estimate(self.scores[measure] - over.scores[measure])

    def holds(self, fill: str) -> Estimate:
        """Share of beats for which it holds up, features and kinds counting alike."""
        return self._estimate(np.array([word == "holds up" for word in self.verdicts[fill]], dtype=np.float64))

    def told(self, fill: str) -> Estimate:
        """Share of beats for which it is told from chance: it holds up, or is better than chance."""
        better = ("holds up", "better than chance")
        return self._estimate(np.array([word in better for word in self.verdicts[fill]], dtype=np.float64))

    def holds_of(self, feature: str, fill: str) -> float:
        """Share of one feature's beats for which it holds up."""
        own = [word for word, name in zip(self.verdicts[fill], self.feature, strict=True) if name == feature]
        return own.count("holds up") / len(own)

    def share(self, fill: str, word: Verdict) -> float:
        """Share of beats with a verdict."""
        return self.verdicts[fill].count(word) / len(self.labels)

    def of(self, feature: str, label: int) -> float:
        """Mean IoU in one class of one feature."""
        return float(self.scores["IoU"][(np.array(self.feature) == feature) & (self.labels == label)].mean())

    def _estimate(self, values: NDArray[np.float64], label: int | None = None) -> Estimate:
        chosen = np.ones(len(self.labels), dtype=np.bool_) if label is None else self.labels == label
        names = [f"{kind} {feature}" for kind, feature in zip(self.kind, self.feature, strict=True)]
        groups = np.unique(names, return_inverse=True)[1][chosen]
        seed = self.seed[chosen]
        shares = {int(group): bootstrap.resamples(seed[groups == group]) for group in np.unique(groups)}
        return bootstrap.estimate(bootstrap.means(values[chosen], groups, shares))


def collected(judgements: Sequence[Judgement]) -> list[Rows]:
    """The rows of every kind of map, the highest IoU first."""
    titles = dict.fromkeys(found.title for one in judgements for found in one.found)
    return sorted((_rows(title, judgements) for title in titles), key=lambda rows: -rows.mean("IoU").mean)


def _rows(title: str, judgements: Sequence[Judgement]) -> Rows:
    pairs = [(one, found) for one in judgements for found in one.found if found.title == title]
    fills = pairs[0][1].verdicts
    return Rows(
        title=title,
        group=pairs[0][1].group,
        scores={name: np.concatenate([found.scores[i] for _, found in pairs]) for i, name in enumerate(MEASURES)},
        verdicts={fill: [word for _, found in pairs for word in found.verdicts[fill]] for fill in fills},
        labels=np.concatenate([one.beats.labels for one, _ in pairs]),
        feature=_each((one.taught.feature.name, len(one.beats)) for one, _ in pairs),
        kind=_each((one.taught.kind, len(one.beats)) for one, _ in pairs),
        seed=np.concatenate([np.full(len(one.beats), one.taught.seed) for one, _ in pairs]),
    )


def _each(names: Iterable[tuple[str, int]]) -> list[str]:
    return [name for name, count in names for _ in range(count)]


def as_json(rows: Sequence[Rows]) -> dict[str, object]:
    """Every mean with its interval."""
    return {
        one.title: {
            "group": one.group,
            "beats": len(one.labels),
            **{name: one.mean(name)._asdict() for name in MEASURES},
            "IoU, feature there": one.mean("IoU", 1)._asdict(),
            "IoU, feature missing": one.mean("IoU", 0)._asdict(),
            "holds up": {fill: one.holds(fill)._asdict() for fill in one.verdicts},
            "told from chance": {fill: one.told(fill)._asdict() for fill in one.verdicts},
        }
        for one in rows
    }
