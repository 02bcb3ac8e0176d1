"""Relevance propagation: what is passed in is passed on, and small cases come out as computed by hand."""

from typing import Any

import pytest
import torch
from captum.attr import LRP
from captum.attr._utils.lrp_rules import EpsilonRule
from torch import Tensor, nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from models.errors import UnsupportedError
from models.networks import Network, build
from models.propagation.relevance import Shares, relevance

STACK = {"classes": 4, "channels": (4, 6, 6, 8), "halved_after": (2,), "kernel": 3}
T = 60  # so long that no network puts zeros around it
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "last": ("lstm", {"classes": 3, "hidden": 5}),
    "mean": ("lstm", {"classes": 3, "hidden": 5, "layers": 2, "pooling": "mean"}),
    "GAP": ("convolutional", {**STACK, "pooling": "mean"}),
    "GMP": ("convolutional", {**STACK, "pooling": "max"}),
    "residual vote": ("convolutional", {**STACK, "channels": (6, 6, 6, 6), "residual": True, "vote_layer": 2}),
    "ConvLSTM": ("conv_lstm", {**STACK, "hidden": 5}),
    "both directions": ("conv_lstm", {**STACK, "hidden": 5, "bidirectional": True, "recurrent_layers": 2}),
    "centre": ("conv_lstm", {**STACK, "hidden": 5, "bidirectional": True, "read": "centre", "pooling": "mean"}),
    "GRU": ("conv_lstm", {**STACK, "hidden": 5, "cell": "gru"}),
    "gated": ("attention_gated", {**STACK, "gate_layer": 3, "gate_hidden": 5}),
    "gated, joined": ("attention_gated", {**STACK, "gate_layer": 3, "gate_hidden": 5, "joined": "concatenated"}),
}
TARGETS = torch.tensor([0, 2, 1])


def network(kind: str, leads: int = 1) -> Network:
    """In double precision, with batch normalisation that has seen data."""
    architecture, config = KINDS[kind]
    torch.manual_seed(0)
    built = build(architecture, {**config, "leads": leads}).double()
    with torch.no_grad():
        for _ in range(3):
            built.train()(signals(8, leads))
    return built.eval().requires_grad_(False)


