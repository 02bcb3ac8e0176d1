import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, inspect, select, text
from typer.testing import CliRunner

from backend.backup import backup, restore
from backend.database import make_engine, upgrade
from backend.settings import Settings
from beatlens import app
from models.errors import InvalidError

ONE = "ward~one"
pytestmark = pytest.mark.databases("sqlite", "postgresql")
KINDS = ("sqlite", "postgresql")


@pytest.fixture
def new_place(settings: Settings, tmp_path: Path, new_database: Callable[[str], str]) -> Callable[[str], Settings]:
    """Settings with an empty database of this kind and an empty data folder."""
    return lambda kind: settings.model_copy(
        update={"database_url": new_database(kind), "data_dir": tmp_path / f"another {kind}"}
    )


def reading(client_id: str, label: str) -> dict[str, Any]:
    return {"client_id": client_id, "recording": ONE, "at": 250, "label": label, "comment": "über ½ mV — 心"}


def fill(client: TestClient) -> dict[str, str]:
    """An account with a token, two readings, a link and an upload; gives the token's header."""
    here = client.app.state.services
    id = here.auth.accounts.add("Lea", "lead", "a long password").id
    key = {"Authorization": f"Bearer {here.auth.credentials.new_token(id, 'test', None).token}"}
    entries = [reading("a" * 32, "N"), reading("b" * 32, "V")]
    assert client.post("/readings", json={"entries": entries}, headers=key).status_code == 201
    csv = "time,II\n" + "".join(f"{k / 250},{k % 7}\n" for k in range(1000))
    sent = client.post("/uploads", files={"files": ("a b.csv", csv)}, data={"fs": "250", "unit": "mV"}, headers=key)
    assert sent.status_code == 201, sent.text
    return key


def rows(url: str) -> dict[str, list[tuple[Any, ...]]]:
    engine, found = make_engine(url), MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        everything = {
            t.name: [tuple(map(_same, row)) for row in connection.execute(select(t))] for t in found.sorted_tables
        }
    engine.dispose()
    return {name: sorted(table, key=str) for name, table in everything.items()}


