"""`beatlens run` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import httpx


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
    with (data_dir / "run.log").open("wb") as log:
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
    program.process.wait(60)
