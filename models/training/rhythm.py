"""Training the rhythm models: folds one after another, each with its checkpoint."""

from pathlib import Path

from models.training import folds, runs
from models.training.datasets import Examples
from models.training.datasets.cinc2017 import Say
from models.training.rhythm_recipes import RhythmRecipe


def fit(recipe: RhythmRecipe, examples: Examples, number: int, checkpoints: Path, say: Say) -> None:
    """Train one fold to its end, or go on with it."""
    fold = folds.fold_of(recipe, examples, number)
    run = folds.opened(recipe, examples, fold, checkpoints)
    with runs.bar(f"{recipe.id} {fold.name}", recipe.epochs, run.epoch) as tick:
        while run.epoch < recipe.epochs:
            folds.train_epoch(run, recipe, examples, fold, tick)
            run.save(folds.checkpoint(recipe, fold, checkpoints))
            curves = run.curves
            say(
                f"{recipe.id} {fold.name} epoch {run.epoch}/{recipe.epochs}: loss {curves.train_loss[-1]:.4f}, "
                f"held out {curves.validation_loss[-1]:.4f} ({curves.validation_accuracy[-1]:.1%} right)"
            )
