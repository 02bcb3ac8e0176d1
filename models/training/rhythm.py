"""Training the rhythm models: folds one after another, each with its checkpoint."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.cards import Card
from models.errors import InvalidError
from models.training import folds, runs
from models.training.datasets import Examples, cinc2017
from models.training.datasets.cinc2017 import Say
from models.training.fold_card import publish
from models.training.rhythm_recipes import RECIPES, RhythmRecipe, recipe

__all__ = ["RECIPES", "train"]


@runs.one_thread()
def train(
    name: str,
    data_dir: Path,
    out_dir: Path,
    checkpoint_dir: Path,
    numbers: Sequence[int] | None = None,
    changes: Sequence[str] = (),
    *,
    export_only: bool = False,
    say: Say = print,
) -> Card:
    """Train the folds `numbers` (all by default) of the recipe `name` and write `out_dir`/`name`.

    Goes on after the last whole epoch found in `checkpoint_dir`, where the recordings that were read are kept too.
    `changes` ("seed=1") are other settings; `export_only` writes the card of the folds that are finished.
    Raises NotFoundError for a name without a recipe.
    """
    chosen = changed(recipe(name), changes)
    examples = cinc2017.examples(data_dir, chosen.symbols, chosen.input, checkpoint_dir, say)
    if not export_only:
        for number in range(chosen.folds) if numbers is None else numbers:
            fit(chosen, examples, number, checkpoint_dir, say)
    card = publish(chosen, examples, checkpoint_dir, out_dir)
    say(f"Wrote {out_dir / chosen.id} ({len(card.evaluation['folds'])} of {chosen.folds} folds)")
    return card


def changed(recipe: RhythmRecipe, changes: Sequence[str]) -> RhythmRecipe:
    """The recipe with other settings, each "name=value"; InvalidError names the one that is refused."""
    asked: dict[str, Any] = {}
    for change in changes:
        name, _, value = change.partition("=")
        try:
            asked[name] = json.loads(value)
        except json.JSONDecodeError:
            asked[name] = value
    try:
        return RhythmRecipe.model_validate(dict(recipe) | asked)
    except ValidationError as error:
        first = error.errors()[0]
        setting = ".".join(map(str, first["loc"]))
        message = f"Recipe {recipe.id}: {setting} = {first['input']!r} cannot be used: {first['msg']}"
        raise InvalidError(message, field=setting, options=tuple(RhythmRecipe.model_fields)) from error


def fit(recipe: RhythmRecipe, examples: Examples, number: int, checkpoints: Path, say: Say) -> None:
    """Train one fold to its end, or go on with it; of an ensemble, that of each member."""
    for member in folds.members(recipe):
        fit(member, examples, number, checkpoints, say)
    fold = folds.fold_of(recipe, examples, number)
    run = folds.begun(recipe, examples, fold, checkpoints)
    with runs.bar(f"{recipe.id} {fold.name}", recipe.epochs, run.epoch) as tick:
        while run.epoch < recipe.epochs:
            folds.train_epoch(run, recipe, examples, fold, tick)
            run.save(folds.checkpoint(recipe, examples, fold, checkpoints))
            curves = run.curves
            say(
                f"{recipe.id} {fold.name} epoch {run.epoch}/{recipe.epochs}: loss {curves.train_loss[-1]:.4f}, "
                f"held out {curves.validation_loss[-1]:.4f} ({curves.validation_accuracy[-1]:.1%} right)"
            )
