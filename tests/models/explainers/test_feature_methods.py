"""What is read off feature maps, gates and states: identities on small networks of paper 002's kinds."""

from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import GuidedBackprop, LayerGradCam
from torch import Tensor, nn

from models.errors import InvalidError
from models.explainers import Batch, Explainer
from models.explainers.attention import AttentionMap
from models.explainers.class_activation import ClassActivation, activation, winning
from models.explainers.grad_cam import GradCAM
from models.explainers.guided_grad_cam import GuidedGradCAM, GuidedReLU, guided_slope
from models.explainers.hidden_states import HiddenStates
from models.explainers.temporal import TemporalScore
from models.networks import Network, build

SMALL = {"classes": 4, "channels": (4, 6, 6, 8), "halved_after": (2,), "kernel": 3}
T = 60
TARGETS = torch.tensor([0, 2, 3])
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    "GAP": ("convolutional", {"pooling": "mean"}),
    "GMP": ("convolutional", {"pooling": "max"}),
    "vote": ("convolutional", {"pooling": "max", "vote_layer": 2}),
    "gated": ("attention_gated", {"gate_layer": 3, "gate_hidden": 5}),
    "ConvLSTM": ("conv_lstm", {"hidden": 5}),
}
METHODS: list[tuple[Explainer, str]] = [
    (ClassActivation(), "GAP"),
    (ClassActivation(), "GMP"),
    (ClassActivation(layer="intermediate"), "vote"),
    (ClassActivation(layer="intermediate"), "gated"),
    (GradCAM(), "vote"),
    (GradCAM(sign="both"), "ConvLSTM"),
    (GradCAM(layer=2), "gated"),
    (GuidedGradCAM(), "ConvLSTM"),
    (AttentionMap(), "gated"),
    (HiddenStates(count=3), "ConvLSTM"),
    (TemporalScore(), "ConvLSTM"),
]


def network(kind: str) -> Network:
    """Evaluated, with batch normalisation that has seen data."""
    architecture, config = KINDS[kind]
    torch.manual_seed(0)
    built = build(architecture, {**SMALL, **config})
    with torch.no_grad():
        for _ in range(3):
            built.train()(signals(8))
    return built.eval()


