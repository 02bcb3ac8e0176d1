"""The beat model with neighbours: a window's columns are those of the whole recording."""

from pathlib import Path

import numpy as np
import pytest
import torch

from models import zoo
from models.errors import InvalidError
from models.explainers import engine, explainers
from models.explainers.occlusion import Occlusion
from models.explainers.tracks import Batch
from models.networks import architectures, build
from models.networks.beat_context import FIELD, STRIDE, BeatContext, BeatContextConfig

SMALL = {"leads": 2, "classes": 4, "width": 8, "features": 4, "heads": 2, "before": 20, "after": 10}


CANDIDATES = Path(zoo.__file__).parents[1] / "candidates"


def network(**changes: int) -> BeatContext:
    torch.manual_seed(0)
    found = build("beat-context", {**SMALL, **changes}).eval()
    assert isinstance(found, BeatContext)
    return found


def signals(batch: int, samples: int) -> torch.Tensor:
    return torch.randn(batch, 2, samples, generator=torch.Generator().manual_seed(1))


def test_it_is_found_by_its_file() -> None:
    assert architectures()["beat-context"] is BeatContext


def test_the_candidate_that_was_trained_with_it_is_still_read() -> None:
    model = zoo.load("aami-beats", (CANDIDATES,))
    assert isinstance(model.network, BeatContext)
    assert torch.isfinite(model.network(signals(1, model.network.config.samples))).all()


def test_one_column_sees_as_many_samples_as_stated() -> None:
    net = network()
    assert net.columns(signals(1, FIELD)).shape[2] == 1
    assert net.columns(signals(1, FIELD + STRIDE)).shape[2] == 2


def test_a_window_is_judged_as_it_is_within_a_longer_stretch() -> None:
    net = network()
    config = net.config
    stretch = signals(1, config.samples + 40 * STRIDE)
    columns = net.columns(stretch)
    for first in (0, 7, 40):
        window = stretch[:, :, first * STRIDE : first * STRIDE + config.samples]
        whole = net.judge(columns[:, :, first : first + config.columns])
        torch.testing.assert_close(net(window), whole, rtol=1e-4, atol=1e-5)


def test_the_centre_is_what_the_beats_own_column_sees_in_its_middle() -> None:
    config = BeatContextConfig.model_validate(SMALL)
    net = network()
    moved = signals(1, config.samples)
    moved[:, :, config.centre - FIELD // 2 : config.centre + FIELD // 2 + 1] += 1.0
    changed = (net.columns(moved) - net.columns(signals(1, config.samples))).abs().sum(dim=(0, 1))
    assert changed[config.before] > 0
    assert (changed[: config.before - FIELD // STRIDE] == 0).all()


@pytest.mark.parametrize("left_out", ["heads", "usual"])
def test_each_comparison_can_be_left_out(left_out: str) -> None:
    net = network(**{left_out: 0})
    assert net(signals(3, net.config.samples)).shape == (3, 4)


def test_the_whole_window_reaches_the_answer() -> None:
    net = network()
    _, slope = engine.gradient(net, signals(1, net.config.samples), torch.tensor([0]))
    quarter = net.config.samples // 4
    assert slope[..., :quarter].abs().sum() > 0
    assert slope[..., -quarter:].abs().sum() > 0


def test_methods_that_need_an_output_over_time_say_so_and_the_others_run() -> None:
    net = network()
    assert explainers()["temporal_score"].unsupported(net) is not None
    batch = Batch(signals(1, net.config.samples), torch.tensor([1]))
    for method in (
        Occlusion(method="occlusion", width=40),
        explainers()["input_derivative"](method="input_derivative"),
        explainers()["grad_cam"](method="grad_cam", sign="both"),
    ):
        assert method.unsupported(net) is None
        found = method.attribute(net, batch).values
        assert found.shape == (1, 2, net.config.samples)
        assert np.ptp(found) > 0


def test_its_columns_are_the_map_that_its_logits_come_from() -> None:
    net = network()
    window = signals(2, net.config.samples)
    logits, (one,) = net.traced(window)
    torch.testing.assert_close(logits, net(window))
    (slope,) = torch.autograd.grad(logits.sum(), one.values)
    assert slope.abs().max() > 0
    last = one.grid.first + one.grid.stride * (one.values.shape[2] - 1)
    assert last + (one.grid.field - 1) / 2 == net.config.samples - 1
    with pytest.raises(InvalidError, match="layer = 2: this network has one map"):
        net.traced(window, 2)
