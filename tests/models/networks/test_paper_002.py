"""The networks of paper 002: counted to the printed parameter, and true to what their maps and gates claim."""

from typing import Any

import numpy as np
import pytest
import torch

from models.errors import InvalidError, UnsupportedError
from models.networks import Network, architectures, build
from models.networks.attention_gated import AttentionGated, resampled
from models.networks.conv_lstm import ConvLSTM
from models.networks.convolution_stack import ConvolutionStack, Grid, StackConfig, halved
from models.networks.convolutional import Convolutional
from models.networks.feature_maps import evenly, held
from models.networks.protocols import ClassMaps, Features, OverTime, Placed, States
from models.training.folds import predict

SEVEN = {"channels": (16, 32, 32, 64, 64, 128, 128), "halved_after": (2, 3, 4, 5, 6)}
FIFTEEN = {"channels": (16, *[32] * 4, *[64] * 4, *[128] * 4, 256, 256), "halved_after": (3, 5, 7, 9, 11, 13)}
SEVENTEEN = {
    "channels": (16, 32, 32, *[64] * 4, *[128] * 4, *[256] * 4, 512, 512),
    "halved_after": (3, 5, 7, 9, 11, 13, 15),
}
SMALL = {"channels": (4, 6, 6, 8, 8), "halved_after": (3,), "kernel": 3}  # a step of the last map sees 16 samples
GATED = SMALL | {"gate_layer": 3, "gate_hidden": 5}


def network(architecture: str = "convolutional", seed: int = 0, **config: Any) -> Network:
    """An evaluated network whose batch normalisation has seen data, so that none of its layers is an identity."""
    torch.manual_seed(seed)
    built = build(architecture, {"classes": 4, **SMALL, **config})
    with torch.no_grad():
        for _ in range(3):
            built.train()(signals(8, 60, seed))
    return built.eval().requires_grad_(False)


def signals(batch: int = 3, samples: int = 60, seed: int = 1) -> torch.Tensor:
    return torch.randn(batch, 1, samples, generator=torch.Generator().manual_seed(seed))


NETWORKS: list[tuple[str, dict[str, Any]]] = [
    ("convolutional", {"pooling": "max"}),
    ("convolutional", {"pooling": "mean", "residual": True}),
    ("convolutional", {"pooling": "max", "vote_layer": 3}),
    ("conv_lstm", {"hidden": 5}),
    ("conv_lstm", {"hidden": 5, "bidirectional": True, "read": "centre", "cell": "gru"}),
    ("conv_lstm", {"hidden": 5, "bidirectional": True, "recurrent_layers": 2, "pooling": "max"}),
    ("attention_gated", GATED),
    ("attention_gated", GATED | {"joined": "concatenated", "gate_pooling": "mean"}),
    ("convolutional", {"pooling": "max", "margin": 7}),
]


@pytest.mark.parametrize(
    ("architecture", "config", "printed"),
    [
        ("convolutional", {"channels": (16, 32, 64, 128), "halved_after": (2, 3)}, 227_366),
        ("convolutional", SEVEN, 679_622),
        ("convolutional", FIFTEEN, 3_650_566),
        ("conv_lstm", FIFTEEN | {"hidden": 64}, 3_732_230),
        ("conv_lstm", FIFTEEN | {"hidden": 64, "recurrent_layers": 2}, 3_765_510),
    ],
)
def test_the_parameters_are_as_many_as_the_paper_prints(
    architecture: str, config: dict[str, Any], printed: int
) -> None:
    built = build(architecture, {"classes": 4, **config})
    assert sum(parameter.numel() for parameter in built.parameters()) == printed


@pytest.mark.parametrize(
    ("config", "layer", "printed"),
    [
        ({"channels": (16, 32, 64, 128), "halved_after": (2, 3)}, 4, 4535),
        (SEVEN, 7, 531),
        (FIFTEEN, 15, 206),
        (FIFTEEN | {"residual": True}, 15, 206),
        (SEVENTEEN, 13, 492),
        (SEVENTEEN, 17, 63),
    ],
)
def test_the_maps_of_61_seconds_are_as_long_as_the_paper_prints(
    config: dict[str, Any], layer: int, printed: int
) -> None:
    with torch.device("meta"):  # shapes without a single multiplication
        stack = ConvolutionStack(StackConfig.model_validate({"classes": 4, **config}))
        (values,) = stack(torch.empty(1, 1, 18_300), (layer,))
    assert values.shape == (1, stack.config.channels[layer - 1], printed)


