"""What the pages ask for through HTTP: a cached explanation, by many clients at once, and covers of a beat."""

import multiprocessing
from collections.abc import Iterator
from typing import Any

from benchmarks.house import House, house
from benchmarks.http_load import measure
from benchmarks.timing import Line, marks, seconds

CLIENTS = (1, 50, 200)
TURNS, SECONDS = 7, 4.0
COVERED, WARM = slice(40, 72), 2  # which beats are covered; the first of them load code and are not counted
COVERS = {
    "table": "a beat that nobody opened before: all spans on the grid of 4 samples; 30 beats after 2",
    "exact": "one span of a beat, both ends exact; 30 beats after 2",
}


def lines() -> Iterator[Line]:
    """A cached explanation: p50 and p99 at 1, 50 and 200 clients, the median of seven interleaved turns; covers."""
    found: dict[int, list[dict[str, float]]] = {clients: [] for clients in CLIENTS}
    with house() as served, multiprocessing.get_context("spawn").Pool(1) as apart:
        yield from _covers(served)
        ask = {"recording": served.record, "at": served.beats()[20], "explainer": {"method": "learned_mask"}}
        served.explain([ask["at"]])
        url = f"{served.address}/api/tasks/explanation/{served.ask('POST', '/tasks/explanation', json=ask)['id']}"
        for _ in range(TURNS):
            for clients, turns in found.items():
                turns.append(apart.apply(measure, (url, clients, SECONDS)))
    for clients, turns in found.items():
        rate = _median(turns, "per_second")
        for mark in ("p50", "p99"):
            against = f"{clients} clients in a closed loop, {rate:.0f} answers a second"
            yield Line(f"http_cached_{mark}_{clients}", round(_median(turns, mark), 2), "ms", against, None)


def _covers(served: House) -> Iterator[Line]:
    """p50 and p95 of one client's questions, one beat after the other."""
    waited: dict[str, list[float]] = {name: [] for name in COVERS}
    for sample in served.beats()[COVERED]:
        beat = {"recording": served.record, "at": sample}
        waited["table"].append(_milliseconds(served, "/predictions/table", beat))
        waited["exact"].append(_milliseconds(served, "/predictions", {**beat, "covers": [{"start": 61, "end": 103}]}))
    for name, milliseconds in waited.items():
        for mark, value in marks(milliseconds[WARM:]).items():
            yield Line(f"cover_{name}_{mark}", round(value, 1), "ms", COVERS[name], None)


def _milliseconds(served: House, path: str, body: dict[str, Any]) -> float:
    return seconds(lambda: served.ask("POST", path, json=body)) * 1000


def _median(turns: list[dict[str, float]], name: str) -> float:
    return sorted(turn[name] for turn in turns)[len(turns) // 2]
