"""Identities that hold for the four methods, whatever the network has learnt."""

import copy
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from small_network import FAST_MASK, TARGETS, T, make_network, make_signals

from models.explainers import Batch, Progress, engine, explainers, parse
from models.explainers.derivative import InputDerivative
from models.explainers.occlusion import Occlusion
from models.explainers.temporal import TemporalScore
from models.networks import build

METHODS = [TemporalScore(), InputDerivative(), Occlusion(width=5), Occlusion(width=5, leads="each"), FAST_MASK]


@pytest.mark.parametrize("pooling", ["last", "mean"])
@pytest.mark.parametrize("leads", [1, 2])
@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.method)
def test_a_batch_gives_what_single_beats_give(method, leads, pooling):
    network, signals = make_network(leads, pooling=pooling), make_signals(leads=leads)
    together = method.attribute(network, Batch(signals, TARGETS))
    assert together.tracks[0].role == method.roles[0]
    if method.ranks:
        assert together.values.shape == signals.shape
        assert together.values.dtype == np.float32
    for row in range(len(signals)):
        alone = method.attribute(network, Batch(signals[row : row + 1], TARGETS[row : row + 1]))
        for both, one in zip(together.tracks, alone.tracks, strict=True):
            assert (both.role, both.name, both.dims) == (one.role, one.name, one.dims)
            np.testing.assert_allclose(both.values[row], one.values[0], atol=2e-4)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.method)
def test_a_method_leaves_the_network_as_it_was(method):
    network = make_network().train()
    before = copy.deepcopy(network.state_dict())
    first = method.attribute(network, Batch(make_signals(), TARGETS))
    assert network.training
    assert all(weight.requires_grad and weight.grad is None for weight in network.parameters())
    assert all(torch.equal(before[name], value) for name, value in network.state_dict().items())
    # Dropout is off although the network trains: twice gives the same.
    again = method.attribute(network, Batch(make_signals(), TARGETS))
    np.testing.assert_array_equal(first.tracks[0].values, again.tracks[0].values)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.method)
def test_threads_may_share_a_network(method):
    network, signals = make_network(), make_signals()
    expected = method.attribute(network, Batch(signals, TARGETS)).tracks[0].values
    with ThreadPoolExecutor(4) as pool:
        answers = list(
            pool.map(lambda _: method.attribute(network, Batch(signals, TARGETS)).tracks[0].values, range(8))
        )
    for answer in answers:
        np.testing.assert_array_equal(answer, expected)


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.method)
def test_progress_ends_at_one_and_an_error_in_it_passes_through(method):
    seen: list[Progress] = []
    method.attribute(make_network(), Batch(make_signals(), TARGETS), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0

    def cancel(_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        method.attribute(make_network(), Batch(make_signals(), TARGETS), cancel)


@pytest.mark.parametrize("pooling", ["last", "mean"])
def test_the_last_temporal_score_is_the_networks_answer(pooling):
    network, signals = make_network(pooling=pooling), make_signals()
    result = TemporalScore().attribute(network, Batch(signals, TARGETS))
    answer = torch.softmax(network(signals), dim=1).detach()
    assert result.relevance is None
    assert result.tracks[0].dims == ("time", "class")
    np.testing.assert_allclose(result.tracks[0].values[:, -1], answer, atol=1e-6)


def test_a_temporal_score_is_the_answer_to_the_window_so_far():
    network, signals = make_network(), make_signals()
    result = TemporalScore().attribute(network, Batch(signals, TARGETS))
    prefix = torch.softmax(network(signals[:, :, :17]), dim=1).detach()
    np.testing.assert_allclose(result.tracks[0].values[:, 16], prefix, atol=1e-6)


def test_a_network_without_time_has_no_temporal_score():
    class Still(engine.Network):
        pass

    assert "Still gives no answer" in TemporalScore.unsupported(Still())
    assert TemporalScore.unsupported(make_network()) is None


@pytest.mark.parametrize("score", ["logit", "probability"])
def test_the_derivative_is_the_quotient_of_small_differences(score):
    network, signals = make_network(2).double(), make_signals(leads=2).double()
    slope = InputDerivative(score=score).attribute(network, Batch(signals, TARGETS)).values
    step = 1e-6
    for lead, sample in [(0, 0), (1, 7), (0, T - 1)]:
        up, down = signals.clone(), signals.clone()
        up[:, lead, sample] += step
        down[:, lead, sample] -= step
        change = engine.scores(network, up, TARGETS, score) - engine.scores(network, down, TARGETS, score)
        np.testing.assert_allclose(slope[:, lead, sample], change / (2 * step), rtol=1e-5, atol=1e-9)


def test_the_importance_of_a_derivative_is_its_magnitude():
    values = np.array([-2.0, 1.0], dtype=np.float32)
    np.testing.assert_array_equal(InputDerivative().importance(values), [2, 1])
    np.testing.assert_array_equal(Occlusion().importance(values), values)


def test_probabilities_are_calibrated_by_the_networks_temperature():
    network, signals = make_network(), make_signals()
    network.temperature = 2.5
    expected = torch.softmax(network(signals) / 2.5, dim=1).gather(1, TARGETS[:, None])[:, 0].detach()
    np.testing.assert_allclose(engine.scores(network, signals, TARGETS, "probability"), expected, atol=1e-6)
    temporal = TemporalScore().attribute(network, Batch(signals, TARGETS))
    curves = temporal.tracks[0].values
    np.testing.assert_allclose(curves[range(3), -1, TARGETS], expected, atol=1e-6)


def test_units_and_scales_follow_the_score():
    assert (Occlusion().units, Occlusion().scale_name) == ("logit", "occlusion")
    assert Occlusion(score="probability").scale_name == "occlusion:probability"
    assert InputDerivative(score="probability").units == "probability per SD"
    assert {kind().units for kind in explainers().values() if kind().method == "learned_mask"} == {"1 − m"}


def explained_by(kind, leads):
    """A network of the first kind that the method can explain."""
    stack = {"leads": leads, "classes": 3, "channels": (4, 6), "halved_after": (1,), "kernel": 3}
    configs = {"convolutional": stack, "attention_gated": {**stack, "gate_layer": 1, "gate_hidden": 3}}
    networks = [make_network(leads), *(build(name, config).eval() for name, config in configs.items())]
    return next(network for network in networks if kind.unsupported(network) is None)


@pytest.mark.parametrize("name", [name for name, kind in explainers().items() if "constant" in kind.model_fields])
def test_a_constant_that_is_not_used_makes_no_other_work(name):
    usual = parse({"method": name})
    assert parse({"method": name, "constant": 0.3}) == usual
    assert parse({"method": name, "constant": 0.3, "fill": "constant"}) != usual


@pytest.mark.parametrize("leads", [1, 2])
@pytest.mark.parametrize("name", list(explainers()))
def test_every_discovered_method_explains_with_its_defaults(name, leads):
    method = parse({"method": name})
    network = explained_by(type(method), leads)
    result = method.attribute(network, Batch(make_signals(leads=leads), TARGETS))
    assert result.tracks[0].role == method.roles[0]
    assert all(len(track.values) == 3 and np.isfinite(track.values).all() for track in result.tracks)
    if method.ranks:
        assert result.values.shape == (3, leads, T)
