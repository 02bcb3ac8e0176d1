"""Training: it learns, a killed run goes on bit for bit, and the card says what the runs say."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from models import training, zoo
from models.cards import BeatWindow, Card, InputSpec
from models.errors import InvalidError, NotFoundError
from models.evaluation.accuracy import accuracy_tables
from models.training import runs
from models.training.datasets import mitdb_beats as data
from models.training.datasets.mitdb_beats import BeatSet, Origin, beats_of, load
from models.training.recipes import RECIPES, Recipe
from models.training.runs import Plan, fit, open_run

SYMBOLS = ("N", "V")
SAMPLES = 24
SPEC = InputSpec(fs=60.0, window=BeatWindow(before=8, after=16))


def quiet(_: str) -> None:
    """Say nothing."""


def beat_set(patients: int = 10, each: int = 40) -> BeatSet:
    """Two classes that differ in the sign of one bump, in noise."""
    rng = np.random.default_rng(0)
    labels = np.tile([0, 1], patients * each // 2)
    inputs = rng.normal(0, 0.3, (len(labels), 1, SAMPLES)).astype(np.float32)
    inputs[:, 0, 8:12] += np.where(labels == 0, 2.0, -2.0)[:, None]
    origins = tuple(Origin(f"{i}", f"db:{i}", f"{i:064d}", {"V": 1} if i == 0 else {}) for i in range(patients))
    return BeatSet(inputs, labels, np.repeat(np.arange(patients), each), origins, SYMBOLS)


def small(**changes: Any) -> Recipe:
    values: dict[str, Any] = {
        "id": "tiny",
        "title": "Tiny",
        "summary": "For tests.",
        "source": "a test",
        "symbols": SYMBOLS,
        "input": SPEC,
        "network": {"leads": 1, "classes": 2, "hidden": 8, "dropout": 0.1},
        "split": "patients",
        "split_seed": 0,
        "other_split_seeds": (1,),
        "learning_rate": 0.01,
        "batch": 20,
        "epochs": 4,
        "beats_per_epoch": 160,
        "patience": 4,
        "seeds": (0, 1),
    }
    return Recipe(**values | changes)


def same(one: dict[str, torch.Tensor], other: dict[str, torch.Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[name], other[name]) for name in one)


def test_it_learns_and_keeps_the_weights_of_the_best_epoch(tmp_path: Path) -> None:
    run = fit(small(), beat_set(), Plan(0, 0), tmp_path, quiet)
    assert run.curves.validation_accuracy[run.curves.best()] > 0.95
    assert run.epoch == 4
    assert run.curves.train_loss[-1] < run.curves.train_loss[0]


def test_a_killed_run_goes_on_bit_for_bit(tmp_path: Path) -> None:
    whole = fit(small(), beat_set(), Plan(0, 0), tmp_path / "whole", quiet)

    class KilledError(Exception):
        pass

    def kill_in_epoch_3(text: str) -> None:
        if "epoch 2/4" in text:
            raise KilledError

    with pytest.raises(KilledError):
        fit(small(), beat_set(), Plan(0, 0), tmp_path / "parts", kill_in_epoch_3)
    assert open_run(small(), beat_set(), Plan(0, 0), tmp_path / "parts").epoch == 2
    torch.manual_seed(99)  # whatever else drew random numbers in the meantime
    resumed = fit(small(), beat_set(), Plan(0, 0), tmp_path / "parts", quiet)
    assert same(resumed.network.state_dict(), whole.network.state_dict())
    assert same(resumed.best, whole.best)
    assert resumed.curves == whole.curves


def test_a_checkpoint_of_other_settings_is_not_used(tmp_path: Path) -> None:
    fit(small(epochs=1), beat_set(), Plan(0, 0), tmp_path, quiet)
    assert open_run(small(epochs=9), beat_set(), Plan(0, 0), tmp_path).epoch == 1  # more epochs of the same run
    assert open_run(small(learning_rate=0.02), beat_set(), Plan(0, 0), tmp_path).epoch == 0
    assert open_run(small(), beat_set(each=20), Plan(0, 0), tmp_path).epoch == 0


def test_patience_ends_a_run(tmp_path: Path) -> None:
    run = fit(small(learning_rate=0.0, epochs=9, patience=2), beat_set(), Plan(0, 0), tmp_path, quiet)
    assert run.epoch == 3  # the first epoch stays the best, two more bring nothing


def test_seeds_differ_and_repeat(tmp_path: Path) -> None:
    one, two = (fit(small(epochs=1), beat_set(), Plan(0, s), tmp_path / "a", quiet) for s in (0, 1))
    again = fit(small(epochs=1), beat_set(), Plan(0, 0), tmp_path / "b", quiet)
    assert same(one.best, again.best)
    assert not same(one.best, two.best)


@pytest.fixture
def trained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Card, Path]:
    monkeypatch.setitem(RECIPES, "tiny", small())
    monkeypatch.setattr(training, "load", lambda *_: beat_set())
    card = training.train("tiny", tmp_path, tmp_path / "zoo", tmp_path / "checkpoints", say=quiet)
    return card, tmp_path


def test_what_was_trained_loads_from_the_zoo_and_scores_as_its_card_says(trained: tuple[Card, Path]) -> None:
    card, folder = trained
    model = zoo.load("tiny", [folder / "zoo"])
    assert model.card == card
    beats = beat_set()
    split = runs.split_of(small(), beats, 0)
    right = model.logits(beats.inputs[split.test]).argmax(axis=1) == beats.labels[split.test]
    test = card.evaluation["test"]
    assert test["accuracy"] == pytest.approx(right.mean())
    assert test["majority_rate"] == 0.5
    assert sum(one["beats"] for one in test["per_patient"].values()) == test["beats"] == len(split.test)
    assert np.sum([one["confusion"] for one in test["per_patient"].values()], axis=0).tolist() == test["confusion"]


def test_the_card_says_who_was_trained_on_and_how_far_the_runs_differ(trained: tuple[Card, Path]) -> None:
    card, _ = trained
    assert [sum(r.split == name for r in card.records) for name in ("train", "validation", "test")] == [7, 1, 2]
    assert [(r["split_seed"], r["seed"]) for r in card.evaluation["runs"]] == [(0, 0), (0, 1), (1, 0)]
    assert card.evaluation["spread"]["seeds"]["runs"] == card.evaluation["spread"]["splits"]["runs"] == 2
    assert card.training["finished"] is True
    assert card.training["data"]["missed"] == {"0": {"V": 1}}
    assert set(card.training["curves"]) == {"split-0-seed-0", "split-0-seed-1", "split-1-seed-0"}
    assert all(scale > 0 for scale in card.full_scales.values())
    assert any("Over 2 seeds" in limit for limit in card.limits)


def test_training_again_changes_no_weight(trained: tuple[Card, Path]) -> None:
    card, folder = trained
    again = training.train("tiny", folder, folder / "zoo", folder / "checkpoints", export_only=True, say=quiet)
    assert again.weights_sha256 == card.weights_sha256
    assert again.evaluation == card.evaluation


def test_the_results_page_is_written_from_the_card(trained: tuple[Card, Path]) -> None:
    card, _ = trained
    text = accuracy_tables([card])
    test = card.evaluation["test"]
    assert f"**{100 * test['accuracy']:.1f} %**" in text
    assert f"**{100 * test['majority_rate']:.1f} %**" in text
    for patient in test["per_patient"]:
        assert f"| {patient} |" in text
    assert "Over 2 seeds on the shipped split" in text


def test_exporting_before_the_first_run_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(RECIPES, "tiny", small())
    monkeypatch.setattr(training, "load", lambda *_: beat_set())
    with pytest.raises(InvalidError, match="first run split-0-seed-0 has no checkpoint"):
        training.train("tiny", tmp_path, tmp_path / "zoo", tmp_path / "checkpoints", export_only=True, say=quiet)


def test_training_leaves_the_processor_as_it_was(trained: tuple[Card, Path]) -> None:
    """Denormal numbers are flushed to zero while it trains: left so, what runs later in this process would differ."""
    assert trained
    assert torch.tensor(runs.SUBNORMAL, dtype=torch.float64).mul(1).item() > 0
    with runs.one_thread():
        assert torch.get_num_threads() == 1
        assert torch.tensor(runs.SUBNORMAL, dtype=torch.float64).mul(1).item() == 0
    assert torch.tensor(runs.SUBNORMAL, dtype=torch.float64).mul(1).item() > 0


def test_an_unknown_recipe_is_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="Unknown recipe 'x': there is mitbih-lstm, mitbih-lstm-pooled"):
        training.train("x", tmp_path, tmp_path, tmp_path)


def test_a_folder_without_recordings_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match=f"No recordings under {tmp_path}"):
        load(tmp_path, SYMBOLS, SPEC, tmp_path / "cache", quiet)


@pytest.mark.data
def test_mit_bih_beats_by_the_papers_protocol(mitdb: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "copy"
    folder.mkdir()
    for name in ("201", "202", "208"):
        for kind in ("hea", "dat", "atr"):
            (folder / f"{name}.{kind}").write_bytes((mitdb / f"{name}.{kind}").read_bytes())
    recipe = RECIPES["mitbih-lstm"]
    beats = load(folder, recipe.symbols, recipe.input, tmp_path / "cache", quiet)
    assert beats.patients == ("mitdb:201", "mitdb:208")  # 201 and 202 are one man
    assert beats.inputs.shape[1:] == (1, 216)
    lost = beats.origins[2].missed["V"]
    assert 700 < lost < 900  # Hamilton's detector loses most PVCs of 208
    monkeypatch.setattr(data, "beats_of", beats_of_nothing)
    again = load(folder, recipe.symbols, recipe.input, tmp_path / "cache", quiet)
    np.testing.assert_array_equal(again.inputs, beats.inputs)
    assert again.origins == beats.origins


def beats_of_nothing(*_: object) -> None:
    raise AssertionError("read again in spite of the cache")


def test_every_recipe_names_known_symbols_and_fits_its_network() -> None:
    for recipe in RECIPES.values():
        assert recipe.network["classes"] == len(recipe.classes)
        assert recipe.network["leads"] == recipe.input.leads
    assert beats_of is data.beats_of
