"""From finished folds to a card and its weights in the zoo."""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Literal

import numpy as np
from safetensors.torch import save

from models.cards import Card, OutputSpec, TrainingRecord
from models.errors import InvalidError
from models.training.datasets import Examples
from models.training.fold_report import HeldOut, finished, report
from models.training.folds import dealt
from models.training.publish import write
from models.training.rhythm_recipes import RhythmRecipe
from models.zoo.store import CARD, read_card

DECIMALS = 4  # of the temperature
TOLD = {"id", "title", "summary", "source", "published", "limits", "symbols"}  # of a recipe, elsewhere in the card


def publish(recipe: RhythmRecipe, examples: Examples, checkpoints: Path, out: Path) -> Card:
    """Write card and weights of the recipe's first finished fold, with what all finished folds found."""
    held = finished(recipe, examples, checkpoints)
    if not held:
        raise InvalidError(f"{recipe.id}: no fold has been trained to its end in {checkpoints}")
    data = save({name: value.contiguous() for name, value in held[0].run.best.items()})
    weights = hashlib.sha256(data).hexdigest()
    evaluation = report(recipe, examples, held)
    card = Card(
        id=recipe.id,
        title=recipe.title,
        summary=recipe.summary,
        vocabulary=recipe.vocabulary,
        architecture=recipe.architecture,
        network=held[0].run.network.config.model_dump(mode="json"),
        weights_sha256=weights,
        input=recipe.input,
        classes=recipe.classes,
        output=OutputSpec(temperature=round(evaluation["calibration"]["temperature"], DECIMALS)),
        records=records(examples, held[0]),
        full_scales=scales_of(out / recipe.id, weights),
        training=_training(recipe, examples, held),
        evaluation=evaluation,
        limits=(*recipe.limits, *sentences(recipe, evaluation)),
    )
    write(out / recipe.id, card, data)
    return card


def scales_of(folder: Path, weights: str) -> dict[str, float]:
    """The full scales that the card in `folder` has for the same weights: more folds change none of them.

    Those of probabilities were measured at that card's temperature, which more folds move in its second decimal.
    """
    known = read_card(folder / CARD) if (folder / CARD).is_file() else None
    return dict(known.full_scales) if known and known.weights_sha256 == weights else {}


def records(examples: Examples, held: HeldOut) -> tuple[TrainingRecord, ...]:
    """Every recording, and whether the shipped fold has seen it."""
    splits: list[Literal["train", "test"]] = ["train"] * len(examples)
    for i in held.fold.held_out:
        splits[i] = "test"
    return tuple(
        TrainingRecord(name=group.split(":")[-1], patient=group, sha256=origin, split=split)
        for group, origin, split in zip(examples.groups, examples.origins, splits, strict=True)
    )


def sentences(recipe: RhythmRecipe, evaluation: dict[str, Any]) -> tuple[str, ...]:
    """What a reader must know before believing the model, its numbers taken from its report."""
    f1, pooled, done = evaluation["f1_over_folds"], evaluation["pooled"], len(evaluation["folds"])
    scored = ", ".join(f"{symbol} {f1[symbol]['mean']:.2f}" for symbol in recipe.symbols)
    first = (
        f"Mean F1 of {', '.join(recipe.scored)} over {done} of {recipe.folds} folds: {f1['score']['mean']:.2f} "
        f"({scored}); right on {pooled['accuracy']:.1%} of {pooled['examples']} recordings held out, where always "
        f"saying the most frequent class would be right on {pooled['majority_rate']:.1%}."
    )
    spread = f1["score"]
    if spread["sd"] is None:
        return (first, "One fold was trained: how much another split would change is not known.")
    low, high = spread["low"], spread["high"]
    return (first, f"Over the folds the 95 % interval of that mean is {low:.2f} to {high:.2f}.")


def _training(recipe: RhythmRecipe, examples: Examples, held: Sequence[HeldOut]) -> dict[str, Any]:
    counts = np.bincount(examples.labels, minlength=len(recipe.symbols)).tolist()
    return {
        "source": recipe.source,
        "published": recipe.published,
        "data": {
            "recordings": len(examples),
            "per_class": dict(zip(recipe.symbols, counts, strict=True)),
            "sha256": examples.checksum(),
            "folds": "".join(map(str, dealt(examples, recipe.folds, recipe.fold_seed))),  # of each of the records
        },
        "protocol": recipe.model_dump(
            mode="json", exclude={"id", "title", "summary", "source", "published", "limits", "symbols"}
        ),
        "finished": len(held) == recipe.folds,
        "shipped_run": held[0].fold.name,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {name: version(name) for name in ("torch", "numpy", "scipy")},
    }
