"""`beatlens run` as a process of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from redis import Redis

STARTING = 600.0  # seconds until a program has to answer


@dataclass
class Program:
    """A running `beatlens run`."""

    address: str
    process: subprocess.Popen[bytes]

    def api(self, path: str) -> httpx.Response:
        return httpx.get(f"{self.address}/api{path}", timeout=120, trust_env=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(data_dir: Path, **settings: str) -> Program:
    """`beatlens run` with its own data folder; returns once the service answers."""
    for _ in range(5):
        if program := _started(data_dir, settings):
            return program
    raise AssertionError(f"beatlens run did not answer:\n{(data_dir / 'run.log').read_text()}")


def _started(data_dir: Path, settings: dict[str, str]) -> Program | None:
    """The program, once it answers; None where it ended, as when somebody else has taken its port meanwhile."""
    port = free_port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("BEATLENS_")}
    env |= {"BEATLENS_PORT": str(port), "BEATLENS_DATA_DIR": str(data_dir)} | settings
    with (data_dir / "run.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "beatlens", "run"], env=env, stdout=log, stderr=log)
    program = Program(f"http://127.0.0.1:{port}", process)
    try:
        if _answers(program):
            return program
    except BaseException:  # the tests were interrupted
        stop(program)
        raise
    process.kill()
    process.wait()
    return None


def _answers(program: Program) -> bool:
    """Whether it lives until it answers."""
    deadline = time.monotonic() + STARTING
    while program.process.poll() is None and time.monotonic() < deadline:
        with suppress(httpx.HTTPError):
            httpx.get(f"{program.address}/api/health", timeout=10, trust_env=False)
            return program.process.poll() is None
        time.sleep(0.05)
    return False


def stop(program: Program) -> None:
    program.process.send_signal(signal.SIGTERM)
    program.process.wait(300)


def below(pid: int) -> Iterator[int]:
    """All processes that a process started."""
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue
        if parent == pid:
            child = int(status.parent.name)
            yield child
            yield from below(child)


def workers_of(program: Program) -> list[int]:
    """The processes of its workers."""
    commands = {pid: Path(f"/proc/{pid}/cmdline").read_text() for pid in below(program.process.pid)}
    workers = [pid for pid, command in commands.items() if "worker" in command]
    assert workers
    return workers


def forget_job(program: Program, id: str) -> None:
    """The program's Redis knows nothing of this job any more, as after a restart or a long time."""
    environment = Path(f"/proc/{workers_of(program)[0]}/environ").read_bytes().split(b"\0")
    url = next(line.split(b"=", 1)[1] for line in environment if line.startswith(b"BEATLENS_REDIS_URL="))
    with closing(Redis.from_url(url.decode())) as connection:
        assert connection.delete(*connection.scan_iter(f"*{id}*"))
        for queue in connection.scan_iter("rq:queue:*"):
            for job in connection.lrange(queue, 0, -1):
                if id.encode() in job:
                    connection.lrem(queue, 0, job)


@contextmanager
def frozen_workers(program: Program) -> Iterator[None]:
    """The program's workers stand still, as those of a machine that has stopped: no job begins or ends."""
    workers = workers_of(program)
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in workers:
            os.kill(pid, signal.SIGCONT)
