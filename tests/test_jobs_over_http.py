"""The whole program on a given Redis, two workers: equal work is done once, and a dying worker loses nothing."""

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from gates import Gate
from patience import until
from running import Program, start, stop

from workers.launch import redis_server

RECORDING = "demo~208-excerpt"


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, stub_settings: dict[str, str]) -> Iterator[Program]:
    folder = tmp_path_factory.mktemp("two-workers")
    with redis_server(None, folder / "redis") as server:
        running = start(folder, BEATLENS_REDIS_URL=server.url, BEATLENS_WORKERS="2", **stub_settings)
        yield running
        stop(running)


def _ask(program: Program, beat: int, steps: int) -> httpx.Response:
    explainer = {"method": "learned_mask", "steps": steps}
    return _post(program, "/tasks/explanation", recording=RECORDING, at=beat, explainer=explainer)


def _post(program: Program, path: str, **body: Any) -> httpx.Response:
    return httpx.post(f"{program.address}/api{path}", json=body, timeout=120, trust_env=False)


def _wait(program: Program, job: str) -> dict[str, Any]:
    """The job's status once it has ended."""

    def ended() -> dict[str, Any] | None:
        status: dict[str, Any] = program.api(f"/tasks/explanation/{job}").json()
        return status if status["status"] in {"done", "failed", "cancelled"} else None

    found: dict[str, Any] = until(ended)
    return found


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


def test_a_worker_killed_in_mid_job_loses_nothing(program: Program, gate: Gate) -> None:
    beat = _beats(program)[20]
    job = _post(program, "/tasks/explanation", recording=RECORDING, at=beat, explainer=gate.explainer).json()["id"]
    first = until(lambda: gate.waiting)
    os.kill(first, signal.SIGKILL)
    until(lambda: gate.waiting != first)  # another worker has it
    gate.open()
    final = _wait(program, job)
    assert final["status"] == "done", final
    assert np.array(final["result"]["relevance"]).min() == 1


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
        status = until(lambda: (told := program.api(f"/bulk/{bulk['id']}").json())["status"] != "running" and told, 600)
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
