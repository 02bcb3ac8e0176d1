"""Identities of the learned mask: its objective, its gradient, its pieces."""

import copy

import numpy as np
import pytest
import torch
from small_network import FAST_MASK, TARGETS, T, make_network, make_signals

from models.explainers import Batch, Progress, engine
from models.explainers.mask import LearnedMask, Problem


def problem(method, network, signals):
    return Problem(method, engine.frozen(network), signals, TARGETS, method.deletion(signals))


@pytest.mark.parametrize("fill", ["zero", "mean", "constant"])
def test_a_mask_of_ones_changes_nothing(fill):
    network, signals = make_network(), make_signals()
    task = problem(LearnedMask(fill=fill), network, signals)
    mask = torch.ones_like(signals)
    assert torch.equal(task.masked(mask), signals)
    # Two ways to one score: equal but for the order of the sums, which differs from CPU to CPU.
    torch.testing.assert_close(task.gradient(mask)[0], engine.scores(network, signals, TARGETS), rtol=1e-5, atol=1e-6)


def test_a_mask_of_zeros_deletes_everything():
    signals = make_signals()
    task = problem(LearnedMask(fill="constant", constant=0.5), make_network(), signals)
    assert torch.equal(task.masked(torch.zeros_like(signals)), torch.full_like(signals, 0.5))
    assert torch.allclose(task.penalty(torch.zeros_like(signals)), torch.tensor(0.01 * T))


def test_the_objective_falls_and_the_mask_stays_between_0_and_1():
    network, signals = make_network(), make_signals()
    result = LearnedMask(steps=300, learning_rate=0.02).attribute(network, Batch(signals, TARGETS))
    loss = result.track("objective").values
    assert loss.shape == (3, 301)
    assert (loss[:, -1] < loss[:, 0]).all()
    np.testing.assert_allclose(loss[:, 0], engine.scores(network, signals, TARGETS), rtol=1e-6)
    assert result.values.min() >= 0
    assert result.values.max() <= 1
    masked = (1 - torch.from_numpy(result.values)) * signals
    np.testing.assert_allclose(result.track("masked score").values, engine.scores(network, masked, TARGETS), atol=1e-5)


def test_without_penalties_the_objective_is_the_score():
    network, signals = make_network(), make_signals()
    result = LearnedMask(steps=5, lambda1=0, lambda2=0).attribute(network, Batch(signals, TARGETS))
    np.testing.assert_array_equal(result.track("objective").values[:, -1], result.track("masked score").values)


def test_a_dear_deletion_leaves_the_beat_in_place():
    network, signals = make_network(), make_signals()
    dear = LearnedMask(steps=100, lambda1=10).attribute(network, Batch(signals, TARGETS))
    assert dear.values.max() < 0.01


def open_network(pooling):
    """A network whose gradient reaches back in time; where it is near zero, a mask follows a float's last bit."""
    network = make_network(pooling=pooling)
    with torch.no_grad():
        network.lstm.bias_ih_l0[16:32] += 1.0
    return network


def beat_like(batch):
    """P, Q, R, S and T waves at 360 Hz, [batch, 1, 216]."""
    seconds = np.arange(216) / 360 - 0.2
    waves = [(-0.17, 0.02, 0.15), (-0.025, 0.008, -0.1), (0, 0.01, 1.2), (0.03, 0.009, -0.25), (0.22, 0.04, 0.3)]
    beat = sum(size * np.exp(-0.5 * ((seconds - at) / width) ** 2) for at, width, size in waves)
    noise = np.random.default_rng(0).normal(scale=0.02, size=(batch, 1, 216))
    return torch.from_numpy((beat + noise).astype(np.float32))


def reference(method, network, signals):
    """The mask by autograd of the whole objective and torch.optim.Adam, as paper 000's eq. 2 reads."""
    mask = torch.full_like(signals, method.initial).requires_grad_()
    optimiser = torch.optim.Adam([mask], lr=method.learning_rate)
    objectives, gradients = [], []
    for _ in range(method.steps):
        optimiser.zero_grad()
        score = network(mask * signals + method.deletion(signals) * (1 - mask)).gather(1, TARGETS[:, None])[:, 0]
        size = (1 - mask).abs().sum(dim=(1, 2))
        rough = (mask[:, :, 1:] - mask[:, :, :-1]).abs().sum(dim=(1, 2))
        objective = method.lambda1 * size + method.lambda2 * rough + score
        objective.sum().backward()
        objectives.append(objective.detach())
        gradients.append((mask.detach().clone(), mask.grad.clone()))
        optimiser.step()
        mask.data.clamp_(0, 1)
    return 1 - mask.detach(), torch.stack(objectives, dim=1), gradients


