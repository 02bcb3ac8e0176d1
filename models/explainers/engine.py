"""The one door to a network's numbers: scores and their gradients.

Methods ask here and never run a network themselves. Three ways lead to the same numbers: PyTorch with cuDNN on a GPU,
where there is one; the compiled kernels on a CPU, where they know the network; else PyTorch on batches.
Answers lie where the signals lie. All functions leave the network untouched, and several threads may call them at once.
"""

import copy
from collections.abc import Callable, Iterator
from functools import cache
from typing import Annotated, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from models import kernels
from models.networks.base import Network, chances
from models.networks.protocols import OverTime

ScoreKind = Literal["logit", "probability"]
Score = Annotated[
    ScoreKind,
    Field(
        title="Score",
        description="What of the class is explained: the logit, or the probability, which saturates in sure decisions.",
    ),
]

CHUNK = 2**16  # input values in one forward: about 300 beats of 216 samples, 35 MB in an LSTM of 128
WIDE = 2**21  # … on a GPU: about 9,700 such beats
FEW = 8  # windows up to which PyTorch takes a few milliseconds: nothing need be compiled or loaded for them


@cache
def device() -> torch.device:
    """Where the work is done: a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def frozen(network: Network) -> Network:
    """The network in evaluation mode with constant weights, on `device()`; a copy where it is not so already."""
    weights = list(network.parameters())
    if not network.training and all(w.device.type == device().type and not w.requires_grad for w in weights):
        return network
    constant = copy.deepcopy(network).requires_grad_(False).eval().to(device())
    return differentiable(constant) if device().type == "cuda" else constant


def differentiable(network: Network) -> Network:
    """The network in the mode in which cuDNN has a backward pass: recurrent layers in training, without dropout."""
    for module in network.modules():
        if isinstance(module, nn.RNNBase):
            module.dropout = 0.0
            module.train()
    return network


def compiled(network: Network, signals: Tensor) -> bool:
    """Whether the kernels do this work."""
    return device().type == "cpu" and kernels.fit(network, signals)


def rows_per_forward(signals: Tensor) -> int:
    """How many rows like signals[batch, leads, samples] fit one forward."""
    return max(1, (WIDE if device().type == "cuda" else CHUNK) // max(1, signals[0].numel()))


def pick(network: Network, logits: Tensor, targets: Tensor, kind: ScoreKind) -> Tensor:
    """Score [batch] of the classes targets[batch] from logits [batch, classes]."""
    scores = logits if kind == "logit" else chances(network, logits)
    return scores.gather(1, targets[:, None].to(logits.device))[:, 0]


@torch.no_grad()
def logits(network: Network, signals: Tensor) -> Tensor:
    """Logits [batch, classes] of signals [batch, leads, samples]."""
    network = frozen(network)
    if len(signals) > FEW and compiled(network, signals):
        from models.kernels import spans, weights

        return torch.from_numpy(spans.windows(weights.pack(network), signals.numpy()))
    parts = torch.split(signals, rows_per_forward(signals))
    return torch.cat([network(part.to(device())).to(signals.device) for part in parts])


@torch.no_grad()
def scores(network: Network, signals: Tensor, targets: Tensor, kind: ScoreKind = "logit") -> Tensor:
    """Score [batch] of signals [batch, leads, samples] for the classes targets [batch]."""
    return pick(network, logits(network, signals), targets, kind)


@torch.no_grad()
def temporal(network: Network, signals: Tensor) -> Tensor:
    """Probability [batch, steps, classes] after each step of signals [batch, leads, samples]."""
    network = frozen(network)
    assert isinstance(network, OverTime)
    parts = torch.split(signals, rows_per_forward(signals))
    steps = torch.cat([network.temporal(part.to(device())).to(signals.device) for part in parts])
    return chances(network, steps)


def gradient(network: Network, signals: Tensor, targets: Tensor, kind: ScoreKind = "logit") -> tuple[Tensor, Tensor]:
    """Score [batch] and its gradient [batch, leads, samples] with respect to signals, in one backward pass."""
    network = frozen(network)
    if len(signals) > FEW and compiled(network, signals):
        from models.kernels import passes, weights

        found = passes.gradient(weights.pack(network, kind), signals.detach().numpy(), targets.numpy())
        return torch.from_numpy(found[0]), torch.from_numpy(found[1])
    with torch.enable_grad():
        inputs = signals.detach().to(device()).requires_grad_()
        score = pick(network, network(inputs), targets, kind)
        # The rows do not meet in the network: the gradient of the sum holds each row's own.
        (slope,) = torch.autograd.grad(score.sum(), inputs)
    return score.detach().to(signals.device), slope.to(signals.device)


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
    """Score [batch, covers] where each covers[covers, leads, samples] puts value[batch, leads, samples] in place.

    The kernels begin each cover at the state before its first covered sample; covers in the order of their onsets, as
    those of a sliding window are, make the best of it.
    """
    network = frozen(network)
    answer = _begun_late(network, signals, value) if compiled(network, signals) else _afresh(network, signals, value)
    result = signals.new_empty(len(signals), len(covers))
    for row, first, last in _blocks(len(signals), len(covers), rows_per_forward(signals)):
        found = pick(network, answer(row, covers[first:last]), targets[row].expand(last - first), kind)
        result[row, first:last] = found.to(signals.device)
        done((row * len(covers) + last) / result.numel())
    return result


Answer = Callable[[int, Tensor], Tensor]  # row of signals, covers [covers, leads, samples] → logits [covers, classes]


def _afresh(network: Network, signals: Tensor, value: Tensor) -> Answer:
    def answer(row: int, covers: Tensor) -> Tensor:
        logits: Tensor = network(torch.where(covers, value[row], signals[row]).to(device()))
        return logits

    return answer


def _begun_late(network: Network, signals: Tensor, value: Tensor) -> Answer:
    from models.kernels import spans, weights

    packed = weights.pack(network)

    @cache
    def window(row: int) -> spans.Covered:
        return spans.Covered(packed, signals[row].numpy(), value[row].numpy())

    def answer(row: int, covers: Tensor) -> Tensor:
        return torch.from_numpy(window(row).logits(covers.numpy()))

    return answer


def _blocks(rows: int, covers: int, size: int) -> Iterator[tuple[int, int, int]]:
    for row in range(rows):
        for first in range(0, covers, size):
            yield row, first, min(first + size, covers)
