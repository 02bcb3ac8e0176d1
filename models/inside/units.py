"""Hidden units over real windows: their courses, what becomes of each class without them."""

import numpy as np
import torch
from numpy.typing import NDArray

from models.errors import UnsupportedError
from models.explainers import engine
from models.explainers.base import Progress, Report, silent
from models.explainers.tracks import Floats
from models.networks.base import Network, chances
from models.networks.protocols import Erasable, States, lacks
from models.signals.groups import evenly

Indices = NDArray[np.int64]
LEAST = 1e-30  # a probability is not less
AT_ONCE = 4  # windows whose every unit is erased at once


def some_of_each(labels: Indices, classes: int, each: int) -> Indices:
    """Rows, at most `each` of every class in labels [windows], spread evenly over the recordings."""
    found = [np.flatnonzero(labels == index) for index in range(classes)]
    return np.concatenate([own[evenly(len(own), each)] if len(own) else own for own in found])


def check(network: Network) -> None:
    """UnsupportedError for a network that does not show its units, or cannot answer without one."""
    if reason := lacks(network, (States, Erasable)):
        raise UnsupportedError(f"Units are not shown: {reason}", field="model")


@torch.no_grad()
def courses(network: Network, signals: Floats) -> Floats:
    """Hidden states [windows, units, samples] of the last layer over signals [windows, leads, samples]."""
    frozen = engine.frozen(network)
    assert isinstance(frozen, States)
    parts = torch.split(torch.from_numpy(signals), engine.rows_per_forward(torch.from_numpy(signals[:1])))
    found = []
    for part in parts:
        states = frozen.states(part.to(engine.device()))
        last = [name for name in states if name.startswith("hidden")][-1]
        found.append(states[last].cpu())
    return np.asarray(torch.cat(found).numpy(), dtype=np.float32)


@torch.no_grad()
def falls(network: Network, signals: Floats, targets: Indices, report: Report = silent) -> Floats:
    """Fall [windows, units] of the log-likelihood of targets [windows] with each unit held at zero throughout.

    Li et al. 2016, eq. 1. A unit that can be spared need not be idle: units share their work.
    """
    frozen, rows = engine.frozen(network), []
    assert isinstance(frozen, Erasable)
    for first in range(0, len(signals), AT_ONCE):
        part = torch.from_numpy(signals[first : first + AT_ONCE]).to(engine.device())
        own = torch.from_numpy(targets[first : first + AT_ONCE]).to(part.device)
        whole = chances(frozen, frozen(part)).gather(1, own[:, None]).clamp(min=LEAST).log()
        erased = chances(frozen, frozen.without_units(part))
        without = erased.gather(2, own[:, None, None].expand(-1, erased.shape[1], 1))[..., 0].clamp(min=LEAST).log()
        rows.append((whole - without).cpu().numpy())
        report(Progress(min(1.0, (first + AT_ONCE) / len(signals))))
    return np.asarray(np.concatenate(rows), dtype=np.float32)
