"""Weighted means of gradients over points that a method chooses: along a path, or around the window."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from models.explainers import engine
from models.networks.base import Network

Done = Callable[[float], None]


def gradients(
    network: Network, points: Tensor, targets: Tensor, kind: engine.ScoreKind, done: Done = lambda _: None
) -> tuple[Tensor, Tensor]:
    """Scores [points] and their gradients [points, leads, samples] at points of that shape, each for its target."""
    network, rows = engine.frozen(network), engine.rows_per_forward(points)
    found = []
    for first in range(0, len(points), rows):
        part = slice(first, first + rows)
        found.append(engine.gradient(network, points[part], targets[part], kind))
        done(min(1.0, (first + rows) / len(points)))
    scores, slopes = zip(*found, strict=True)
    return torch.cat(scores), torch.cat(slopes)


def rows(signals: Tensor, targets: Tensor, report: Callable[[float], None]) -> Iterator[tuple[Tensor, Tensor, Done]]:
    """Each window [leads, samples] of signals with its target [1], and how to tell how far it is of all."""
    for row in range(len(signals)):

        def done(part: float, row: int = row) -> None:
            report((row + part) / len(signals))

        yield signals[row], targets[row : row + 1], done
