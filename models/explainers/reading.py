"""What a network shows beside its scores: read in parts that fit one forward, and placed in the signal."""

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from models.explainers import engine
from models.explainers.base import Progress, Report
from models.explainers.tracks import Batch, Floats
from models.networks.base import Network
from models.networks.feature_maps import Grid, evenly
from models.networks.protocols import Placed

Read = Callable[[Network, Tensor, Tensor], Sequence[Tensor]]  # network, signals, targets → tensors [batch, …]


def in_parts(network: Network, batch: Batch, read: Read, report: Report) -> list[Floats]:
    """What `read` finds in all windows of a batch, arrays [batch, …]; the network is frozen, and gradients are on."""
    network, rows = engine.frozen(network), engine.rows_per_forward(batch.signals)
    found = []
    for first in range(0, len(batch), rows):
        part = slice(first, first + rows)
        with torch.enable_grad():
            tensors = read(network, batch.signals[part].to(engine.device()), batch.targets[part].to(engine.device()))
        found.append([tensor.detach().cpu().numpy().astype(np.float32) for tensor in tensors])
        report(Progress(min(1.0, (first + rows) / len(batch))))
    return [np.concatenate(parts) for parts in zip(*found, strict=True)]


def grid_of(network: Network, samples: int, steps: int) -> Grid:
    """Where the steps of what a network shows over time lie in a signal of `samples` samples."""
    grid = network.grid(samples) if isinstance(network, Placed) else None
    return grid or evenly(samples, steps)


def over_channels(values: Floats, channels: int) -> Floats:
    """Values [batch, samples] that are of all channels alike as a map [batch, channels, samples]."""
    return np.repeat(values[:, None], channels, axis=1)
