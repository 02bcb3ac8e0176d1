"""Commands about recordings' folders and backups."""

from pathlib import Path
from typing import Annotated

import typer


def import_(path: Annotated[Path, typer.Argument(help="Folder of WFDB records; it is read where it is.")]) -> None:
    """Add a folder of recordings to the worklist."""
    from backend.recordings.folders import add_folder
    from backend.settings import Settings
    from models.records import Catalogue
    from models.records.wfdb_folder import WfdbFolder

    folder = add_folder(Settings().data_dir, path)
    found = Catalogue([WfdbFolder(folder, folder.name)])
    typer.echo(f"{len(found.entries())} recordings in {folder}")
    for problem in found.problems():
        typer.echo(f"  left out: {problem.file}: {problem.reason}", err=True)


def backup(file: Annotated[Path, typer.Argument(help="A new file, e.g. beatlens-2026-03-01.zip.")]) -> None:
    """Write the database and the uploaded recordings into one file; the service may go on meanwhile."""
    from backend.backup import backup as write
    from backend.settings import Settings

    about = write(Settings(), file)
    typer.echo(f"{file}: {sum(about.rows.values())} rows of {len(about.rows)} tables, and the uploads.")


def restore(file: Annotated[Path, typer.Argument(help="What `beatlens backup` wrote.")]) -> None:
    """Fill an empty database and data folder from a backup; the service must not run."""
    from backend.backup import restore as read
    from backend.settings import Settings

    about = read(Settings(), file)
    typer.echo(f"As it was on {about.made:%Y-%m-%d at %H:%M} UTC: {sum(about.rows.values())} rows.")
