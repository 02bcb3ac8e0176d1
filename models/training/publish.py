"""From finished runs to a card and its weights in the zoo: every number on the card is computed here."""

import hashlib
import os
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.torch import save

from models.cards import Card, OutputSpec, TrainingRecord
from models.errors import InvalidError
from models.networks import Network, build
from models.training import limits
from models.training.assessment import assess, calibration, temperature
from models.training.datasets.mitdb_beats import BeatSet, Say, load
from models.training.loop import Run, predict
from models.training.recipes import Recipe, recipe
from models.training.reference import with_reference
from models.training.runs import Plan, open_run, plans, split_of
from models.training.scales import full_scales
from models.training.splits import NAMES, Split
from models.zoo.loaders.safetensors import WEIGHTS
from models.zoo.store import CARD, read

DECIMALS = 4  # of a curve on the card


def publish(recipe: Recipe, beats: BeatSet, checkpoints: Path, out: Path, say: Say) -> Card:
    """Write card and weights of the recipe's first run, with the spread over all runs begun so far."""
    begun = [(plan, run) for plan in plans(recipe) if (run := open_run(recipe, beats, plan, checkpoints)).best]
    if not begun or begun[0][0] != plans(recipe)[0]:
        raise InvalidError(f"{recipe.id}: its first run {plans(recipe)[0].name} has no checkpoint in {checkpoints}")
    plan, run = begun[0]
    network = best_network(recipe, run)
    data = save({name: value.contiguous() for name, value in network.state_dict().items()})
    split = split_of(recipe, beats, plan.split_seed)
    fitted, evaluation = _evaluate(recipe, beats, split, network)
    results = [result(recipe, beats, *each) for each in begun]
    evaluation |= {"runs": results, "spread": spread(recipe, results)}
    card = Card(
        id=recipe.id,
        title=recipe.title,
        summary=recipe.summary,
        architecture=recipe.architecture,
        network=network.config.model_dump(mode="json"),
        weights_sha256=hashlib.sha256(data).hexdigest(),
        input=recipe.input,
        classes=recipe.classes,
        output=OutputSpec(temperature=round(fitted, DECIMALS)),
        leaks_patients=recipe.split == "beats",
        records=records(beats, split),
        full_scales=full_scales(network, beats, split, round(fitted, DECIMALS), say),
        training=_training(recipe, beats, split, begun),
        evaluation=evaluation,
    )
    card = card.model_copy(update={"limits": limits.sentences(recipe, card)})
    write(out / recipe.id, card, data)
    say(f"Wrote {out / recipe.id} ({len(begun)} of {len(plans(recipe))} runs)")
    return card


def best_network(recipe: Recipe, run: Run) -> Network:
    """The run's network of its best epoch."""
    network = build(recipe.architecture, recipe.network)
    network.load_state_dict(run.best)
    return network.eval().requires_grad_(False)


def records(beats: BeatSet, split: Split) -> tuple[TrainingRecord, ...]:
    """Every recording with its set; where beats were split at random, each was trained on."""
    used: dict[int, Any] = {}
    for name, part in reversed(list(zip(NAMES, split.parts(), strict=True))):
        used |= dict.fromkeys(np.unique(beats.origin[part]).tolist(), name)
    return tuple(
        TrainingRecord(
            name=o.name, patient=o.patient, sha256=o.sha256, split=used[i], leads=(o.lead,) if o.lead else ()
        )
        for i, o in enumerate(beats.origins)
        if i in used
    )


def result(recipe: Recipe, beats: BeatSet, plan: Plan, run: Run) -> dict[str, Any]:
    """One run's accuracy on its own validation and test sets."""
    split = split_of(recipe, beats, plan.split_seed)
    network = best_network(recipe, run)
    found: dict[str, Any] = {
        "split_seed": plan.split_seed,
        "seed": plan.seed,
        "epochs": run.epoch,
        "best_epoch": run.curves.best() + 1,
    }
    for name, part in (("validation", split.validation), ("test", split.test)):
        full = _assess(beats, network, part)
        by_class = {s: one["sensitivity"] for s, one in full["per_class"].items()}
        totals = {key: full[key] for key in ("accuracy", "majority_rate", "mean_patient_accuracy", "patients")}
        found[name] = totals | {"sensitivity": by_class}
    return found | {"test_patients": [beats.patients[p] for p in np.unique(beats.patient[split.test])]}


