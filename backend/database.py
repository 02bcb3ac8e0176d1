"""The database: SQLite by default, PostgreSQL by URL; brought up to date by its migrations at every start."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, MetaData, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session

from models.errors import InvalidError

MIGRATIONS = Path(__file__).parent / "migrations"
BUSY = 10_000  # ms that a writer waits for another
LOCK = 0x6265_6174  # "beat": PostgreSQL's advisory lock while migrating
NAMES = {  # so that a migration can name what it changes, on both databases
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Parent of every table."""

    metadata = MetaData(naming_convention=NAMES)


def make_engine(url: str) -> Engine:
    """The engine for a SQLAlchemy URL; `postgresql://` means the psycopg driver. InvalidError for an unusable URL."""
    try:
        parsed = make_url(url)
        if parsed.drivername in ("postgres", "postgresql"):
            parsed = parsed.set(drivername="postgresql+psycopg")
        engine = create_engine(parsed, pool_pre_ping=True)
    except (ArgumentError, NoSuchModuleError) as error:
        raise InvalidError(f"BEATLENS_DATABASE_URL cannot be used: {error}", field="database_url") from error
    except ModuleNotFoundError as error:
        message = f"BEATLENS_DATABASE_URL needs the package {error.name}: pip install 'beatlens[postgres]'"
        raise InvalidError(message, field="database_url") from error
    if parsed.get_backend_name() == "sqlite":
        if parsed.database and parsed.database != ":memory:":
            Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Readers beside one writer, foreign keys held, patience; and no transactions behind SQLAlchemy's back."""
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout = {BUSY}")
    _write_ahead(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _write_ahead(cursor: sqlite3.Cursor) -> None:
    """Switch a new file to WAL: two that do so at once may be refused, which the busy timeout does not cover."""
    patience = time.monotonic() + BUSY / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > patience:
                raise
        time.sleep(0.02)


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql(str(connection.get_execution_options().get("begin", "BEGIN")))


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Bring the tables up to `revision`, in one transaction; of several processes one does it, the others wait."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    try:
        with engine.connect().execution_options(begin="BEGIN IMMEDIATE") as connection, connection.begin():
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, revision)
    except OperationalError as error:
        where = engine.url.render_as_string(hide_password=True)
        raise InvalidError(f"The database {where} cannot be used: {error.orig}", field="database_url") from error


class Database:
    """Short transactions, one at a time and thread."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)

    @contextmanager
    def transaction(self, writing: bool = False) -> Iterator[Session]:
        """A session that commits at the end, or undoes everything where an error leaves it.

        Say `writing` where it reads before it writes: SQLite then waits for its turn at once, as it cannot later.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            if writing:
                session.connection(execution_options={"begin": "BEGIN IMMEDIATE"})
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.engine.dispose()


def in_turn(session: Session, lock: int) -> None:
    """Until the transaction's end nobody else is past this line with this lock: rows become visible in their order.

    SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
