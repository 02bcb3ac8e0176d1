"""What the machine is and what it could do: the limits that a mask runs against."""

import importlib.metadata
import os
import platform
from pathlib import Path

import numba
import numpy as np

from benchmarks.timing import seconds

PACKAGES = ("torch", "numpy", "numba", "captum", "time_interpret", "dash", "redis", "rq")


def description() -> str:
    """`x86_64 AMD EPYC, 2 cores; Python 3.11.7, torch 2.13.0, …`."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    return (
        f"{platform.machine()} {_processor()}, {os.cpu_count()} cores; Python {platform.python_version()}, {versions}"
    )


def _processor() -> str:
    """The processor's name, where the system tells it."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "")


@numba.njit(fastmath={"contract"}, cache=True)
def _multiply_add(values, factor, summand, rounds):  # type: ignore[no-untyped-def]
    for _ in range(rounds):
        for i in range(values.size):
            value = values[i]
            for _ in range(8):
                value = value * factor + summand
            values[i] = value


@numba.njit(fastmath=True, cache=True)
def _total(values, rounds):  # type: ignore[no-untyped-def]
    result = np.float32(0)
    for _ in range(rounds):
        for i in range(values.size):
            result += values[i]
        values[0] = result  # no round may be left out
    return result


def flops() -> float:
    """Float32 operations a second of one core: multiply-adds on values that stay in its first cache."""
    values, factor, rounds = np.zeros(2048, np.float32), np.float32(0.5), 4000
    _multiply_add(values, factor, factor, 1)
    work = 2 * 8 * values.size * rounds
    return work / min(seconds(lambda: _multiply_add(values, factor, factor, rounds)) for _ in range(15))


def l2_bandwidth(size: int = 256 * 1024) -> float:
    """Bytes a second that one core reads from `size` bytes, as much as the recurrent weights of 128 units."""
    values, rounds = np.zeros(size // 4, np.float32), 400
    _total(values, 1)
    return rounds * size / min(seconds(lambda: _total(values, rounds)) for _ in range(15))
