"""The learned mask by every way there is, against autograd and torch.optim.Adam in float64 and in float32."""

import copy
import subprocess
import sys

import numpy as np
import pytest
import torch

from models.explainers import Batch, engine
from models.explainers.descent import Autograd, Compiled, Problem, descent
from models.explainers.mask import LearnedMask
from models.kernels import passes
from models.networks import build
from models.zoo import load, names

OBJECTIVE, NEAR, SHARE = 2e-4, 1e-4, 0.96  # |ΔJ|, and how many samples of the mask lie how near: docs/decisions/0008

DEVICES = ["cpu", pytest.param("cuda", marks=pytest.mark.skipif(not torch.cuda.is_available(), reason="no GPU"))]


@pytest.fixture(params=DEVICES)
def device(request, monkeypatch):
    """Where the engine works in this test."""
    monkeypatch.setattr(engine, "device", lambda: torch.device(request.param))
    return engine.device()


def make_network(seed=0, forget=0.0, **config):
    torch.manual_seed(seed)
    network = build("lstm", {"leads": 1, "hidden": 24, "classes": 3, **config}).eval().requires_grad_(False)
    network.scores.weight.mul_(4.0)
    for layer in range(network.config.layers):
        getattr(network.lstm, f"bias_ih_l{layer}")[network.config.hidden : 2 * network.config.hidden] += forget
    return network


def beats(batch, leads=1, samples=216):
    """P, Q, R, S and T waves at 360 Hz with noise of their own in every lead."""
    seconds = np.arange(samples) / 360 - 0.2
    waves = [(-0.17, 0.02, 0.5), (-0.025, 0.008, -0.3), (0, 0.01, 3.6), (0.03, 0.009, -0.8), (0.22, 0.04, 1.0)]
    beat = sum(size * np.exp(-0.5 * ((seconds - at) / width) ** 2) for at, width, size in waves)
    noise = np.random.default_rng(0).normal(scale=0.05, size=(batch, leads, samples))
    return torch.from_numpy((beat + noise).astype(np.float32))


def problem(method, network, signals, targets):
    parts = (part.to(engine.device()) for part in (signals, targets, method.deletion(signals)))
    return Problem(method, engine.frozen(network), *parts)


def plain(method, network, signals, targets):
    """Mask and objective before each step as the paper's readers would write it, in the precision of its arguments."""
    mask = torch.full_like(signals, method.initial).requires_grad_()
    value, adam, objectives = method.deletion(signals), torch.optim.Adam([mask], lr=method.learning_rate), []
    for _ in range(method.steps):
        adam.zero_grad()
        score = engine.pick(network, network(mask * signals + value * (1 - mask)), targets, method.score)
        size = (1 - mask).abs().sum(dim=(1, 2))
        objective = method.lambda1 * size + method.lambda2 * mask.diff(dim=2).abs().sum(dim=(1, 2)) + score
        objective.sum().backward()
        objectives.append(objective.detach())
        adam.step()
        mask.data.clamp_(0, 1)
    return mask.detach(), torch.stack(objectives, dim=1)


def exactly(method, network, signals, targets):
    return plain(method, copy.deepcopy(network).double(), signals.double(), targets)


def assert_near(way, steps, expected):
    """Within the bounds of the mask and the objectives expected."""
    objectives = way.advance(steps)
    assert (objectives.cpu() - expected[1]).abs().max() <= OBJECTIVE
    assert ((way.mask.cpu() - expected[0]).abs() <= NEAR).double().mean() >= SHARE


