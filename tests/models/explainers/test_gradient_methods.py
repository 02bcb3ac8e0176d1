"""Gradients times input, along paths and around the window: completeness, special cases, Captum as the oracle."""

from typing import Any

import numpy as np
import pytest
import torch
from captum.attr import GradientShap, InputXGradient
from captum.attr import IntegratedGradients as CaptumIntegratedGradients
from torch import Tensor, nn

from models.errors import InvalidError
from models.explainers import Batch, Explainer, engine
from models.explainers.deep_lift import DeepLIFT
from models.explainers.derivative import InputDerivative
from models.explainers.gradient_input import GradientInput
from models.explainers.gradient_shap import GradientSHAP
from models.explainers.integrated_gradients import IntegratedGradients
from models.explainers.relevance_propagation import RelevancePropagation
from models.explainers.smooth_grad import SmoothGrad
from models.networks import Network, NetworkConfig, build

T = 40
TARGETS = torch.tensor([0, 2, 1])
STACK = {"channels": (4, 6, 6, 8), "halved_after": (2,), "kernel": 3}


class Linear(Network):
    """Scores that are a weighted sum: what every one of these methods must find."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.config = NetworkConfig(classes=3)
        self.scores = nn.Linear(T, 3)

    def forward(self, signals: Tensor) -> Tensor:
        found: Tensor = self.scores(signals.flatten(1))
        return found


def lstm(**config: Any) -> Network:
    torch.manual_seed(3)
    return build("lstm", {"hidden": 8, "classes": 3, **config}).eval()


def signals(batch: int = 3, leads: int = 1, samples: int = T) -> Tensor:
    return torch.randn(batch, leads, samples, generator=torch.Generator().manual_seed(1))


def batch(leads: int = 1, **more: Any) -> Batch:
    return Batch(signals(leads=leads), TARGETS, **more)


PATHS = [IntegratedGradients(steps=200), GradientSHAP(draws=400, noise=0.0)]


@pytest.mark.parametrize("baseline", ["zero", "mean", "usual"])
@pytest.mark.parametrize("score", ["logit", "probability"])
@pytest.mark.parametrize("method", PATHS, ids=lambda method: method.method)
def test_shares_sum_to_the_scores_difference(method: Explainer, score: str, baseline: str) -> None:
    network, windows = lstm(), batch(usual=0.3 * signals().flip(0))
    found = method.model_copy(update={"score": score, "baseline": baseline}).attribute(network, windows)
    base = {"zero": torch.zeros_like(windows.signals), "usual": windows.usual}
    base["mean"] = windows.signals.mean(dim=2, keepdim=True).expand_as(windows.signals)
    ends = [engine.scores(network, one, TARGETS, score) for one in (windows.signals, base[baseline])]
    difference = (ends[0] - ends[1]).numpy()
    np.testing.assert_allclose(found.track("difference from the baseline").values, difference, atol=1e-6)
    np.testing.assert_allclose(found.values.sum(axis=(1, 2)), difference, atol=2e-3)
    gap = difference - found.values.sum(axis=(1, 2))
    np.testing.assert_allclose(found.track("completeness gap").values, gap, atol=1e-6)


def test_few_steps_leave_a_gap_that_is_told() -> None:
    network = lstm()
    with torch.no_grad():
        network.scores.weight.mul_(30)
    windows = Batch(8 * signals(), TARGETS)
    gaps = [
        np.abs(IntegratedGradients(steps=n).attribute(network, windows).track("completeness gap").values).max()
        for n in (2, 200)
    ]
    assert gaps[0] > 20 * gaps[1]


def test_a_network_that_is_linear_is_told_exactly() -> None:
    network, windows = Linear().eval(), batch()
    weights = network.scores.weight.detach()[TARGETS][:, None]
    products = (weights * windows.signals).numpy()
    methods = [GradientInput(), IntegratedGradients(steps=2), GradientSHAP(draws=3, noise=0.0)]
    for method in methods:
        np.testing.assert_allclose(method.attribute(network, windows).values, products, atol=1e-5)
    np.testing.assert_allclose(SmoothGrad().attribute(network, windows).values, weights.numpy(), atol=1e-6)


def test_a_window_that_is_its_baseline_has_nothing_to_share_out() -> None:
    windows = batch(usual=signals())
    for method in (IntegratedGradients(baseline="usual"), GradientSHAP(baseline="usual", noise=0.0)):
        np.testing.assert_allclose(method.attribute(lstm(), windows).values, 0, atol=1e-7)


def test_without_a_usual_beat_the_baseline_is_refused_by_name() -> None:
    with pytest.raises(InvalidError, match="baseline = usual: this window has no usual beat") as caught:
        IntegratedGradients(baseline="usual").attribute(lstm(), batch())
    assert (caught.value.field, caught.value.options) == ("baseline", ("zero", "mean"))


def test_gradient_times_input_and_integrated_gradients_are_captums() -> None:
    network, windows = lstm(leads=2), batch(leads=2)
    ours = GradientInput().attribute(network, windows).values
    theirs = InputXGradient(network).attribute(windows.signals.clone().requires_grad_(), target=TARGETS)
    np.testing.assert_allclose(ours, theirs.detach(), atol=1e-6)
    ours = IntegratedGradients(steps=32).attribute(network, windows).values
    theirs = CaptumIntegratedGradients(network).attribute(windows.signals, 0.0, target=TARGETS, n_steps=32)
    np.testing.assert_allclose(ours, theirs.detach(), atol=1e-6)


def test_gradient_shap_comes_near_captums_mean_over_many_draws() -> None:
    network, windows = lstm(), batch()
    torch.manual_seed(0)
    theirs = GradientShap(network).attribute(
        windows.signals, torch.zeros_like(windows.signals[:1]), n_samples=1500, stdevs=0.0, target=TARGETS
    )
    ours = GradientSHAP(draws=1500, noise=0.0).attribute(network, windows).values
    np.testing.assert_allclose(ours, theirs.detach(), atol=0.05 * float(theirs.abs().max()))


@pytest.mark.parametrize("score", ["logit", "probability"])
def test_without_noise_smooth_grad_is_the_derivative(score: Any) -> None:
    network, windows = lstm(), batch()
    ours = SmoothGrad(noise=0.0, copies=3, score=score).attribute(network, windows).values
    np.testing.assert_allclose(ours, InputDerivative(score=score).attribute(network, windows).values, atol=1e-6)


def test_smooth_grad_is_the_mean_of_the_slopes_around() -> None:
    network, windows = lstm(), batch()
    ours = SmoothGrad(copies=5, seed=4).attribute(network, windows).values
    for row in range(3):
        draws = np.random.default_rng(4).standard_normal((5, 1, T)).astype(np.float32)
        spread = 0.1 * float(windows.signals[row].max() - windows.signals[row].min())
        points = windows.signals[row] + torch.from_numpy(draws) * spread
        slope = engine.gradient(network, points, TARGETS[row].expand(5))[1].mean(dim=0)
        np.testing.assert_allclose(ours[row], slope, atol=1e-6)


SEEDED = [SmoothGrad(copies=4), GradientSHAP(draws=4)]
ALL = [*SEEDED, GradientInput(), IntegratedGradients(steps=4), RelevancePropagation(), DeepLIFT()]


@pytest.mark.parametrize("method", SEEDED, ids=lambda method: method.method)
def test_a_seed_decides_and_no_other_randomness_does(method: Explainer) -> None:
    first = method.attribute(lstm(), batch()).values
    torch.manual_seed(99)
    np.testing.assert_array_equal(first, method.attribute(lstm(), batch()).values)
    assert not np.allclose(first, method.model_copy(update={"seed": 1}).attribute(lstm(), batch()).values)


@pytest.mark.parametrize("method", ALL, ids=lambda method: method.method)
def test_a_batch_gives_what_single_windows_give(method: Explainer) -> None:
    network = lstm(leads=2)
    if method.unsupported(network):
        torch.manual_seed(0)
        network = build("convolutional", {**STACK, "classes": 3, "leads": 2}).eval()
    windows = batch(leads=2)
    together, seen = method.attribute(network, windows), []
    for row in range(3):
        alone = method.attribute(network, Batch(windows.signals[row : row + 1], TARGETS[row : row + 1]), seen.append)
        for both, one in zip(together.tracks, alone.tracks, strict=True):
            assert (both.role, both.name, both.dims) == (one.role, one.name, one.dims)
            np.testing.assert_allclose(both.values[row], one.values[0], rtol=1e-3, atol=1e-5)
        assert seen[-1].fraction == 1.0


# Propagation


def test_relevance_and_what_the_biases_keep_are_the_logit() -> None:
    network, windows = lstm(), batch()
    found = RelevancePropagation().attribute(network, windows)
    logit = network(windows.signals).gather(1, TARGETS[:, None])[:, 0].detach()
    kept = found.track("kept by biases and first states").values
    np.testing.assert_allclose(found.values.sum(axis=(1, 2)) + kept, logit, atol=1e-5)


def test_deep_lift_sums_to_the_logits_difference_and_refuses_what_it_is_not() -> None:
    torch.manual_seed(0)
    network = build("convolutional", {**STACK, "classes": 3, "pooling": "max"}).eval()
    found = DeepLIFT(baseline="mean").attribute(network, batch())
    np.testing.assert_allclose(found.track("completeness gap").values, 0, atol=1e-5)
    assert "for which DeepLIFT has no rule" in (DeepLIFT.unsupported(lstm()) or "")


def test_networks_that_answer_together_are_explained_by_the_mean_of_their_logits() -> None:
    member = {"architecture": "convolutional", "config": {**STACK, "classes": 3}}
    torch.manual_seed(0)
    together = build("ensemble", {"classes": 3, "members": [member, member]}).eval()
    logits = torch.stack([one(signals()) for one in together.members]).mean(dim=0)
    mean = logits.gather(1, TARGETS[:, None])[:, 0].detach()
    for method, name in ((RelevancePropagation(bias=1.0), "logit passed back"), (DeepLIFT(), None)):
        found = method.attribute(together, batch())
        assert np.isfinite(found.values).all()
        if name:
            np.testing.assert_allclose(found.track(name).values, mean, rtol=1e-5)
            np.testing.assert_allclose(found.values.sum(axis=(1, 2)), mean, rtol=1e-3)
    gated = {"architecture": "beat-context", "config": {"classes": 3}}
    reason = RelevancePropagation.unsupported(build("ensemble", {"classes": 3, "members": [member, gated]}))
    assert "BeatContext has no rules for passing relevance back" in (reason or "")
