"""Keeps a set of child processes running, and leaves none behind."""

import contextlib
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Self

log = logging.getLogger("beatlens.run")
WATCHDOG = Path(__file__).with_name("parent_watchdog.py")
HEALTHY = 10.0  # seconds of life after which the next death is not a repetition


@dataclass
class Process:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    env: Mapping[str, str] = field(default_factory=dict)  # added to ours
    process: subprocess.Popen[bytes] | None = None
    born: float = 0.0  # monotonic seconds
    due: float = 0.0  # when it may be started (again)
    deaths: int = 0  # in a row, each soon after its birth


class Supervisor:
    """Starts the parts, restarts each with growing pauses when it dies, ends all on leaving the context.

    Children run in sessions of their own, so Ctrl-C reaches only this process, which then ends them in order.
    """

    def __init__(self, parts: Sequence[Process], *, grace: float = 8.0, slowest: float = 30.0) -> None:
        self.parts = list(parts)
        self.grace = grace  # seconds between SIGTERM and SIGKILL
        self.slowest = slowest  # seconds, the longest pause before a restart
        self._stopping = threading.Event()
        # The kernel binds a child to the thread that made it, so one thread makes them all and lives to the end.
        self._thread = threading.Thread(target=self._run, name="supervisor", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._thread.join()

    def pids(self) -> list[int]:
        """Process ids of the parts that run."""
        running = [part.process for part in self.parts if part.process is not None]
        return [process.pid for process in running if process.poll() is None]

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                for part in self.parts:
                    self._tend(part, time.monotonic())
                self._stopping.wait(0.2)
        finally:
            self._end_all()

    def _tend(self, part: Process, now: float) -> None:
        if part.process is not None and part.process.poll() is not None:
            part.deaths = part.deaths + 1 if now - part.born < HEALTHY else 1
            pause = min(0.25 * 2 ** (part.deaths - 1), self.slowest)
            log.warning("%s ended (%s); again in %.2g s", part.name, part.process.returncode, pause)
            part.process, part.due = None, now + pause
        if part.process is None and now >= part.due:
            part.born = now
            try:
                part.process = _spawn(part)
            except OSError as error:
                log.error("%s cannot be started: %s", part.name, error)
                part.due = now + self.slowest

    def _end_all(self) -> None:
        running = [part.process for part in self.parts if part.process is not None and part.process.poll() is None]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + self.grace
        for process in running:
            try:
                process.wait(max(0.0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _spawn(part: Process) -> "subprocess.Popen[bytes]":
    # -P: this folder must not come before the standard library, it has a queue.py of its own
    watchdog = [sys.executable, "-P", str(WATCHDOG), str(os.getpid()), *part.command]
    return subprocess.Popen(watchdog, env={**os.environ, **part.env}, stdin=subprocess.DEVNULL, start_new_session=True)


def workers(
    count: int, command: Sequence[str] | None = None, env: Mapping[str, str] | None = None, **settings: float
) -> Supervisor:
    """A supervisor of `count` workers; `command` defaults to `beatlens worker`."""
    line = command or (sys.executable, "-m", "beatlens", "worker")
    return Supervisor([Process(f"worker {i + 1}", line, env or {}) for i in range(count)], **settings)


@contextlib.contextmanager
def ending_on_sigterm() -> Iterator[None]:
    """Make SIGTERM leave every context on its way out, as Ctrl-C does; for the main thread of a process tree."""

    def stop_workers(number: int, _: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, stop_workers)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
