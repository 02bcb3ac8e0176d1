"""Layer-wise relevance propagation: how a score is shared out over the inputs, layer by layer (Bach et al. 2015).

Through z_j = Σ_i x_i w_ij + b_j, unit i receives of j's relevance the share
(x_i w_ij + (ε sign(z_j) + δ b_j) / N) / (z_j + ε sign(z_j)), N the number of inputs (Arras et al. 2017; paper 003).
With δ = 1 every share is handed on, so that the inputs' relevance and that of what is no input (the first states,
zeros around a signal) sum to the score whatever ε is; with δ = 0 the biases keep theirs.
In a product of a gate and a source the source takes all. Convolution and batch normalisation are one linear map.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.grad import conv1d_input
from torch.nn.utils.fusion import fuse_conv_bn_weights

from models.errors import UnsupportedError
from models.propagation.modes import Handler, RuleMode, depends


@dataclass(frozen=True)
class Shares:
    """How a unit's relevance is shared out."""

    epsilon: float = 0.01  # keeps a denominator away from zero
    bias: float = 0.0  # δ: how much of a bias's share the inputs receive

    def stabilised(self, sums: Tensor) -> Tensor:
        """z + ε sign(z); the sign of zero is positive."""
        return sums + self.epsilon * sign(sums)

    def spread(self, sums: Tensor, bias: Tensor | float) -> Tensor:
        """ε sign(z) + δ b, which all inputs of a unit share equally."""
        return self.epsilon * sign(sums) + self.bias * bias


def sign(values: Tensor) -> Tensor:
    """1 or −1."""
    return torch.where(values >= 0, 1.0, -1.0).to(values.dtype)


class Relevance(NamedTuple):
    """What was passed back, and what came of it."""

    values: Tensor  # [batch, leads, samples]
    score: Tensor  # [batch]


def relevance(network: nn.Module, signals: Tensor, targets: Tensor, shares: Shares) -> Relevance:
    """Relevance of signals [batch, leads, samples] for the logits of targets [batch] of a network with fixed weights.

    UnsupportedError where the network does what there is no rule for.
    """
    with torch.enable_grad():
        inputs = signals.detach().requires_grad_()
        with RelevanceMode(shares):
            logits: Tensor = network(inputs)
        score = logits.gather(1, targets[:, None])[:, 0]
        # Rows do not meet: the relevance that is passed in is each row's own score.
        (values,) = torch.autograd.grad(score, inputs, score.detach())
    return Relevance(values, score.detach())


