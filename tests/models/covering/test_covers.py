"""What stands in for hidden samples."""

import numpy as np
import pytest

from models.covering.covers import VALUES, covered
from models.errors import InvalidError


def test_no_cover_changes_nothing() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)
    for value in VALUES:
        shown, hidden = covered(inputs, [], value)
        assert (shown == inputs).all()
        assert not hidden.any()


def test_what_stands_in_for_hidden_samples() -> None:
    inputs = np.random.default_rng(0).normal(size=(2, 30)).astype(np.float32)
    for value in VALUES:
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
