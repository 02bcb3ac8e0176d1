"""What ε does to relevance propagation, in one table."""

import numpy as np
import torch

from models import zoo
from models.evaluation.relevance import judged
from models.evaluation.sample import Sample


def test_a_row_sums_the_relevance_of_each_window_and_a_larger_epsilon_is_calmer() -> None:
    model = zoo.load("mitbih-lstm")
    inputs = np.random.default_rng(0).normal(size=(6, 1, 216)).astype(np.float32)
    sample = Sample(inputs, np.zeros(6, dtype=np.int64), np.zeros(6, dtype=np.int64), ("x",))
    classes = model.logits(inputs).argmax(axis=1)
    torch.set_num_threads(1)
    wild, calm = (judged(model, sample, classes, epsilon) for epsilon in (0.001, 10.0))
    assert wild.sums.shape == calm.sums.shape == (6,)
    assert np.median(calm.largest) < np.median(wild.largest)
    assert np.abs(calm.sums).max() <= 2 * np.abs(model.logits(inputs)).max()
    assert -1 <= calm.gain <= 1
    assert str(calm).count("|") == 5
