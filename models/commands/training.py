"""Commands that train the models of the zoo."""

from pathlib import Path
from typing import Annotated

import typer

from models.commands.arguments import ZOO, DataFolder, folders


def train(
    context: typer.Context,
    model: Annotated[
        str, typer.Argument(help="aami-measures, mitbih-lstm, mitbih-lstm-pooled, cinc-conv7, icu-mortality, …")
    ],
    data: DataFolder = None,
    out: Annotated[Path, typer.Option(help="Where card and weights go.")] = ZOO,
    epochs: Annotated[int | None, typer.Option(help="At most so many; the recipe's number by default.")] = None,
    export_only: Annotated[bool, typer.Option(help="Write the card of the checkpoints that are there.")] = False,
    fold: Annotated[list[int] | None, typer.Option(help="Of a rhythm model; all by default.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", help="Of a rhythm model's recipe, e.g. --set seed=1 --set gain=0.")
    ] = None,
    mimic: Annotated[
        Path | None, typer.Option(help="Of a model of stays: episodes of the MIMIC-III benchmark, an external check.")
    ] = None,
) -> None:
    """Train a model of the zoo and write its card; a stopped run goes on where it was."""
    from models.training import beats, rhythm, stays
    from models.training import train as run_recipe
    from models.training.publish import judge_shown

    recordings, checkpoints = folders(context, data)
    if model in rhythm.RECIPES:
        changes = [*(settings or ()), *([f"epochs={epochs}"] if epochs else ())]
        rhythm.train(model, recordings, out, checkpoints, fold, changes, export_only=export_only, say=typer.echo)
    elif model in stays.RECIPES:
        stays.train(model, recordings, out, checkpoints, mimic, epochs=epochs, export_only=export_only, say=typer.echo)
    elif model == beats.RECIPE.id:
        beats.train(recordings, out, checkpoints, export_only=export_only, say=typer.echo)
    else:
        run_recipe(model, recordings, out, checkpoints, epochs=epochs, export_only=export_only, say=typer.echo)
        judge_shown(out / model, recordings, typer.echo)


def train_waves(
    ludb: Annotated[Path, typer.Argument(help="Folder of LUDB 1.0.1, unpacked; its recordings are found below it.")],
    ranges_only: Annotated[bool, typer.Option(help="Only measure the errors of the network that is there.")] = False,
) -> None:
    """Train the network that bounds P, QRS and T, and measure its errors."""
    from models.training import runs, waves

    with runs.one_thread():
        if ranges_only:
            waves.measure_ranges(ludb, say=typer.echo)
        else:
            waves.train_waves(ludb, say=typer.echo)
