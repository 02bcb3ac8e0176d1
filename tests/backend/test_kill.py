"""What was acknowledged outlasts a server that is killed without warning."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import httpx
import pytest

pytestmark = pytest.mark.databases("sqlite", "postgresql")
LABELS = 60
SERVE = "import uvicorn, sys; from backend.app import create_app; from backend.settings import Settings; "
SERVE += "uvicorn.run(create_app(Settings()), port=int(sys.argv[1]), log_level='warning')"


class Server:
    """The API in a process of its own."""

    def __init__(self, env: dict[str, str]) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.process = subprocess.Popen([sys.executable, "-c", SERVE, str(port)], env=env)
        self.http = httpx.Client(base_url=f"http://127.0.0.1:{port}/api", timeout=60, trust_env=False)
        for _ in range(6000):
            try:
                self.http.get("/health")
                return
            except httpx.TransportError:
                assert self.process.poll() is None
                time.sleep(0.1)
        raise AssertionError("the API did not answer")

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.http.post(path, json=body)

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.http.close()


def test_every_acknowledged_label_is_there_once_after_kill_9(
    database_url: str, tmp_path: Path, write_model: Any, write_record: Any
) -> None:
    models, ward = write_model(tmp_path / "models"), write_record(tmp_path / "ward", seconds=0.8 * LABELS + 3)
    env = {name: value for name, value in os.environ.items() if not name.startswith("BEATLENS_")} | {
        "BEATLENS_DATA_DIR": str(tmp_path / "data"),
        "BEATLENS_RECORDINGS": str(ward),
        "BEATLENS_MODEL_DIRS": str(models),
        "BEATLENS_DATABASE_URL": database_url,
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    server = Server(env)
    choice = {"how": "random", "count": LABELS}
    made = server.post(
        "/sessions",
        {"title": "Many beats", "recordings": ["ward~one"], "readers": ["local"], "choice": choice, "blind": False},
    ).json()
    path = f"/sessions/{made['id']}/entries"
    entries = [
        {"client_id": f"label-{place:04d}", "position": place, "step": "final", "label": "N", "confidence": 3}
        for place in range(LABELS)
    ]
    acknowledged: list[str] = []
    for number, entry in enumerate(entries):
        if number == LABELS // 2:
            server.process.send_signal(signal.SIGKILL)  # it may or may not take this one
        try:
            if server.post(path, {"entries": [entry]}).status_code == 201:
                acknowledged.append(entry["client_id"])
        except httpx.TransportError:
            break
    server.kill()
    assert LABELS // 2 <= len(acknowledged) < LABELS

    server = Server(env)
    try:
        kept = Counter(labels(server, made["id"]))
        assert set(acknowledged) <= set(kept)
        assert set(kept.values()) == {1}
        assert server.post(path, {"entries": entries}).status_code == 201  # the browser sends what it is not sure of
        assert Counter(labels(server, made["id"])) == {entry["client_id"]: 1 for entry in entries}
    finally:
        server.kill()


def labels(server: Server, session: str) -> list[str]:
    """The client ids of everything that is kept."""
    document = server.http.get(f"/sessions/{session}/export", params={"format": "json"}).json()
    return [entry["client_id"] for item in document["items"] for entry in item["entries"]]
