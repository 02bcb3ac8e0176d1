"""The one door to a network's numbers: scores and their gradients, by PyTorch.

Methods ask here and never run a network themselves, so a faster engine has one place to stand.
All functions leave the network untouched and may be called by several threads at once.
"""

import copy
from collections.abc import Callable, Iterator
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor

from models.networks.base import Network

ScoreKind = Literal["logit", "probability"]
Score = Annotated[
    ScoreKind,
    Field(
        title="Score",
        description="What of the class is explained: the logit, or the probability, which saturates in sure decisions.",
    ),
]

CHUNK = 2**16  # input values in one forward: about 300 beats of 216 samples, 35 MB in an LSTM of 128


def frozen(network: Network) -> Network:
    """The network in evaluation mode with constant weights; a copy where it is not so already."""
    if not network.training and not any(weight.requires_grad for weight in network.parameters()):
        return network
    return copy.deepcopy(network).requires_grad_(False).eval()


def rows_per_forward(signals: Tensor) -> int:
    """How many rows like signals[batch, leads, samples] fit one forward."""
    return max(1, CHUNK // max(1, signals[0].numel()))


def pick(network: Network, logits: Tensor, targets: Tensor, kind: ScoreKind) -> Tensor:
    """Score [batch] of the classes targets[batch] from logits [batch, classes]."""
    scores = logits if kind == "logit" else torch.softmax(logits / network.temperature, dim=1)
    return scores.gather(1, targets[:, None])[:, 0]


@torch.no_grad()
def logits(network: Network, signals: Tensor) -> Tensor:
    """Logits [batch, classes] of signals [batch, leads, samples]."""
    network = frozen(network)
    return torch.cat([network(part) for part in torch.split(signals, rows_per_forward(signals))])


@torch.no_grad()
def scores(network: Network, signals: Tensor, targets: Tensor, kind: ScoreKind = "logit") -> Tensor:
    """Score [batch] of signals [batch, leads, samples] for the classes targets [batch]."""
    return pick(network, logits(network, signals), targets, kind)


@torch.no_grad()
def temporal(network: Network, signals: Tensor) -> Tensor:
    """Probability [batch, steps, classes] after each step of signals [batch, leads, samples]."""
    network = frozen(network)
    parts = [network.temporal(part) for part in torch.split(signals, rows_per_forward(signals))]
    return torch.softmax(torch.cat(parts) / network.temperature, dim=2)


def gradient(network: Network, signals: Tensor, targets: Tensor, kind: ScoreKind = "logit") -> tuple[Tensor, Tensor]:
    """Score [batch] and its gradient [batch, leads, samples] with respect to signals, in one backward pass."""
    network = frozen(network)
    with torch.enable_grad():
        inputs = signals.detach().requires_grad_()
        score = pick(network, network(inputs), targets, kind)
        # The rows do not meet in the network: the gradient of the sum holds each row's own.
        (slope,) = torch.autograd.grad(score.sum(), inputs)
    return score.detach(), slope


@torch.no_grad()
def covered(
    network: Network,
    signals: Tensor,
    targets: Tensor,
    covers: Tensor,
    value: Tensor,
    kind: ScoreKind = "logit",
    done: Callable[[float], None] = lambda _: None,
) -> Tensor:
    """Score [batch, covers] where each covers[covers, leads, samples] puts value[batch, leads, samples] in place."""
    network = frozen(network)
    result = signals.new_empty(len(signals), len(covers))
    for row, first, last in _blocks(len(signals), len(covers), rows_per_forward(signals)):
        hidden = torch.where(covers[first:last], value[row], signals[row])
        result[row, first:last] = pick(network, network(hidden), targets[row].expand(last - first), kind)
        done((row * len(covers) + last) / result.numel())
    return result


def _blocks(rows: int, covers: int, size: int) -> Iterator[tuple[int, int, int]]:
    for row in range(rows):
        for first in range(0, covers, size):
            yield row, first, min(first + size, covers)