def signals(batch: int = 3, leads: int = 1, samples: int = T) -> Tensor:
    return torch.randn(batch, leads, samples, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def scores(built: nn.Module, inputs: Tensor, targets: Tensor = TARGETS) -> Tensor:
    found: Tensor = built(inputs).gather(1, targets[:, None])[:, 0].detach()
    return found


@pytest.mark.parametrize("leads", [1, 2])
@pytest.mark.parametrize("kind", KINDS)
def test_with_the_biases_shares_the_relevance_is_the_score(kind: str, leads: int) -> None:
    built, inputs = network(kind, leads), signals(leads=leads)
    for name, weight in built.named_parameters():
        if "lstm.bias" in name or "recurrent.bias" in name:  # of which the first states, no input, have a share
            weight.zero_()
    found = built.relevance(inputs, TARGETS, Shares(epsilon=1e-9, bias=1.0))
    assert found.values.shape == inputs.shape
    torch.testing.assert_close(found.score, scores(built, inputs))
    torch.testing.assert_close(found.values.sum(dim=(1, 2)), found.score)


@pytest.mark.parametrize("kind", ["GAP", "GMP", "residual vote", "gated", "gated, joined"])
def test_without_a_recurrent_layer_nothing_is_lost_whatever_epsilon_is(kind: str) -> None:
    found = network(kind).relevance(signals(), TARGETS, Shares(epsilon=0.1, bias=1.0))
    torch.testing.assert_close(found.values.sum(dim=(1, 2)), found.score)


@pytest.mark.parametrize("kind", KINDS)
def test_the_network_answers_as_ever_while_relevance_is_passed(kind: str) -> None:
    built, inputs = network(kind), signals()
    before = scores(built, inputs)
    torch.testing.assert_close(built.relevance(inputs, TARGETS, Shares()).score, before)
    torch.testing.assert_close(scores(built, inputs), before)


@pytest.mark.parametrize("kind", KINDS)
def test_rows_do_not_meet(kind: str) -> None:
    built, inputs = network(kind), signals()
    together = built.relevance(inputs, TARGETS, Shares()).values
    for row in range(3):
        part = slice(row, row + 1)
        torch.testing.assert_close(built.relevance(inputs[part], TARGETS[part], Shares()).values, together[part])


def test_a_weighted_sum_shared_out_by_hand() -> None:
    layer = nn.Linear(2, 1).double().requires_grad_(False)
    layer.weight[:], layer.bias[:] = torch.tensor([[3.0, -1.0]]), 0.5
    found = relevance(layer, torch.tensor([[1.0, 2.0]], dtype=torch.float64), torch.tensor([0]), Shares(0.01, 0.0))
    # z = 3 − 2 + 0.5 = 1.5; each input has its product and half of ε.
    expected = torch.tensor([[(3 + 0.005) / 1.51 * 1.5, (-2 + 0.005) / 1.51 * 1.5]], dtype=torch.float64)
    torch.testing.assert_close(found.values, expected)
    shared = relevance(layer, torch.tensor([[1.0, 2.0]], dtype=torch.float64), torch.tensor([0]), Shares(0.01, 1.0))
    torch.testing.assert_close(shared.values, expected + 0.25 / 1.51 * 1.5)


def by_loops(built: Network, inputs: Tensor, target: int, shares: Shares) -> Tensor:
    """Relevance [samples] of one window of one lead, unit by unit and step by step, as paper 003 writes it."""
    lstm, states = built.lstm, {name: one[0].T for name, one in built.states(inputs).items()}
    units, steps = lstm.hidden_size, inputs.shape[2]
    w, v = lstm.weight_ih_l0.chunk(4)[2], lstm.weight_hh_l0.chunk(4)[2]
    bias = (lstm.bias_ih_l0 + lstm.bias_hh_l0).chunk(4)[2]

    def share(part: Tensor, whole: Tensor, shift: Tensor | float, inputs_: int) -> Tensor:
        sign = 1.0 if whole >= 0 else -1.0
        return (part + (shares.epsilon * sign + shares.bias * shift) / inputs_) / (whole + shares.epsilon * sign)

    zero = torch.zeros(units, dtype=inputs.dtype)
    hidden, cell = [zero, *states["hidden"]], [zero, *states["cell"]]
    weight, logit = built.scores.weight[target], built(inputs)[0, target]
    back = torch.stack(
        [share(weight[k] * hidden[-1][k], logit, built.scores.bias[target], units) * logit for k in range(units)]
    )
    state, found = zero.clone(), torch.zeros(steps, dtype=inputs.dtype)
    for t in range(steps, 0, -1):
        own, state, before = back + state, zero.clone(), zero.clone()
        for k in range(units):
            new = states["input gate"][t - 1][k] * states["candidate"][t - 1][k]
            new_share = share(new, cell[t][k], 0.0, 2) * own[k]
            state[k] = share(states["forget gate"][t - 1][k] * cell[t - 1][k], cell[t][k], 0.0, 2) * own[k]
            total = w[k, 0] * inputs[0, 0, t - 1] + v[k] @ hidden[t - 1] + bias[k]
            found[t - 1] += share(w[k, 0] * inputs[0, 0, t - 1], total, bias[k], 1 + units) * new_share
            for j in range(units):
                before[j] += share(v[k, j] * hidden[t - 1][j], total, bias[k], 1 + units) * new_share
        back = before
    return found


@pytest.mark.parametrize("shares", [Shares(), Shares(0.1, 1.0)])
def test_an_lstm_is_passed_back_as_the_paper_writes_it(shares: Shares) -> None:
    built, inputs = network("last"), signals(1, samples=6)
    found = built.relevance(inputs, torch.tensor([2]), shares).values[0, 0]
    torch.testing.assert_close(found, by_loops(built, inputs, 2, shares))


class Plain(nn.Module):
    """With ReLUs that are modules, as Captum wants them."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convolutions = nn.Sequential(nn.Conv1d(1, 4, 5), nn.ReLU(), nn.Conv1d(4, 5, 5), nn.ReLU())
        self.flat = nn.Flatten()
        self.scores = nn.Linear(5 * (T - 8), 4)

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.scores(self.flat(self.convolutions(inputs)))
        return found


def test_convolutions_are_passed_back_as_captum_does() -> None:
    built = Plain().double().eval()
    for layer in (*built.convolutions, built.flat, built.scores):
        layer.rule = EpsilonRule(1e-9)
    expected = LRP(built).attribute(signals().requires_grad_(), target=TARGETS).detach()
    ours = relevance(built.requires_grad_(False), signals(), TARGETS, Shares(epsilon=1e-9)).values
    torch.testing.assert_close(ours, expected, rtol=1e-5, atol=1e-7)


def test_batch_normalisation_is_part_of_the_convolution_before_it() -> None:
    torch.manual_seed(0)
    apart = nn.Sequential(nn.Conv1d(1, 3, 4), nn.BatchNorm1d(3), nn.ReLU(), nn.Flatten(), nn.Linear(3 * 57, 2)).double()
    with torch.no_grad():
        apart.train()(signals(8))
    apart.eval().requires_grad_(False)
    fused = fuse_conv_bn_eval(apart[0], apart[1])
    ours, expected = (
        relevance(one, signals(), TARGETS % 2, Shares(0.1)) for one in (apart, nn.Sequential(fused, *apart[2:]))
    )
    torch.testing.assert_close(ours, expected)


class ChannelWise(nn.Module):
    """Each channel through a small LSTM in both directions, joined, a second LSTM, as paper 003 has it."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.each = nn.ModuleList(
            nn.LSTM(1, 3, batch_first=True, bidirectional=True, bias=False) for _ in range(channels)
        )
        self.joined = nn.LSTM(6 * channels, 4, batch_first=True, bias=False)
        self.scores = nn.Linear(4, 3)

    def forward(self, inputs: Tensor) -> Tensor:
        read = [lstm(inputs[:, i, :, None])[0] for i, lstm in enumerate(self.each)]
        found: Tensor = self.scores(self.joined(torch.cat(read, dim=2))[0][:, -1])
        return found


