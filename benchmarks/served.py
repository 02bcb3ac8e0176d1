"""A cached explanation through HTTP, asked for by many clients at once from a process of their own."""

import multiprocessing
from collections.abc import Iterator

from benchmarks.house import house
from benchmarks.http_load import measure
from benchmarks.timing import Line

CLIENTS = (1, 50, 200)
TURNS, SECONDS = 7, 4.0


def lines() -> Iterator[Line]:
    """p50 and p99 at 1, 50 and 200 clients; the median of seven interleaved turns."""
    found: dict[int, list[dict[str, float]]] = {clients: [] for clients in CLIENTS}
    with house() as here, multiprocessing.get_context("spawn").Pool(1) as apart:
        ask = {"recording": here.record, "beat": here.beats()[20], "explainer": {"method": "learned_mask"}}
        here.explain([ask["beat"]])
        url = f"{here.address}/api/explanations/{here.ask('POST', '/explanations', json=ask)['id']}"
        for _ in range(TURNS):
            for clients, turns in found.items():
                turns.append(apart.apply(measure, (url, clients, SECONDS)))
    for clients, turns in found.items():
        rate = _median(turns, "per_second")
        for mark in ("p50", "p99"):
            against = f"{clients} clients in a closed loop, {rate:.0f} answers a second"
            yield Line(f"http_cached_{mark}_{clients}", round(_median(turns, mark), 2), "ms", against, None)


def _median(turns: list[dict[str, float]], name: str) -> float:
    return sorted(turn[name] for turn in turns)[len(turns) // 2]
