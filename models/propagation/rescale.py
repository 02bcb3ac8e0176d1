"""DeepLIFT's rescale rule: differences from a baseline passed back exactly (Shrikumar et al. 2017).

Signal and baseline go through the network together. What is linear passes differences back as it is; a ReLU by the
quotient of its output's difference and its input's; a maximum to the steps that win on either side. The contributions
sum to the score's difference. For products of two signals, as an LSTM's gates, the rule says nothing: refused.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.errors import UnsupportedError
from models.propagation.modes import Handler, RuleMode, depends

ALIKE = 1e-7  # an input that hardly differs: the derivative is the quotient


class Contributions(NamedTuple):
    """What each value adds to the difference of the scores, and that difference."""

    values: Tensor  # [batch, leads, samples]
    difference: Tensor  # [batch]


def contributions(network: nn.Module, signals: Tensor, baselines: Tensor, targets: Tensor) -> Contributions:
    """Of signals [batch, leads, samples] against baselines of that shape, for the logits of targets [batch].

    UnsupportedError where the network is not linear but for ReLUs and maxima.
    """
    with torch.enable_grad():
        both = torch.cat([signals, baselines]).detach().requires_grad_()
        with RescaleMode():
            logits: Tensor = network(both)
        scores = logits.gather(1, torch.cat([targets, targets])[:, None])[:, 0]
        (slopes,) = torch.autograd.grad(scores[: len(signals)].sum(), both)
    ours, theirs = scores.detach().chunk(2)
    # Rules pass the same multiplier back to both halves.
    return Contributions(slopes[: len(signals)] * (signals - baselines), ours - theirs)


class RescaleMode(RuleMode):
    """The rule, and what needs none."""

    what: ClassVar[str] = "DeepLIFT"
    linear: ClassVar[frozenset[str]] = frozenset({"linear", "conv1d", "add", "sub", "mean", "sum", "neg"})

    def __init__(self) -> None:
        super().__init__()
        self._handlers: Mapping[str, Handler] = {
            "relu": lambda values, inplace=False: _ReLU.apply(values),  # type: ignore[no-untyped-call]
            "amax": lambda values, dim, keepdim=False: _Maximum.apply(values, dim, keepdim),  # type: ignore[no-untyped-call]
            "batch_norm": self._normalised,
            "mul": partial(self._product, torch.mul),
            "div": partial(self._product, torch.div),
        }

    def handlers(self) -> Mapping[str, Handler]:
        """By name."""
        return self._handlers

    def _normalised(self, *given: Any, **named: Any) -> Tensor:
        if named.get("training", given[5] if len(given) > 5 else False):
            raise UnsupportedError(f"{self.what}: batch normalisation in training is not linear")
        return functional.batch_norm(*given, **named)

    def _product(self, operation: Callable[[Any, Any], Tensor], first: Any, second: Any) -> Tensor:
        if depends(second) and (depends(first) or operation is torch.div):
            raise UnsupportedError(f"{self.what}: there is no rule for a product of two signals")
        return operation(first, second)


def _difference(values: Tensor) -> Tensor:
    ours, theirs = values.chunk(2)
    return ours - theirs


class _ReLU(torch.autograd.Function):
    """Its slope is the quotient of differences, for signal and baseline alike."""

    @staticmethod
    def forward(context: Any, values: Tensor) -> Tensor:
        context.save_for_backward(values)
        return values.relu()

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        (values,) = context.saved_tensors
        entered, left = _difference(values), _difference(values.relu())
        alike = entered.abs() < ALIKE
        slope = torch.where(alike, (values.chunk(2)[0] > 0).to(values.dtype), left / entered.masked_fill(alike, 1.0))
        flow = flows[0].chunk(2)[0] * slope
        return torch.cat([flow, flow])


class _Maximum(torch.autograd.Function):
    """The greater maximum's winner, the signal's or the baseline's, takes the whole difference, as in SHAP's rule."""

    @staticmethod
    def forward(context: Any, values: Tensor, dim: int, keepdim: bool) -> Tensor:
        found, where = values.max(dim=dim, keepdim=True)
        context.save_for_backward(values, found, where)
        context.dim = dim
        return found if keepdim else found.squeeze(dim)

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        values, found, where = context.saved_tensors
        (ours, theirs), (ours_at, theirs_at) = found.chunk(2), where.chunk(2)
        flow = flows[0].reshape(found.shape).chunk(2)[0]
        winner = torch.where(ours >= theirs, ours_at, theirs_at)
        entered = _difference(values).gather(context.dim, winner)  # at least as large as the maxima's difference
        alike = entered.abs() < ALIKE
        slope = torch.where(alike, torch.zeros_like(flow), (ours - theirs) / entered.masked_fill(alike, 1.0))
        passed = torch.zeros_like(values.chunk(2)[0]).scatter_(context.dim, winner, flow * slope)
        return torch.cat([passed, passed]), None, None
