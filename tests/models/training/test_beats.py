"""Training the beat model: beats are measured once, it learns, a killed run goes on bit for bit."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from models.networks.beat_measures import BeatMeasures, BeatMeasuresConfig
from models.training.beats import fitting
from models.training.beats.batches import Measured, measure, weights_of
from models.training.beats.recipe import BeatRecipe
from models.training.beats.stretches import Changes, draw
from models.training.datasets.mitdb import OTHER, MarkedRecord

FS = 100.0
NETWORK = {"leads": 2, "classes": 4, "before": 700, "after": 400, "earlier": 7, "later": 5, "width": 8}
Marked = Callable[..., MarkedRecord]


def quiet(_: str) -> None:
    """Say nothing."""


def recipe(**changes: object) -> BeatRecipe:
    values: dict[str, object] = {
        "network": NETWORK, "steps": 30, "batch": 64, "samples": 2500, "normals": 5, "stretches": 4,
        "draws": (0.5, 0, 0.5, 0, 0), "shares": (0.5, 0, 0.5, 0), "learning_rate": 0.01, "averaging": 0.9,
    }  # fmt: skip
    return BeatRecipe.model_validate(values | changes)


@pytest.fixture
def measured(marked: Marked, tmp_path: Path) -> list[Measured]:
    """Two recordings whose beats were measured."""
    return measure([marked("1"), marked("2")], recipe(), tmp_path, quiet)


def test_without_changes_a_stretch_is_the_recording_itself(marked: Marked) -> None:
    record = marked()
    still = Changes(amplitude=0, noise=0, wander=0, drop=0, speed=0, jitter=0)
    stretch = draw(record, 3000, 500, still, FS, np.random.default_rng(0))
    inside = (stretch.beats > 5) & (stretch.beats < 495)
    first = record.beats[inside][0] - stretch.beats[inside][0]
    steps = np.arange(record.signal.shape[1])
    expected = [np.interp(first + np.arange(500), steps, lead) for lead in record.signal]
    np.testing.assert_allclose(stretch.signal, expected, atol=1e-5)


def test_beats_stay_where_their_bumps_are_whatever_is_done_to_time(marked: Marked) -> None:
    changes = Changes(amplitude=0, noise=0, wander=0, drop=0, speed=0.2, premature=0.5)
    rng = np.random.default_rng(1)
    for _ in range(10):
        stretch = draw(marked(), 3000, 1200, changes, FS, rng)
        inside = (stretch.beats > 30) & (stretch.beats < 1170)
        for beat in np.rint(stretch.beats[inside]).astype(int):
            near = np.abs(stretch.signal[0, beat - 15 : beat + 16])
            assert abs(int(near.argmax()) - 15) <= 3


def test_a_dropped_lead_is_zero_and_the_other_is_not(marked: Marked) -> None:
    stretch = draw(marked(), 3000, 500, Changes(drop=1.0), FS, np.random.default_rng(0))
    silent = np.abs(stretch.signal).max(axis=1) == 0
    assert silent.sum() == 1


def test_every_beat_with_a_class_and_a_whole_window_is_measured(marked: Marked, measured: list[Measured]) -> None:
    record, settings = marked("1"), BeatMeasuresConfig.model_validate(NETWORK)
    whole = (record.beats >= settings.before) & (record.beats + settings.after <= record.signal.shape[1])
    kept = whole & (record.labels != OTHER)
    np.testing.assert_array_equal(measured[0].recorded_labels, record.labels[kept])
    at = record.beats[kept][3]
    window = torch.from_numpy(record.signal[None, :, at - settings.before : at + settings.after].copy())
    values = BeatMeasures(settings).measures(window)[0]
    np.testing.assert_allclose(measured[0].recorded[3], values, rtol=1e-3, atol=1e-3)


def test_a_drawn_stretch_gives_its_rare_beats_and_few_normal_ones(measured: list[Measured]) -> None:
    for one in measured:
        assert 0 < (one.drawn_labels == 0).sum() <= 4 * 5
        assert (one.drawn_labels != 0).any()
        assert (one.drawn_labels < OTHER).all()


def test_what_was_measured_is_read_again(marked: Marked, measured: list[Measured], tmp_path: Path) -> None:
    said: list[str] = []
    again = measure([marked("1"), marked("2")], recipe(), tmp_path, said.append)
    assert said == []
    np.testing.assert_array_equal(again[1].drawn, measured[1].drawn)
    measure([marked("1")], recipe(normals=4), tmp_path, said.append)
    assert said == ["1: measured"]


def test_a_class_weighs_its_share_and_recordings_alike_where_it_is_even() -> None:
    labels = [np.array([0] * 90 + [2] * 10), np.array([0] * 10 + [2] * 40)]
    weights = weights_of(labels, recipe(shares=(0.6, 0.1, 0.3, 0), evenness=1.0))
    every = np.concatenate(labels)
    assert weights.sum() == pytest.approx(1)
    assert weights[every == 2].sum() == pytest.approx(1 / 3)  # no beat is S: its share is everybody's
    assert weights[:90].sum() == pytest.approx(weights[100:110].sum())


def test_it_learns_to_tell_two_kinds_apart(measured: list[Measured], tmp_path: Path) -> None:
    network = fitting.fit(recipe(steps=90), measured, 0, tmp_path / "run.pt", quiet)
    for one in measured:
        said = network.judge(torch.from_numpy(one.recorded)).argmax(dim=1).numpy()
        assert (said == one.recorded_labels).mean() > 0.9


def test_a_killed_run_goes_on_bit_for_bit(
    measured: list[Measured], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fitting, "EVERY", 2)
    settings = recipe(steps=6)
    whole = fitting.fit(settings, measured, 0, tmp_path / "whole.pt", quiet)

    def killed(text: str) -> None:
        if "step 4/" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitting.fit(settings, measured, 0, tmp_path / "cut.pt", killed)
    gone_on = fitting.fit(settings, measured, 0, tmp_path / "cut.pt", quiet)
    for one, other in zip(whole.state_dict().values(), gone_on.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_a_checkpoint_of_other_data_is_not_used(measured: list[Measured], tmp_path: Path) -> None:
    fitting.fit(recipe(steps=2), measured[:1], 0, tmp_path / "run.pt", quiet)
    run = fitting.start(recipe(steps=2), measured[1:], 0)
    run.restore(tmp_path / "run.pt")
    assert run.step == 0
