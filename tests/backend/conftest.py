"""A service over a small model and a folder of small recordings, on SQLite and on PostgreSQL."""

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import uuid
import warnings
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import wfdb
from fastapi.testclient import TestClient
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from safetensors.torch import save
from sqlalchemy import create_engine, make_url, text

from backend.accounts import passwords
from backend.app import create_app
from backend.database import make_engine, upgrade
from backend.settings import Settings
from models.cards import Card
from models.networks import build
from workers.cache import PREFIX as RESULTS
from workers.connection import api_connection
from workers.launch import redis_server

NORMAL = "demo~synthetic-normal"
MODEL = "tiny"


def pytest_configure(config: pytest.Config) -> None:
    """The mark of tests that run on more than SQLite."""
    config.addinivalue_line("markers", "databases(*kinds): which databases a test runs on, where not on SQLite alone")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Tests of the service run on SQLite, and on PostgreSQL as well where a mark says so, or test_schema itself.

    The rule: marked is what the two do differently. That is who waits for whom when several write, in which order rows
    become visible, what a restart or another process finds, times and their zones, the case and order of text,
    constraints, migrations and copies. That every statement runs on PostgreSQL at all, test_schema shows: it asks every
    route there.
    """
    module = metafunc.module.__name__.split(".")[-1]
    if "database_url" in metafunc.fixturenames and module != "test_schema":
        mark = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("database_url", mark.args if mark else ("sqlite",), indirect=True)


@pytest.fixture(scope="session", autouse=True)
def slow_passwords() -> Iterator[Callable[[], PasswordHash]]:
    """What makes passwords slow to guess, and tests slow: here it is given, and a quick one takes its place."""
    quick = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
    with pytest.MonkeyPatch.context() as patch:
        slow = passwords._argon2
        patch.setattr(passwords, "_argon2", lambda: quick)
        yield slow


def make_model(folder: Path, seed: int = 0, name: str = MODEL, **fields: Any) -> Path:
    """A random LSTM of 6 units and 3 classes with its card, of which any field can be given."""
    torch.manual_seed(seed)
    config = {"classes": 3, "hidden": 6}
    weights = save({key: 8 * tensor for key, tensor in build("lstm", config).state_dict().items()})
    card = Card.model_validate(
        {
            "id": name, "title": "Tiny", "summary": "Random weights.", "architecture": "lstm", "network": config,
            "weights_sha256": hashlib.sha256(weights).hexdigest(), "input": {"fs": 360.0}, "temperature": 1.5,
            "classes": [{"symbol": s, "name": n} for s, n in (("N", "Normal"), ("V", "PVC"), ("/", "Paced"))],
            "limits": ["Means nothing."],
        }
        | fields
    )  # fmt: skip
    (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / name / "card.json").write_text(card.model_dump_json())
    (folder / name / "weights.safetensors").write_bytes(weights)
    return folder


def make_record_files(folder: Path, name: str = "one", seconds: float = 20.0, seed: int = 0, symbol: str = "N") -> Path:
    """A WFDB record of one lead with an annotated sharp beat every 0.8 s."""
    fs, rng = 250, np.random.default_rng(seed)
    signal = rng.normal(0, 0.01, round(seconds * fs))
    beats = np.arange(fs, len(signal) - fs, round(0.8 * fs))
    for beat in beats:
        signal[beat - 5 : beat + 6] += np.hanning(11)
    folder.mkdir(parents=True, exist_ok=True)
    wfdb.wrsamp(
        name, fs=fs, units=["mV"], sig_name=["II"], p_signal=signal[:, None], fmt=["16"],
        comments=["69 M 1085"], write_dir=str(folder),
    )  # fmt: skip
    wfdb.wrann(name, "atr", beats, symbol=[symbol] * len(beats), write_dir=str(folder))
    return folder


@pytest.fixture
def write_model() -> Callable[..., Path]:
    return make_model


@pytest.fixture
def write_record() -> Callable[..., Path]:
    return make_record_files


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """A PostgreSQL server of these tests' own: the URL of its first database."""
    with warnings.catch_warnings(action="ignore"):  # platformdirs, without XDG_RUNTIME_DIR
        import pgserver
    # Not pytest's folder, which is closed to the user that the server runs as where the tests run as root.
    with pgserver.get_server(tempfile.mkdtemp(prefix="beatlens-pg"), cleanup_mode="delete") as server:
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):  # nothing here has to outlast the machine
            administer(url, f"ALTER SYSTEM SET {setting} = off")
        administer(url, "SELECT pg_reload_conf()")
        yield url


