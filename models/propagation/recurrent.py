"""Relevance through LSTM and GRU, step by step backwards (Arras et al. 2017; paper 003).

A product of a gate and a source gives all to the source: h = o ⊙ tanh(c) all to c, i ⊙ g all to g. What remains are
sums: c_t = i ⊙ g + f ⊙ c_{t−1} is shared in proportion, and the candidate's own sum W x_t + V h_{t−1} + b too.
"""

from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import torch
from torch import Tensor

from models.networks.recurrent_states import read_steps
from models.propagation.relevance import Shares

Cell = Literal["lstm", "gru"]


class _Steps(NamedTuple):
    """What one layer computed, each [batch, steps, units]."""

    kept: Tensor  # what of the state before remains: f ⊙ c_{t−1}, u ⊙ h_{t−1}
    added: Tensor  # what is new: i ⊙ g, (1 − u) ⊙ n
    state: Tensor  # their sum
    sums: Tensor  # the candidate's, before its tanh
    bias: Tensor  # of that sum
    gate: Tensor  # through which the hidden state enters that sum: 1, r


def recurrent(
    cell: Cell,
    shares: Shares,
    inputs: Tensor,
    _: Any,
    weights: Sequence[Tensor],
    biased: bool,
    layers: int,
    dropout: float,
    training: bool,
    both: bool,
    batch_first: bool,
) -> tuple[Any, ...]:
    """What `torch.lstm` and `torch.gru` answer, from a first state of zeros; a cell state at the end is not given."""
    values = inputs if batch_first else inputs.transpose(0, 1)
    each, ends = 4 if biased else 2, []
    for layer in range(layers):
        outputs = []
        for direction in range(1 + both):
            first = (layer * (1 + both) + direction) * each
            own = list(weights[first : first + each])
            own += [own[0].new_zeros(len(own[0]))] * (4 - each)
            read = values.flip(1) if direction else values
            found = _Layer.apply(read, *own, cell, shares)  # type: ignore[no-untyped-call]
            ends.append(found[:, -1])
            outputs.append(found.flip(1) if direction else found)
        values = torch.cat(outputs, dim=2)
    answer = values if batch_first else values.transpose(0, 1)
    return (answer, torch.stack(ends), None) if cell == "lstm" else (answer, torch.stack(ends))


class _Layer(torch.autograd.Function):
    """One layer in one direction: hidden states [batch, steps, units] of inputs [batch, steps, features]."""

    @staticmethod
    def forward(
        context: Any, inputs: Tensor, w: Tensor, v: Tensor, b: Tensor, c: Tensor, cell: Cell, shares: Shares
    ) -> Tensor:
        found = read_steps(cell, (w, v, b, c), inputs)
        hidden = found["hidden"]
        before = torch.cat([torch.zeros_like(hidden[:, :1]), hidden[:, :-1]], dim=1)
        steps = (_lstm if cell == "lstm" else _gru)(found, inputs, before, (w, v, b, c))
        units, at = v.shape[1], 2  # the candidate's rows are the third of an LSTM's gates and of a GRU's
        rows = slice(at * units, (at + 1) * units)
        context.save_for_backward(inputs, before, w[rows], v[rows], *steps)
        context.shares = shares
        return hidden

    @staticmethod
    def backward(context: Any, *flows: Tensor) -> Any:
        inputs, before, w, v, *saved = context.saved_tensors
        shares: Shares = context.shares
        steps, passed = _Steps(*saved), flows[0]
        shared = shares.spread(steps.state, 0.0) / 2 / shares.stabilised(steps.state)
        keeps, adds = (part / shares.stabilised(steps.state) + shared for part in (steps.kept, steps.added))
        each = 1 / shares.stabilised(steps.sums)
        spread = shares.spread(steps.sums, steps.bias) * each / (w.shape[1] + v.shape[1])
        state = torch.zeros_like(passed[:, 0])
        back = torch.zeros_like(state)
        found = torch.empty_like(inputs)
        for t in range(passed.shape[1] - 1, -1, -1):
            whole = passed[:, t] + state + back
            candidate, state = adds[:, t] * whole, keeps[:, t] * whole
            flow, evenly = candidate * each[:, t], (candidate * spread[:, t]).sum(dim=1, keepdim=True)
            found[:, t] = inputs[:, t] * (flow @ w) + evenly
            back = before[:, t] * ((flow * steps.gate[:, t]) @ v) + evenly
        return found, *([None] * 6)


def _lstm(found: dict[str, Tensor], inputs: Tensor, before: Tensor, weights: Sequence[Tensor]) -> _Steps:
    w, v, b, c = (weight.chunk(4)[2] for weight in weights)
    sums = inputs @ w.T + before @ v.T + b + c
    added = found["input gate"] * found["candidate"]
    state = found["cell"]
    return _Steps(state - added, added, state, sums, (b + c).expand_as(sums), torch.ones_like(sums))


def _gru(found: dict[str, Tensor], inputs: Tensor, before: Tensor, weights: Sequence[Tensor]) -> _Steps:
    w, v, b, c = (weight.chunk(3)[2] for weight in weights)
    reset, update = found["reset gate"], found["update gate"]
    bias = b + reset * c
    sums = inputs @ w.T + reset * (before @ v.T) + bias
    kept = update * before
    return _Steps(kept, (1 - update) * found["candidate"], found["hidden"], sums, bias, reset)