@pytest.mark.parametrize("pooling", ["last", "mean"])
def test_the_mask_agrees_with_float64(pooling):
    network, signals = open_network(pooling), beat_like(batch=3)
    method = LearnedMask(steps=200, learning_rate=0.002)
    exact, objectives, gradients = reference(method, copy.deepcopy(network).double(), signals.double())
    result = method.attribute(network, Batch(signals, TARGETS))
    assert np.abs(result.track("objective").values[:, :-1] - objectives.numpy()).max() <= 2e-4
    assert (np.abs(result.values - exact.numpy()) <= 1e-4).mean() >= 0.96
    task = problem(method, network, signals)
    for mask, gradient in gradients[::100]:
        ours = task.gradient(mask.float())[1].double()
        assert (ours - gradient).norm() <= 1e-4 * gradient.norm()


@pytest.mark.parametrize("size", [3, 40, 100])
def test_a_coarse_mask_has_one_value_for_each_piece(size):
    network, signals = make_network(), make_signals()
    method = LearnedMask(steps=40, learning_rate=0.02, resolution=size)
    values = method.attribute(network, Batch(signals, TARGETS)).values
    pieces = np.repeat(values[:, :, ::size], size, axis=2)[:, :, :T]
    np.testing.assert_array_equal(values, pieces)
    assert values.max() > 0


def test_the_gradient_of_a_coarse_mask_is_that_of_autograd():
    network, signals = make_network().double(), make_signals().double()
    task = problem(LearnedMask(resolution=7), network, signals)
    random = torch.Generator().manual_seed(0)
    values = torch.rand((3, 1, 6), dtype=torch.float64, generator=random).requires_grad_()
    mask = task.spread(values)
    score = network(task.masked(mask)).gather(1, TARGETS[:, None])[:, 0]
    (expected,) = torch.autograd.grad((score + task.penalty(mask)).sum(), values)
    gradient = task.gathered(task.gradient(mask.detach())[1])
    np.testing.assert_allclose(gradient, expected, atol=1e-10)


def test_jitter_is_repeatable_by_its_seed_and_moves_the_mask():
    network, signals = make_network(), make_signals()

    def run(**changes):
        return LearnedMask(steps=30, learning_rate=0.02, **changes).attribute(network, Batch(signals, TARGETS)).values

    np.testing.assert_array_equal(run(jitter=3, seed=1), run(jitter=3, seed=1))
    assert not np.array_equal(run(jitter=3, seed=1), run(jitter=3, seed=2))
    assert not np.array_equal(run(jitter=3, seed=1), run())


def test_the_gradient_through_a_shift_is_that_of_autograd():
    network, signals = make_network().double(), make_signals().double()
    task = problem(LearnedMask(jitter=4), network, signals)
    moved = (torch.arange(T) + 3).clamp(0, T - 1)
    mask = torch.rand(signals.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(0)).requires_grad_()
    shifted = task.masked(mask)[:, :, moved]
    score = network(shifted).gather(1, TARGETS[:, None])[:, 0]
    (expected,) = torch.autograd.grad((score + task.penalty(mask)).sum(), mask)
    objective, gradient = task.gradient(mask.detach(), shift=3)
    np.testing.assert_allclose(gradient, expected, atol=1e-10)
    np.testing.assert_allclose(objective, (score + task.penalty(mask)).detach(), atol=1e-10)


def test_progress_carries_the_loss_and_now_and_then_the_map():
    seen: list[Progress] = []
    FAST_MASK.attribute(make_network(), Batch(make_signals(), TARGETS), seen.append)
    assert all(progress.loss is not None for progress in seen)
    partial = [progress.partial for progress in seen if progress.partial is not None]
    assert len(partial) == 4  # steps 0, 25, 50 and the end
    assert not np.array_equal(partial[0], partial[1])
