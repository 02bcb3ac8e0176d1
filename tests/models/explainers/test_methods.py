"""Identities that hold for the four methods, whatever the network has learnt."""

import copy
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import torch
from captum.attr import Occlusion as CaptumOcclusion

from models.errors import InvalidError
from models.explainers import Batch, Progress, engine, explainers, parse
from models.explainers.derivative import InputDerivative
from models.explainers.mask import LearnedMask, Problem
from models.explainers.occlusion import Occlusion
from models.explainers.temporal import TemporalScore
from models.networks import build

T = 40
FAST_MASK = LearnedMask(steps=60, learning_rate=0.01)


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)


def make_network(leads=1, **config):
    torch.manual_seed(3)
    network = build("lstm", {"leads": leads, "hidden": 16, "classes": 3, "dropout": 0.5, **config}).eval()
    with torch.no_grad():
        network.scores.weight.mul_(4)
    return network


def make_signals(batch=3, leads=1, samples=T):
    return torch.from_numpy(np.random.default_rng(5).normal(size=(batch, leads, samples)).astype(np.float32))


TARGETS = torch.tensor([0, 2, 1])
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


# Temporal output score


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


# Input derivative


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


# Occlusion


@pytest.mark.parametrize("leads", ["together", "each"])
@pytest.mark.parametrize("width", [1, 5, T, T + 3])
def test_every_sample_is_covered_by_exactly_w_windows(width, leads):
    covers = Occlusion(width=width, leads=leads).covers(2, T)
    assert len(covers) == (T + width - 1) * (2 if leads == "each" else 1)
    assert (covers.sum(dim=0) == width).all()
    assert covers.any(dim=(1, 2)).all()


@pytest.mark.parametrize("stride", [2, 3, 5])
def test_a_stride_leaves_windows_out_and_no_sample_uncovered(stride):
    covers, every = Occlusion(width=5, stride=stride).covers(1, T), Occlusion(width=5).covers(1, T)
    assert torch.equal(covers, every[::stride])
    assert covers.any(dim=0).all()
    assert Occlusion(width=5, stride=stride).effort(1, T) == len(covers) * T


def test_a_stride_wider_than_the_window_is_refused():
    with pytest.raises(InvalidError, match="stride = 6 leaves samples between windows of width 5") as caught:
        Occlusion(width=5, stride=6).attribute(make_network(), Batch(make_signals(), TARGETS))
    assert caught.value.field == "stride"


def test_every_pixel_is_covered_by_exactly_one_block_a_pixel():
    covers = Occlusion(width=5, block_rows=5, row_length=28).covers(1, 28 * 28)
    assert len(covers) == 32 * 32
    assert (covers.sum(dim=0) == 25).all()
    # Paper 000, §3.3: 5 contiguous pixels every 28 steps, 5 times.
    middle = covers[16 * 32 + 16, 0].nonzero()[:, 0]
    assert middle.reshape(5, 5).diff(dim=1).eq(1).all()
    assert middle.reshape(5, 5).diff(dim=0).eq(28).all()


def test_rows_that_do_not_fill_the_window_are_refused():
    with pytest.raises(InvalidError, match="row_length = 7 does not divide the window's 40 samples"):
        Occlusion(row_length=7).attribute(make_network(), Batch(make_signals(), TARGETS))


def test_a_window_of_one_sample_cannot_be_occluded():
    with pytest.raises(InvalidError, match="leave a sample alone"):
        Occlusion().attribute(make_network(), Batch(make_signals(samples=1), TARGETS))


def test_occlusion_by_what_is_there_is_flat():
    constant = torch.full((3, 1, T), 1.5)
    values = (
        Occlusion(width=T, fill="constant", constant=1.5).attribute(make_network(), Batch(constant, TARGETS)).values
    )
    np.testing.assert_allclose(values, 0, atol=1e-6)


@pytest.mark.parametrize("leads", ["together", "each"])
def test_occlusion_is_the_contrast_of_means_over_windows(leads):
    network, signals = make_network(2), make_signals(leads=2)
    method = Occlusion(width=4, fill="mean", leads=leads)
    result = method.attribute(network, Batch(signals, TARGETS))
    covers, value = method.covers(2, T), signals.mean(dim=2, keepdim=True).expand_as(signals)
    for beat, lead, sample in [(0, 0, 0), (1, 1, 20), (2, 0, T - 1)]:
        scores = torch.stack(
            [network(torch.where(c, value[beat], signals[beat])[None])[0, TARGETS[beat]] for c in covers]
        )
        hides = covers[:, lead, sample]
        left = scores[~hides].mean()
        assert result.track("uncovered").values[beat, lead, sample] == pytest.approx(left.item(), abs=1e-5)
        assert result.values[beat, lead, sample] == pytest.approx((left - scores[hides].mean()).item(), abs=1e-5)


def test_occlusion_drops_the_score_as_captums_does():
    network, signals, width = make_network(), make_signals(batch=1), 5
    covers = Occlusion(width=width).covers(1, T)
    ours = engine.covered(network, signals, TARGETS[:1], covers, torch.zeros_like(signals))[0]
    full = engine.scores(network, signals, TARGETS[:1])
    drops = (full - ours)[width - 1 : T]  # the T − w + 1 windows that lie inside, which are Captum's
    hides = covers[width - 1 : T, 0].float()
    expected = (drops[:, None] * hides).sum(dim=0) / hides.sum(dim=0)  # Captum's mean drop over a sample's windows
    captum = CaptumOcclusion(network).attribute(signals, (1, width), target=0, baselines=0)[0, 0]
    np.testing.assert_allclose(captum, expected, atol=1e-5)


def test_occlusion_works_in_chunks_of_bounded_size(monkeypatch):
    network, signals = make_network(), make_signals()
    expected = Occlusion(width=5).attribute(network, Batch(signals, TARGETS)).values
    monkeypatch.setattr(engine, "CHUNK", 7 * T)
    seen = []
    values = Occlusion(width=5).attribute(network, Batch(signals, TARGETS), seen.append).values
    np.testing.assert_allclose(values, expected, atol=1e-5)
    assert len(seen) == 3 * -(-(T + 4) // 7)


# Learned mask


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


# Parameters


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
