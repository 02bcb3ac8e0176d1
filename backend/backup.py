"""Everything that people made, in one file: the database's rows, uploaded recordings and the list of folders.

The file is a zip archive from which either kind of database can be restored, whichever it was made on: `about.json`,
`tables/NAME.jsonl` with one row a line, `uploads/…` and `folders.json`. Left out is who is signed in, and what was
found out about files as they lie on this disk.
"""

import importlib.metadata
import json
import os
import shutil
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.util import CommandError
from pydantic import BaseModel, ValidationError
from sqlalchemy import Connection, DateTime, Engine, MetaData, Table, func, insert, inspect, select

from backend.database import make_engine, upgrade
from backend.recordings.folders import NAME as FOLDERS
from backend.settings import Settings
from backend.times import utc
from models.errors import InvalidError

FORMAT = 1
ABOUT = "about.json"
UPLOADS = "uploads/"
VERSION = "alembic_version"
LEFT_OUT = (VERSION, "sign_ins", "recording_facts")  # after a restore everybody signs in anew
BATCH = 500  # rows at a time


class About(BaseModel):
    """A backup's description of itself."""

    format: int
    made: datetime
    beatlens: str
    revision: str  # of the tables
    rows: dict[str, int]  # by table


def backup(settings: Settings, file: Path) -> About:
    """Write a backup, while the service goes on; the rows are those of one moment.

    InvalidError where `file` is there already or cannot be written, and where there is no database yet.
    """
    if file.exists():
        raise InvalidError(f"{file} is there already: name a new file", field="file")
    engine = make_engine(settings.database)
    scratch = file.with_name(f"{file.name}.partial")
    try:
        with os.fdopen(os.open(scratch, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600), "w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive, _one_moment(engine) as connection:
                about = _rows_out(connection, archive)
                _files_out(settings, archive)
                archive.writestr(ABOUT, about.model_dump_json(indent=2))
            raw.flush()
            os.fsync(raw.fileno())
        scratch.replace(file)
    except OSError as error:
        raise InvalidError(f"{file} cannot be written: {error}", field="file") from error
    finally:
        scratch.unlink(missing_ok=True)
        engine.dispose()
    return about


def restore(settings: Settings, file: Path) -> About:
    """Fill an empty database and data folder from a backup, and bring its tables up to date.

    InvalidError where `file` is no whole backup or of a newer Beatlens, and where anything is there already.
    """
    engine = make_engine(settings.database)
    try:
        with zipfile.ZipFile(file) as archive:
            about = _about(archive)
            _refuse_what_is_there(settings, engine)
            try:
                upgrade(engine, about.revision)
                _rows_in(engine, archive, about)
                upgrade(engine)
                _files_in(settings, archive)
            except CommandError as error:
                raise InvalidError(f"{file} was made by a newer Beatlens ({about.beatlens})", field="file") from error
            except BaseException:
                _drop(engine)
                raise
    except (OSError, zipfile.BadZipFile, zlib.error) as error:
        raise InvalidError(f"{file} cannot be read as a backup: {error}", field="file") from error
    finally:
        engine.dispose()
    return about


def _one_moment(engine: Engine) -> Connection:
    """A connection that sees nothing of what others write from now on. SQLite's always does, in a transaction."""
    level = {"isolation_level": "REPEATABLE READ"} if engine.dialect.name == "postgresql" else {}
    return engine.connect().execution_options(**level)


def _tables(connection: Connection) -> list[Table]:
    """The tables as they are, whichever version made them; one that others refer to comes before these."""
    found = MetaData()
    found.reflect(connection)
    return [table for table in found.sorted_tables if table.name not in LEFT_OUT]


def _rows_out(connection: Connection, archive: zipfile.ZipFile) -> About:
    revision = MigrationContext.configure(connection).get_current_revision()
    if revision is None:
        where = connection.engine.url.render_as_string(hide_password=True)
        raise InvalidError(f"There is nothing in the database {where}", field="database_url")
    rows = {}
    for table in _tables(connection):
        found = connection.execute(select(table).execution_options(yield_per=BATCH)).mappings()
        with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as out:
            rows[table.name] = sum(1 for row in found if out.write(f"{json.dumps(_said(row))}\n".encode()))
    version = importlib.metadata.version("beatlens")
    return About(format=FORMAT, made=datetime.now(UTC), beatlens=version, revision=revision, rows=rows)


def _said(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {name: utc(value).isoformat() if isinstance(value, datetime) else value for name, value in row.items()}


def _files_out(settings: Settings, archive: zipfile.ZipFile) -> None:
    listed = settings.data_dir / FOLDERS
    if listed.exists():
        archive.write(listed, FOLDERS)
    for path in sorted(settings.uploads_dir.rglob("*")):
        if path.is_file():
            archive.write(path, f"{UPLOADS}{path.relative_to(settings.uploads_dir).as_posix()}")


def _about(archive: zipfile.ZipFile) -> About:
    """A backup's description of itself, once every byte of it was found to be as it was written."""
    try:
        about = About.model_validate_json(archive.read(ABOUT))
    except (KeyError, ValidationError) as error:
        raise InvalidError(f"{archive.filename} is no backup of Beatlens", field="file") from error
    if about.format != FORMAT:
        raise InvalidError(f"{archive.filename} was made by a newer Beatlens ({about.beatlens})", field="file")
    damaged = archive.testzip()
    if damaged:
        raise InvalidError(f"{archive.filename} is damaged: {damaged} is not as it was written", field="file")
    return about


def _refuse_what_is_there(settings: Settings, engine: Engine) -> None:
    for path in (settings.uploads_dir, settings.data_dir / FOLDERS):
        if path.exists():
            raise InvalidError(f"{path} is there already: name a new folder in BEATLENS_DATA_DIR", field="data_dir")
    if inspect(engine).get_table_names():
        where = engine.url.render_as_string(hide_password=True)
        raise InvalidError(f"The database {where} is not empty: name a new one", field="database_url")


def _rows_in(engine: Engine, archive: zipfile.ZipFile, about: About) -> None:
    with engine.begin() as connection:
        for table in _tables(connection):
            if table.name not in about.rows:
                continue
            with archive.open(f"tables/{table.name}.jsonl") as lines:
                while batch := list(islice(_heard(table, lines), BATCH)):
                    connection.execute(insert(table), batch)
            found = connection.scalar(select(func.count()).select_from(table))
            if found != about.rows[table.name]:
                raise InvalidError(f"{archive.filename} is damaged: {table.name} has {found} rows", field="file")
            if connection.dialect.name == "postgresql":
                _count_on(connection, table)


def _heard(table: Table, lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    times = [column.name for column in table.columns if isinstance(column.type, DateTime)]
    for line in lines:
        row = json.loads(line)
        yield row | {name: datetime.fromisoformat(row[name]) for name in times if row[name]}


def _count_on(connection: Connection, table: Table) -> None:
    """PostgreSQL numbers the next row after the last one that is there."""
    for column in table.primary_key:
        sequence = func.pg_get_serial_sequence(table.name, column.name)
        if connection.scalar(select(sequence)):
            connection.execute(select(func.setval(sequence, func.max(column))))


def _files_in(settings: Settings, archive: zipfile.ZipFile) -> None:
    """Unpack the files wholly or not at all: aside first, then moved to their place."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    aside = settings.data_dir / "restoring"
    try:
        for name in archive.namelist():
            if name == FOLDERS or name.startswith(UPLOADS):
                archive.extract(name, aside)  # which leaves out whatever leads out of the folder
        for path in (settings.uploads_dir, settings.data_dir / FOLDERS):
            if (aside / path.name).exists():
                (aside / path.name).rename(path)
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _drop(engine: Engine) -> None:
    found = MetaData()
    found.reflect(engine)
    found.drop_all(engine)
