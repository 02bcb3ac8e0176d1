"""Paper 000's judgement of the methods (§4.2), beside baselines that know no model, with intervals by patient."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.evaluation import report
from models.evaluation.checks.agreement import rank_correlation
from models.evaluation.checks.randomised import randomised
from models.evaluation.curves import ALPHAS, areas, reductions
from models.evaluation.findings import ALL, MEASURES, Findings
from models.evaluation.maps import BASELINES, METHODS, all_maps, importance, methods
from models.evaluation.sample import Sample, draw
from models.explainers.tracks import Floats
from models.explanations.explaining import NOTHING
from models.networks.base import Network
from models.training.datasets.mitdb_beats import Say
from models.zoo import Model

SANITY_BEATS = 25  # per class


def deletion_report(
    model: Model, data_dir: Path, beats_per_class: int, out_dir: Path, cache: Path, say: Say = print
) -> str:
    """Judge the methods on test patients; Markdown, and the curves in `out_dir`/deletion-<model>.json.

    Beats read and maps made are kept in `cache`: a stopped run goes on where it was.
    """
    sample = draw(model, data_dir, beats_per_class, cache, say)
    found = judge(model, sample, cache / "maps", say)
    out_dir.mkdir(parents=True, exist_ok=True)
    file = out_dir / f"deletion-{model.card.id}.json"
    file.write_text(json.dumps(as_json(found), indent=1) + "\n")
    say(f"Curves are in {file}")
    return report.markdown(found)


def judge(model: Model, sample: Sample, store: Path, say: Say) -> Findings:
    """Every map of the sample, and what deleting by it does to the score."""
    network = model.network
    maps = all_maps(network, sample, model.card.input.window.origin, store, say)
    curves, surfaces = {}, {}
    for name, saliency in maps.items():
        say(f"Deleting by {name}")
        curves[name] = reductions(network, sample.inputs, sample.labels, saliency)
        surfaces[name] = areas(network, sample.inputs, sample.labels, saliency)
    empty = model.probabilities(np.zeros_like(sample.inputs[:1]))[0]
    return Findings(
        model=model,
        sample=sample,
        curves=curves,
        areas=surfaces,
        predicted=model.logits(sample.inputs).argmax(axis=1).astype(np.int64),
        still=maps["learned_mask"].max(axis=(1, 2)) < NOTHING,
        correlation=survivors(network, sample, maps, store, say),
        empty={kind.symbol: float(p) for kind, p in zip(model.card.classes, empty, strict=True)},
    )


def survivors(
    network: Network, sample: Sample, maps: dict[str, Floats], store: Path, say: Say
) -> dict[str, NDArray[np.float64]]:
    """Method → rank correlation [beats] of its maps with those of the same network with shuffled weights."""
    index = np.concatenate([np.flatnonzero(sample.labels == c)[:SANITY_BEATS] for c in np.unique(sample.labels)])
    few = Sample(sample.inputs[index], sample.labels[index], sample.patient[index], sample.patients)
    nonsense = randomised(network)
    say("Maps of the network with shuffled weights")
    return {
        name: rank_correlation(maps[name][index], importance(method, nonsense, few, store, say))
        for name, method in methods().items()
    }


def as_json(found: Findings) -> dict[str, object]:
    """Everything the report is made from, with the curves and their intervals."""
    groups = (*found.symbols, ALL)
    return {
        "model": found.model.card.id,
        "weights_sha256": found.model.weights_sha256,
        "beats": {s: int((found.sample.labels == i).sum()) for i, s in enumerate(found.symbols)},
        "patients": {s: report.patients(found, i) for i, s in enumerate(found.symbols)},
        "alphas": ALPHAS.tolist(),
        "curves": {name: {group: _curve(found, name, group) for group in groups} for name in (*METHODS, *BASELINES)},
        "measures": {
            name: {group: {m: found.measure(name, m, group)._asdict() for m in MEASURES} for group in groups}
            for name in (*METHODS, *BASELINES)
        },
        "all_deleted": found.empty,
        "masks_that_found_nothing": int(found.still.sum()),
        "rank_correlation_with_shuffled_weights": {
            name: report.average(values) for name, values in found.correlation.items()
        },
    }


def _curve(found: Findings, name: str, group: str) -> dict[str, list[float]]:
    rows = found.rows(found.curves[name], group)
    low, high = np.percentile(rows[1:], (2.5, 97.5), axis=0)
    return {key: [round(float(v), 5) for v in line] for key, line in (("mean", rows[0]), ("low", low), ("high", high))}
