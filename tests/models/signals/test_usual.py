"""The usual beat: the median of what most beats look like."""

import numpy as np

from models.signals.usual import BEATS, FEWEST, usual_beat


def beats(normal: int, wide: int) -> np.ndarray:
    time = np.linspace(-1, 1, 72)
    shapes = np.stack([np.exp(-((time / 0.05) ** 2))] * normal + [-np.exp(-((time / 0.4) ** 2))] * wide)
    noise = np.random.default_rng(0).normal(scale=0.02, size=shapes.shape)
    return (shapes + noise)[:, None].astype(np.float32)


def test_rare_beats_leave_the_usual_one_as_it_is() -> None:
    found = usual_beat(beats(60, 25))
    assert found is not None
    assert found.shape == (1, 72)
    np.testing.assert_allclose(found[0], np.exp(-((np.linspace(-1, 1, 72) / 0.05) ** 2)), atol=0.02)


def test_of_many_beats_a_part_spread_evenly_is_enough() -> None:
    many = np.tile(beats(40, 0), (2 * BEATS // 40, 1, 1))
    np.testing.assert_allclose(usual_beat(many), usual_beat(beats(40, 0)), atol=0.01)


def test_a_few_beats_have_no_usual_one() -> None:
    assert usual_beat(beats(FEWEST - 1, 0)) is None
    assert usual_beat(np.zeros((0, 1, 72), dtype=np.float32)) is None