CASES = {  # layers, pooling, leads, samples; settings: each value of each at least once
    "paper 000": (1, "last", 1, 216, {}),
    "paper 001": (1, "mean", 1, 216, {}),
    "probability": (1, "last", 2, 90, {"score": "probability", "lambda1": 0.001}),
    "probability of the mean": (2, "mean", 1, 60, {"score": "probability", "lambda1": 0.0, "lambda2": 0.0005}),
    "mean filled in": (1, "last", 3, 70, {"fill": "mean"}),
    "constant filled in": (2, "last", 1, 70, {"fill": "constant", "constant": -0.7}),
    "dear": (1, "last", 1, 60, {"lambda1": 0.3, "lambda2": 0.1}),
    "rough": (3, "last", 2, 50, {"lambda2": 0.0}),
    "from nothing": (1, "mean", 2, 60, {"initial": 0.0}),
    "from the middle": (3, "mean", 1, 40, {"initial": 0.5, "learning_rate": 0.02}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_mask_is_that_of_float64(case):
    layers, pooling, leads, samples, settings = CASES[case]
    network = make_network(layers=layers, pooling=pooling, leads=leads)
    network.temperature = 1.7
    method = LearnedMask(**{"steps": 60, "learning_rate": 0.008, **settings})
    given = method, network, beats(3, leads, samples), torch.arange(3)
    expected = exactly(*given)
    for way in (Compiled, Autograd):
        assert_near(way(problem(*given)), method.steps, expected)


@pytest.mark.parametrize("name", names())
def test_the_masks_of_the_real_models_are_those_of_float64(name):
    method = LearnedMask(steps=60, learning_rate=0.008)
    given = method, load(name).network, beats(2), torch.tensor([0, 2])
    expected = exactly(*given)
    for way in (Compiled, Autograd):
        assert_near(way(problem(*given)), method.steps, expected)


def test_in_float32_throughout_the_mask_itself_misses_the_bound_and_the_kernels_do_not():
    network, signals, targets = make_network(leads=3, forget=1.0), beats(3, 3, 120), torch.arange(3)
    method = LearnedMask(steps=100, learning_rate=0.004)
    exact, _ = exactly(method, network, signals, targets)
    rounded, _ = plain(method, network, signals, targets)
    ours = Compiled(problem(method, network, signals, targets))
    ours.advance(method.steps)

    def share(mask):
        return ((mask - exact).abs() <= NEAR).double().mean()

    assert share(rounded) < 0.9
    assert share(ours.mask) >= SHARE


def test_plain_float32_is_met_too_until_its_rounding_shows():
    network, signals, targets = make_network(), beats(3), torch.arange(3)
    method = LearnedMask(steps=10)
    expected = plain(method, network, signals, targets)
    assert_near(Compiled(problem(method, network, signals, targets)), method.steps, expected)


@pytest.mark.parametrize("jitter", [0, 3, 500])
def test_all_ways_make_the_same_steps(device, jitter):
    network, signals, targets = make_network(leads=2, layers=2), beats(4, 2, 60), torch.tensor([0, 1, 2, 0])
    method = LearnedMask(jitter=jitter, seed=7, learning_rate=0.01)
    reference = Autograd(Problem(method, network, signals, targets, method.deletion(signals)))
    fastest = descent(problem(method, network, signals, targets))
    for steps in (1, 7, 12):
        objectives, expected = fastest.advance(steps), reference.advance(steps)
        assert objectives.shape == (4, steps)
        assert (objectives.cpu() - expected.cpu()).abs().max() <= OBJECTIVE
        assert ((fastest.mask.cpu() - reference.mask.cpu()).abs() <= NEAR).double().mean() >= SHARE


@pytest.mark.parametrize("way", [Compiled, Autograd])
def test_it_does_not_matter_where_a_run_is_interrupted(way):
    given = (LearnedMask(jitter=2, seed=1), make_network(), beats(2, samples=50), torch.tensor([0, 1]))
    whole, parts = way(problem(*given)), way(problem(*given))
    objectives = whole.advance(12)
    assert torch.equal(torch.cat([parts.advance(steps) for steps in (1, 5, 6)], dim=1), objectives)
    assert torch.equal(parts.mask, whole.mask)


@pytest.mark.parametrize("batch", [1, 7, 8, 9, 21])
def test_a_window_has_its_mask_in_whatever_block_it_is(batch):
    network, method = make_network(), LearnedMask(learning_rate=0.01)
    signals, targets = beats(batch, samples=70), torch.arange(batch) % 3
    together = Compiled(problem(method, network, signals, targets))
    objectives = together.advance(20)
    last = Compiled(problem(method, network, signals[-1:], targets[-1:]))
    torch.testing.assert_close(last.advance(20)[0], objectives[-1], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(last.mask[0], together.mask[-1], atol=NEAR, rtol=0)


def test_the_blocks_of_long_windows_are_smaller(monkeypatch):
    network, method = make_network(), LearnedMask(learning_rate=0.01)
    given = problem(method, network, beats(5, samples=70), torch.arange(5) % 3)
    whole = Compiled(given)
    monkeypatch.setattr(passes, "rows_at_once", lambda w, steps: 2)
    monkeypatch.setattr("models.kernels.descent.rows_at_once", passes.rows_at_once)
    small = Compiled(given)
    assert [len(block.targets) for block in small.descent.blocks] == [2, 2, 1]
    torch.testing.assert_close(small.advance(10), whole.advance(10), atol=1e-5, rtol=1e-5)


def test_all_classes_of_one_beat_are_a_batch_of_that_beat():
    network, signal, method = make_network(), beats(1), LearnedMask(steps=15, learning_rate=0.01)
    every = method.attribute(network, Batch(signal.expand(3, -1, -1), torch.arange(3)))
    for index in range(3):
        alone = method.attribute(network, Batch(signal, torch.tensor([index])))
        np.testing.assert_allclose(every.values[index], alone.values[0], atol=NEAR)
        losses = [found.track("objective").values for found in (every, alone)]
        np.testing.assert_allclose(losses[0][index], losses[1][0], atol=1e-5)


def test_recurrent_layers_made_ready_for_cudnn_give_the_same_numbers(device):
    network, signals, targets = make_network(layers=2, dropout=0.5), beats(3).to(device), torch.arange(3).to(device)
    ready = engine.differentiable(copy.deepcopy(network).to(device))
    assert ready.lstm.training
    assert not ready.training
    ours, theirs = engine.gradient(ready, signals, targets), engine.gradient(network, signals, targets)
    for some, expected in zip(ours, theirs, strict=True):
        torch.testing.assert_close(some.cpu(), expected.cpu(), atol=1e-5, rtol=1e-4)


def test_the_engine_answers_where_the_signals_lie(device):
    network, signals, targets = make_network(), beats(12, samples=40), torch.zeros(12, dtype=torch.int64)
    covers, value = torch.eye(40, dtype=torch.bool)[:, None], torch.zeros_like(signals)
    exact = copy.deepcopy(network).double()
    answers = [engine.logits(network, signals), *engine.gradient(network, signals, targets)]
    answers += [engine.temporal(network, signals), engine.covered(network, signals, targets, covers, value)]
    expected = [engine.logits(exact, signals.double()), *engine.gradient(exact, signals.double(), targets)]
    expected += [engine.temporal(exact, signals.double())]
    expected += [engine.covered(exact, signals.double(), targets, covers, value.double())]
    for answer, right in zip(answers, expected, strict=True):
        assert answer.device == signals.device
        torch.testing.assert_close(answer.double(), right, atol=1e-4, rtol=1e-4)


def test_without_a_gpu_nothing_of_triton_is_imported():
    if torch.cuda.is_available():
        pytest.skip("a GPU is there")
    run = (
        "import sys, torch; from models.explainers import Batch, explainers, parse; from models.networks import build;"
        "network = build('lstm', {'classes': 2}); beats = torch.zeros(1, 1, 20); first = torch.tensor([0]);"
        "able = [name for name, kind in explainers().items() if not kind.unsupported(network)];"
        "[parse({'method': name}).attribute(network, Batch(beats, first)) for name in able];"
        "assert not any(name.split('.')[0] == 'triton' for name in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", run], check=True)
