"""Answers averaged over versions of a recording, and classes weighed: what is fitted never judges itself."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from models.evaluation import averaging
from models.evaluation.averaging import READINGS, VERSIONS, FoldAnswers, averaging_report, weighed, weights
from models.training import rhythm
from models.training.datasets import Examples
from models.training.fold_report import assessed
from models.training.rhythm_recipes import RhythmRecipe

RECIPE = RhythmRecipe(
    id="tiny",
    title="Tiny",
    summary="For tests.",
    source="a test",
    symbols=("N", "A"),
    scored=("N", "A"),
    network={"classes": 2, "channels": (4, 6), "kernel": 5},
    folds=2,
    batch=8,
    epochs=1,
)


def answered(seed: int, shift: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Logits [200, 2] that mostly say the label, the second class's lowered by `shift`; and the labels."""
    rng = np.random.default_rng(seed)
    labels = (rng.random(200) < 0.4).astype(np.int64)
    logits = rng.normal(0, 0.7, (200, 2)) + 2.0 * np.eye(2)[labels] - np.array([0.0, shift])
    return logits.astype(np.float32), labels


def test_the_mean_of_equal_answers_is_the_answer() -> None:
    chances = np.array([[[0.2, 0.8], [0.6, 0.4]]], np.float32)
    found = FoldAnswers(np.array([1, 0]), {"once": chances, "shifted": chances.repeat(3, axis=0)})
    np.testing.assert_allclose(np.exp(found.averaged(("shifted",))), chances[0], rtol=1e-6)


def test_versions_count_alike() -> None:
    one, three = np.array([[[0.0, 1.0]]], np.float32), np.array([[[1.0, 0.0]]] * 3, np.float32)
    found = FoldAnswers(np.array([0]), {"once": one, "in parts": three})
    np.testing.assert_allclose(np.exp(found.averaged(("in parts",))), [[0.75, 0.25]], rtol=1e-6)


def test_every_version_of_a_recording_is_as_long_for_all_of_one_length() -> None:
    signal = np.arange(1000, dtype=np.float32)[None]
    for name, made in VERSIONS.items():
        versions = made(signal)
        assert [one.shape for one in versions] == [one.shape for one in made(signal + 1)], name
        assert all(one.dtype == np.float32 and one.shape[1] >= 800 for one in versions)
    assert set(READINGS["all of these"]) == set(VERSIONS)


def test_weights_undo_what_a_class_was_lowered_by() -> None:
    logits, labels = answered(0, shift=1.4)
    before = assessed(RECIPE, logits, labels)["f1"]["score"]
    found = weights(RECIPE, logits, labels)
    assert found[1] - found[0] == pytest.approx(1.4, abs=0.7)
    assert assessed(RECIPE, logits + found, labels)["f1"]["score"] > before


def test_no_fold_has_a_say_in_its_own_weights() -> None:
    folds = [answered(seed, shift=1.0) for seed in range(3)]
    logs, labels = [one for one, _ in folds], [own for _, own in folds]
    before = weighed(RECIPE, logs, labels)
    after = weighed(RECIPE, logs, [1 - labels[0], *labels[1:]])
    np.testing.assert_array_equal(before[0], after[0])
    assert any((before[i] != after[i]).any() for i in (1, 2))


@pytest.fixture
def examples() -> Examples:
    rng = np.random.default_rng(0)
    labels = (np.arange(40) % 3 == 0).astype(np.int64)
    inputs = tuple(rng.normal(label, 1, (1, 60 + 10 * (i % 3))).astype(np.float32) for i, label in enumerate(labels))
    return Examples(inputs, labels, tuple(f"db:{i}" for i in range(40)), tuple(f"{i:064d}" for i in range(40)))


def report(examples: Examples, folder: Path, say: Callable[[str], None] = lambda _: None) -> str:
    return averaging_report(RECIPE, examples, folder, say)


def test_the_report_has_a_row_for_each_reading_and_says_of_how_many_folds(
    examples: Examples, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(averaging, "ROUNDS", 1)
    rhythm.fit(RECIPE, examples, 0, tmp_path, lambda _: None)
    text = report(examples, tmp_path)
    assert "1 of 2 folds" in text
    assert text.count("\n| ") == 1 + 1 + len(READINGS)  # one fold has no others to fit weights to
    rhythm.fit(RECIPE, examples, 1, tmp_path, lambda _: None)
    both = report(examples, tmp_path)
    assert "2 of 2 folds" in both
    assert both.count("\n| ") == 1 + 1 + 2 * len(READINGS)
