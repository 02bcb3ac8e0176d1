"""Training over folds: nothing leaks, a stopped run goes on bit for bit, and the report says what the runs say."""

import dataclasses
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
import wfdb

from models import zoo
from models.cards import InputSpec, OutputSpec, ZScore
from models.errors import InvalidError, NotFoundError
from models.evaluation.rhythm_tables import rhythm_tables
from models.networks.conv_lstm import ConvLSTM
from models.training import fold_card, fold_report, folds, rhythm, rhythm_recipes
from models.training.datasets import Examples, cinc2017
from models.training.datasets.examples import load, save
from models.training.publish import write_card
from models.training.rhythm_recipes import RECIPES, RhythmRecipe

SMALL = {"classes": 2, "channels": (4, 6, 6), "halved_after": (2,), "kernel": 5}


def example_set(count: int = 60) -> Examples:
    """Two classes, a slow and a fast wave in noise, each record of its own length; one patient has two records."""
    rng = np.random.default_rng(0)
    labels = (np.arange(count) % 3 == 0).astype(np.int64)
    inputs = []
    for i, label in enumerate(labels):
        t = np.arange(100 if i % 2 else rng.integers(40, 160))
        wave = np.sin(2 * np.pi * t / (6 if label else 24) + rng.uniform(0, 6)) + rng.normal(0, 0.2, len(t))
        inputs.append(wave.astype(np.float32)[None])
    groups = ("db:1", *(f"db:{i}" for i in range(1, count)))
    return Examples(tuple(inputs), labels, groups, tuple(f"{i:064d}" for i in range(count)))


def small(**changes: Any) -> RhythmRecipe:
    values: dict[str, Any] = {
        "id": "tiny",
        "title": "Tiny",
        "summary": "For tests.",
        "source": "a test",
        "symbols": ("N", "A"),
        "scored": ("N", "A"),
        "network": SMALL | {"dropout": (0.1, 0, 0)},
        "folds": 3,
        "batch": 8,
        "epochs": 3,
        "learning_rate": 0.01,
        "schedule": "cosine",
        "inverted": 0.5,
        "gain": 0.1,
        "longest": 1.0,
    }
    return RhythmRecipe(**values | changes)


def quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture
def trained(tmp_path: Path) -> tuple[RhythmRecipe, Examples, Path]:
    recipe, examples = small(), example_set()
    for number in (0, 2):
        rhythm.fit(recipe, examples, number, tmp_path, quiet)
    return recipe, examples, tmp_path


def test_every_example_is_held_out_once_and_a_patient_stays_whole() -> None:
    examples = example_set()
    dealt = folds.dealt(examples, 3, 0)
    assert dealt[0] == dealt[1]  # one patient's
    for label in (0, 1):
        sizes = np.bincount(dealt[examples.labels == label], minlength=3)
        assert sizes.max() - sizes.min() <= 2
    parts = [folds.fold_of(small(), examples, number) for number in range(3)]
    assert sorted(np.concatenate([part.held_out for part in parts])) == list(range(60))
    for part in parts:
        named = [{examples.groups[i] for i in side} for side in (part.train, part.held_out)]
        assert not named[0] & named[1]


def test_a_recording_that_is_there_twice_is_not_trained_on_where_its_twin_is_held_out() -> None:
    examples = example_set()
    before = folds.fold_of(small(), examples, 0)
    twin, original = int(before.train[0]), int(before.held_out[0])
    origins = [*examples.origins]
    origins[twin] = origins[original]
    after = folds.fold_of(small(), dataclasses.replace(examples, origins=tuple(origins)), 0)
    assert after.train.tolist() == before.train[1:].tolist()
    assert after.held_out.tolist() == before.held_out.tolist()


def test_the_eight_folds_of_cinc_2017_are_of_the_paper_s_size() -> None:
    labels = np.repeat(np.arange(4), (5076, 758, 2415, 279))
    names = tuple(map(str, range(8528)))
    examples = Examples(tuple(np.zeros((8528, 1, 1), np.float32)), labels, names, names)
    assert np.bincount(folds.dealt(examples, 8, 0)).tolist() == [1066] * 8


