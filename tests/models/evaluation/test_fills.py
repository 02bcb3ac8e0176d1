"""How neutral a fill is: what keeps the class by its nature does so, and distances are distances."""

import numpy as np
import pytest

from models import zoo
from models.evaluation.fills import OTHER, USUAL, fills, judged, markdown, nearest
from models.evaluation.sample import Sample

BEATS = 12


@pytest.fixture(scope="module")
def sample() -> Sample:
    inputs = np.random.default_rng(0).normal(size=(BEATS, 1, 216)).astype(np.float32)
    return Sample(inputs, np.arange(BEATS) % 4, np.arange(BEATS) // 6, ("a", "b"))


def test_every_fill_is_what_its_name_says(sample: Sample) -> None:
    beat = np.full((1, 216), 2.0, dtype=np.float32)
    found = fills(sample, {0: beat})
    line = found["line from first to last sample"]
    assert all(windows.shape == sample.inputs.shape for windows in found.values())
    assert not found["0"].any()
    np.testing.assert_allclose(found["mean of the window"][3, 0, 7], sample.inputs[3].mean(), rtol=1e-5)
    np.testing.assert_allclose(line[:, :, [0, -1]], sample.inputs[:, :, [0, -1]], atol=1e-6)
    np.testing.assert_allclose(np.diff(line, n=2), 0, atol=1e-5)
    assert (found[USUAL][:6] == 2).all()
    assert np.isnan(found[USUAL][6:]).all()  # the second recording has none
    for one, label in zip(found[OTHER], sample.labels, strict=True):
        assert label not in sample.labels[(sample.inputs == one).all(axis=(1, 2))]


def test_a_beat_left_as_it_is_keeps_its_class_and_what_is_not_known_is_not_counted(sample: Sample) -> None:
    model = zoo.load("mitbih-lstm")
    half = sample.inputs.copy()
    half[6:] = np.nan
    rows = judged(model, sample, {"itself": sample.inputs, "half": half, "0": np.zeros_like(sample.inputs)})
    for row in rows[:2]:
        assert row.kept["all"] == pytest.approx((1, 1, 1))
    assert rows[0].fall.mean == pytest.approx(0, abs=1e-6)
    assert set(rows[0].kept) - {"all"} <= set(model.card.symbols)
    blank = model.card.symbols[int(model.logits(np.zeros((1, 1, 216), np.float32)).argmax())]
    assert all(
        share.mean == pytest.approx(float(symbol == blank)) for symbol, share in rows[2].kept.items() if symbol != "all"
    )
    assert markdown(model, sample, rows).count("\n| ") == 1 + len(rows)


def test_the_nearest_real_beat_is_another_one() -> None:
    real = np.zeros((3, 1, 4), dtype=np.float32)
    real[1], real[2] = 3.0, 10.0
    assert nearest(real[:1] + 1, real) == pytest.approx(1.0)
    assert nearest(real, real) == pytest.approx(3.0)  # 3, 3, 7
