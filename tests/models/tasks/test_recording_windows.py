"""A recording's windows of several lengths in one question."""

import numpy as np
import pytest
import torch

from models.cards import Card, ClassSpec, InputSpec, SpanWindow
from models.errors import InvalidError
from models.networks import build
from models.tasks.base import by_length
from models.tasks.prediction import prediction
from models.zoo import Model

CONFIG = {"leads": 2, "hidden": 4, "classes": 3}
LENGTHS = (30, 30, 12, 30, 12)


@pytest.fixture
def model() -> Model:
    torch.manual_seed(3)
    card = Card(
        id="toy",
        title="Toy",
        summary="A toy.",
        architecture="lstm",
        network=CONFIG,
        weights_sha256="ab" * 32,
        input=InputSpec(fs=100, leads=2, window=SpanWindow(samples=30, stride=30, shortest=10)),
        classes=tuple(ClassSpec(symbol=symbol, name=symbol) for symbol in "NRV"),
    )
    return Model(card, build("lstm", CONFIG).eval(), "ab" * 32)


@pytest.fixture
def inputs() -> np.ndarray:
    """Windows [5, 2, 30] of LENGTHS, NaN behind the end of the shorter ones."""
    values = np.random.default_rng(1).normal(size=(5, 2, 30)).astype(np.float32)
    values[np.broadcast_to(np.arange(30) >= np.array(LENGTHS)[:, None, None], values.shape)] = np.nan
    return values


def test_each_window_is_answered_as_by_itself(model: Model, inputs: np.ndarray) -> None:
    question = prediction(model, inputs)
    found = question.run().array()
    for row, length in enumerate(LENGTHS):
        alone = model.probabilities(inputs[row : row + 1, :, :length])
        np.testing.assert_allclose(found[row], alone[0], atol=2e-5)
    assert question.effort == sum(LENGTHS)
    assert question.id != prediction(model, inputs[:4]).id


def test_windows_go_by_their_length(inputs: np.ndarray) -> None:
    found = {windows.shape[2]: rows.tolist() for rows, windows in by_length(inputs)}
    assert found == {12: [2, 4], 30: [0, 1, 3]}


@pytest.mark.parametrize("wrong", [(0, 0, 3, np.nan), (2, 1, 11, np.inf), (4, slice(None), slice(9, None), np.nan)])
def test_gaps_and_windows_that_are_too_short_are_refused(model: Model, inputs: np.ndarray, wrong: tuple) -> None:
    inputs[wrong[:3]] = wrong[3]
    with pytest.raises(InvalidError, match="not finite"):
        prediction(model, inputs)
