"""Training on stays: what is read, the yardstick, and a run that goes on where it was."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from sklearn.metrics import roc_auc_score

from models.errors import NotFoundError
from models.training import stays
from models.training.loop import Curves
from models.training.stays import data, fitting, logistic
from models.training.stays.data import Stays

HOURS = 8


def synthetic(count: int, seed: int) -> Stays:
    """Stays in which those whose first variable rises die."""
    rng = np.random.default_rng(seed)
    variables = len(stays.recipe("icu-mortality").variables)
    died = (rng.random(count) < 0.4).astype(np.int64)
    raw = np.full((count, 2 * variables, HOURS), np.nan, np.float32)
    raw[:, variables:] = 0
    raw[:, 0] = rng.normal(size=(count, HOURS)) + np.outer(died, np.linspace(0, 4, HOURS))
    raw[:, variables] = 1
    names = tuple(map(str, range(count)))
    return Stays(raw, died, names, names, tuple(f"{seed}-{name}" for name in names), 0)


def inputs(found: Stays) -> np.ndarray:
    return np.nan_to_num(found.raw)


RECIPE = stays.recipe("icu-mortality").model_copy(
    update={"epochs": 4, "batch": 16, "earliest": 2, "each": 1, "hidden": 4}
)


def test_scalings_are_of_what_was_measured_alone() -> None:
    found = synthetic(50, 0)
    found.raw[:, 0, 1:] = 1e6  # carried forward, were it so
    found.raw[:, len(RECIPE.variables), 1:] = 0
    first, second = data.scalings(found, RECIPE.variables)[:2]
    assert first.centre == pytest.approx(float(found.raw[:, 0, 0].mean()), abs=1e-3)
    assert (second.centre, second.spread) == (0.0, 1.0)  # never measured


def test_features_are_first_last_least_largest_mean_and_count() -> None:
    values = np.array([[[0.0, 3.0, 1.0, 1.0], [0.0, 0.0, 0.0, 0.0]]])
    masks = np.array([[[0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 0.0]]])
    found = logistic.features(np.concatenate([values, masks], axis=1).astype(np.float32)).reshape(6, 2)
    assert found[:, 0] == pytest.approx([3, 1, 1, 3, 2, np.log(3)])
    assert not found[:, 1].any()


def test_the_yardstick_tells_apart_what_a_mean_tells() -> None:
    train, held, test = (synthetic(200, seed) for seed in range(3))
    fitted = logistic.fit(inputs(train), train.died, inputs(held), held.died)
    assert roc_auc_score(test.died, logistic.predict(fitted, inputs(test))) > 0.9


def test_a_run_that_was_stopped_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    train, held = synthetic(64, 0), synthetic(32, 1)
    pairs = (inputs(train), train), (inputs(held), held)
    whole = fitting.fit(RECIPE, *pairs, 0, tmp_path / "whole", lambda _: None)
    short = RECIPE.model_copy(update={"epochs": 2})
    fitting.fit(short, *pairs, 0, tmp_path / "parts", lambda _: None)
    parts = fitting.fit(RECIPE, *pairs, 0, tmp_path / "parts", lambda _: None)
    assert parts.curves == whole.curves
    for name, value in whole.network.state_dict().items():
        assert torch.equal(parts.network.state_dict()[name], value), name


def test_a_checkpoint_of_other_data_is_not_used(tmp_path: Path) -> None:
    train = synthetic(32, 0)
    fitting.fit(
        RECIPE.model_copy(update={"epochs": 1}),
        (inputs(train), train),
        (inputs(train), train),
        0,
        tmp_path,
        lambda _: None,
    )
    other = replace(train, origins=tuple(f"other {name}" for name in train.names))
    assert fitting.open_run(RECIPE, fitting.checksum(train), 0, tmp_path).epoch == 1
    assert fitting.open_run(RECIPE, fitting.checksum(other), 0, tmp_path).epoch == 0


def test_a_run_ends_where_nothing_gets_better() -> None:
    curves = Curves([1.0] * 3, [0.5, 0.6, 0.7], [0.0] * 3)
    patient = RECIPE.model_copy(update={"epochs": 9, "patience": 2})
    assert fitting.finished(patient, curves)
    assert not fitting.finished(patient.model_copy(update={"patience": 3}), curves)
    assert fitting.finished(RECIPE.model_copy(update={"epochs": 3, "patience": 9}), curves)


def test_a_name_without_a_recipe_is_told_which_there_are() -> None:
    with pytest.raises(NotFoundError, match="icu-mortality"):
        stays.recipe("icu-phenotypes")