class RelevanceMode(RuleMode):
    """The rules, for the operations of this house's networks."""

    what: ClassVar[str] = "Relevance propagation"

    def __init__(self, shares: Shares) -> None:
        super().__init__()
        self.shares = shares
        self._handlers: Mapping[str, Handler] = {
            "linear": self._linear,
            "conv1d": self._convolution,
            "batch_norm": self._normalised,
            "add": self._added,
            "mean": self._averaged,
            "sum": self._summed,
            "mul": self._scaled,
            "div": lambda values, by: self._scaled(values, 1 / by),
            "relu": lambda values, inplace=False: _passed(values, values.detach().relu()),
            "sigmoid": lambda values: values.detach().sigmoid(),  # a gate: it takes nothing
            "lstm": self._recurrent,
            "gru": self._recurrent,
        }

    def handlers(self) -> Mapping[str, Handler]:
        """By name."""
        return self._handlers

    def _linear(self, values: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
        return _affine(values, weight, bias, _Linear(), self.shares)

    def _convolution(self, values: Tensor, weight: Tensor, bias: Tensor | None = None, *more: Any) -> Tensor:
        operation = _Convolution(*more)
        found = _affine(values, weight, bias, operation, self.shares)
        found.folds = values, weight, bias, operation  # type: ignore[attr-defined]
        return found

    def _normalised(
        self,
        values: Tensor,
        mean: Tensor,
        variance: Tensor,
        weight: Tensor | None = None,
        bias: Tensor | None = None,
        training: bool = False,
        momentum: float = 0.1,
        eps: float = 1e-5,
    ) -> Tensor:
        """Together with the convolution that it follows, where there is one."""
        if training:
            raise UnsupportedError(f"{self.what}: batch normalisation in training has no weights of its own")
        weight = torch.ones_like(mean) if weight is None else weight
        bias = torch.zeros_like(mean) if bias is None else bias
        if (folds := getattr(values, "folds", None)) is not None:
            inputs, kernel, before, operation = folds
            kernel, shift = fuse_conv_bn_weights(kernel, before, mean, variance, eps, weight, bias)
            return _affine(inputs, kernel.detach(), shift.detach(), operation, self.shares)
        scale = weight / (variance + eps).sqrt()
        shape = (1, -1) + (1,) * (values.dim() - 2)
        return _shifted(values, scale.view(shape), (bias - mean * scale).view(shape), self.shares)

    def _added(self, first: Any, second: Any) -> Tensor:
        if depends(first) and depends(second):
            return _Sum.apply(first, second, self.shares)  # type: ignore[no-untyped-call,no-any-return]
        values, shift = (first, second) if depends(first) else (second, first)
        return _shifted(values, values.new_ones(()), torch.as_tensor(shift).to(values), self.shares)

    def _averaged(self, values: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
        return _Pooled.apply(values, dim, keepdim, True, self.shares)  # type: ignore[no-untyped-call,no-any-return]

    def _summed(self, values: Tensor, dim: Any = None, keepdim: bool = False) -> Tensor:
        return _Pooled.apply(values, dim, keepdim, False, self.shares)  # type: ignore[no-untyped-call,no-any-return]

    def _scaled(self, first: Any, second: Any) -> Tensor:
        """A source times a gate or a number: the source takes all."""
        if depends(first) and depends(second):
            raise UnsupportedError(f"{self.what}: there is no rule for a product of two signals")
        source, other = (first, second) if depends(first) else (second, first)
        return _passed(source, source.detach() * other)

    def _recurrent(self, *given: Any) -> Any:
        from models.propagation.recurrent import recurrent

        return recurrent("lstm" if isinstance(given[1], tuple | list) else "gru", self.shares, *given)


@dataclass(frozen=True)
class _Linear:
    """x W."""

    def forward(self, values: Tensor, weight: Tensor) -> Tensor:
        return functional.linear(values, weight)

    def back(self, shape: torch.Size, flow: Tensor, weight: Tensor) -> Tensor:
        return flow @ weight

    def bias(self, bias: Tensor) -> Tensor:
        return bias


@dataclass(frozen=True)
class _Convolution:
    """The same along time."""

    stride: Any = 1
    padding: Any = 0
    dilation: Any = 1
    groups: int = 1

    def forward(self, values: Tensor, weight: Tensor) -> Tensor:
        return functional.conv1d(values, weight, None, self.stride, self.padding, self.dilation, self.groups)

    def back(self, shape: torch.Size, flow: Tensor, weight: Tensor) -> Tensor:
        more = self.stride, self.padding, self.dilation, self.groups
        found: Tensor = conv1d_input(list(shape), weight, flow, *more)  # type: ignore[no-untyped-call]
        return found

    def bias(self, bias: Tensor) -> Tensor:
        return bias[:, None]


def _affine(
    values: Tensor, weight: Tensor, bias: Tensor | None, operation: _Linear | _Convolution, shares: Shares
) -> Tensor:
    shift = weight.new_zeros(len(weight)) if bias is None else bias
    return _Affine.apply(values, weight, operation.bias(shift), operation, shares)  # type: ignore[no-untyped-call,no-any-return]


def _shifted(values: Tensor, scale: Tensor, shift: Tensor, shares: Shares) -> Tensor:
    return _Shifted.apply(values, scale, shift, shares)  # type: ignore[no-untyped-call,no-any-return]


def _passed(values: Tensor, result: Tensor) -> Tensor:
    return _Pass.apply(values, result)  # type: ignore[no-untyped-call,no-any-return]


class _Affine(torch.autograd.Function):
    """Σ_i x_i w_ij + b_j."""

    @staticmethod
    def forward(context: Any, values: Tensor, weight: Tensor, bias: Tensor, operation: Any, shares: Shares) -> Tensor:
        sums: Tensor = operation.forward(values, weight) + bias
        context.save_for_backward(values, weight, bias, sums)
        context.operation, context.shares = operation, shares
        return sums

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        values, weight, bias, sums = context.saved_tensors
        back: Callable[..., Tensor] = context.operation.back
        each = flows[0] / context.shares.stabilised(sums)
        shared = context.shares.spread(sums, bias) * each / weight[0].numel()
        evenly = back(values.shape, shared, torch.ones_like(weight))
        return values * back(values.shape, each, weight) + evenly, None, None, None, None


class _Shifted(torch.autograd.Function):
    """x · scale + shift, each by itself."""

    @staticmethod
    def forward(context: Any, values: Tensor, scale: Tensor, shift: Tensor, shares: Shares) -> Tensor:
        sums = values * scale + shift
        context.save_for_backward(sums, shift)
        context.shares, context.shape = shares, values.shape
        return sums

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        sums, shift = context.saved_tensors
        each = flows[0] / context.shares.stabilised(sums)
        return ((sums - shift + context.shares.spread(sums, shift)) * each).sum_to_size(context.shape), None, None, None


class _Sum(torch.autograd.Function):
    """first + second."""

    @staticmethod
    def forward(context: Any, first: Tensor, second: Tensor, shares: Shares) -> Tensor:
        context.save_for_backward(first, second)
        context.shares = shares
        return first + second

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        first, second = context.saved_tensors
        sums = first + second
        each, evenly = flows[0] / context.shares.stabilised(sums), context.shares.spread(sums, 0.0) / 2
        return *(((one + evenly) * each).sum_to_size(one.shape) for one in (first, second)), None


class _Pooled(torch.autograd.Function):
    """Mean or sum along dimensions."""

    @staticmethod
    def forward(context: Any, values: Tensor, dim: Any, keepdim: bool, mean: bool, shares: Shares) -> Tensor:
        dims = tuple(range(values.dim())) if dim is None else (dim,) if isinstance(dim, int) else tuple(dim)
        kept = values.mean(dims, keepdim=True) if mean else values.sum(dims, keepdim=True)
        context.save_for_backward(values, kept)
        context.mean, context.shares = mean, shares
        return kept if keepdim else kept.reshape(values.sum(dims).shape)

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        values, kept = context.saved_tensors
        each, count = flows[0].reshape(kept.shape) / context.shares.stabilised(kept), values.numel() // kept.numel()
        part = values / count if context.mean else values
        return (part + context.shares.spread(kept, 0.0) / count) * each, None, None, None, None


class _Pass(torch.autograd.Function):
    """Whatever became of the values, their relevance is the result's."""

    @staticmethod
    def forward(context: Any, values: Tensor, result: Tensor) -> Tensor:
        context.shape = values.shape
        return result.view_as(result)

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        return flows[0].sum_to_size(context.shape), None