def test_another_seed_deals_otherwise_and_the_same_one_alike() -> None:
    examples = example_set()
    assert (folds.dealt(examples, 3, 0) == folds.dealt(examples, 3, 0)).all()
    assert (folds.dealt(examples, 3, 0) != folds.dealt(examples, 3, 1)).any()


def test_a_fold_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(InvalidError, match="Fold 3 is not one of 0, 1, 2"):
        folds.fold_of(small(), example_set(), 3)


def test_an_epoch_takes_every_example_once_in_batches_of_like_length() -> None:
    examples, rng = example_set(), np.random.default_rng(0)
    drawn = list(folds.batches(examples.lengths, np.arange(60), 8, rng))
    assert sorted(np.concatenate(drawn)) == list(range(60))
    spans = [(examples.lengths[part].min(), examples.lengths[part].max()) for part in drawn]
    for low, high in zip(sorted(spans)[:-1], sorted(spans)[1:], strict=True):
        assert low[1] <= high[0]


def test_a_batch_is_cropped_from_its_examples_and_scaled_within_bounds() -> None:
    examples, recipe = example_set(), small(longest=0.5)
    signals = folds.assembled(examples, np.array([0, 3, 6]), recipe, np.random.default_rng(0)).numpy()
    assert signals.shape == (3, 1, min(50, *examples.lengths[[0, 3, 6]]))
    for row, i in zip(signals, (0, 3, 6), strict=True):
        whole, length = examples.inputs[i][0], signals.shape[2]
        found = [
            whole[s : s + length] @ row[0] / (whole[s : s + length] @ whole[s : s + length])
            for s in range(len(whole) - length + 1)
            if abs(np.corrcoef(whole[s : s + length], row[0])[0, 1]) > 1 - 1e-5
        ]
        assert len(found) == 1
        assert 0.9 <= abs(found[0]) <= 1.1


def test_it_learns(trained: tuple[RhythmRecipe, Examples, Path]) -> None:
    recipe, examples, checkpoints = trained
    held = fold_report.finished(recipe, examples, checkpoints)
    assert [one.fold.number for one in held] == [0, 2]
    for one in held:
        assert one.run.curves.train_loss[-1] < one.run.curves.train_loss[0]
        assert (one.logits.argmax(axis=1) == examples.labels[one.fold.held_out]).mean() > 0.9


def test_a_stopped_run_goes_on_bit_for_bit(tmp_path: Path) -> None:
    recipe, examples = small(), example_set()
    fold = folds.fold_of(recipe, examples, 1)
    whole = folds.begun(recipe, examples, fold, tmp_path)
    for _ in range(2):
        folds.train_epoch(whole, recipe, examples, fold, lambda _: None)
    first = folds.begun(recipe, examples, fold, tmp_path)
    folds.train_epoch(first, recipe, examples, fold, lambda _: None)
    first.save(folds.checkpoint(recipe, examples, fold, tmp_path))
    second = folds.begun(recipe, examples, fold, tmp_path)
    assert second.epoch == 1
    folds.train_epoch(second, recipe, examples, fold, lambda _: None)
    assert second.curves == whole.curves
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, second.network.state_dict()[name]), name


def test_other_settings_neither_use_nor_overwrite_a_checkpoint(trained: tuple[RhythmRecipe, Examples, Path]) -> None:
    recipe, examples, checkpoints = trained
    fold = folds.fold_of(recipe, examples, 0)
    other = small(seed=1)
    assert folds.open_run(other, examples, fold, checkpoints).epoch == 0
    assert folds.checkpoint(other, examples, fold, checkpoints) != folds.checkpoint(recipe, examples, fold, checkpoints)
    assert folds.open_run(small(title="Other words"), examples, fold, checkpoints).epoch == 3


