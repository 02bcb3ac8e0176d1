"""The whole program as a newcomer starts it, and Debian's Chromium to drive it."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@dataclass
class Program:
    """A running `beatlens run`."""

    address: str
    process: subprocess.Popen[bytes]

    def api(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.address}/api{path}", timeout=30, trust_env=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, **settings: str) -> Program:
    """`beatlens run` with its own data folder; returns once the service answers."""
    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("BEATLENS_")}
    env |= {"BEATLENS_PORT": str(port), "BEATLENS_DATA_DIR": str(data_dir)} | settings
    log = (data_dir / "run.log").open("wb")
    process = subprocess.Popen([sys.executable, "-m", "beatlens", "run"], env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            httpx.get(f"{address}/api/health", timeout=2, trust_env=False)
            return Program(address, process)
        except httpx.HTTPError:
            time.sleep(0.1)
    process.kill()
    raise AssertionError(f"beatlens run did not answer:\n{(data_dir / 'run.log').read_text()}")


def stop(program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)
    program.process.wait(20)


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """The program with nothing but its demo set."""
    running = start(tmp_path_factory.mktemp("demo"))
    yield running
    stop(running)


@pytest.fixture(scope="session")
def mitdb_program(tmp_path_factory: pytest.TempPathFactory, mitdb: Path) -> Iterator[Program]:
    """The program with MIT-BIH beside the demo set."""
    running = start(tmp_path_factory.mktemp("mitdb"), BEATLENS_RECORDINGS=str(mitdb))
    yield running
    stop(running)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = shutil.which("chromium")
    assert path, "Debian's Chromium is missing: make chromium"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    made = browser.new_context(viewport={"width": 1440, "height": 900})
    yield made
    made.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when the browser's console shows an error."""
    made = context.new_page()
    errors: list[str] = []
    made.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    made.on("pageerror", lambda error: errors.append(str(error)))
    made.set_default_timeout(20_000)
    yield made
    assert not errors, errors
