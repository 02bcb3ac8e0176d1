"""The shift mask: what it moves, by which objective, and what it says of its own plausibility."""

import numpy as np
import pytest
import torch
from torch import Tensor

from models.explainers import Batch, Progress, engine
from models.explainers.shift_mask import Descent, ShiftMask, interpolation
from models.explainers.tracks import Marks, WindowMark
from models.networks import Network, build

T, FS = 120, 50.0
TARGETS = torch.tensor([0, 2, 1])
FAST = ShiftMask(steps=40, learning_rate=0.002, spacing=100)


def network(leads: int = 1) -> Network:
    torch.manual_seed(0)
    config = {"leads": leads, "classes": 3, "channels": (6, 8), "halved_after": (1,), "kernel": 7, "pooling": "mean"}
    return build("convolutional", config).eval().requires_grad_(False)


def signals(leads: int = 1) -> Tensor:
    random = torch.randn(3, leads, T, generator=torch.Generator().manual_seed(1))
    smooth: Tensor = torch.nn.functional.avg_pool1d(random, 5, stride=1, padding=2)
    return smooth


def batch(leads: int = 1, marks: tuple[Marks, ...] | None = None) -> Batch:
    return Batch(signals(leads), TARGETS, FS, (), marks)


def descent(method: ShiftMask = FAST, leads: int = 1) -> Descent:
    return Descent(method, engine.frozen(network(leads)), batch(leads))


def test_no_shift_changes_nothing() -> None:
    down = descent()
    still = torch.zeros_like(down.grid)
    assert torch.equal(down.shifted(still), signals())
    assert down.penalty(still).tolist() == [0, 0, 0]


@pytest.mark.parametrize("by", [3, -2])
def test_a_shift_by_whole_samples_moves_the_signal(by: int) -> None:
    down = descent()
    moved = down.shifted(torch.full_like(down.grid, 2 * by / (T - 1)))
    inside = slice(abs(by), T - abs(by))
    torch.testing.assert_close(moved[..., inside], signals().roll(-by, dims=2)[..., inside], atol=1e-5, rtol=1e-5)


def test_the_grid_is_spread_in_straight_lines_from_end_to_end() -> None:
    spread = interpolation(5, T)
    torch.testing.assert_close(spread.sum(dim=1), torch.ones(T, dtype=torch.float64))
    line = torch.linspace(-1, 1, 5, dtype=torch.float64)
    torch.testing.assert_close(spread @ line, torch.linspace(-1, 1, T, dtype=torch.float64))
    assert descent().grid.shape == (3, 25)  # 2.4 s, a value each 100 ms


@pytest.mark.parametrize("leads", [1, 2])
def test_the_gradient_is_that_of_autograd(leads: int) -> None:
    down = descent(ShiftMask(spacing=100, lambda1=0.3, lambda2=0.2, score="logit"), leads)
    down.signals, down.network = down.signals.double(), network(leads).double()
    grid = 0.01 * torch.randn(down.grid.shape, dtype=torch.float64, generator=torch.Generator().manual_seed(2))
    grid.requires_grad_()
    places = torch.arange(T, dtype=torch.float64) + down.moved(grid)
    first = places.clamp(0, T - 1).floor().long().clamp(max=T - 2)
    at, share = first[:, None].expand_as(down.signals), (places.clamp(0, T - 1) - first)[:, None]
    shifted = down.signals.gather(2, at) * (1 - share) + down.signals.gather(2, at + 1) * share
    score = down.network(shifted).gather(1, TARGETS[:, None])[:, 0]
    (expected,) = torch.autograd.grad((score + down.penalty(grid)).sum(), grid)
    objective, gradient = down.gradient(grid.detach())
    torch.testing.assert_close(gradient, expected)
    torch.testing.assert_close(objective, (score + down.penalty(grid)).detach())


def test_the_objective_falls_and_its_score_is_that_of_the_shifted_signal() -> None:
    found = ShiftMask(steps=80, learning_rate=0.002, spacing=100, lambda1=0.01, lambda2=0).attribute(network(), batch())
    loss = found.track("objective").values
    assert loss.shape == (3, 81)
    assert (loss[:, -1] < loss[:, 0]).all()
    shifted = torch.from_numpy(found.track("shifted signal").values)
    after = network()(shifted).softmax(dim=1)
    np.testing.assert_allclose(found.track("after").values, after, atol=1e-5)
    np.testing.assert_allclose(found.track("before").values, network()(signals()).softmax(dim=1), atol=1e-5)
    winners = [found.track(name).values.argmax(axis=1) for name in ("before", "after")]
    np.testing.assert_array_equal(found.track("flips").values, winners[0] != winners[1])


def test_dear_shifts_leave_the_signal_nearly_in_its_place() -> None:
    def size(lambda1: float) -> float:
        method = ShiftMask(steps=80, learning_rate=0.001, spacing=100, lambda1=lambda1)
        return float(np.abs(method.attribute(network(), batch()).track("displacement").values).mean())

    assert size(50.0) < 0.2 * size(0.001)


def test_what_stands_beside_a_window_changes_nothing() -> None:
    together = FAST.attribute(network(), batch())
    for row in range(3):
        alone = FAST.attribute(network(), Batch(signals()[row : row + 1], TARGETS[row : row + 1], FS))
        for name in ("displacement", "shifted signal", "objective", "after", "same shift elsewhere"):
            np.testing.assert_allclose(together.track(name).values[row], alone.track(name).values[0], atol=1e-2)


def test_a_seed_repeats_and_another_begins_elsewhere() -> None:
    def moved(seed: int) -> np.ndarray:
        return FAST.model_copy(update={"seed": seed}).attribute(network(), batch()).track("displacement").values

    np.testing.assert_array_equal(moved(1), moved(1))
    assert not np.array_equal(moved(1), moved(2))


def test_it_says_what_became_of_the_beats_where_they_are_known() -> None:
    marks = tuple(WindowMark(at, None, "") for at in (20, 55, 90))
    named = (WindowMark(0, T, "A"), *marks, WindowMark(60, None, "~"))  # the rhythm and noise are no beats
    found = FAST.attribute(network(), batch(marks=(named,) * 3))
    assert found.track("beats before").values.tolist() == [3, 3, 3]
    assert found.track("spread before").values.tolist() == [0, 0, 0]
    assert "folds" not in {track.name for track in FAST.attribute(network(), batch()).tracks}


def test_it_can_be_cancelled_and_says_how_far_it_is() -> None:
    seen: list[Progress] = []
    FAST.attribute(network(), batch(), seen.append)
    fractions = [progress.fraction for progress in seen]
    assert fractions == sorted(fractions)
    assert fractions[-1] == 1.0
    assert all(progress.loss is not None for progress in seen)

    def cancel(_: Progress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        FAST.attribute(network(), batch(), cancel)