def administer(url: str, statement: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(statement))
    engine.dispose()


@pytest.fixture
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., str]]:
    """Make a database of a kind, "sqlite" or "postgresql", empty or a copy: its URL. It ends with the test."""
    made: list[str] = []

    def make(kind: str, of: str | None = None) -> str:
        name = f"test_{uuid.uuid4().hex}"
        if kind == "sqlite":
            file = tmp_path / "databases" / f"{name}.db"
            if of:
                file.parent.mkdir(exist_ok=True)
                shutil.copy(str(make_url(of).database), file)
            return f"sqlite:///{file}"
        server = request.getfixturevalue("postgresql")
        template = f" TEMPLATE {make_url(of).database}" if of else ""
        administer(server, f"CREATE DATABASE {name}{template}")
        made.append(name)
        return make_url(server).set(database=name).render_as_string(hide_password=False)

    yield make
    for name in made:
        administer(request.getfixturevalue("postgresql"), f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def with_tables(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], str]:
    """The URL of a database of a kind with all tables and no rows, which the tests' own are copies of."""

    @cache
    def make(kind: str) -> str:
        url = f"sqlite:///{tmp_path_factory.mktemp('databases') / 'tables.db'}"
        if kind == "postgresql":
            server = request.getfixturevalue("postgresql")
            administer(server, "CREATE DATABASE with_tables")
            url = make_url(server).set(database="with_tables").render_as_string(hide_password=False)
        engine = make_engine(url)
        upgrade(engine)
        engine.dispose()
        return url

    return make


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, new_database: Callable[..., str], with_tables: Callable[[str], str]
) -> str:
    """A database without rows, see above for its kind."""
    kind = getattr(request, "param", "sqlite")
    return new_database(kind, with_tables(kind))


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    models, recordings = make_model(tmp_path / "models"), make_record_files(tmp_path / "ward")
    (tmp_path / "data").mkdir()
    return Settings(
        data_dir=tmp_path / "data", model_dirs=(models,), recordings=(recordings,), redis_url=None, hosts=("test",),
        database_url=database_url,
    )  # fmt: skip


@pytest.fixture
def serve(settings: Settings) -> Iterator[Callable[..., TestClient]]:
    """Start a service with these settings changed; it ends with the test."""
    clients: list[TestClient] = []

    def start(strict: bool = True, **changed: Any) -> TestClient:
        app = create_app(settings.model_copy(update=changed))
        client = TestClient(app, base_url="http://test/api", raise_server_exceptions=strict)
        client.__enter__()
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(serve: Callable[..., TestClient]) -> TestClient:
    """A service without Redis."""
    return serve()


@pytest.fixture
def beat_of() -> Callable[..., int]:
    """The sample of the beat number `index`."""

    def find(client: TestClient, recording: str = NORMAL, index: int = 20) -> int:
        return int(client.get(f"/recordings/{recording}/windows").json()["windows"]["at"][index])

    return find


@pytest.fixture
def asking(beat_of: Callable[..., int]) -> Callable[..., dict[str, Any]]:
    """The body of a request about a beat of the normal recording."""

    def body(client: TestClient, method: str | None = None, **fields: Any) -> dict[str, Any]:
        explainer = {"explainer": {"method": method}} if method else {}
        return {"recording": NORMAL, "at": beat_of(client), "model": MODEL} | explainer | fields

    return body


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(None, tmp_path_factory.mktemp("redis")) as server:
        assert server.problem is None
        yield server.url


@pytest.fixture
def worker(resident_worker: str) -> str:
    """The URL of a Redis at which a real worker waits that knows the small model; what it computed is forgotten."""
    with contextlib.closing(api_connection(resident_worker)) as connection:
        for key in connection.scan_iter(f"{RESULTS}*"):
            connection.delete(key)
    return resident_worker


@pytest.fixture(scope="session")
def resident_worker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The Redis, and the worker, of all tests that need one."""
    models = make_model(tmp_path_factory.mktemp("models"))
    code = (
        "import sys; from pathlib import Path; from workers.service import serve; "
        "serve(sys.argv[1], model_dirs=[Path(sys.argv[2])])"
    )
    with redis_server(None, tmp_path_factory.mktemp("redis")) as server:
        assert server.problem is None
        command = [sys.executable, "-c", code, server.url, str(models)]
        process = subprocess.Popen(command, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])})
        yield server.url
        process.terminate()
        process.wait(60)
