"""Surrogates, erasure and decomposition over pieces: exact on small cases, and what Captum says."""

import itertools
from math import factorial
from typing import Any

import numpy as np
import pytest
import torch
from captum._utils.models.linear_model import SkLearnRidge
from captum.attr import KernelShap, LimeBase
from torch import Tensor, nn

from models.explainers import Batch, Explainer, engine
from models.explainers.contextual_decomposition import ContextualDecomposition
from models.explainers.erasure import Erasure
from models.explainers.kernel_shap import KernelSHAP, tried
from models.explainers.lime import LIME, drawn, nearness
from models.explainers.tracks import WindowMark
from models.networks import Network, NetworkConfig, build

T = 40
TARGETS = torch.tensor([0, 2])
METHODS: list[Explainer] = [
    LIME(count=5, samples=40),
    KernelSHAP(count=5, samples=16),
    Erasure(count=5),
    ContextualDecomposition(count=5),
]


class Additive(Network):
    """Scores that are a sum over samples, each on its own."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.config = NetworkConfig(classes=3)
        self.weights = nn.Parameter(torch.randn(3, T))

    def forward(self, signals: Tensor) -> Tensor:
        return torch.sin(signals[:, 0]) @ self.weights.T + 0.5


def network(**config: Any) -> Network:
    torch.manual_seed(3)
    built = build("lstm", {"hidden": 8, "classes": 3, **config}).eval()
    with torch.no_grad():
        built.scores.weight.mul_(3)
    return built


def signals(leads: int = 1) -> Tensor:
    return torch.randn(2, leads, T, generator=torch.Generator().manual_seed(1))


def effects(built: Network, windows: Tensor, count: int) -> np.ndarray:
    """What each equal piece adds to the score of an additive network, at its samples [batch, 1, samples]."""
    numbers = np.arange(T) * count // T
    each = (torch.sin(windows[:, 0]) * built.weights.detach()[TARGETS]).numpy()
    sums = np.stack([each[:, numbers == piece].sum(axis=1) for piece in range(count)], axis=1)
    return sums[:, None, numbers]


@pytest.mark.parametrize("samples", [2000, 60])
def test_of_a_sum_surrogates_find_the_summands(samples: int) -> None:
    built, windows = Additive().eval(), Batch(signals(), TARGETS)
    expected = effects(built, signals(), 8)
    for method in (KernelSHAP(count=8, samples=samples), LIME(count=8, samples=samples, ridge=0.0)):
        found = method.attribute(built, windows)
        np.testing.assert_allclose(found.values, expected, atol=1e-4)
    np.testing.assert_allclose(found.track("fit of the linear model (R²)").values, 1, atol=1e-5)


@pytest.mark.parametrize("samples", [16, 100, 2000])
def test_shares_sum_to_the_difference_from_the_empty_window(samples: int) -> None:
    built = network()
    found = KernelSHAP(count=10, samples=samples, fill="mean").attribute(built, Batch(signals(), TARGETS))
    blank = signals().mean(dim=2, keepdim=True).expand(-1, -1, T)
    ends = [engine.scores(built, one, TARGETS) for one in (signals(), blank)]
    difference = (ends[0] - ends[1]).numpy()
    np.testing.assert_allclose(found.track("difference from the empty window").values, difference, atol=1e-5)
    each = found.values[:, 0, :: T // 10]
    np.testing.assert_allclose(each.sum(axis=1), difference, atol=1e-4)


def by_definition(built: Network, window: Tensor, target: int, count: int) -> list[float]:
    """Shapley values [count], the mean over all orders in which the pieces may come."""
    numbers = torch.arange(T) * count // T

    def score(present: tuple[int, ...]) -> float:
        left = torch.isin(numbers, torch.tensor(present, dtype=torch.int64))
        return float(built((window * left)[None])[0, target].detach())

    found = []
    for piece in range(count):
        others = [other for other in range(count) if other != piece]
        total = 0.0
        for size in range(count):
            weight = factorial(size) * factorial(count - size - 1) / factorial(count)
            for some in itertools.combinations(others, size):
                total += weight * (score((*some, piece)) - score(some))
        found.append(total)
    return found


def test_where_all_coalitions_are_tried_shares_are_shapley_values() -> None:
    built = network()
    found = KernelSHAP(count=4, samples=16).attribute(built, Batch(signals(), TARGETS)).values
    for row in range(2):
        expected = by_definition(built, signals()[row], int(TARGETS[row]), 4)
        np.testing.assert_allclose(found[row, 0, ::10], expected, atol=1e-5)


def test_shapley_values_are_where_captums_go() -> None:
    built, mask = network(), (torch.arange(T) * 5 // T)[None, None]
    torch.manual_seed(0)
    np.random.seed(0)
    theirs = KernelShap(built).attribute(
        signals()[:1], 0.0, target=int(TARGETS[0]), feature_mask=mask, n_samples=2000, perturbations_per_eval=500
    )
    ours = KernelSHAP(count=5, samples=32).attribute(built, Batch(signals()[:1], TARGETS[:1])).values
    np.testing.assert_allclose(ours, theirs.detach(), atol=0.05 * float(theirs.abs().max()))


def test_coalitions_come_in_pairs_and_small_or_large_ones_most_often() -> None:
    present, weights = tried(18, 4000, seed=1)
    assert present.shape == (4000, 18)
    assert (weights == 1).all()
    np.testing.assert_array_equal(present[:2000], ~present[2000:])
    sizes = present.sum(axis=1)
    assert set(sizes) <= set(range(1, 18))
    chance = 1 / (np.arange(1, 18) * np.arange(17, 0, -1))
    expected = 2 * chance[:2].sum() / chance.sum()  # of 1, 2, 16 or 17 pieces, as the kernel weighs them
    assert np.isin(sizes, [1, 2, 16, 17]).mean() == pytest.approx(expected, abs=0.04)
    every, _ = tried(4, 14, seed=1)
    assert len({tuple(row) for row in every.tolist()}) == 14


def test_lime_is_captums_on_the_same_windows() -> None:
    built, method = network(), LIME(count=5, samples=64, ridge=1.0)
    present = drawn(5, 64, 0)
    near, rows = nearness(present, 0.25), iter(present)
    numbers, window = torch.arange(T) * 5 // T, signals()[:1]
    weights = iter(near)
    theirs = LimeBase(
        built,
        SkLearnRidge(alpha=1.0),
        similarity_func=lambda *_, **__: float(next(weights)),
        perturb_func=lambda *_, **__: torch.from_numpy(next(rows))[None].double(),
        perturb_interpretable_space=True,
        from_interp_rep_transform=lambda kept, original, **_: original * kept[0][numbers].float(),
        to_interp_rep_transform=None,
    ).attribute(window, target=int(TARGETS[0]), n_samples=64)
    ours = method.attribute(built, Batch(window, TARGETS[:1])).values[0, 0, ::8]
    np.testing.assert_allclose(ours, theirs.detach().numpy().ravel(), atol=1e-4)


def test_a_window_that_is_empty_anyway_explains_nothing() -> None:
    flat = Batch(torch.zeros(2, 1, T), TARGETS)
    for method in METHODS[:3]:
        np.testing.assert_allclose(method.attribute(network(), flat).values, 0, atol=1e-5)


# Erasure


def test_erasure_is_the_fall_of_the_log_likelihood() -> None:
    built = network(leads=2)
    windows = signals(2)
    found = Erasure(count=5).attribute(built, Batch(windows, TARGETS))
    for row in range(2):
        whole = built(windows[row : row + 1]).log_softmax(dim=1)[0, TARGETS[row]]
        for piece in range(5):
            part = slice(8 * piece, 8 * piece + 8)
            hidden = windows[row : row + 1].clone()
            hidden[:, :, part] = 0
            fall = float((whole - built(hidden).log_softmax(dim=1)[0, TARGETS[row]]).detach())
            np.testing.assert_allclose(found.values[row, :, part], fall, atol=1e-4)


@pytest.mark.parametrize("config", [{}, {"layers": 2, "pooling": "mean"}])
def test_a_hidden_unit_is_erased_at_every_step(config: dict[str, Any]) -> None:
    built = network(**config)
    found = Erasure().attribute(built, Batch(signals(), TARGETS)).track("hidden units").values
    whole = built(signals()).log_softmax(dim=1).detach()
    last = config.get("layers", 1) - 1
    for unit in (0, 5):
        without = network(**config)
        with torch.no_grad():  # a unit whose output gate is shut is zero at every step
            getattr(without.lstm, f"weight_ih_l{last}")[24 + unit] = 0
            getattr(without.lstm, f"weight_hh_l{last}")[24 + unit] = 0
            getattr(without.lstm, f"bias_ih_l{last}")[24 + unit] = -1e4
        fall = (whole - without(signals()).log_softmax(dim=1).detach()).gather(1, TARGETS[:, None])[:, 0]
        np.testing.assert_allclose(found[:, unit], fall, atol=1e-4)


def test_a_network_without_such_units_has_pieces_alone() -> None:
    stack = {"classes": 3, "channels": (4, 6), "kernel": 3}
    found = Erasure().attribute(build("convolutional", stack).eval(), Batch(signals(), TARGETS))
    assert [track.name for track in found.tracks] == ["relevance"]


# Contextual decomposition


def test_what_a_piece_adds_and_the_rest_are_the_logit() -> None:
    built = network()
    found = ContextualDecomposition(count=5).attribute(built, Batch(signals(), TARGETS))
    logit = built(signals()).gather(1, TARGETS[:, None]).detach()
    rest = found.track("rest of the logit").values
    np.testing.assert_allclose(found.values[:, 0] + rest, logit.expand(-1, T), atol=1e-5)


def test_one_piece_that_is_all_has_all_but_the_bias() -> None:
    built, whole = network(), torch.zeros(2, 1, T, dtype=torch.int64)
    found = ContextualDecomposition().attribute(built, Batch(signals(), TARGETS, segments=whole)).values
    logit = built(signals()) - built.scores.bias
    expected = logit.gather(1, TARGETS[:, None]).detach()
    np.testing.assert_allclose(found[:, 0], expected.expand(-1, T), atol=1e-5)


# What they have in common


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.method)
def test_pieces_are_beats_where_beats_are_asked(method: Explainer) -> None:
    marks = tuple(WindowMark(at, None, "N") for at in (6, 18, 30))
    by_beats = method.model_copy(update={"by": "beats"})
    found = by_beats.attribute(network(), Batch(signals(), TARGETS, marks=(marks, marks))).values
    assert set(1 + np.flatnonzero(np.diff(found[0, 0]))) == {14, 26}


@pytest.mark.parametrize("method", METHODS, ids=lambda method: method.method)
def test_a_batch_gives_what_single_windows_give_and_progress_ends_at_one(method: Explainer) -> None:
    built, windows, seen = network(leads=2), signals(2), []
    together = method.attribute(built, Batch(windows, TARGETS), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    for row in range(2):
        alone = method.attribute(built, Batch(windows[row : row + 1], TARGETS[row : row + 1]))
        for both, one in zip(together.tracks, alone.tracks, strict=True):
            np.testing.assert_allclose(both.values[row], one.values[0], atol=2e-4)
