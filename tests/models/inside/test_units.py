"""Units are erased as the network does it, and a unit that is a wavelet is found to be one."""

import numpy as np
import pytest
import torch
from small_network import make_network, make_signals

from models.errors import UnsupportedError
from models.inside import units
from models.inside.wavelets import Wavelet, matched
from models.networks import build


def test_a_unit_that_nothing_reads_can_be_spared() -> None:
    network = make_network()
    with torch.no_grad():
        network.scores.weight[:, 2] = 0
        network.lstm.weight_hh_l0[:, 2] = 0
    found = units.falls(network, make_signals(6).numpy(), np.array([0, 1, 2, 0, 1, 2]))
    assert found.shape == (6, 16)
    assert found[:, 2] == pytest.approx(np.zeros(6), abs=1e-5)
    assert np.abs(found).max() > 0.01


def test_the_fall_is_that_of_the_log_likelihood_without_the_unit() -> None:
    network, signals = make_network(), make_signals(2)
    with torch.no_grad():
        whole = torch.log_softmax(network(signals), dim=1)
        without = torch.log_softmax(network.without_units(signals), dim=2)
    found = units.falls(network, signals.numpy(), np.array([1, 2]))
    assert found[1] == pytest.approx((whole[1, 2] - without[1, :, 2]).numpy(), abs=1e-4)


def test_courses_end_in_the_last_state() -> None:
    network, signals = make_network(), make_signals()
    outputs, _ = network.lstm(signals.transpose(1, 2))
    found = units.courses(network, signals.numpy())
    assert found[:, :, -1] == pytest.approx(outputs[:, -1].detach().numpy(), abs=1e-5)


def test_a_network_without_units_is_refused() -> None:
    small = {"classes": 3, "channels": [4, 4, 4], "kernel": 3, "halved_after": [], "dropout": [0, 0, 0]}
    with pytest.raises(UnsupportedError, match="Units are not shown"):
        units.check(build("convolutional", small))


def test_a_unit_that_is_a_wavelet_is_found_beyond_chance() -> None:
    signals = np.random.default_rng(0).normal(size=(12, 72)).astype(np.float32)
    known = Wavelet("gaus2", 6, 4, False)
    noise = np.random.default_rng(1).normal(size=signals.shape).astype(np.float32)
    one, mirrored, other = matched(signals, np.stack([known.of(signals), -known.of(signals), noise], axis=1), 4)
    assert one.wavelet == mirrored.wavelet == known
    assert (one.r, mirrored.r) == pytest.approx((1, -1), abs=1e-3)
    assert one.beyond_chance
    assert abs(other.r) < 0.5


def test_some_of_each_class_are_taken() -> None:
    labels = np.array([0] * 20 + [-1] * 5 + [2] * 3)
    rows = units.some_of_each(labels, 3, 4)
    assert labels[rows].tolist() == [0, 0, 0, 0, 2, 2, 2]
