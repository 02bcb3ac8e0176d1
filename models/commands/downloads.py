"""Commands that download open recordings."""

from pathlib import Path
from typing import Annotated

import typer

from models.commands.arguments import data_dir

app = typer.Typer(no_args_is_help=True, help="Download open recordings.")


@app.command("mitdb")
def mitdb(
    context: typer.Context,
    dest: Annotated[Path | None, typer.Argument(help="Where to; default: mitdb in the data folder.")] = None,
) -> None:
    """MIT-BIH Arrhythmia Database from PhysioNet, 48 records, 100 MB; resumes, checks every file."""
    from rich.progress import Progress as Bar

    from models.records import fetch

    folder = dest or data_dir(context) / "mitdb"
    with Bar(transient=True) as bar:
        task = bar.add_task("mitdb", total=None)
        got = fetch.fetch_mitdb(
            folder, lambda p: bar.update(task, completed=p.files_done, total=p.files, description=p.file)
        )
    typer.echo(f"{folder} is complete, {got} files were downloaded. Next: beatlens import {folder}")
