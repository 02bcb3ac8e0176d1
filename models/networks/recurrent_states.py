"""States and gates of recurrent layers step by step, which `nn.LSTM` and `nn.GRU` keep to themselves."""

from collections.abc import Callable, Sequence
from typing import Literal

import torch
from torch import Tensor, nn

LSTM = ("hidden", "cell", "input gate", "forget gate", "candidate", "output gate")
GRU = ("hidden", "reset gate", "update gate", "candidate")
Values = dict[str, Tensor]
Cell = Literal["lstm", "gru"]


def recurrent_states(module: nn.LSTM | nn.GRU, inputs: Tensor) -> Values:
    """Name → values [batch, units, steps] of inputs [batch, steps, features]; steps are in order of time.

    "hidden 2" is of the second layer, "hidden, backward" of the direction that reads from the end.
    """
    found: Values = {}
    cell: Cell = "lstm" if isinstance(module, nn.LSTM) else "gru"
    directions = ("", ", backward") if module.bidirectional else ("",)
    for layer in range(module.num_layers):
        outputs = []
        for number, direction in enumerate(directions):
            weights = module.all_weights[layer * len(directions) + number]
            values = read_steps(cell, weights, inputs.flip(1) if number else inputs)
            values = {name: one.flip(1) for name, one in values.items()} if number else values
            suffix = (f" {layer + 1}" if layer else "") + direction
            found |= {name + suffix: one.transpose(1, 2) for name, one in values.items()}
            outputs.append(values["hidden"])
        inputs = torch.cat(outputs, dim=2)
    return found


def read_steps(cell: Cell, weights: Sequence[Tensor], inputs: Tensor) -> Values:
    """One layer in one direction over inputs [batch, steps, features]: each [batch, steps, units].

    Weights as `all_weights` of the module has them: of the inputs, of the hidden state, and both biases.
    """
    lstm = cell == "lstm"
    step: Callable[..., tuple[Tensor, ...]] = _lstm_step if lstm else _gru_step
    entered = inputs @ weights[0].T + weights[2]
    remembered: tuple[Tensor, ...] = (entered.new_zeros(len(entered), weights[1].shape[1]),) * 2
    steps = []
    for one in entered.unbind(dim=1):
        remembered = step(one, remembered, weights[1], weights[3])
        steps.append(remembered)
    parts = zip(*steps, strict=True)
    return {name: torch.stack(part, dim=1) for name, part in zip(LSTM if lstm else GRU, parts, strict=True)}


def _lstm_step(entered: Tensor, before: tuple[Tensor, ...], weight: Tensor, bias: Tensor) -> tuple[Tensor, ...]:
    into, forget, candidate, out = (entered + before[0] @ weight.T + bias).chunk(4, dim=-1)
    into, forget, candidate, out = into.sigmoid(), forget.sigmoid(), candidate.tanh(), out.sigmoid()
    cell = forget * before[1] + into * candidate
    return out * cell.tanh(), cell, into, forget, candidate, out


def _gru_step(entered: Tensor, before: tuple[Tensor, ...], weight: Tensor, bias: Tensor) -> tuple[Tensor, ...]:
    own, recurred = entered.chunk(3, dim=1), (before[0] @ weight.T + bias).chunk(3, dim=1)
    reset, update = (own[0] + recurred[0]).sigmoid(), (own[1] + recurred[1]).sigmoid()
    candidate = (own[2] + reset * recurred[2]).tanh()
    return (1 - update) * candidate + update * before[0], reset, update, candidate


def without_units(module: nn.LSTM, inputs: Tensor) -> Tensor:
    """Outputs [batch, units, steps, hidden] of inputs [batch, steps, features], each with one unit of the last layer 0.

    The unit is zero at every step, so that nothing is remembered of it either. One direction, from first to last.
    """
    for weights in module.all_weights[:-1]:
        inputs = read_steps("lstm", weights, inputs)["hidden"]
    w, v, b, c = module.all_weights[-1]
    entered = (inputs @ w.T + b)[:, None]  # [batch, 1, steps, gates]
    present = 1 - torch.eye(module.hidden_size, dtype=inputs.dtype, device=inputs.device)
    state: tuple[Tensor, ...] = (entered.new_zeros(len(inputs), *present.shape),) * 2
    outputs = []
    for t in range(entered.shape[2]):
        state = _lstm_step(entered[:, :, t], state, v, c)
        state = (state[0] * present, *state[1:])
        outputs.append(state[0])
    return torch.stack(outputs, dim=2)
