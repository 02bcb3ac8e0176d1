"""An ensemble: its probability is its members' mean."""

from typing import Any

import pytest
import torch

from models.errors import InvalidError, UnsupportedError
from models.explainers.temporal import TemporalScore
from models.networks import build
from models.networks.ensemble import Ensemble
from models.networks.protocols import powers

SMALL = {"classes": 3, "channels": (4, 6), "halved_after": (1,), "kernel": 3}
CONVOLUTIONAL = {"architecture": "convolutional", "config": SMALL}
RECURRENT = {"architecture": "conv_lstm", "config": SMALL | {"hidden": 3}}
COARSE = {"architecture": "convolutional", "config": SMALL | {"channels": (4, 6, 6), "halved_after": (1, 2)}}


def ensemble(*members: dict[str, Any]) -> Ensemble:
    torch.manual_seed(0)
    built = build("ensemble", {"classes": 3, "members": members}).eval().requires_grad_(False)
    assert isinstance(built, Ensemble)
    return built


def test_its_probability_is_the_mean_of_its_members() -> None:
    built, signals = ensemble(CONVOLUTIONAL, RECURRENT), torch.randn(2, 1, 40)
    chances = torch.stack([network(signals).softmax(dim=1) for network in built.members])
    torch.testing.assert_close(built(signals).softmax(dim=1), chances.mean(dim=0))
    assert (chances[0] - chances[1]).abs().max() > 1e-3


def test_its_decision_over_time_ends_at_the_prediction_where_its_members_step_together() -> None:
    built, signals = ensemble(CONVOLUTIONAL, RECURRENT), torch.randn(2, 1, 40)
    torch.testing.assert_close(built.temporal(signals)[:, -1], built(signals))
    with pytest.raises(UnsupportedError, match="this ensemble has networks that take 252, 509 steps over 1024 samples"):
        ensemble(CONVOLUTIONAL, COARSE).temporal(signals)


def test_what_it_cannot_is_known_before_it_is_asked() -> None:
    assert TemporalScore.unsupported(ensemble(CONVOLUTIONAL, RECURRENT)) is None
    apart = TemporalScore.unsupported(ensemble(CONVOLUTIONAL, COARSE))
    assert apart is not None
    assert apart.startswith("Ensemble has networks that take ")
    backwards = {"architecture": "conv_lstm", "config": SMALL | {"hidden": 3, "bidirectional": True}}
    alone = build("conv_lstm", backwards["config"])
    assert TemporalScore.unsupported(alone) == "ConvLSTM does not read from first to last"
    assert "OverTime" not in powers(alone)
    joined = TemporalScore.unsupported(ensemble(CONVOLUTIONAL, backwards))
    assert joined == "Ensemble has a member without it: ConvLSTM does not read from first to last"
    gated = build("attention_gated", SMALL | {"gate_layer": 1})
    assert TemporalScore.unsupported(gated) == "AttentionGated gives no answer before the end of the window"


def test_members_that_know_other_classes_are_refused() -> None:
    with pytest.raises(InvalidError, match="A member has 2 classes, the ensemble 3"):
        ensemble({"architecture": "convolutional", "config": SMALL | {"classes": 2}})
