"""Measures what each method costs on one beat and writes docs/reference/method-costs.json. Run by `make method-costs`.

Processor time of one thread, so that it says the same on a busy machine.
"""

import json
import platform
import time
from pathlib import Path

import numpy as np
import torch

from models import zoo
from models.explainers import Batch, Explainer, explainers
from models.zoo import Model

FILE = Path(__file__).parent / "reference" / "method-costs.json"
MODEL, BEATS = "mitbih-lstm", 8  # what waits is one beat; eight at once are what a chunk of many has


def main() -> None:
    """One beat alone, and a share of eight, for every method that can explain the model."""
    torch.set_num_threads(1)
    model = zoo.load(MODEL)
    signals = torch.from_numpy(np.random.default_rng(0).standard_normal((BEATS, 1, 216)).astype(np.float32))
    found = {}
    for name, kind in explainers().items():
        if kind.unsupported(model.network) is None:
            method = kind(method=name)
            seconds(method, model, signals[:2])  # what is compiled and loaded is not counted
            found[name] = [seconds(method, model, signals[:1]), seconds(method, model, signals) / BEATS]
            print(name, *(f"{one:.3f}" for one in found[name]), flush=True)
    costs = {
        "model": MODEL,
        "processor": processor(),
        "seconds": {k: [rounded(s) for s in v] for k, v in found.items()},
    }
    FILE.write_text(json.dumps(costs, indent=1) + "\n")


def seconds(method: Explainer, model: Model, signals: torch.Tensor) -> float:
    """Of one thread for the maps of signals [beats, leads, samples]."""
    batch = Batch(signals, torch.zeros(len(signals), dtype=torch.int64))
    began = time.process_time()
    method.attribute(model.network, batch)
    return time.process_time() - began


def rounded(value: float) -> float:
    """Two digits: more would change from run to run."""
    return float(f"{value:.2g}")


def processor() -> str:
    """Its name, where the system tells it."""
    info = Path("/proc/cpuinfo")
    names = [line.split(":", 1)[1] for line in info.read_text().splitlines() if line.startswith("model name")]
    return names[0].strip() if names else platform.processor() or platform.machine()


if __name__ == "__main__":
    main()