def test_a_shortcut_has_no_weights_of_its_own() -> None:
    plain, residual = (build("convolutional", {"classes": 4, **SMALL, "residual": on}) for on in (False, True))
    assert [p.shape for p in plain.parameters()] == [p.shape for p in residual.parameters()]


def test_a_kernel_of_21_at_300_hz_sees_as_long_as_one_of_7_at_100_hz() -> None:
    def seconds(kernel: int, fs: float) -> float:
        return ConvolutionStack(StackConfig(classes=4, kernel=kernel, **SEVEN)).grid(7).field / fs

    assert seconds(21, 300) == pytest.approx(seconds(7, 100), rel=0.06)


@pytest.mark.parametrize(("architecture", "config"), NETWORKS)
def test_what_stands_beside_a_record_in_a_batch_changes_nothing(architecture: str, config: dict[str, Any]) -> None:
    built = network(architecture, **config)
    inputs = [signals(1, samples, samples)[0].numpy() for samples in (60, 9, 83, 60, 31)]
    together = predict(built, inputs)
    for one, logits in zip(inputs, together, strict=True):
        np.testing.assert_allclose(built(torch.from_numpy(one)[None])[0].numpy(), logits, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize(("architecture", "config"), NETWORKS)
def test_the_decision_over_time_ends_at_the_prediction(architecture: str, config: dict[str, Any]) -> None:
    built = network(architecture, **config)
    if architecture == "attention_gated":  # the gate looks at the whole record before it weighs a step
        assert not isinstance(built, OverTime)
    elif config.get("bidirectional"):
        with pytest.raises(UnsupportedError, match="Decision over time"):
            built.temporal(signals())
    else:
        over_time = built.temporal(signals())
        torch.testing.assert_close(over_time[:, -1], built(signals()))
        assert (over_time[:, 0] - over_time[:, -1]).abs().max() > 0


@pytest.mark.parametrize("config", [{"hidden": 5}, {"hidden": 5, "pooling": "max"}, {"hidden": 5, "cell": "gru"}])
def test_a_conv_lstm_has_at_each_step_decided_by_what_it_has_seen(config: dict[str, Any]) -> None:
    built = network("conv_lstm", **config)
    assert isinstance(built, ConvLSTM)
    grid = built.stack.grid(5)
    step = 4
    seen = grid.field + step * grid.stride
    torch.testing.assert_close(built.temporal(signals())[:, step], built(signals()[..., :seen]))


@pytest.mark.parametrize("residual", [False, True])
def test_under_gap_the_logit_is_the_mean_of_the_weighted_map_and_the_bias(residual: bool) -> None:
    built = network(pooling="mean", residual=residual)
    assert isinstance(built, Convolutional)
    (values,), (scores,) = built.maps(signals()), built.scores
    weighted = torch.einsum("ck,bkt->bct", scores.weight, values)  # the CAM of each class
    torch.testing.assert_close(weighted.mean(dim=-1) + scores.bias, built(signals()))


def test_a_vote_is_the_mean_of_both_classifiers() -> None:
    built = network(pooling="max", vote_layer=2)
    assert isinstance(built, Convolutional)
    votes = [scores(values.amax(dim=-1)) for scores, values in zip(built.scores, built.maps(signals()), strict=True)]
    torch.testing.assert_close((votes[0] + votes[1]) / 2, built(signals()))


def test_without_its_convolutions_a_residual_block_hands_its_input_on() -> None:
    built = network(residual=True, channels=(4, 4, 4), halved_after=())
    assert isinstance(built, Convolutional)
    for layer in list(built.stack.layers)[1:]:
        layer.norm.weight.zero_()
        layer.norm.bias.zero_()
    first, last = built.stack(signals(), (1, 3))
    torch.testing.assert_close(last, first[..., 2:-2])


@pytest.mark.parametrize("margin", [0, 6])
def test_a_step_depends_on_the_samples_that_its_grid_names_and_no_others(margin: int) -> None:
    built = network(margin=margin)
    assert isinstance(built, Convolutional)
    for layer in (3, 5):
        grid = built.stack.grid(layer, 60)
        x = signals(1).requires_grad_()
        (values,) = built.stack(x, (layer,))
        values[0, :, 6].sum().backward()
        assert x.grad is not None
        touched = x.grad[0, 0].nonzero().flatten()
        assert touched.max() - touched.min() + 1 <= grid.field
        assert (touched.max() + touched.min()) / 2 == pytest.approx(grid.first + 6 * grid.stride, abs=1.5)


def test_a_record_too_short_for_one_step_is_read_between_zeros() -> None:
    built = network()
    assert isinstance(built, Convolutional)
    short = signals(2, 8)
    lacking = built.stack.grid(5).field - 8
    assert lacking > 0
    whole = torch.nn.functional.pad(short, (lacking // 2, lacking - lacking // 2))
    torch.testing.assert_close(built(short), built(whole))


@pytest.mark.parametrize("samples", [60, 10])
def test_attention_lies_between_0_and_1_and_differs_over_time(samples: int) -> None:
    built = network("attention_gated", **GATED)
    assert isinstance(built, AttentionGated)
    alpha = built.attention(signals(3, samples))
    assert alpha.shape == (3, built.stack(signals(3, samples), (3,))[0].shape[-1])
    assert alpha.min() >= 0
    assert alpha.max() <= 1
    assert alpha.std(dim=1).min() > 0


def test_a_gate_that_is_open_everywhere_sums_the_early_map_and_a_shut_one_leaves_the_bias() -> None:
    built = network("attention_gated", **GATED)
    assert isinstance(built, AttentionGated)
    early, last = built.stack(signals(), (3, 5))
    built.gate.weight.zero_()
    for bias, expected in ((50.0, early.sum(dim=-1)), (-50.0, torch.zeros(3, 6))):
        built.gate.bias.fill_(bias)
        votes = built.scores[0](expected) + built.scores[1](last.amax(dim=-1))
        torch.testing.assert_close(built(signals()), votes / 2)


def test_a_straight_line_stays_one_when_a_map_is_brought_to_another_grid() -> None:
    coarse, fine = Grid(10.0, 8, 1), Grid(3.0, 2, 1)
    line = (coarse.first + coarse.stride * torch.arange(6.0)).expand(1, 1, 6)
    times = fine.first + fine.stride * torch.arange(40.0)
    expected = times.clamp(10.0, 50.0)  # held beyond its ends
    torch.testing.assert_close(resampled(line, coarse, fine, 40)[0, 0], expected)


@pytest.mark.parametrize("samples", [8, 9])
def test_halving_is_average_pooling(samples: int) -> None:
    values = signals(2, samples)
    torch.testing.assert_close(halved(values), torch.nn.functional.avg_pool1d(values, 2))


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"dropout": (0.1,)}, "1 values of dropout for 5 layers"),
        ({"halved_after": (9,)}, "pooling after layer 9: there are 5 layers"),
        ({"vote_layer": 7}, "vote_layer"),
    ],
)
def test_a_config_that_does_not_fit_is_refused(config: dict[str, Any], named: str) -> None:
    with pytest.raises(InvalidError, match=named):
        build("convolutional", {"classes": 4, **SMALL, **config})