@pytest.mark.parametrize(
    ("settings", "epoch", "fraction", "expected"),
    [
        ({"schedule": "exponential"}, 2, 0.7, 0.95**2),
        ({"schedule": "cosine", "epochs": 10}, 1, 0.0, 1.0),
        ({"schedule": "cosine", "epochs": 10}, 5, 0.5, 0.5),
        ({"schedule": "cosine", "epochs": 10}, 9, 1.0, 0.0),
    ],
)
def test_the_learning_rate_follows_its_schedule(
    settings: dict[str, Any], epoch: int, fraction: float, expected: float
) -> None:
    assert folds.factor_at(small(**settings), epoch, fraction) == pytest.approx(expected, abs=1e-9)


def test_rare_classes_weigh_as_much_as_frequent_ones_where_asked(tmp_path: Path) -> None:
    examples = example_set()
    weights = folds.class_weights(small(balanced=True), examples.labels)
    assert weights is not None
    totals = weights.numpy() * np.bincount(examples.labels)
    assert totals[0] == pytest.approx(totals[1], rel=1e-6)
    assert folds.class_weights(small(), examples.labels) is None


def test_a_conv_lstm_begins_with_the_convolutions_that_were_trained_before_it(
    trained: tuple[RhythmRecipe, Examples, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    before, examples, checkpoints = trained
    monkeypatch.setitem(rhythm_recipes.RECIPES, "tiny", before)
    recipe = small(id="after", architecture="conv_lstm", network=SMALL | {"hidden": 3}, pretrained="tiny")
    fold = folds.fold_of(recipe, examples, 0)
    run = folds.begun(recipe, examples, fold, checkpoints)
    assert isinstance(run.network, ConvLSTM)
    trained_before = folds.open_run(before, examples, fold, checkpoints).best
    for name, value in run.network.stack.state_dict().items():
        assert torch.equal(value, trained_before[f"stack.{name}"])
    rates = {len(group["params"]): group["lr"] for group in run.optimiser.param_groups}
    assert rates == {6: 0.01, 14: 1e-4}
    with pytest.raises(InvalidError, match="Train tiny on this fold first"):
        folds.begun(recipe, examples, folds.fold_of(recipe, examples, 1), checkpoints)


def test_an_ensemble_answers_by_the_mean_of_its_members_of_the_same_fold(
    trained: tuple[RhythmRecipe, Examples, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, examples, checkpoints = trained
    two = small(id="two", seed=1)
    for each in (one, two):
        monkeypatch.setitem(rhythm_recipes.RECIPES, each.id, each)
    parts = [{"architecture": each.architecture, "config": each.network} for each in (one, two)]
    network = {"classes": 2, "members": parts}
    both = small(id="both", architecture="ensemble", network=network, members=("tiny", "two"), epochs=0)
    assert fold_report.finished(both, examples, checkpoints) == []  # one member has not been trained
    rhythm.fit(both, examples, 2, checkpoints, quiet)
    (held,) = fold_report.finished(both, examples, checkpoints)
    own = [fold_report.finished(each, examples, checkpoints)[-1] for each in (one, two)]
    assert {found.fold.number for found in (held, *own)} == {2}
    softmax = OutputSpec().chances
    chances = [softmax(found.logits) for found in own]
    np.testing.assert_allclose(softmax(held.logits), (chances[0] + chances[1]) / 2, atol=1e-6)


def test_the_report_adds_up(trained: tuple[RhythmRecipe, Examples, Path]) -> None:
    recipe, examples, checkpoints = trained
    found = fold_report.report(recipe, examples, fold_report.finished(recipe, examples, checkpoints))
    summed = sum(np.array(one["confusion"]) for one in found["folds"])
    assert found["pooled"]["confusion"] == summed.tolist()
    assert found["pooled"]["examples"] == summed.sum()
    for one in found["folds"]:
        assert one["f1"]["score"] == pytest.approx((one["f1"]["N"] + one["f1"]["A"]) / 2)
    over = found["f1_over_folds"]["score"]
    assert over["mean"] == pytest.approx(np.mean([one["f1"]["score"] for one in found["folds"]]))
    assert over["low"] <= over["mean"] <= over["high"]


def test_an_interval_is_student_s_and_one_fold_has_none() -> None:
    found = fold_report.interval([0.80, 0.82, 0.84])
    assert found["mean"] == pytest.approx(0.82)
    assert found["high"] - found["mean"] == pytest.approx(4.303 * 0.02 / 3**0.5, rel=1e-3)  # t(0.975, 2)
    assert fold_report.interval([0.8])["low"] is None


def test_too_sure_answers_get_a_temperature_above_one_and_a_smaller_error() -> None:
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 2, 400)
    said = np.where(rng.random(400) < 0.75, labels, 1 - labels)
    logits = np.where(np.arange(2) == said[:, None], 8.0, 0.0).astype(np.float32)
    found = fold_report.calibrated(logits, labels)
    assert found["temperature"] == pytest.approx(8 / np.log(3), rel=0.2)
    assert found["ece_after"] < found["ece_before"] - 0.1


def test_the_card_is_of_the_weights_beside_it(trained: tuple[RhythmRecipe, Examples, Path], tmp_path: Path) -> None:
    recipe, examples, checkpoints = trained
    card = fold_card.publish(recipe, examples, checkpoints, tmp_path / "zoo")
    model = zoo.store.read(tmp_path / "zoo" / "tiny")
    assert model.card == card
    held = fold_report.finished(recipe, examples, checkpoints)[0]
    inputs = [examples.inputs[i] for i in held.fold.held_out]
    np.testing.assert_allclose(folds.predict(model.network, inputs), held.logits, rtol=1e-5, atol=1e-6)
    seen = {record.name: record.split for record in card.records}
    assert [i for i, fold in enumerate(card.training["data"]["folds"]) if fold == "0"] == held.fold.held_out.tolist()
    assert {examples.groups[i].removeprefix("db:") for i in held.fold.held_out} == {
        name for name, split in seen.items() if split == "test"
    }
    assert "over 2 of 3 folds" in card.limits[0]
    pooled = card.evaluation["pooled"]
    assert model.headline()["accuracy"] == pooled["accuracy"]
    assert f"right on {pooled['examples']} recordings held out in 2 of 3 folds" in model.headline()["text"]


def test_scales_stay_with_the_weights_they_were_measured_of(
    trained: tuple[RhythmRecipe, Examples, Path], tmp_path: Path
) -> None:
    recipe, examples, checkpoints = trained
    card = fold_card.publish(recipe, examples, checkpoints, tmp_path / "zoo")
    assert card.full_scales == {}
    write_card(tmp_path / "zoo" / "tiny", card.model_copy(update={"full_scales": {"occlusion": 2.0}}))
    rhythm.fit(recipe, examples, 1, checkpoints, quiet)
    more = fold_card.publish(recipe, examples, checkpoints, tmp_path / "zoo")
    assert len(more.evaluation["folds"]) == 3
    assert more.full_scales == {"occlusion": 2.0}
    write_card(tmp_path / "zoo" / "tiny", more.model_copy(update={"weights_sha256": "0" * 64}))
    assert fold_card.publish(recipe, examples, checkpoints, tmp_path / "zoo").full_scales == {}


def test_the_table_says_what_the_card_says(trained: tuple[RhythmRecipe, Examples, Path], tmp_path: Path) -> None:
    recipe, examples, checkpoints = trained
    card = fold_card.publish(recipe.model_copy(update={"published": 0.5}), examples, checkpoints, tmp_path / "zoo")
    text = rhythm_tables([card, zoo.load("mitbih-lstm").card])
    score = card.evaluation["f1_over_folds"]["score"]
    row = next(line for line in text.splitlines() if line.startswith("| Tiny"))
    assert "| 2 of 3 |" in row
    assert f"| **{score['mean']:.3f}** | {score['low']:.3f}–{score['high']:.3f} | 0.50 |" in row
    for symbol, counts in zip("NA", card.evaluation["pooled"]["confusion"], strict=True):
        assert f"| {symbol} | {counts[0]} | {counts[1]} |" in text
    assert "mitbih" not in text


def test_no_card_without_a_finished_fold(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match="no fold has been trained to its end"):
        fold_card.publish(small(), example_set(), tmp_path, tmp_path / "zoo")


@pytest.mark.parametrize(
    ("change", "named"),
    [("epochs=many", "epochs = 'many'"), ("speed=3", "speed = 3"), ("inverted=2", "inverted = 2")],
)
def test_a_setting_that_cannot_be_used_is_named(change: str, named: str) -> None:
    with pytest.raises(InvalidError, match=named):
        rhythm.changed(small(), [change])


def test_settings_are_read_as_what_they_are() -> None:
    changed = rhythm.changed(small(), ["epochs=7", "longest=null", "schedule=exponential", "balanced=true"])
    assert (changed.epochs, changed.longest, changed.schedule, changed.balanced) == (7, None, "exponential", True)
    assert rhythm.changed(small(), []) == small()


def test_every_recipe_builds_and_a_wrong_name_is_answered_with_them() -> None:
    for recipe in RECIPES.values():
        folds.build(recipe.architecture, recipe.network)
        assert recipe.network["classes"] == len(recipe.symbols) == len(recipe.classes)
    with pytest.raises(NotFoundError, match="cinc-conv7"):
        rhythm_recipes.recipe("cinc")


def test_examples_come_back_as_they_were_kept(tmp_path: Path) -> None:
    examples = example_set(9)
    save(tmp_path / "set.npz", examples)
    found = load(tmp_path / "set.npz")
    assert found.checksum() == examples.checksum()
    assert found.groups == examples.groups
    for mine, theirs in zip(examples.inputs, found.inputs, strict=True):
        np.testing.assert_array_equal(mine, theirs)


@pytest.fixture
def cinc(tmp_path: Path) -> Path:
    """Three recordings in the layout of CinC 2017."""
    folder = tmp_path / "cinc2017"
    (folder / "training2017").mkdir(parents=True)
    rng = np.random.default_rng(0)
    for name, samples in (("A00001", 2700), ("A00002", 3000), ("A00003", 2700)):
        signal = rng.normal(0.3, 0.5, (samples, 1))
        wfdb.wrsamp(name, 300, ["mV"], ["ECG"], p_signal=signal, fmt=["16"], write_dir=str(folder / "training2017"))
    (folder / cinc2017.LABELS).write_text("A00001,N\nA00002,A\nA00003,~\n")
    return folder


def test_recordings_of_cinc_2017_are_read_whole_as_the_model_s_card_says(cinc: Path, tmp_path: Path) -> None:
    spec = InputSpec(fs=100.0, preprocessing=(ZScore(),))
    read = cinc2017.examples(cinc.parent, ("N", "A", "O", "~"), spec, tmp_path / "kept", quiet)
    assert read.lengths.tolist() == [900, 1000, 900]
    assert read.labels.tolist() == [0, 1, 3]
    assert read.groups == ("cinc2017:A00001", "cinc2017:A00002", "cinc2017:A00003")
    for values in read.inputs:
        assert values.mean() == pytest.approx(0, abs=1e-5)
        assert values.std() == pytest.approx(1, abs=1e-5)
    again = cinc2017.examples(cinc, ("N", "A", "O", "~"), spec, tmp_path / "kept", pytest.fail)
    assert again.checksum() == read.checksum()


def test_a_folder_without_labels_says_what_is_missing(tmp_path: Path) -> None:
    with pytest.raises(InvalidError, match=r"No REFERENCE-v3\.csv"):
        cinc2017.folder(tmp_path)
