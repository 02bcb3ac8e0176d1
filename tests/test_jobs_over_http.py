"""The whole program on a given Redis, two workers: equal work is done once, and a dying worker loses nothing."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from running import Program, start, stop

from workers.launch import redis_server

RECORDING = "demo~208-excerpt"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("two-workers")
    with redis_server(None, folder / "redis") as server:
        running = start(folder, BEATLENS_REDIS_URL=server.url, BEATLENS_WORKERS="2")
        yield running
        stop(running)


def _ask(program: Program, beat: int, steps: int) -> httpx.Response:
    explainer = {"method": "learned_mask", "steps": steps}
    return _post(program, "/tasks/explanation", recording=RECORDING, at=beat, explainer=explainer)


def _post(program: Program, path: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{program.address}/api{path}", json=body, timeout=120, trust_env=False)


def _wait(program: Program, job: str, seconds: float = 90) -> dict[str, Any]:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        status: dict[str, Any] = program.api(f"/tasks/explanation/{job}").json()
        if status["status"] in {"done", "failed", "cancelled"}:
            return status
        time.sleep(0.2)
    raise AssertionError(f"{job} is still {status['status']}")


def _beats(program: Program) -> list[int]:
    samples: list[int] = program.api(f"/recordings/{RECORDING}/windows").json()["windows"]["at"]
    return samples


def test_twenty_clients_at_once_make_one_job(program: Program) -> None:
    beat = _beats(program)[10]
    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: _ask(program, beat, 500), range(20)))
    assert {answer.status_code for answer in answers} <= {200, 202}
    ids = {answer.json()["id"] for answer in answers}
    assert len(ids) == 1
    job = ids.pop()
    result = _wait(program, job)["result"]
    again = _ask(program, beat, 500)
    assert again.status_code == 200
    # One computation: every later answer carries the very same moment and duration.
    assert again.json()["result"]["created"] == result["created"]
    assert again.json()["result"]["seconds"] == result["seconds"]
    assert len(result["tracks"][0]["values"]) == 501


def test_a_worker_killed_in_mid_mask_loses_nothing(program: Program) -> None:
    beat = _beats(program)[20]
    job = _ask(program, beat, 4000).json()["id"]
    for _ in range(300):
        status = program.api(f"/tasks/explanation/{job}").json()
        if status["status"] == "running" and (status["progress"] or {"fraction": 0})["fraction"] > 0.02:
            break
        time.sleep(0.05)
    assert status["status"] == "running", status
    os.kill(_busy_worker(program.process.pid), signal.SIGKILL)
    final = _wait(program, job, 150)
    assert final["status"] == "done", final
    assert len(final["result"]["tracks"][0]["values"]) == 4001


@pytest.mark.data
def test_a_half_hour_in_bulk_lets_others_go_first_and_fits_into_a_gigabyte(
    mitdb: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    program = start(tmp_path_factory.mktemp("bulk"), BEATLENS_RECORDINGS=str(mitdb))
    try:
        recording, mask = "mitdb~208", {"method": "learned_mask", "steps": 5}
        bulk = _post(program, "/bulk", recording=recording, explainer=mask, which="all").json()
        beat = program.api(f"/recordings/{recording}/windows").json()["windows"]["at"][-20]
        other = {"method": "learned_mask", "steps": 6}
        job = _post(program, "/tasks/explanation", recording=recording, at=beat, explainer=other).json()["id"]
        assert _wait(program, job)["status"] == "done"
        assert program.api(f"/bulk/{bulk['id']}").json()["status"] == "running"
        while (status := program.api(f"/bulk/{bulk['id']}").json())["status"] == "running":
            time.sleep(0.5)
        assert (status["status"], status["done"], status["failed"]) == ("done", status["total"], 0)
        assert status["total"] > 2000
        assert max(_peak_memory(pid) for pid in _workers(program.process.pid)) < 2**30
    finally:
        stop(program)


def _peak_memory(pid: int) -> int:
    """The most memory, in bytes, that the process has held."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return 1024 * next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


def _workers(parent: int) -> list[int]:
    return [
        int(p.name)
        for p in Path("/proc").iterdir()
        if p.name.isdigit()
        and f"PPid:\t{parent}\n" in (p / "status").read_text()
        and "worker" in (p / "cmdline").read_text()
    ]


def _busy_worker(parent: int) -> int:
    """The child of `parent` that used most processor time in the last moment."""

    def used(pid: int) -> int:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        return int(fields[11]) + int(fields[12])

    children = _workers(parent)
    before = {pid: used(pid) for pid in children}
    time.sleep(0.5)
    return max(children, key=lambda pid: used(pid) - before[pid])
