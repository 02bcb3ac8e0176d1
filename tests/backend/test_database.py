import importlib
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from backend.database import MIGRATIONS, Base, Database, make_engine, upgrade
from backend.links.tables import Link
from models.errors import InvalidError


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> str:
    """Of an empty database of each kind."""
    return new_database(request.param)


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """An empty one of each kind."""
    database = Database(url)
    yield database
    database.close()


def link(token: str = "0" * 64) -> Link:
    return Link(token_sha256=token, created=datetime.now(UTC), format=1, document="{}")


def test_migrations_build_exactly_the_tables_of_the_models(database: Database) -> None:
    importlib.import_module("backend.app")  # every table there is
    upgrade(database.engine)
    upgrade(database.engine)
    with database.engine.connect() as connection:
        defaults = connection.dialect.name != "sqlite"  # of which Alembic takes two empty texts for different ones
        opts = {"compare_type": True, "compare_server_default": defaults}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, Base.metadata) == []
        assert context.get_current_revision() == max(file.name[:4] for file in (MIGRATIONS / "versions").glob("0*.py"))


def test_a_failing_migration_leaves_nothing_behind(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic import op

    create = op.create_table

    def broken(*arguments, **settings):
        create(*arguments, **settings)
        raise RuntimeError("power cut")

    monkeypatch.setattr(op, "create_table", broken)
    with pytest.raises(RuntimeError, match="power cut"):
        upgrade(database.engine)
    assert "links" not in inspect(database.engine).get_table_names()


def test_several_processes_may_start_at_once(url: str) -> None:
    databases = [Database(url) for _ in range(6)]
    errors: list[Exception] = []
    together = threading.Barrier(len(databases))

    def start(database: Database) -> None:
        together.wait()
        try:
            upgrade(database.engine)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=start, args=(database,)) for database in databases]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    [database.close() for database in databases]
    assert errors == []


def test_sqlite_is_set_for_readers_beside_a_writer(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'new folder' / 'a.db'}")
    with database.engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "foreign_keys")}
    database.close()
    assert found == {"journal_mode": "wal", "foreign_keys": 1}


def test_an_error_undoes_the_whole_transaction(database: Database) -> None:
    upgrade(database.engine)
    with pytest.raises(IntegrityError), database.transaction() as session:
        session.add_all([link(), link()])
    with database.transaction() as session:
        assert session.scalars(select(Link)).all() == []


@pytest.mark.parametrize("url", ["nonsense", "nonsense://host/name"])
def test_an_unusable_url_is_refused_with_the_settings_name(url: str) -> None:
    with pytest.raises(InvalidError, match="BEATLENS_DATABASE_URL"):
        make_engine(url)


def test_a_database_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(InvalidError, match="cannot be used"):
        upgrade(database.engine)
    database.close()
