"""The beat model's card: what `zoo` can load, with the figures of the runs it was made of."""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load as parse

from models import zoo
from models.cards import BeatWindow
from models.evaluation.accuracy import accuracy_tables
from models.evaluation.beat_tables import beat_tables
from models.networks.beat_measures import BeatMeasures, BeatMeasuresConfig
from models.training.beats import RECIPE, publishing
from models.training.beats.publishing import Fitted, publish
from models.training.beats.recipe import BeatRecipe
from models.training.beats.results import answers
from models.training.datasets.mitdb import MarkedRecord
from models.zoo import store

CANDIDATES = Path(zoo.__file__).parents[1] / "candidates"  # where a model waits until it is offered
CONFIG = BeatMeasuresConfig(leads=2, classes=4, before=700, after=400, earlier=7, later=5, width=8)


def quiet(_: str) -> None:
    """Say nothing."""


def network(seed: int) -> BeatMeasures:
    torch.manual_seed(seed)
    return BeatMeasures(CONFIG).eval().requires_grad_(False)


@pytest.fixture
def fitted(marked: Callable[..., MarkedRecord], monkeypatch: pytest.MonkeyPatch) -> Fitted:
    """Two seeds of a tiny network, three recordings, the third of a patient in training."""
    monkeypatch.setattr(publishing, "MEASURED", 1)
    recipe = BeatRecipe(id="tiny-beats", seeds=(0, 1))
    window = BeatWindow(before=CONFIG.before, after=CONFIG.after)
    recipe = recipe.model_copy(update={"input": recipe.input.model_copy(update={"window": window})})
    trained = marked("1", 30)
    return Fitted(
        recipe=recipe,
        train=[trained],
        test=[marked("2", 30)],
        known=[replace(marked("3", 30), patient=trained.patient)],
        networks={seed: network(seed) for seed in recipe.seeds},
        held=answers(network(7), [trained], window),
    )


def test_the_zoo_loads_what_was_published(fitted: Fitted, tmp_path: Path) -> None:
    card = publish(fitted, tmp_path, quiet)
    model = store.read(tmp_path / "tiny-beats")
    assert model.card == card
    inputs = np.random.default_rng(0).normal(size=(3, 2, CONFIG.samples)).astype(np.float32)
    torch.testing.assert_close(torch.from_numpy(model.logits(inputs)), fitted.network(torch.from_numpy(inputs)))
    assert [kind.symbol for kind in card.classes] == ["N", "S", "V", "F"]
    assert "tiny-beats" in accuracy_tables([card])


def test_the_weights_of_every_seed_lie_beside_the_card(fitted: Fitted, tmp_path: Path) -> None:
    card = publish(fitted, tmp_path, quiet)
    stated = card.training["weights_of_seeds"]
    digests = {
        seed: hashlib.sha256((tmp_path / "tiny-beats" / file).read_bytes()).hexdigest() for seed, file in stated.items()
    }
    assert digests["0"] == card.weights_sha256
    assert card.artefacts == {stated["1"]: digests["1"]}
    assert digests["0"] != digests["1"]


def test_a_recording_of_a_trained_patient_is_no_test(fitted: Fitted, tmp_path: Path) -> None:
    card = publish(fitted, tmp_path, quiet)
    assert {record.name: record.split for record in card.records} == {"1": "train", "2": "test"}
    assert list(card.evaluation["test"]["per_patient"]) == ["db:2"]
    both = card.evaluation["test_published_ds2"]
    assert sum(one["beats"] for one in both.values()) > card.evaluation["test"]["beats"]


def test_the_spread_is_that_of_the_runs(fitted: Fitted, tmp_path: Path) -> None:
    found = publish(fitted, tmp_path, quiet).evaluation
    accuracies = [run["test"]["accuracy"] for run in found["runs"]]
    assert found["spread"]["seeds"]["mean"] == pytest.approx(np.mean(accuracies))
    assert found["runs"][0]["test"]["accuracy"] == found["test"]["accuracy"]
    f1 = [run["test_at_detections"]["f1"]["V"] for run in found["runs"]]
    assert found["spread_f1"]["test_at_detections"]["V"]["high"] == pytest.approx(max(f1))


def test_the_tables_say_what_the_card_says(fitted: Fitted, tmp_path: Path) -> None:
    card = publish(fitted, tmp_path, quiet)
    text = beat_tables(card)
    test = card.evaluation["test"]
    assert f"{test['beats']} beats of 1 patients" in text
    assert f"| V | {' | '.join(map(str, test['confusion'][2]))} |" in text
    assert f"{card.evaluation['abstention']['threshold']:.3f}" in text
    assert text.count("| db:2 |") == 1


def test_the_shipped_model_and_the_weights_of_its_other_seeds_answer() -> None:
    model = zoo.load(RECIPE.id, (CANDIDATES,))
    assert model.card.input == RECIPE.input
    assert model.card.training["protocol"]["steps"] == RECIPE.steps
    assert len(model.card.artefacts) == len(RECIPE.seeds) - 1
    window = torch.from_numpy(np.random.default_rng(0).normal(size=(1, 2, RECIPE.window.samples)).astype(np.float32))
    found = [model.network(window)]
    for name in model.card.artefacts:
        other = BeatMeasures(BeatMeasuresConfig.model_validate(model.card.network)).eval()
        other.load_state_dict(parse(model.artefact(name).read_bytes()))
        found.append(other(window))
    assert all(torch.isfinite(one).all() for one in found)
    assert not torch.allclose(found[0], found[1])
