"""Resident memory of the service while somebody browses: `python -m benchmarks.memory FOLDER [--turns 2]`.

Every recording of a folder is opened as the desk does: all windows as columns, then one with its waves and its table.
"""

import argparse
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from tests.browser.support.running import Program, start, stop

MEGABYTE = 1024  # kB
LONG = 600.0  # s that one answer may take


@dataclass(frozen=True)
class Resident:
    """What the kernel counts of one process, in MB."""

    total: int
    anonymous: int  # of these, its own; the others are files' pages: libraries
    peak: int  # of the total, ever

    @classmethod
    def of(cls, pid: int) -> "Resident":
        """As /proc says now."""
        text = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        found = {name: int(kb) // MEGABYTE for name, kb in re.findall(r"(\w+):\s+(\d+) kB", text)}
        return cls(found["VmRSS"], found["RssAnon"], found["VmHWM"])


class Visitor:
    """One person who opens recordings."""

    def __init__(self, address: str) -> None:
        self.client = httpx.Client(base_url=f"{address}/api", timeout=LONG, trust_env=False, follow_redirects=True)

    def get(self, path: str, **query: Any) -> Any:
        """An answer as JSON."""
        answer = self.client.get(path, params=query)
        answer.raise_for_status()
        return answer.json()

    def recordings(self, source: str) -> list[str]:
        """Ids of the source's recordings."""
        listed = self.get("/recordings")["recordings"]
        return [entry["id"] for entry in listed if entry["id"].startswith(source)]

    def open(self, recording: str, model: str) -> None:
        """The desk on a recording, and a beat in its middle."""
        base = f"/recordings/{recording}"
        while (columns := self.get(f"{base}/windows", model=model)).get("computing"):
            time.sleep(0.5)
        at = columns["windows"]["at"][len(columns["windows"]["at"]) // 2]
        self.get(base)
        self.get(f"{base}/signal", points=2000)
        self.get(f"{base}/queues", model=model)
        self.get(f"{base}/windows/{at}", model=model)
        self.get(f"{base}/windows/{at}/waves", model=model)
        self.client.post("/predictions/table", json={"recording": recording, "at": at, "model": model})


def browse(program: Program, source: str, model: str, turns: int) -> Iterator[tuple[str, Resident]]:
    """Memory before, after every six recordings, and at rest."""
    visitor = Visitor(program.address)
    yield "at the start", Resident.of(program.process.pid)
    every = visitor.recordings(source)
    for turn in range(1, turns + 1):
        for number, recording in enumerate(every, 1):
            visitor.open(recording, model)
            if number % 6 == 0 or number == len(every):
                yield f"turn {turn}, {number} recordings", Resident.of(program.process.pid)
    print(visitor.get("/health")["parts"]["memory"])


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--turns", type=int, default=2)
    ask.add_argument("--model", default="mitbih-lstm")
    ask.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="of the environment")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as data:
        named = dict(pair.split("=", 1) for pair in given.set)
        program = start(Path(data), **{"BEATLENS_RECORDINGS": str(given.folder), "BEATLENS_WORKERS": "0"} | named)
        try:
            print("| when | resident, MB | its own | peak |\n|---|---|---|---|")
            for when, found in browse(program, given.folder.name, given.model, given.turns):
                print(f"| {when} | {found.total} | {found.anonymous} | {found.peak} |", flush=True)
        finally:
            stop(program)


if __name__ == "__main__":
    main()
