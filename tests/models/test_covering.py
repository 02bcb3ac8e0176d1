"""Covers, and the table of every cover on a grid."""

import numpy as np
import pytest

from models import zoo
from models.covering import VALUES, WORK, covered, edges_of, table
from models.errors import InvalidError


def test_no_cover_changes_nothing() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)
    for value in ("zero", "mean", "line"):
        shown, hidden = covered(inputs, [], value)
        assert (shown == inputs).all()
        assert not hidden.any()


def test_what_stands_in_for_hidden_samples() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)
    for value in ("zero", "mean", "line"):
        shown, hidden = covered(inputs, [(5, 9), (8, 12), (20, 21)], value)
        assert np.flatnonzero(hidden).tolist() == [5, 6, 7, 8, 9, 10, 11, 20]
        assert (shown[:, ~hidden] == inputs[:, ~hidden]).all()
        expected = {
            "zero": np.zeros((2, 7)),
            "mean": np.repeat(inputs.mean(axis=1, keepdims=True), 7, axis=1),
            "line": np.linspace(inputs[:, 4], inputs[:, 12], 9, axis=1)[:, 1:-1],
        }[value]
        np.testing.assert_allclose(shown[:, 5:12], expected, atol=1e-6)


def test_a_line_that_is_there_already_is_not_changed_by_a_line() -> None:
    ramp = np.linspace(-1, 1, 40, dtype=np.float32)[None]
    np.testing.assert_allclose(covered(ramp, [(3, 30)], "line")[0], ramp, atol=1e-6)


def test_a_line_at_the_window_s_end_is_level() -> None:
    inputs = np.arange(10, dtype=np.float32)[None]
    assert covered(inputs, [(0, 4)], "line")[0][0, :5].tolist() == [4] * 5
    assert covered(inputs, [(6, 10)], "line")[0][0, 5:].tolist() == [5] * 5
    assert covered(inputs, [(0, 10)], "line")[0][0].tolist() == [0] * 10


@pytest.mark.parametrize("span", [(4, 4), (-1, 3), (5, 11), (7, 5)])
def test_a_cover_must_lie_in_the_window(span: tuple[int, int]) -> None:
    with pytest.raises(InvalidError, match="0 ≤ start < end ≤ 10"):
        covered(np.zeros((1, 10), np.float32), [span], "zero")


@pytest.mark.parametrize("value", VALUES)
def test_the_table_says_of_each_span_what_its_cover_gives(value: str) -> None:
    model = zoo.load(zoo.names(())[0], ())
    spec = model.card.input
    inputs = np.random.default_rng(1).normal(size=(spec.leads, spec.window.samples)).astype(np.float32)
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
