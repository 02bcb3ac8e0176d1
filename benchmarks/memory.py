"""Resident memory of the service while somebody browses: `python -m benchmarks.memory FOLDER [--minutes 60]`.

Every recording of a folder is opened as the pages do: all windows as columns, the strip, some beats with their maps,
waves and cover tables, what fills the desk and the gallery. With `--minutes` that goes on, and the slope over the
last half of it is told.
"""

import argparse
import re
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np

from tests.browser.support.running import Program, start, stop

MEGABYTE = 1024  # kB
LONG = 600.0  # s that one answer may take
MINIMUM = 3  # measurements that make a slope
EVERY = 6  # recordings between two measurements


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

    def __init__(self, address: str, beats: int) -> None:
        self._callbacks: list[dict[str, Any]] = []
        self._shares = [(beat + 0.5) / beats for beat in range(beats)]  # of a recording, that are looked at
        self.client = httpx.Client(base_url=address, timeout=LONG, trust_env=False, follow_redirects=True)

    def get(self, path: str, **query: Any) -> Any:
        """An answer as JSON."""
        return self._answer(f"/api{path}", query).json()

    def recordings(self, source: str) -> list[str]:
        """Ids of the source's recordings."""
        listed = self.get("/recordings")["recordings"]
        return [entry["id"] for entry in listed if entry["id"].startswith(source)]

    def open(self, recording: str, model: str) -> None:
        """The desk on a recording, some of its beats, and the gallery."""
        base, typed = f"/recordings/{recording}", {"model": model, "columns": "typed"}
        while not self.get(f"{base}/progress", model=model, prepare=True)["ready"]:
            time.sleep(0.5)
        while (columns := self.get(f"{base}/windows", **typed)).get("computing"):
            time.sleep(0.5)
        self.get(base)
        self.get(f"{base}/signal", points=2000)
        self.get(f"{base}/queues", **typed)
        windows = np.frombuffer(b64decode(columns["windows"]["at"]["bdata"]), f"<{columns['windows']['at']['dtype']}")
        for share in self._shares:
            self.look(recording, int(windows[int(share * len(windows))]), model)
        self.fill(recording, model)
        self.get(f"{base}/groups", **typed)

    def fill(self, recording: str, model: str) -> None:
        """What the desk's and the gallery's own scripts ask for through the pages: all windows, the whole recording."""
        where = {"record": recording, "lead": None, "model": model}
        size = {"width": 1440, "height": 900}
        self._answer("/_windows", {"record": recording, "model": model})
        self._callback("predicted-late.data", {"beats-known.data": where})
        drawn = {"viewport.data": size, "theme.data": "light", "predicted.data": where}
        self._callback("overview.figure", {"record-state.data": where} | drawn)
        about = where | size | {"by": "reference_and_model", "method": "input_derivative"}
        self._callback("gallery-head.children", {"gallery-state.data": about, "theme.data": "light"})

    def _callback(self, output: str, given: dict[str, Any]) -> None:
        """One of the pages' callbacks, by its first output, as Dash asks for it."""
        found = next(one for one in self._known_callbacks() if output in outputs_of(one))
        every = [{"id": id, "property": name} for id, name in (part.split(".") for part in outputs_of(found))]
        asked = [{**one, "value": given.get(f"{one['id']}.{one['property']}")} for one in found["inputs"]]
        state = [{**one, "value": given.get(f"{one['id']}.{one['property']}")} for one in found["state"]]
        body = {"output": found["output"], "outputs": every if len(every) > 1 else every[0], "inputs": asked}
        changed = [f"{one['id']}.{one['property']}" for one in found["inputs"]]
        answer = self.client.post("/_dash-update-component", json=body | {"state": state, "changedPropIds": changed})
        answer.raise_for_status()

    def _known_callbacks(self) -> list[dict[str, Any]]:
        if not self._callbacks:
            self._callbacks = self._answer("/_dash-dependencies", {}).json()
        return self._callbacks

    def look(self, recording: str, at: int, model: str) -> None:
        """One beat, as the desk shows it."""
        self._answer("/_strip", {"record": recording, "at": at, "model": model, "predicted": "true"})
        instant = {"a": "input_derivative", "b": "temporal_score"}
        self._answer("/_view", {"page": "desk", "record": recording, "at": at, "model": model} | instant)
        self.client.post("/api/predictions/table", json={"recording": recording, "at": at, "model": model})

    def _answer(self, path: str, query: dict[str, Any]) -> httpx.Response:
        answer = self.client.get(path, params=query)
        answer.raise_for_status()
        return answer


def outputs_of(callback: dict[str, Any]) -> list[str]:
    """`id.property` of each of a callback's outputs."""
    return [str(part) for part in callback["output"].strip(".").split("...")]


Measured = Iterator[tuple[str, float, Resident]]  # when, after how many seconds, and how much


class Walk:
    """Somebody who opens every recording, so many times or so long."""

    def __init__(self, program: Program, source: str, model: str, beats: int) -> None:
        self.visitor = Visitor(program.address, beats)
        self._pid, self._model, self._began = program.process.pid, model, time.monotonic()
        self.every = self.visitor.recordings(source)

    @property
    def seconds(self) -> float:
        """Since the program answered."""
        return time.monotonic() - self._began

    def measured(self, turns: int, minutes: float) -> Measured:
        """Memory before, after every six recordings, and at the end."""
        yield "at the start", self.seconds, Resident.of(self._pid)
        turn = 0
        while turn < turns or self.seconds < 60 * minutes:
            turn += 1
            for number, recording in enumerate(self.every, 1):
                self.visitor.open(recording, self._model)
                if number % EVERY == 0 or number == len(self.every):
                    yield f"turn {turn}, {number} recordings", self.seconds, Resident.of(self._pid)


def slope(found: list[tuple[float, Resident]]) -> str:
    """MB an hour over the last half of the time, by least squares."""
    late = [(at, one.total) for at, one in found if at >= found[-1][0] / 2]
    if len(late) < MINIMUM:
        return "too few measurements for a slope"
    rate = float(np.polyfit([at / 3600 for at, _ in late], [total for _, total in late], 1)[0])
    return f"{rate:+.0f} MB an hour over the last {(late[-1][0] - late[0][0]) / 60:.1f} minutes"


def main() -> None:
    """Print the table."""
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("folder", type=Path)
    ask.add_argument("--turns", type=int, default=2, help="at least so many")
    ask.add_argument("--minutes", type=float, default=0.0, help="at least so long")
    ask.add_argument("--beats", type=int, default=3, help="looked at in each recording")
    ask.add_argument("--model", default="mitbih-lstm")
    ask.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="of the environment")
    given = ask.parse_args()
    with tempfile.TemporaryDirectory() as data:
        named = dict(pair.split("=", 1) for pair in given.set)
        program = start(Path(data), **{"BEATLENS_RECORDINGS": str(given.folder), "BEATLENS_WORKERS": "0"} | named)
        try:
            walk, found = Walk(program, given.folder.name, given.model, given.beats), []
            if not walk.every:
                ask.error(f"no recording is in {given.folder}")
            print("| when | s | resident, MB | its own | peak |\n|---|---|---|---|---|")
            for when, at, one in walk.measured(given.turns, given.minutes):
                found.append((at, one))
                print(f"| {when} | {at:.0f} | {one.total} | {one.anonymous} | {one.peak} |", flush=True)
            print(f"\n{slope(found)}; {walk.visitor.get('/health')['parts']['memory']}")
        finally:
            stop(program)


if __name__ == "__main__":
    main()
