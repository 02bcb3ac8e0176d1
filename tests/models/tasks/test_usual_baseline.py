"""The recording's usual beat as a baseline: part of the identity where it decides, and of nothing else."""

import numpy as np
import pytest

from models import zoo
from models.errors import InvalidError
from models.explainers.integrated_gradients import IntegratedGradients
from models.tasks.agreement import AgreementParameters, AgreementTask
from models.tasks.explanation import EXPLANATION, ExplanationParameters, explanation, explanations
from models.tasks.trust import TRUST, TrustParameters, explained

MODEL = "mitbih-lstm"
WINDOW = np.sin(np.linspace(0, 9, 216, dtype=np.float32))[None]
USUAL = np.cos(np.linspace(0, 9, 216, dtype=np.float32))[None]
METHOD = IntegratedGradients(baseline="usual", steps=4)


def question_id(method: IntegratedGradients, usual: np.ndarray | None) -> str:
    return explanations(zoo.load(MODEL), WINDOW[None], [1], method, usual=usual)[0].id


def test_it_decides_only_where_the_method_is_compared_with_it() -> None:
    zero = IntegratedGradients()
    assert question_id(zero, USUAL) == question_id(zero, None) == explanation(zoo.load(MODEL), WINDOW, 1, zero).id
    assert question_id(METHOD, USUAL) != question_id(METHOD, 2 * USUAL)


def test_the_map_is_of_the_difference_from_it() -> None:
    model = zoo.load(MODEL)
    [one] = explanations(model, WINDOW[None], [1], METHOD, usual=USUAL)
    found = one.run()
    expected = float(model.logits(WINDOW[None])[0, 1] - model.logits(USUAL[None])[0, 1])
    difference = next(track for track in found.tracks if track.name == "difference from the baseline")
    assert difference.values == pytest.approx(expected, abs=1e-4)
    [same] = explanations(model, WINDOW[None], [1], METHOD, usual=WINDOW)
    assert np.abs(same.run().relevance).max() < 1e-6


@pytest.mark.parametrize("usual", [None, USUAL[:, :100]])
def test_without_one_that_fits_the_baseline_is_refused(usual: np.ndarray | None) -> None:
    with pytest.raises(InvalidError, match="has no usual beat") as caught:
        question_id(METHOD, usual)
    assert (caught.value.field, caught.value.options) == ("baseline", ("zero", "mean"))


def test_judgement_and_agreement_are_of_the_same_map() -> None:
    model, usual = zoo.load(MODEL), tuple(map(tuple, USUAL.tolist()))
    [own] = explanations(model, WINDOW[None], [1], METHOD, usual=USUAL)
    trust = TRUST.ask(model, WINDOW, TrustParameters(target=1, explainer=METHOD, usual=usual))
    assert explained(trust).id == own.id
    both = AgreementParameters(target=1, first=METHOD, second=IntegratedGradients(steps=4), usual=usual)
    asked = AgreementTask().ask(model, WINDOW, both)
    assert asked.run().explanations[0] == own.id
    plain = EXPLANATION.ask(model, WINDOW, ExplanationParameters(target=1, explainer=IntegratedGradients(steps=4)))
    assert asked.run().explanations[1] == plain.id
