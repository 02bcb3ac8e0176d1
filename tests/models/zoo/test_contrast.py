"""Windows of other classes that are kept with a model: which are taken, and what is said where there are none."""

from dataclasses import replace

import numpy as np
import pytest

from models import zoo
from models.errors import InvalidError
from models.explainers.integrated_gradients import IntegratedGradients
from models.tasks.explanation import explanation
from models.tasks.trust import error_rates, trust, window_of
from models.zoo import Model
from models.zoo.contrast import FILE, FILLS, contrast, kept, nearest

MODEL = "mitbih-lstm"
WINDOW = np.sin(np.linspace(0, 9, 216, dtype=np.float32))[None]
METHOD = IntegratedGradients(baseline="other", steps=8)


@pytest.fixture
def without() -> Model:
    """The same model, of which no windows are kept."""
    model = zoo.load(MODEL)
    artefacts = {name: value for name, value in model.card.artefacts.items() if name != FILE}
    return replace(model, card=model.card.model_copy(update={"artefacts": artefacts}))


def test_the_nearest_windows_are_taken() -> None:
    windows = np.random.default_rng(0).random((20, 2, 30), dtype=np.float32)
    found = nearest(windows, windows[7] + 0.001)
    assert found.shape == (FILLS, 2, 30)
    np.testing.assert_array_equal(found[0], windows[7])
    distance = ((found - windows[7]) ** 2).mean(axis=(1, 2))
    assert (np.diff(distance) >= 0).all()


def test_every_class_has_windows_that_the_model_answers_with_it() -> None:
    model = zoo.load(MODEL)
    symbols = [kind.symbol for kind in model.card.classes]
    assert set(kept(model)) == set(symbols)
    for symbol, windows in kept(model).items():
        assert len(windows) >= FILLS
        assert (model.logits(windows).argmax(axis=1) == symbols.index(symbol)).all()


@pytest.mark.parametrize("target", range(4))
def test_they_are_of_the_most_probable_of_the_other_classes(target: int) -> None:
    model = zoo.load(MODEL)
    found = contrast(model, WINDOW, target)
    assert found is not None
    order = np.argsort(-model.probabilities(WINDOW[None])[0]).tolist()
    assert found.index == next(index for index in order if index != target)
    assert found.windows.shape == (FILLS, 1, 216)


def test_a_map_from_another_class_shares_out_the_difference_from_its_nearest_beat() -> None:
    model = zoo.load(MODEL)
    question = explanation(model, WINDOW, 3, METHOD)
    other = contrast(model, WINDOW, 3)
    assert other is not None
    difference = float(model.logits(WINDOW[None])[0, 3] - model.logits(other.windows[:1])[0, 3])
    track = next(one for one in question.run().tracks if one.name == "difference from the baseline")
    assert track.values == pytest.approx(difference, abs=1e-4)
    assert question.id != explanation(model, WINDOW, 3, IntegratedGradients(steps=8)).id


def test_without_them_that_baseline_is_refused_and_maps_are_judged_by_what_the_method_puts_in(without: Model) -> None:
    assert contrast(without, WINDOW, 3) is None
    with pytest.raises(InvalidError, match="has no beat of another class") as caught:
        explanation(without, WINDOW, 3, METHOD)
    assert caught.value.field == "baseline"
    method = IntegratedGradients(steps=8)
    at, replacement = window_of(trust(without, WINDOW, 3, method))
    assert (replacement.windows, replacement.symbol, replacement.name) == (1, None, "0")
    assert not at.fills.any()
    assert trust(without, WINDOW, 3, method).id != trust(zoo.load(MODEL), WINDOW, 3, method).id


def test_the_panel_has_the_error_rates_of_the_card_while_they_are_of_todays_rule() -> None:
    model = zoo.load(MODEL)
    found = error_rates(model)
    assert found is not None
    assert max(found.false.values()) <= found.worst_high <= 1
    old = model.card.evaluation | {"verdict": model.card.evaluation["verdict"] | {"rule": 1}}
    assert error_rates(replace(model, card=model.card.model_copy(update={"evaluation": old}))) is None