def test_a_channel_wise_lstm_shares_its_score_out_over_channels() -> None:
    torch.manual_seed(0)
    built = ChannelWise(3).double().requires_grad_(False)
    found = relevance(built, signals(leads=3), TARGETS, Shares(1e-9, 1.0))
    torch.testing.assert_close(found.values.sum(dim=(1, 2)), found.score)
    silent = signals(leads=3)
    silent[:, 1] = 0  # without a bias a channel of zeros says nothing
    of_channels = relevance(built, silent, TARGETS, Shares(1e-9, 0.0)).values.abs().sum(dim=(0, 2))
    assert of_channels[1] < 1e-6 < min(of_channels[0], of_channels[2])


def test_what_there_is_no_rule_for_is_refused_not_derived() -> None:
    class Odd(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return inputs.softmax(dim=2).sum(dim=2)

    with pytest.raises(UnsupportedError, match="Relevance propagation: there is no rule for softmax"):
        relevance(Odd(), signals(leads=3), TARGETS, Shares())

    class Squared(nn.Module):
        def forward(self, inputs: Tensor) -> Tensor:
            return (inputs * inputs).sum(dim=2)

    with pytest.raises(UnsupportedError, match="product of two signals"):
        relevance(Squared(), signals(leads=3), TARGETS, Shares())
