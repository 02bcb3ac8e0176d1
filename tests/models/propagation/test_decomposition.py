"""Contextual decomposition: both parts are the logit, and a small case comes out as computed by hand."""

from math import tanh
from typing import Any

import pytest
import torch
from torch import Tensor

from models.networks import Network, build

T = 12


def network(**config: Any) -> Network:
    torch.manual_seed(0)
    built = build("lstm", {"classes": 3, "hidden": 5, **config}).double().eval().requires_grad_(False)
    built.scores.bias.normal_()
    return built


def signals(batch: int = 3, leads: int = 1, samples: int = T) -> Tensor:
    return torch.randn(batch, leads, samples, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


@pytest.mark.parametrize("config", [{}, {"pooling": "mean"}, {"layers": 2}, {"leads": 2}])
def test_a_span_and_the_rest_are_the_logit(config: dict[str, Any]) -> None:
    built, inputs = network(**config), signals(leads=config.get("leads", 1))
    inside = torch.zeros(3, T, dtype=torch.bool)
    inside[0, 3:6], inside[1, 8:] = True, True
    span, rest = built.decomposed(inputs, inside)
    torch.testing.assert_close(span + rest, built(inputs))
    assert (span[:2] != 0).all()
    torch.testing.assert_close(span[2], torch.zeros_like(span[2]))  # an empty span adds nothing
    span, rest = built.decomposed(inputs, torch.ones(3, T, dtype=torch.bool))
    torch.testing.assert_close(rest, built.scores.bias.expand(3, -1))  # all but the classifier's bias is the span's


def sigmoid(x: float) -> float:
    return (1 + tanh(x / 2)) / 2


def test_two_steps_of_one_unit_by_hand() -> None:
    built = network(hidden=1, classes=1)
    lstm, x = built.lstm, [0.7, -1.2]
    w, v = (getattr(lstm, f"weight_{name}_l0")[:, 0].tolist() for name in ("ih", "hh"))
    b = (lstm.bias_ih_l0 + lstm.bias_hh_l0).tolist()
    # First step, the span: alone, so it has every product, and tanh(c) whole.
    i, g, o = sigmoid(w[0] * x[0] + b[0]), tanh(w[2] * x[0] + b[2]), sigmoid(w[3] * x[0] + b[3])
    cell = i * g
    hidden = o * tanh(cell)

    def parts(squash: Any, k: int) -> tuple[float, float, float]:
        """Of the span's state and of the new sample: the mean over both orders, the bias first."""
        a, c = v[k] * hidden, w[k] * x[1]
        both = squash(a + c + b[k])
        of_span = (squash(a + b[k]) - squash(b[k]) + both - squash(c + b[k])) / 2
        return of_span, both - squash(b[k]) - of_span, squash(b[k])

    (i_s, i_r, i_b), (f_s, _, f_b), (g_s, g_r, g_b) = parts(sigmoid, 0), parts(sigmoid, 1), parts(tanh, 2)
    f = sum(parts(sigmoid, 1))
    span = i_s * (g_s + g_b) + i_b * g_s + (f_s + f_b) * cell
    rest = i_r * (g_s + g_r + g_b) + (i_s + i_b) * g_r + i_b * g_b + (f - f_s - f_b) * cell
    out = sigmoid(v[3] * hidden + w[3] * x[1] + b[3])
    beta = out * (tanh(span) + tanh(span + rest) - tanh(rest)) / 2
    inputs = torch.tensor([[x]], dtype=torch.float64)
    found = built.decomposed(inputs, torch.tensor([[True, False]]))[0]
    assert found.item() == pytest.approx(beta * built.scores.weight.item())