def pooled(one: Any) -> torch.Tensor:
    return {"mean": one.values.mean(dim=-1), "max": one.values.amax(dim=-1), "sum": one.values.sum(dim=-1)}[one.pooling]


ENSEMBLE: dict[str, Any] = {
    "members": (
        {"architecture": "convolutional", "config": {"classes": 4, **SMALL, "vote_layer": 3}},
        {"architecture": "attention_gated", "config": {"classes": 4, **GATED}},
    )
}


@pytest.mark.parametrize(("architecture", "config"), NETWORKS)
def test_class_maps_pooled_and_weighted_add_up_to_the_logits(architecture: str, config: dict[str, Any]) -> None:
    built = network(architecture, **config)
    if architecture == "conv_lstm":
        assert not isinstance(built, ClassMaps)
        return
    assert isinstance(built, ClassMaps)
    for samples in (60, 9):
        maps = built.class_maps(signals(3, samples))
        found = sum(one.share * (pooled(one) @ one.weights.T + one.bias) for one in maps)
        torch.testing.assert_close(found, built(signals(3, samples)))
        assert [one.depth for one in maps].count("last") == 1


def test_an_ensembles_class_maps_add_up_to_the_mean_of_its_members_logits() -> None:
    built = build("ensemble", {"classes": 4, **ENSEMBLE}).eval().requires_grad_(False)
    maps = built.class_maps(signals())
    found = sum(one.share * (pooled(one) @ one.weights.T + one.bias) for one in maps)
    torch.testing.assert_close(found, torch.stack([member(signals()) for member in built.members]).mean(dim=0))


