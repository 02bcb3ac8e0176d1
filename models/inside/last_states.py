"""The last state: what the linear map reads that gives the class scores, of any network."""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from models.errors import UnsupportedError
from models.explainers import engine
from models.explainers.tracks import Floats
from models.networks.base import Network


class _Readings(TorchFunctionMode):
    """What linear maps to `classes` scores read, while one thread computes."""

    def __init__(self, classes: int) -> None:
        super().__init__()
        self.classes = classes
        self.found: list[Tensor] = []

    def __torch_function__(
        self, func: Callable[..., Any], types: Sequence[type], args: Sequence[Any] = (), kwargs: Any = None
    ) -> Any:
        out = func(*args, **(kwargs or {}))
        if getattr(func, "__name__", "") == "linear" and out.ndim == 2 and out.shape[1] == self.classes:
            self.found.append(args[0])
        return out


@torch.no_grad()
def last_states(network: Network, signals: Floats) -> tuple[Floats, Floats]:
    """Last states [batch, units] and logits [batch, classes] of signals [batch, leads, samples].

    Of a network whose answer several linear maps give, the states that they read stand beside each other.
    UnsupportedError for one whose scores no linear map gives.
    """
    frozen, parts = engine.frozen(network), []
    step = engine.rows_per_forward(torch.from_numpy(signals[:1]))
    for part in torch.split(torch.from_numpy(signals), step):
        with _Readings(network.config.classes) as readings:
            logits = frozen(part.to(engine.device()))
        if not readings.found:
            raise UnsupportedError(f"{type(network).__name__} has no last state: no linear map gives its class scores")
        parts.append((torch.cat(readings.found, dim=1).cpu(), logits.cpu()))
    states, scores = (torch.cat(rows).numpy() for rows in zip(*parts, strict=True))
    return states, scores