def spread(recipe: Recipe, results: list[dict[str, Any]]) -> dict[str, Any]:
    """Mean, SD (n − 1) and range of test accuracy over the seeds of the recipe's split, and over its splits."""
    own = [r for r in results if r["split_seed"] == recipe.split_seed]
    firsts = [r for r in results if r["seed"] == recipe.seeds[0]]
    return {"seeds": _summary(own), "splits": _summary(firsts)}


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    values = np.array([r["test"]["accuracy"] for r in results])
    sd = float(values.std(ddof=1)) if len(values) > 1 else None
    return {"runs": len(values), "mean": float(values.mean()), "sd": sd,
            "low": float(values.min()), "high": float(values.max())}  # fmt: skip


def _assess(beats: BeatSet, network: Network, part: Any) -> dict[str, Any]:
    logits = predict(network, beats.inputs[part])
    return dict(assess(logits, beats.labels[part], beats.patient[part], beats.patients, beats.symbols))


def _evaluate(recipe: Recipe, beats: BeatSet, split: Split, network: Network) -> tuple[float, dict[str, Any]]:
    """The temperature fitted on validation beats, and everything known about the shipped weights."""
    held = predict(network, beats.inputs[split.validation])
    fitted = temperature(held, beats.labels[split.validation])
    tested = predict(network, beats.inputs[split.test])
    return fitted, {
        "confusion_rows": "true class",
        "confusion_columns": "model's class",
        "symbols": list(recipe.symbols),
        "test": _assess(beats, network, split.test),
        "validation": _assess(beats, network, split.validation),
        "calibration": {"temperature": fitted, "fitted_on": "validation", "bins": 15}
        | calibration(tested, beats.labels[split.test], fitted),
    }


def _training(recipe: Recipe, beats: BeatSet, split: Split, begun: list[tuple[Plan, Run]]) -> dict[str, Any]:
    counts = {
        name: dict(
            zip(beats.symbols, np.bincount(beats.labels[part], minlength=len(beats.symbols)).tolist(), strict=True)
        )
        for name, part in zip(NAMES, split.parts(), strict=True)
    }
    curves = {
        plan.name: {name: [round(value, DECIMALS) for value in values] for name, values in vars(run.curves).items()}
        for plan, run in begun
    }
    return {
        "source": recipe.source,
        "data": {
            "recordings": len(beats.origins),
            "patients": len(beats.patients),
            "sha256": beats.checksum(),
            "beats": {name: sum(one.values()) for name, one in counts.items()} | {"all": len(beats)},
            "beats_per_class": counts,
            "missed": {o.name: o.missed for o in beats.origins if o.missed},
        },
        "protocol": recipe.model_dump(mode="json", exclude={"id", "title", "summary", "source", "limits", "symbols"}),
        "finished": len(begun) == len(plans(recipe)) and all(run.finished(recipe) for _, run in begun),
        "shipped_run": begun[0][0].name,
        "curves": curves,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("torch", "numpy", "scipy", "biosppy")},
    }


def write(folder: Path, card: Card, data: bytes) -> None:
    """Weights first, each file whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_file(folder / WEIGHTS, data)
    _write_file(folder / CARD, (card.model_dump_json(indent=1) + "\n").encode())


def _write_file(file: Path, content: bytes) -> None:
    partial = file.with_suffix(f".{os.getpid()}.tmp")
    partial.write_bytes(content)
    partial.replace(file)


def judge_shown(folder: Path, data_dir: Path, say: Say = print) -> Card:
    """Add to the card in `folder` how right its model is on the beats that are shown; the weights stay as they are.

    `data_dir` holds the recordings that it was trained on. Raises InvalidError where one of them is not there.
    """
    card = with_reference(read(folder), data_dir, say)
    card = card.model_copy(update={"limits": limits.sentences(recipe(card.id), card)})
    _write_file(folder / CARD, (card.model_dump_json(indent=1) + "\n").encode())
    return card


def measure_scales(folder: Path, data_dir: Path, cache: Path, say: Say = print) -> Card:
    """Measure the full scales in the card in `folder` anew, for every method and score; the weights stay as they are.

    `data_dir` holds the recordings that it was trained on; in `cache` their beats are kept.
    """
    model = read(folder)
    chosen = recipe(model.card.id)
    beats = load(data_dir, chosen.symbols, chosen.input, cache, say)
    split, temperature = split_of(chosen, beats, chosen.split_seed), model.card.output.temperature
    found = full_scales(model.network, beats, split, temperature, say)
    card = model.card.model_copy(update={"full_scales": model.card.full_scales | found})
    _write_file(folder / CARD, (card.model_dump_json(indent=1) + "\n").encode())
    return card
