"""Training the beat model with neighbours: from the folder of MIT-BIH to card and weights."""

from collections.abc import Sequence
from pathlib import Path

from models.cards import Card
from models.training import runs
from models.training.beats.batches import Measured, measure
from models.training.beats.fitting import fit
from models.training.beats.publishing import Fitted, publish
from models.training.beats.recipe import BeatRecipe
from models.training.beats.results import Answers, answers, joined
from models.training.datasets.mitdb import DS1, DS2, MarkedRecord, read
from models.training.datasets.mitdb_beats import Say

RECIPE = BeatRecipe()


@runs.one_thread()
def train(
    data_dir: Path,
    out_dir: Path,
    checkpoint_dir: Path,
    *,
    recipe: BeatRecipe = RECIPE,
    export_only: bool = False,
    say: Say = print,
) -> Card:
    """Fit the folds and every seed of the recipe on DS1, judge on DS2, and write `out_dir`/`recipe.id`.

    Goes on after the last checkpoint in `checkpoint_dir`, where the recordings that were read are kept too;
    `export_only` raises InvalidError where a run is not at its end.
    """
    train, test = (read(data_dir, names, recipe.input, checkpoint_dir, say) for names in (DS1, DS2))
    patients = {record.patient for record in train}
    checkpoints = checkpoint_dir / recipe.id
    measured = measure(train, recipe, checkpoints, say)
    held = held_out(recipe, train, measured, checkpoints, say, export_only)
    fitted = Fitted(
        recipe=recipe,
        train=train,
        test=[record for record in test if record.patient not in patients],
        known=[record for record in test if record.patient in patients],
        networks={
            seed: fit(recipe, measured, seed, checkpoints / f"seed-{seed}.pt", say, export_only)
            for seed in recipe.seeds
        },
        held=held,
    )
    return publish(fitted, out_dir, say)


def held_out(
    recipe: BeatRecipe,
    records: Sequence[MarkedRecord],
    measured: Sequence[Measured],
    checkpoints: Path,
    say: Say,
    done: bool = False,
) -> Answers:
    """Every recording's answers by a network fitted on the other folds."""
    parts = []
    for index, fold in enumerate(recipe.folds):
        others = [one for one in measured if one.name not in fold]
        network = fit(recipe, others, recipe.seeds[0], checkpoints / f"fold-{index}.pt", say, done)
        held = [record for record in records if record.name in fold]
        parts.append(answers(network, held, recipe.window))
    return joined(parts)
