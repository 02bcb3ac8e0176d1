"""Training the models of the zoo, from recordings to card and weights."""

from collections.abc import Sequence
from pathlib import Path

from models.cards import Card
from models.training import runs
from models.training.datasets.mitdb_beats import Say, load
from models.training.publish import publish
from models.training.recipes import RECIPES, Recipe, recipe

__all__ = ["RECIPES", "Recipe", "recipe", "train"]


@runs.one_thread()
def train(
    name: str,
    data_dir: Path,
    out_dir: Path,
    checkpoint_dir: Path,
    *,
    seeds: Sequence[int] | None = None,
    epochs: int | None = None,
    beats_per_epoch: int | None = None,
    export_only: bool = False,
    say: Say = print,
) -> Card:
    """Train every run of the recipe `name` on the recordings in `data_dir` and write `out_dir`/`name`.

    Goes on after the last whole epoch found in `checkpoint_dir`, where the beats that were read are kept too.
    `export_only` writes the card of what is there. Raises NotFoundError for a name without a recipe.
    """
    asked = {"seeds": tuple(seeds) if seeds else None, "epochs": epochs, "beats_per_epoch": beats_per_epoch}
    chosen = recipe(name).model_copy(update={key: value for key, value in asked.items() if value is not None})
    beats = load(data_dir, chosen.symbols, chosen.input, checkpoint_dir, say)
    if not export_only:
        for plan in runs.plans(chosen):
            runs.fit(chosen, beats, plan, checkpoint_dir, say)
    return publish(chosen, beats, checkpoint_dir, out_dir, say)