@pytest.mark.parametrize("layer", [None, 2])
@pytest.mark.parametrize(("architecture", "config"), [*NETWORKS, ("ensemble", ENSEMBLE)])
def test_traced_logits_hang_on_the_maps_that_come_with_them(
    architecture: str, config: dict[str, Any], layer: int | None
) -> None:
    built = build("ensemble", {"classes": 4, **config}).eval() if architecture == "ensemble" else None
    built = built or network(architecture, **config)
    assert isinstance(built, Features)
    logits, maps = built.traced(signals().requires_grad_(), layer)
    torch.testing.assert_close(logits.detach(), built(signals()).detach())
    slopes = torch.autograd.grad(logits[:, 1].sum(), [one.values for one in maps])
    for one, slope in zip(maps, slopes, strict=True):
        assert slope.abs().max() > 0
        assert one.values.shape[1] == SMALL["channels"][(layer or 5) - 1]


def test_a_layer_that_there_is_not_is_refused_by_name() -> None:
    built = network()
    assert isinstance(built, Features)
    with pytest.raises(InvalidError, match="layer = 6: this network has convolutions 1 to 5"):
        built.traced(signals(), 6)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
@pytest.mark.parametrize(("layers", "both"), [(1, False), (2, False), (1, True), (2, True)])
def test_hidden_states_are_what_the_recurrent_layers_give(cell: str, layers: int, both: bool) -> None:
    built = network("conv_lstm", hidden=5, cell=cell, recurrent_layers=layers, bidirectional=both)
    assert isinstance(built, ConvLSTM)
    assert isinstance(built, States)
    states = built.states(signals())
    outputs, _ = built.recurrent(built.features(signals()).transpose(1, 2))
    name = "hidden 2" if layers == 2 else "hidden"
    own = [states[name], *([states[f"{name}, backward"]] if both else [])]
    torch.testing.assert_close(torch.cat(own, dim=1).transpose(1, 2), outputs, atol=1e-5, rtol=1e-4)
    assert all(states[gate].min() >= 0 and states[gate].max() <= 1 for gate in states if "gate" in gate)


@pytest.mark.parametrize(("architecture", "config"), NETWORKS)
def test_a_network_says_where_its_steps_lie(architecture: str, config: dict[str, Any]) -> None:
    built = network(architecture, **config)
    assert isinstance(built, Placed)
    grid = built.grid(60)
    steps = built.stack(signals(1), (3 if architecture == "attention_gated" else 5,))[0].shape[-1]
    assert grid is not None
    last = grid.first + grid.stride * (steps - 1)
    margin = config.get("margin", 0)
    assert grid.first - (grid.field - 1) / 2 == pytest.approx(-margin)
    assert 59 + margin - grid.stride < last + (grid.field - 1) / 2 <= 59 + margin


def test_an_answer_is_held_from_the_centre_of_its_step_until_the_next() -> None:
    assert held(evenly(6, 6), 6, 6).tolist() == [0, 1, 2, 3, 4, 5]
    assert held(Grid(2.0, 3, 5), 2, 9).tolist() == [0, 0, 0, 0, 0, 1, 1, 1, 1]


def test_each_is_found_by_its_file() -> None:
    assert {"convolutional", "conv_lstm", "attention_gated"} <= set(architectures())