def _same(value: Any) -> Any:
    return value.astimezone(UTC).replace(tzinfo=None) if isinstance(value, datetime) and value.tzinfo else value


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_restored_service_is_the_one_that_was_saved(
    serve: Callable[..., TestClient],
    new_place: Callable[[str], Settings],
    settings: Settings,
    tmp_path: Path,
    kind: str,
) -> None:
    """From each database to each."""
    client, file = serve(accounts=True), tmp_path / "a.zip"
    key = fill(client)
    asked = (f"/readings?recording={ONE}", "/account", f"/recordings/{ONE}")
    kept = {path: client.get(path, headers=key).json() for path in asked}
    names = [item["id"] for item in client.get("/recordings", headers=key).json()["recordings"]]
    about = backup(settings, file)
    assert (about.rows["readings"], about.rows["accounts"]) == (2, 1)
    assert file.stat().st_mode & 0o077 == 0
    place = new_place(kind)
    assert restore(place, file) == about
    before, after = rows(settings.database), rows(place.database)
    assert {name: before[name] for name in about.rows} == {name: after[name] for name in about.rows}
    assert after["sign_ins"] == []
    assert files(place.uploads_dir) == files(settings.uploads_dir) != {}
    again = serve(accounts=True, database_url=place.database_url, data_dir=place.data_dir)
    assert {path: again.get(path, headers=key).json() for path in asked} == kept
    assert [item["id"] for item in again.get("/recordings", headers=key).json()["recordings"]] == names
    added = again.post("/readings", json={"entries": [reading("c" * 32, "N")]}, headers=key)
    assert added.status_code == 201, added.text  # rows are counted on


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", KINDS)
def test_a_backup_of_an_older_version_is_brought_up_to_date(
    new_place: Callable[[str], Settings],
    new_database: Callable[[str], str],
    settings: Settings,
    tmp_path: Path,
    kind: str,
) -> None:
    older = settings.model_copy(update={"database_url": new_database(kind)})
    engine = make_engine(older.database)
    upgrade(engine, "0003")
    with engine.begin() as connection:
        connection.execute(
            text("INSERT INTO links (token_sha256, created, format, document) VALUES (:t, :now, 1, :frozen)"),
            {"t": "0" * 64, "now": datetime.now(UTC), "frozen": json.dumps({"title": "Odd"})},
        )
    engine.dispose()
    about, place = backup(older, tmp_path / "a.zip"), new_place("sqlite")
    assert about.revision == "0003"
    restore(place, tmp_path / "a.zip")
    engine = make_engine(place.database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT title, maker FROM links")).all() == [("Odd", "local")]
    engine.dispose()


def test_nothing_that_is_there_is_written_over(
    client: TestClient, new_place: Callable[[str], Settings], settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "a.zip"
    backup(settings, file)
    with pytest.raises(InvalidError, match="is there already"):
        backup(settings, file)
    with pytest.raises(InvalidError, match="is not empty"):
        restore(settings, file)
    place = new_place("sqlite")
    place.uploads_dir.mkdir(parents=True)
    with pytest.raises(InvalidError, match="uploads is there already"):
        restore(place, file)
    assert not (tmp_path / "a.zip.partial").exists()


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_backup_leaves_nothing_behind(
    client: TestClient, new_place: Callable[[str], Settings], settings: Settings, tmp_path: Path, kind: str
) -> None:
    whole, place = tmp_path / "a.zip", new_place(kind)
    backup(settings, whole)

    def altered(name: str, change: Callable[[dict[str, Any]], object]) -> Path:
        with zipfile.ZipFile(whole) as old, zipfile.ZipFile(tmp_path / name, "w") as new:
            for member in old.namelist():
                content = old.read(member)
                if member == "about.json":
                    said = json.loads(content)
                    change(said)
                    content = json.dumps(said).encode()
                new.writestr(member, content)
        return tmp_path / name

    cut = tmp_path / "cut.zip"
    cut.write_bytes(whole.read_bytes()[:-200])
    bent = bytearray(whole.read_bytes())
    bent[bent.index(b"about.json") + 40] ^= 255
    (tmp_path / "bent.zip").write_bytes(bent)
    newer = altered("newer.zip", lambda said: said.update(revision="9999"))
    for file, words in (
        (cut, "cannot be read as a backup"),
        (tmp_path / "bent.zip", "cannot be read as a backup|damaged"),
        (altered("format.zip", lambda said: said.update(format=2)), "newer Beatlens"),
        (newer, "newer Beatlens"),
        (altered("rows.zip", lambda said: said["rows"].update(readings=7)), "damaged: readings has 0 rows"),
        (altered("other.zip", dict.clear), "no backup"),
        (tmp_path / "nowhere.zip", "nowhere.zip"),
    ):
        with pytest.raises(InvalidError, match=words):
            restore(place, file)
        engine = make_engine(place.database)
        assert inspect(engine).get_table_names() == []
        engine.dispose()
    assert restore(place, whole).format == 1


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", KINDS)
def test_there_is_nothing_to_save_before_the_first_start(
    new_place: Callable[[str], Settings], tmp_path: Path, kind: str
) -> None:
    with pytest.raises(InvalidError, match="nothing in the database"):
        backup(new_place(kind), tmp_path / "a.zip")
    assert list(tmp_path.glob("a.zip*")) == []


@pytest.mark.databases("sqlite")
@pytest.mark.parametrize("kind", KINDS)
def test_the_commands_say_what_they_did_and_what_they_will_not_do(
    serve: Callable[..., TestClient],
    new_place: Callable[[str], Settings],
    settings: Settings,
    tmp_path: Path,
    kind: str,
) -> None:
    fill(serve(accounts=True))

    def beatlens(command: str, at: Settings) -> Result:
        env = {"BEATLENS_DATA_DIR": str(at.data_dir), "BEATLENS_DATABASE_URL": at.database_url}
        return CliRunner().invoke(app, [command, str(tmp_path / "a.zip")], env=env)

    assert "rows of" in beatlens("backup", settings).stdout
    assert "is there already" in str(beatlens("backup", settings).exception)
    place = new_place(kind)
    assert "As it was on" in beatlens("restore", place).stdout
    assert rows(place.database)["readings"] == rows(settings.database)["readings"] != []
    assert "is there already" in str(beatlens("restore", place).exception)
