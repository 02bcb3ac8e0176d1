"""A real redis-server for the whole module, emptied for each test, and real worker processes."""

import contextlib
import hashlib
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import patience
import pytest

from workers.connection import api_connection
from workers.launch import redis_server
from workers.queue import Queue
from workers.requests import JobRequest, packed

FAKE = Path(__file__).with_name("fake_worker.py")
QUICK = {"beat": 0.3, "patience": 3, "sweep": 0.5, "stray_after": 1.0}


@pytest.fixture(scope="session")
def server_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with redis_server(None, tmp_path_factory.mktemp("redis")) as server:
        assert server.problem is None
        yield server.url


@pytest.fixture
def url(server_url: str) -> str:
    with contextlib.closing(api_connection(server_url)) as connection:
        connection.flushall()
    return server_url


@pytest.fixture
def connection(url: str) -> Iterator[Any]:
    with contextlib.closing(api_connection(url)) as connection:
        yield connection


@pytest.fixture
def queue(url: str) -> Iterator[Queue]:
    with contextlib.closing(Queue(url, timeout=60)) as queue:
        queue.janitor.interval, queue.janitor.stray_after = QUICK["sweep"], QUICK["stray_after"]
        yield queue


@pytest.fixture
def ask() -> Callable[..., JobRequest]:
    """A request for the fake science; equal names are equal work."""

    def ask(name: str = "a", effort: float | None = None, **explainer: Any) -> JobRequest:
        id = hashlib.sha256(name.encode()).hexdigest()[:32]
        inputs = np.linspace(-1, 1, 6, dtype=np.float32).reshape(2, 3)
        return JobRequest(
            id=id,
            task="explanation",
            model="fake-model",
            weights_sha256="0" * 64,
            **packed(inputs),
            parameters={"target": None, "explainer": {"method": "fake", **explainer}},
            effort=effort,
            pace="fake",
        )

    return ask


@pytest.fixture
def explanation() -> Callable[..., Any]:
    made: Callable[..., Any] = runpy.run_path(str(FAKE))["explanation"]
    return made


@pytest.fixture
def launch_fake() -> Callable[..., "subprocess.Popen[bytes]"]:
    """Start a fake worker; ending it is the caller's."""

    def launch(url: str, *options: str) -> "subprocess.Popen[bytes]":
        env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        return subprocess.Popen([sys.executable, str(FAKE), url, *options], env=env)

    return launch


@pytest.fixture
def start(
    url: str, launch_fake: Callable[..., "subprocess.Popen[bytes]"]
) -> Iterator[Callable[..., "subprocess.Popen[bytes]"]]:
    """Start real workers with quick heartbeats; all end with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def start(**settings: float) -> "subprocess.Popen[bytes]":
        options = [f"{name}={value}" for name, value in (QUICK | settings).items()]
        running.append(launch_fake(url, *options))
        return running[-1]

    yield start
    for process in running:
        process.send_signal(signal.SIGKILL)
        process.wait()


@pytest.fixture
def until() -> Callable[..., Any]:
    """Wait until `check()` is true, and answer what it said."""
    return patience.until
