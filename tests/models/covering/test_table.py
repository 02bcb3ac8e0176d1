"""The table of every cover on a grid says what each cover gives, however it shares the work."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from models import zoo
from models.covering.covers import VALUES, Value, covered, covers
from models.covering.table import WORK, edges_of, levelled, lined, spans, table
from models.errors import InvalidError
from models.networks import Network, build


def inputs_of(leads: int, samples: int) -> np.ndarray:
    return np.random.default_rng(1).normal(size=(leads, samples)).astype(np.float32)


@pytest.mark.parametrize("name", zoo.names(()))
@pytest.mark.parametrize("value", VALUES)
def test_the_table_says_of_each_span_what_its_cover_gives(value: Value, name: str) -> None:
    model = zoo.load(name, ())
    spec = model.card.input
    inputs = inputs_of(spec.leads, spec.window.samples)
    found = table(model, inputs, value, 40)
    pairs = [(int(a), int(b)) for i, a in enumerate(found.edges) for b in found.edges[i + 1 :]]
    assert found.grid == 40
    assert pairs[0] == (0, 40)
    assert (0, spec.window.samples) in pairs
    one_by_one = np.concatenate([model.probabilities(covered(inputs, [pair], value)[0][None]) for pair in pairs])
    np.testing.assert_allclose(found.probabilities, one_by_one, atol=1e-5)


def test_a_beat_has_every_span_on_four_samples() -> None:
    edges = edges_of(216, 4)
    assert np.diff(edges).tolist() == [4] * 54
    assert edges_of(218, 4)[-2:].tolist() == [216, 218]


@pytest.mark.parametrize("samples", [1, 2, 217, 5000, 10**6])
def test_a_long_window_gets_a_coarser_grid(samples: int) -> None:
    edges = edges_of(samples, 4)
    assert (edges[0], edges[-1]) == (0, samples)
    assert (np.diff(edges) > 0).all()
    assert len(edges) == 2 or len(edges) * (len(edges) - 1) / 2 * samples <= WORK


def test_a_grid_has_at_least_one_sample() -> None:
    with pytest.raises(InvalidError, match="grid = 0"):
        edges_of(216, 0)


@pytest.mark.parametrize("pooling", ["last", "mean"])
@pytest.mark.parametrize("value", VALUES)
def test_several_leads_and_layers_share_the_work_as_well(value: Value, pooling: str) -> None:
    torch.manual_seed(0)
    network = build("lstm", {"leads": 2, "layers": 2, "hidden": 8, "classes": 3, "pooling": pooling}).eval()
    inputs, edges = inputs_of(2, 31), edges_of(31, 4)
    found = lined(network, inputs, edges) if value == "line" else levelled(network, inputs, edges, value)
    with torch.no_grad():
        whole = network(torch.from_numpy(covers(inputs, *spans(edges), value))).numpy()
    np.testing.assert_allclose(found, whole, atol=1e-5)


class Uninterrupted(Network):
    """Answers only for whole windows."""

    def forward(self, signals: torch.Tensor) -> torch.Tensor:
        return torch.stack([signals.sum(dim=(1, 2)), signals[:, 0, 0], signals[:, 0, -1], signals.amax(dim=(1, 2))], 1)


def test_a_network_that_cannot_be_interrupted_reads_every_window() -> None:
    model = replace(zoo.load("mitbih-lstm", ()), network=Uninterrupted())
    inputs = inputs_of(1, 216)
    found = table(model, inputs, "zero", 72)
    assert len(found.probabilities) == 6
    np.testing.assert_allclose(
        found.probabilities[1], model.probabilities(covered(inputs, [(0, 144)], "zero")[0][None])[0], atol=1e-6
    )
