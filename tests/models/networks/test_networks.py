"""Networks: found by their files, built from their config, and true to the papers."""

import numpy as np
import pytest
import torch

from models.errors import InvalidError, NotFoundError
from models.networks import architectures, build
from models.networks.base import Network
from models.networks.lstm import LSTM, LSTMConfig
from models.networks.protocols import Attends, OverTime, States, lacks, powers


def signals(batch: int = 3, leads: int = 2, samples: int = 20) -> torch.Tensor:
    return torch.randn(batch, leads, samples, generator=torch.Generator().manual_seed(0))


def lstm(**config: object) -> LSTM:
    torch.manual_seed(0)
    network = build("lstm", {"leads": 2, "classes": 4, "hidden": 8, **config}).eval()
    assert isinstance(network, LSTM)
    return network


def test_lstm_is_found_by_its_file() -> None:
    assert architectures()["lstm"] is LSTM


def test_an_unknown_architecture_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFoundError, match=r"Unknown architecture 'gru': there is .*, lstm"):
        build("gru", {})


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"leads": 1}, "classes"),
        ({"classes": 4, "hidden": 0}, "hidden = 0"),
        ({"classes": 4, "pooling": "max"}, "pooling = 'max'"),
        ({"classes": 4, "width": 3}, "width = 3"),
    ],
)
def test_a_config_that_does_not_fit_is_named(config: dict[str, object], named: str) -> None:
    with pytest.raises(InvalidError, match=named):
        build("lstm", config)


@pytest.mark.parametrize("pooling", ["last", "mean"])
@pytest.mark.parametrize("layers", [1, 2])
def test_the_last_temporal_score_is_the_output(pooling: str, layers: int) -> None:
    network = lstm(pooling=pooling, layers=layers)
    with torch.no_grad():
        scores = network.temporal(signals())
        assert scores.shape == (3, 20, 4)
        torch.testing.assert_close(scores[:, -1], network(signals()))


@pytest.mark.parametrize("pooling", ["last", "mean"])
def test_a_temporal_score_is_the_output_of_the_signal_so_far(pooling: str) -> None:
    network = lstm(pooling=pooling)
    with torch.no_grad():
        torch.testing.assert_close(network.temporal(signals())[:, 6], network(signals()[:, :, :7]))


def test_the_pooled_output_is_the_mean_of_the_scores_at_each_step() -> None:
    pooled, last = lstm(pooling="mean"), lstm(pooling="last")
    last.load_state_dict(pooled.state_dict())
    with torch.no_grad():
        torch.testing.assert_close(pooled(signals()), last.temporal(signals()).mean(dim=1))


def test_the_recurrence_is_the_textbook_lstm_without_peepholes() -> None:
    network = lstm().double()
    x = signals(batch=1)[0].double().numpy()
    w = {name: value.detach().numpy() for name, value in network.named_parameters()}
    h, c = np.zeros(8), np.zeros(8)
    for t in range(x.shape[1]):
        z = w["lstm.weight_ih_l0"] @ x[:, t] + w["lstm.weight_hh_l0"] @ h + w["lstm.bias_ih_l0"] + w["lstm.bias_hh_l0"]
        i, f, g, o = np.split(z, 4)
        c = c / (1 + np.exp(-f)) + np.tanh(g) / (1 + np.exp(-i))
        h = np.tanh(c) / (1 + np.exp(-o))
    expected = w["scores.weight"] @ h + w["scores.bias"]
    with torch.no_grad():
        np.testing.assert_allclose(network(torch.from_numpy(x)[None])[0].numpy(), expected, rtol=1e-10)


def test_it_starts_with_an_open_forget_gate_and_orthogonal_recurrence() -> None:
    network = lstm()
    bias = network.lstm.bias_ih_l0 + network.lstm.bias_hh_l0
    assert bias[8:16].tolist() == [1.0] * 8
    assert bias[:8].abs().max() == bias[16:].abs().max() == 0
    for gate in network.lstm.weight_hh_l0.chunk(4):
        torch.testing.assert_close(gate @ gate.T, torch.eye(8), atol=1e-5, rtol=0)


def test_dropout_works_in_training_only() -> None:
    network = LSTM(LSTMConfig(leads=2, classes=4, hidden=64, dropout=0.5))
    with torch.no_grad():
        assert not torch.equal(network.train()(signals()), network(signals()))
        assert torch.equal(network.eval()(signals()), network(signals()))


@pytest.mark.parametrize("layers", [1, 2])
def test_the_hidden_states_are_those_of_the_recurrence(layers: int) -> None:
    network = lstm(layers=layers)
    with torch.no_grad():
        found = network.states(signals())
        outputs, (hidden, cell) = network.lstm(signals().transpose(1, 2))
    last = " 2" if layers == 2 else ""
    torch.testing.assert_close(found["hidden" + last], outputs.transpose(1, 2))
    torch.testing.assert_close(found["hidden"][:, :, -1], hidden[0])
    torch.testing.assert_close(found["cell" + last][:, :, -1], cell[-1])
    before = torch.nn.functional.pad(found["cell"][:, :, :-1], (1, 0))
    written = found["forget gate"] * before + found["input gate"] * found["candidate"]
    torch.testing.assert_close(found["cell"], written)
    torch.testing.assert_close(found["hidden"], found["output gate"] * found["cell"].tanh())
    assert len(found) == 6 * layers


class Still(Network):
    """Answers, and nothing else."""


def test_what_a_network_can_do_is_seen_by_its_functions() -> None:
    assert powers(lstm()) == ("OverTime", "Resumable", "States", "Relevant", "Decomposable", "Erasable")
    assert powers(Still()) == ()
    assert lacks(lstm(), (OverTime, States)) is None
    assert lacks(Still(), (OverTime,)) == "Still gives no answer before the end of the window"
    assert lacks(lstm(), (OverTime, Attends)) == "LSTM has no attention"
