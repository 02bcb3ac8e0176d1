"""As if it had never been measured: each variable's absence is what the model says of a stay without it."""

import hashlib

import numpy as np
import pytest
import torch

from models.cards import Card, InputSpec, OutputSpec, Scaling
from models.errors import UnsupportedError
from models.networks import build
from models.tasks.never_measured import NeverMeasuredParameters, NeverMeasuredTask, pairs, without
from models.training.stays import recipe
from models.training.stays.recipe import StayRecipe
from models.zoo import Model

ASK = NeverMeasuredTask()


def model() -> Model:
    chosen: StayRecipe = recipe("icu-mortality")
    torch.manual_seed(0)
    network = build("channel_wise_lstm", chosen.network).eval().requires_grad_(False)
    card = Card(
        id="x", title="x", summary="x", modality="icu", vocabulary="outcome", architecture="channel_wise_lstm",
        network=chosen.network, weights_sha256="", input=chosen.input(tuple(Scaling() for _ in chosen.variables)),
        output=OutputSpec(activation="sigmoid"), classes=chosen.classes,
    )  # fmt: skip
    network.activation = "sigmoid"
    return Model(card, network, hashlib.sha256(b"x").hexdigest())


def inputs(spec: InputSpec) -> np.ndarray:
    """A stay in which the first three variables were measured."""
    found = np.zeros((spec.leads, 48), np.float32)
    rng = np.random.default_rng(0)
    for value, mask in pairs(spec)[:3]:
        found[value], found[mask, ::7] = rng.normal(size=48), 1
    return found


def test_each_variable_that_was_measured_is_taken_out_by_itself() -> None:
    asked, given = model(), None
    given = inputs(asked.card.input)
    result = ASK.ask(asked, given, NeverMeasuredParameters()).run()
    names = [asked.card.input.channels[value].name for value, _ in pairs(asked.card.input)[:3]]
    assert [one.variable for one in result.without] == names
    assert result.probability == pytest.approx(float(asked.probabilities(given[None])[0, 0]))
    for pair, one in zip(pairs(asked.card.input), result.without, strict=False):
        alone = without(given, asked.card.input, [pair])
        assert one.probability == pytest.approx(float(asked.probabilities(alone[None])[0, 0]))
        assert not alone[list(pair)].any()
    assert result.nothing == pytest.approx(float(asked.probabilities(np.zeros_like(given)[None])[0, 0]))


def test_a_model_that_is_not_told_what_was_measured_is_refused() -> None:
    asked = model()
    bare = asked.card.input.model_copy(
        update={"channels": tuple(one.model_copy(update={"mask": False}) for one in asked.card.input.channels)}
    )
    other = Model(asked.card.model_copy(update={"input": bare}), asked.network, asked.weights_sha256)
    with pytest.raises(UnsupportedError, match="x is not told which values were measured"):
        ASK.ask(other, inputs(asked.card.input), NeverMeasuredParameters())
