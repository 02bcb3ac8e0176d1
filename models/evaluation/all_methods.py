"""Every method that gives relevance, judged alike on test patients: one row each, with intervals by patient."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import bootstrap
from models.evaluation.bootstrap import Estimate
from models.evaluation.checks import baselines
from models.evaluation.checks.agreement import rank_correlation
from models.evaluation.checks.randomised import randomised
from models.evaluation.cumulative import SHARE, cumulative
from models.evaluation.curves import areas
from models.evaluation.deletion import SANITY_BEATS
from models.evaluation.maps import importance
from models.evaluation.report import average, shown
from models.evaluation.sample import Sample, draw
from models.explainers import Explainer, explainers
from models.explainers.tracks import Floats
from models.networks.base import Network
from models.training.datasets.mitdb_beats import Say
from models.zoo import Model

COLUMNS = ("deletion area", "insertion area", "CPD", "CPP")


@dataclass(frozen=True)
class Row:
    """One map's figures."""

    title: str
    group: str
    figures: dict[str, Estimate]
    survival: float | None = None  # mean rank correlation with the map of shuffled weights


def methods_report(model: Model, data_dir: Path, per_class: int, out: Path, cache: Path, say: Say = print) -> str:
    """The table in Markdown, and its figures in `out`/methods-<model>.json.

    Maps are kept in `cache`, batch by batch: a stopped run goes on where it was.
    """
    sample = draw(model, data_dir, per_class, cache, say)
    rows = judged(model, sample, cache / "maps", say)
    file = out / f"methods-{model.card.id}.json"
    out.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({row.title: as_json(row) for row in rows}, indent=1) + "\n")
    say(f"Figures are in {file}")
    return markdown(model, sample, rows)


def methods_of(network: Network) -> list[Explainer]:
    """The methods whose maps can be judged by deleting, with their default settings, that can explain a network."""
    found = [kind(method=name) for name, kind in explainers().items() if kind.unsupported(network) is None]
    return [method for method in found if method.ranks]


def judged(model: Model, sample: Sample, store: Path, say: Say) -> list[Row]:
    """A row for every method and for what knows no model, the largest deletion area first."""
    nonsense, few = randomised(model.network), part(sample, SANITY_BEATS)
    rows = []
    for method in methods_of(model.network):
        maps = importance(method, model.network, sample, store, say)
        shuffled = importance(method, nonsense, sample_of(sample, few), store, say)
        survival = average(rank_correlation(maps[few], shuffled))
        rows.append(Row(method.title, method.group, figures(model, sample, maps), survival))
    peak = model.card.input.window.origin
    plain = {
        "\\|x\\|": baselines.magnitude(sample.inputs),
        "triangle at R": baselines.triangle(sample.inputs, peak),
        "noise": baselines.random(sample.inputs),
    }
    rows += [Row(name, "knows no model", figures(model, sample, maps)) for name, maps in plain.items()]
    return sorted(rows, key=lambda row: -row.figures["deletion area"].mean)


def figures(model: Model, sample: Sample, maps: Floats) -> dict[str, Estimate]:
    """Each column's mean over classes of maps [beats, leads, samples], with its interval."""
    labels, patient = sample.labels, sample.patient
    shares = {int(label): bootstrap.resamples(patient[labels == label]) for label in np.unique(labels)}
    columns = (*areas(model.network, sample.inputs, labels, maps), *cumulative(model.network, sample.inputs, maps))
    means = (bootstrap.estimate(bootstrap.means(values, labels, shares)) for values in columns)
    return dict(zip(COLUMNS, means, strict=True))


def part(sample: Sample, each: int) -> NDArray[np.int64]:
    """The first beats of every class, at most so many of each."""
    return np.concatenate([np.flatnonzero(sample.labels == label)[:each] for label in np.unique(sample.labels)])


def sample_of(sample: Sample, rows: NDArray[np.int64]) -> Sample:
    """Some of its beats."""
    return Sample(sample.inputs[rows], sample.labels[rows], sample.patient[rows], sample.patients)


def as_json(row: Row) -> dict[str, object]:
    """A row with its intervals."""
    known = {name: value._asdict() for name, value in row.figures.items()}
    return {"group": row.group, **known, "rank correlation with shuffled weights": row.survival}


def markdown(model: Model, sample: Sample, rows: list[Row]) -> str:
    """What was done, and the table."""
    words = (
        f"Model {model.card.id} (weights {model.weights_sha256[:12]}), {len(sample)} beats of test patients. Each map "
        "explains the logit of the true class with the method's default settings. Areas as above, in logits: larger is "
        f"better. CPD and CPP: sum of changes of the probabilities as the {SHARE:.0%} of samples with the largest "
        "|relevance| (CPD, larger is better) or the smallest (CPP, smaller is better) are set to 0 one after the other "
        "(TIMING, 2025). ρ: mean rank correlation with the map of the same network with shuffled weights; near 1 the "
        "map shows the data. In brackets 95 % intervals of resampled patients, then of their beats, class by class."
    )
    head = ["| map | group | deletion | insertion | CPD | CPP | ρ |", "|---|---|---|---|---|---|---|"]
    lines = [
        f"| {row.title} | {row.group} | {' | '.join(shown(row.figures[name]) for name in COLUMNS)} | "
        f"{'–' if row.survival is None else f'{row.survival:.2f}'} |"
        for row in rows
    ]
    return "\n".join([words, "", *head, *lines]) + "\n"