def signals(batch: int = 3, samples: int = T, seed: int = 1) -> Tensor:
    return torch.randn(batch, 1, samples, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize(("method", "kind"), METHODS)
@pytest.mark.parametrize("samples", [T, 9])  # the shorter is read between zeros
def test_a_batch_gives_what_single_windows_give(method: Explainer, kind: str, samples: int) -> None:
    built, inputs = network(kind), signals(3, samples)
    together = method.attribute(built, Batch(inputs, TARGETS))
    assert {track.role for track in together.tracks} >= set(method.roles)
    for row in range(3):
        alone = method.attribute(built, Batch(inputs[row : row + 1], TARGETS[row : row + 1]))
        for both, one in zip(together.tracks, alone.tracks, strict=True):
            assert (both.role, both.name, both.dims) == (one.role, one.name, one.dims)
            assert np.isfinite(both.values).all()
            np.testing.assert_allclose(both.values[row], one.values[0], rtol=1e-4, atol=1e-5)
    if together.relevance is not None:
        assert together.values.shape == inputs.shape


@pytest.mark.parametrize(("method", "kind"), METHODS)
def test_a_method_leaves_the_network_as_it_was(method: Explainer, kind: str) -> None:
    built = network(kind).train()
    before = {name: value.clone() for name, value in built.state_dict().items()}
    method.attribute(built, Batch(signals(), TARGETS))
    assert built.training
    assert all(torch.equal(before[name], value) for name, value in built.state_dict().items())
    assert all(weight.requires_grad and weight.grad is None for weight in built.parameters())


@pytest.mark.parametrize(
    ("method", "kind", "reason"),
    [
        (ClassActivation(), "ConvLSTM", "ConvLSTM does not read its class scores from feature maps"),
        (AttentionMap(), "GAP", "Convolutional has no attention"),
        (HiddenStates(), "GAP", "Convolutional shows no hidden states"),
        (TemporalScore(), "gated", "AttentionGated gives no answer before the end"),
    ],
)
def test_what_a_network_cannot_do_is_known_beforehand(method: Explainer, kind: str, reason: str) -> None:
    assert reason in (method.unsupported(network(kind)) or "")


# Class activation


def test_under_average_pooling_the_mean_of_the_map_and_the_bias_are_the_logit() -> None:
    built = network("GAP")
    (one,) = built.class_maps(signals())
    torch.testing.assert_close(activation(one).mean(dim=-1) + one.bias, built(signals()))


def test_under_maximum_pooling_the_winning_steps_and_the_bias_are_the_logit() -> None:
    built = network("GMP")
    (one,) = built.class_maps(signals())
    expected = built(signals()).gather(1, TARGETS[:, None])[:, 0]
    torch.testing.assert_close(winning(one, TARGETS).sum(dim=-1) + one.bias[TARGETS], expected)
    track = ClassActivation().attribute(built, Batch(signals(), TARGETS)).track("winning steps")
    torch.testing.assert_close(torch.from_numpy(track.values.sum(axis=1)) + one.bias[TARGETS], expected)


def test_a_step_stands_at_the_centre_of_what_it_sees() -> None:
    built, (one,) = network("GAP"), network("GAP").class_maps(signals())
    found = ClassActivation().attribute(built, Batch(signals(), TARGETS))
    every, maps = found.track("every class").values, activation(one).detach().numpy()
    centres = one.grid.first + one.grid.stride * np.arange(maps.shape[2])
    for row in range(3):
        for symbol in range(4):
            wanted = np.interp(np.arange(T), centres, maps[row, symbol])
            np.testing.assert_allclose(every[row, symbol], wanted, rtol=1e-4, atol=1e-5)
    np.testing.assert_array_equal(found.values[:, 0], every[range(3), TARGETS])


def test_a_map_shows_a_bump_where_the_bump_is() -> None:
    built = network("GAP")
    for at in (20, 40):
        inputs = torch.zeros(1, 1, T)
        inputs[0, 0, at] = 20.0
        change = (
            ClassActivation().attribute(built, Batch(inputs, TARGETS[:1])).values
            - ClassActivation().attribute(built, Batch(torch.zeros(1, 1, T), TARGETS[:1])).values
        )[0, 0]
        middle = np.average(np.arange(T), weights=np.abs(change))
        assert middle == pytest.approx(at, abs=3)


def test_a_network_without_a_classifier_there_says_so() -> None:
    with pytest.raises(InvalidError, match="layer = intermediate: this network has a classifier at the last map only"):
        ClassActivation(layer="intermediate").attribute(network("GAP"), Batch(signals(), TARGETS))


# Grad-CAM


def test_grad_cam_of_average_pooling_is_the_class_map_over_the_steps() -> None:
    built = network("GAP")
    steps = built.class_maps(signals())[0].values.shape[-1]
    ours = GradCAM(sign="both").attribute(built, Batch(signals(), TARGETS)).values
    cam = ClassActivation().attribute(built, Batch(signals(), TARGETS)).values
    np.testing.assert_allclose(ours, cam / steps, rtol=1e-4, atol=1e-6)
    positive = GradCAM().attribute(built, Batch(signals(), TARGETS)).values
    assert positive.min() >= 0


class Plain(Network):
    """With ReLUs that are modules, as Captum wants them."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.convolutions = nn.Sequential(nn.Conv1d(1, 4, 5), nn.ReLU(), nn.Conv1d(4, 5, 5), nn.ReLU())
        self.scores = nn.Linear(5, 4)

    def forward(self, inputs: Tensor) -> Tensor:
        found: Tensor = self.scores(self.convolutions(inputs).mean(dim=-1))
        return found


def test_guided_backpropagation_is_captums() -> None:
    built = Plain().eval()
    with pytest.warns(UserWarning, match="backward hooks"):
        expected = GuidedBackprop(built).attribute(signals().requires_grad_(), target=TARGETS)
    (ours,) = guided_slope(built, signals(), TARGETS)
    torch.testing.assert_close(ours, expected.detach())


def test_grad_cam_is_captums() -> None:
    built = network("vote")
    inputs = signals().requires_grad_()
    layer = built.stack.layers[3]
    expected = LayerGradCam(built, layer).attribute(inputs, target=TARGETS, relu_attributions=True).detach()
    maps = built.traced(signals())[1][0]
    centres = maps.grid.first + maps.grid.stride * np.arange(expected.shape[-1])
    ours = GradCAM().attribute(built, Batch(signals(), TARGETS)).values
    for row in range(3):
        wanted = np.interp(np.arange(T), centres, expected[row, 0].numpy())
        np.testing.assert_allclose(ours[row, 0], wanted, rtol=1e-4, atol=1e-6)


def test_a_relu_is_guided_however_it_is_called() -> None:
    for relu in (torch.relu, nn.functional.relu, nn.ReLU(), lambda x: x.relu()):
        x = torch.tensor([-1.0, 2.0, 3.0], requires_grad=True)
        with GuidedReLU():
            y = relu(x)
        (y * torch.tensor([1.0, 1.0, -1.0])).sum().backward()
        assert x.grad is not None
        assert x.grad.tolist() == [0, 1, 0]


# Attention, states, decision over time


def test_attention_lies_between_0_and_1_where_the_gate_sits() -> None:
    found = AttentionMap().attribute(network("gated"), Batch(signals(), TARGETS))
    (weights,) = (track for track in found.tracks if track.role == "attention")
    assert weights.dims == ("time",)
    assert 0 <= weights.values.min() < weights.values.max() <= 1
    np.testing.assert_allclose(found.values[:, 0], weights.values, atol=1e-6)


def test_states_are_the_networks_own_with_their_places() -> None:
    built = network("ConvLSTM")
    found = HiddenStates(first=2, count=2).attribute(built, Batch(signals(), TARGETS))
    states = built.states(signals())
    for name, values in states.items():
        np.testing.assert_allclose(found.track(name).values, values[:, 1:3].detach(), rtol=1e-5)
        assert found.track(name).labels["unit"] == ("unit 2", "unit 3")
    centres, grid = found.track("step centres").values[0], built.grid(T)
    np.testing.assert_allclose(centres, grid.first + grid.stride * np.arange(len(centres)))
    with pytest.raises(InvalidError, match="first = 6: this network's layers have units 1 to 5"):
        HiddenStates(first=6).attribute(built, Batch(signals(), TARGETS))


def test_the_decision_over_time_changes_where_its_steps_lie_and_ends_at_the_prediction() -> None:
    built = network("ConvLSTM")
    curves = TemporalScore().attribute(built, Batch(signals(), TARGETS)).tracks[0].values
    np.testing.assert_allclose(curves[:, -1], built(signals()).softmax(dim=1).detach(), atol=1e-6)
    changes = 1 + np.flatnonzero(np.abs(np.diff(curves[0], axis=0)).max(axis=1))
    grid, steps = built.grid(T), built.temporal(signals()).shape[1]
    np.testing.assert_array_equal(changes, np.ceil(grid.first + grid.stride * np.arange(1, steps)))
