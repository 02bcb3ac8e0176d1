"""Contextual decomposition of an LSTM: what a span of the input adds, and everything else (Murdoch et al. 2018).

Every state is split in two, h = β + γ and c = β + γ, from the first step on. A squashed sum is split as the mean over
the orders in which its parts may be added; of a product of gate and source, what holds nothing of the rest is the
span's own.
"""

from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

Pair = tuple[Tensor, Tensor]  # the span's part, and the rest
Squash = Callable[[Tensor], Tensor]


def decomposed(module: nn.LSTM, inputs: Tensor, inside: Tensor) -> Pair:
    """Both parts [batch, steps, units] of the outputs of inputs [batch, steps, features].

    `inside` [batch, steps] says which steps belong to the span. One direction, from first to last.
    """
    own = inside[:, :, None].to(inputs.dtype)
    parts: Pair = (inputs * own, inputs * (1 - own))
    for weights in module.all_weights:
        parts = _layer(weights, parts, own)
    return parts


def _layer(weights: Sequence[Tensor], parts: Pair, own: Tensor) -> Pair:
    w, v, bias = weights[0], weights[1], weights[2] + weights[3]
    entered = [part @ w.T for part in parts]
    nothing = parts[0].new_zeros(len(own), v.shape[1])
    hidden, cell = (nothing, nothing), (nothing, nothing)
    found: list[Pair] = []
    for t in range(own.shape[1]):
        sums = tuple(one[:, t] + before @ v.T for one, before in zip(entered, hidden, strict=True))
        cell, out = _step((sums[0], sums[1]), bias, cell, own[:, t])
        squashed = _shared(torch.tanh, *cell)
        hidden = (out * squashed[0], out * squashed[1])
        found.append(hidden)
    spans, rests = zip(*found, strict=True)
    return torch.stack(spans, dim=1), torch.stack(rests, dim=1)


def _step(sums: Pair, bias: Tensor, cell: Pair, own: Tensor) -> tuple[Pair, Tensor]:
    """Both parts of the next cell state, and the output gate, which is not split."""
    (b_i, b_f, b_g, b_o), each = bias.chunk(4), [part.chunk(4, dim=1) for part in sums]
    span_i, rest_i, bias_i = _with_bias(torch.sigmoid, each[0][0], each[1][0], b_i)
    span_f, rest_f, bias_f = _with_bias(torch.sigmoid, each[0][1], each[1][1], b_f)
    span_g, rest_g, bias_g = _with_bias(torch.tanh, each[0][2], each[1][2], b_g)
    out = (each[0][3] + each[1][3] + b_o).sigmoid()
    both = bias_i * bias_g  # of the step itself: the span's where the step is
    span = span_i * (span_g + bias_g) + bias_i * span_g + (span_f + bias_f) * cell[0] + both * own
    rest = rest_i * (span_g + rest_g + bias_g) + (span_i + bias_i) * rest_g + both * (1 - own)
    rest = rest + (span_f + rest_f + bias_f) * cell[1] + rest_f * cell[0]
    return (span, rest), out


def _with_bias(squash: Squash, span: Tensor, rest: Tensor, bias: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Parts of squash(span + rest + bias): of the span, of the rest, and the bias's, which is added first."""
    alone, whole = squash(bias), squash(span + rest + bias)
    with_span, with_rest = squash(span + bias), squash(rest + bias)
    of_span = ((with_span - alone) + (whole - with_rest)) / 2
    return of_span, ((with_rest - alone) + (whole - with_span)) / 2, alone


def _shared(squash: Squash, span: Tensor, rest: Tensor) -> Pair:
    """Parts of squash(span + rest), for a squash that is zero at zero."""
    whole, of_span, of_rest = squash(span + rest), squash(span), squash(rest)
    return (of_span + whole - of_rest) / 2, (of_rest + whole - of_span) / 2
