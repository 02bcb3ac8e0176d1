"""Training on stays in intensive care: set a of PhysioNet 2012 to train on, b to choose by, c to judge by."""

from pathlib import Path

from models.cards import Card
from models.signals.carrying import scaled
from models.training import runs
from models.training.stays import data, fitting, publishing
from models.training.stays.recipe import RECIPES, StayRecipe, recipe

__all__ = ["RECIPES", "StayRecipe", "recipe", "train"]


@runs.one_thread()
def train(
    name: str,
    data_dir: Path,
    out_dir: Path,
    checkpoint_dir: Path,
    mimic: Path | None = None,
    *,
    epochs: int | None = None,
    export_only: bool = False,
    say: data.Say = print,
) -> Card:
    """Train every seed of the recipe `name` and write `out_dir`/`name`; goes on after the last whole epoch."""
    chosen = recipe(name)
    chosen = chosen.model_copy(update={"epochs": epochs}) if epochs else chosen
    found = data.sets(data_dir, chosen, checkpoint_dir, say)
    spec = chosen.input(data.scalings(found[0], chosen.variables))
    inputs = [scaled(one.raw, spec) for one in found]
    read = publishing.Data(spec, found, (inputs[0], inputs[1], inputs[2]))
    if not export_only:
        for seed in chosen.seeds:
            fitting.fit(chosen, (inputs[0], found[0]), (inputs[1], found[1]), seed, checkpoint_dir, say)
    card = publishing.publish(chosen, read, checkpoint_dir, out_dir, mimic)
    say(f"Wrote {out_dir / chosen.id}: {card.limits[len(chosen.limits)]}")
    return card
