"""What Beatlens 0.1 wrote: it migrates, and says what it said."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from fastapi.testclient import TestClient
from sqlalchemy import MetaData, make_url, select

from backend.backup import backup, restore
from backend.database import MIGRATIONS, make_engine, upgrade
from backend.links.service import digest
from backend.links.tables import Link
from backend.settings import Settings

OLD = Path(__file__).parents[1] / "data" / "version-0.1"
SAID: dict[str, Any] = json.loads((OLD / "said.json").read_text())
Serve = Callable[..., TestClient]


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def old(kind: str, new_database: Callable[..., str], tmp_path: Path) -> Callable[[str], Settings]:
    """Settings for a copy of one of the old houses; PostgreSQL gets its rows by way of a backup, before migration."""

    def make(house: str) -> Settings:
        file = f"sqlite:///{tmp_path / house}.sqlite"
        shutil.copy(OLD / f"{house}.sqlite", str(make_url(file).database))
        settings = Settings(
            data_dir=tmp_path / house, model_dirs=(OLD / "models",), recordings=(OLD / "ward",), redis_url=None,
            hosts=("test",), accounts=house == "accounts", database_url=file,
        )  # fmt: skip
        if kind == "sqlite":
            return settings
        backup(settings, tmp_path / "old.zip")
        settings = settings.model_copy(update={"database_url": new_database(kind)})
        restore(settings, tmp_path / "old.zip")
        return settings

    return make


def renamed(said: Any) -> Any:
    """An answer of 0.1 in the names of today."""
    if isinstance(said, list):
        return [renamed(part) for part in said]
    if not isinstance(said, dict):
        return said
    names = {"place": "position", "sample": "at", "beat": "window"}
    found = {names.get(key, key): renamed(value) for key, value in said.items() if key != "versions"}
    if "at" in found and isinstance(found["at"], int) and "count" not in found and "views" not in found:
        found |= {"start": found["at"], "end": found["at"] + 1}
    return found


def in_order(values: list[Any]) -> list[Any]:
    """What is said of readers, in the order of their ids: 0.1 went by it, today their names do."""
    for key in ("reader", "id", "name"):
        if values and all(isinstance(one, dict) and isinstance(one.get(key), str) for one in values):
            return sorted(values, key=lambda one: str(one[key]))
    return values


def agrees(now: Any, then: Any, path: str = "") -> list[str]:
    """Where an answer of today lacks or contradicts what 0.1 said; what is new in it is no matter."""
    if path.endswith(("/live", "/exported", "/versions", "/window")):
        return []  # another day, another version; what a model says is not kept in the database
    if isinstance(then, dict) and isinstance(now, dict):
        if {"a", "b"} <= set(then) and now.get("a") == then["b"]:
            now = now | {"a": now["b"], "b": now["a"]}  # a pair of readers, the other way round
        gone = [f"{path}/{key} is gone" for key in then if key not in now]
        return gone + [line for key in then if key in now for line in agrees(now[key], then[key], f"{path}/{key}")]
    if isinstance(then, list) and isinstance(now, list) and len(then) == len(now):
        pairs = zip(in_order(now), in_order(then), strict=True)
        return [line for i, pair in enumerate(pairs) for line in agrees(*pair, f"{path}/{i}")]
    same = now == pytest.approx(then) if isinstance(then, float) and isinstance(now, float) else now == then
    return [] if same else [f"{path} is {now!r}, was {then!r}"]


@pytest.mark.parametrize("house", ["open", "accounts"])
def test_everything_in_an_old_database_reads_as_before(
    old: Callable[[str], Settings], serve: Serve, house: str
) -> None:
    settings, said = old(house), SAID[house]
    client = serve(**settings.model_dump())
    keys = {name: {"Authorization": f"Bearer {token}"} for name, token in said.get("tokens", {}).items()}
    wrong = {}
    for path, then in said["answers"].items():
        reads = "/next" in path or (said["sessions"]["open"] in path and "/items/" in path)
        answer = client.get(path, headers=keys.get("ann" if reads else "lead"))
        assert answer.status_code == 200, (path, answer.text)
        if found := agrees(answer.json(), renamed(then)):
            wrong[path] = found
    assert wrong == {}


@pytest.mark.parametrize("house", ["open", "accounts"])
def test_what_was_sealed_is_sealed(old: Callable[[str], Settings], serve: Serve, house: str) -> None:
    said = SAID[house]
    client = serve(**old(house).model_dump())
    key = {"Authorization": f"Bearer {said['tokens']['ann']}"} if house == "accounts" else None
    for path, then in said["answers"].items():
        if said["sessions"]["open"] in path and "/items/" in path:
            window, before = client.get(path, headers=key).json()["window"], then["beat"]
            assert (window["prediction"] is None) == (before["prediction"] is None), path
            assert (window["label"], window["beat"]["aami"]) == (before["symbol"], before["aami"]), path


def test_old_links_are_what_they_were(old: Callable[[str], Settings], serve: Serve) -> None:
    links = SAID["accounts"]["links"]
    client = serve(**old("accounts").model_dump())
    key = {"Authorization": f"Bearer {SAID['accounts']['tokens']['lead']}"}
    assert client.get(f"/links/{links['withdrawn']['token']}").status_code == 410
    assert client.get(f"/links/{links['expiring']['token']}").status_code == 401
    document = client.get(f"/links/{links['expiring']['token']}", headers=key).json()
    assert document["expires"].startswith("2036")
    assert document["record"]["id"] == "ward~one"


def test_an_old_reader_goes_on_where_the_reading_ended(old: Callable[[str], Settings], serve: Serve) -> None:
    """A step, a reading and a close on migrated rows: numbers are counted on, and foreign keys hold."""
    client, said = serve(**old("accounts").model_dump()), SAID["accounts"]
    ann, lead = ({"Authorization": f"Bearer {said['tokens'][name]}"} for name in ("ann", "lead"))
    session = said["sessions"]["open"]
    entry = {"client_id": "c" * 32, "position": 1, "step": "final", "label": "V"}
    assert client.post(f"/sessions/{session}/entries", json={"entries": [entry]}, headers=ann).status_code == 201
    assert client.get(f"/sessions/{session}/items/1", headers=ann).json()["reference"] is not None
    reading = {"client_id": "d" * 32, "recording": "ward~one", "at": 850, "label": "V"}
    assert client.post("/readings", json={"entries": [reading]}, headers=ann).status_code == 201
    held = client.get("/readings?recording=ward~one", headers=ann).json()["readings"]
    assert [(row["at"], row["label"]) for row in held] == [(250, "L"), (450, "V"), (850, "V")]
    assert client.post(f"/sessions/{session}/close", headers=lead).json()["closed"] is not None


def test_an_old_backup_is_restored_and_brought_up_to_date(
    new_database: Callable[..., str], serve: Serve, kind: str, tmp_path: Path
) -> None:
    settings = Settings(
        data_dir=tmp_path / "new", model_dirs=(OLD / "models",), recordings=(OLD / "ward",), redis_url=None,
        hosts=("test",), accounts=True, database_url=new_database(kind),
    )  # fmt: skip
    assert restore(settings, OLD / "backup.zip").revision == "0005"
    client, said = serve(**settings.model_dump()), SAID["accounts"]
    key = {"Authorization": f"Bearer {said['tokens']['lead']}"}
    path = f"/sessions/{said['sessions']['closed']}/disagreements"
    assert agrees(client.get(path, headers=key).json(), renamed(said["answers"][path])) == []


def test_back_and_forth_leaves_every_row(old: Callable[[str], Settings]) -> None:
    engine, config = make_engine(old("accounts").database), Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    upgrade(engine)
    before = _rows(engine)
    for step, revision in ((command.downgrade, "0005"), (command.upgrade, "head")):
        with engine.connect() as connection, connection.begin():
            config.attributes["connection"] = connection
            step(config, revision)
    assert _rows(engine) == before
    engine.dispose()


def _rows(engine: Any) -> dict[str, list[str]]:
    found = MetaData()
    found.reflect(engine)
    with engine.connect() as connection:
        return {
            table.name: sorted(str(dict(row)) for row in connection.execute(select(table)).mappings())
            for table in found.sorted_tables
        }


def test_a_document_of_format_1_says_what_it_said(serve: Serve, settings: Settings) -> None:
    """Frozen by 0.1: nothing is written anew, everything is read in today's names."""
    text = (OLD / "link.json").read_text()
    then, client, token = json.loads(text), serve(), "t" * 32
    row = Link(token_sha256=digest(token), created=datetime.now(UTC), format=1, document=text)
    with client.app.state.services.database.transaction() as session:
        session.add(row)
    now = client.get(f"/links/{token}").json()
    with client.app.state.services.database.transaction() as session:
        assert session.scalars(select(Link.document)).one() == text
    for part in ("title", "note", "created", "by_wave", "patient", "readings"):
        assert agrees(now[part], then[part], part) == [], part
    assert now["record"]["at"] == then["record"]["sample"]
    assert now["strip"]["value"] == then["strip"]["value"]
    assert [one["label"] for one in now["strip"]["windows"]] == [one["symbol"] for one in then["strip"]["beats"]]
    assert then["beat"]["window"].items() <= now["window"]["window"].items()
    assert now["window"]["window"]["units"] == []  # 0.1 knew millivolts alone
    assert (now["window"]["label"], now["window"]["beat"]["r"]) == (then["beat"]["symbol"], then["beat"]["r"])
    assert agrees(now["prediction"], then["prediction"]) == []
    assert now["model"]["output"]["temperature"] == then["model"]["temperature"]
    assert [one["method"] for one in now["explanations"]] == [one["method"] for one in then["explanations"]]
    for one, before in zip(now["explanations"], then["explanations"], strict=True):
        assert one["relevance"] is None or one["relevance"] == before["relevance"]
    assert [one["trust"]["verdict"] for one in now["by_wave"]["maps"] if one["trust"]] == [
        one["trust"]["verdict"] for one in then["by_wave"]["maps"] if one["trust"]
    ]
