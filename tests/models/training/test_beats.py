"""Training the beat model: batches hold whole windows, it learns, a killed run goes on bit for bit."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from models.networks.beat_context import BeatContext, BeatContextConfig
from models.training.beats import fitting
from models.training.beats.batches import Draws, Windows, logits
from models.training.beats.recipe import BeatRecipe
from models.training.beats.stretches import Changes, draw
from models.training.datasets.mitdb import OTHER, MarkedRecord

FS = 100.0
NETWORK = {"leads": 2, "classes": 4, "width": 8, "features": 4, "heads": 2, "before": 20, "after": 15}
Marked = Callable[..., MarkedRecord]


def quiet(_: str) -> None:
    """Say nothing."""


def recipe(**changes: object) -> BeatRecipe:
    values: dict[str, object] = {
        "network": NETWORK, "steps": 30, "batch": 2, "samples": 800, "normals": 20, "draws": (0.5, 0, 0.5, 0, 0),
        "learning_rate": 0.01, "averaging": 0.9,
    }  # fmt: skip
    return BeatRecipe.model_validate(values | changes)


def draws(marked: Marked, settings: BeatRecipe, seed: int = 0) -> Draws:
    return Draws([marked("1"), marked("2")], settings, np.random.default_rng(seed))


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


def test_a_batch_holds_whole_windows_of_judged_beats(marked: Marked) -> None:
    settings = recipe()
    batch = draws(marked, settings).batch()
    config = BeatContextConfig.model_validate(NETWORK)
    assert batch.signals.shape == (2, 2, 800)
    assert (batch.labels < OTHER).all()
    assert (batch.labels == 0).sum() <= settings.normals
    last = BeatContext(config).columns(batch.signals).shape[2] - config.columns
    assert batch.first.min() >= 0
    assert batch.first.max() <= last


def test_windows_have_the_slope_that_indexing_has() -> None:
    torch.manual_seed(0)
    columns = torch.randn(2, 3, 12, requires_grad=True)
    stretch, first = torch.tensor([0, 1, 1]), torch.tensor([0, 2, 4])
    weights = torch.randn(3, 3, 5)
    copies = Windows.apply(columns, stretch, first, 5)  # type: ignore[no-untyped-call]
    slopes = [
        torch.autograd.grad((weights * windows).sum(), columns)[0]
        for windows in (copies, columns.unfold(2, 5, 1)[stretch, :, first])
    ]
    torch.testing.assert_close(*slopes)


def test_it_learns_to_tell_two_kinds_apart(marked: Marked, tmp_path: Path) -> None:
    calm = recipe(steps=90, changes=Changes(drop=0.0, speed=0.0, noise=0.0))
    network = fitting.fit(calm, [marked("1"), marked("2")], 0, tmp_path / "run.pt", quiet)
    batch = draws(marked, calm, seed=9).batch()
    right = (logits(network, batch).argmax(dim=1) == batch.labels).float().mean()
    assert right > 0.9


def test_a_killed_run_goes_on_bit_for_bit(marked: Marked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fitting, "EVERY", 2)
    settings, records = recipe(steps=6), [marked("1")]
    whole = fitting.fit(settings, records, 0, tmp_path / "whole.pt", quiet)

    def killed(text: str) -> None:
        if "step 4/" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fitting.fit(settings, records, 0, tmp_path / "cut.pt", killed)
    gone_on = fitting.fit(settings, records, 0, tmp_path / "cut.pt", quiet)
    for one, other in zip(whole.state_dict().values(), gone_on.state_dict().values(), strict=True):
        torch.testing.assert_close(one, other, rtol=0, atol=0)


def test_a_checkpoint_of_other_data_is_not_used(marked: Marked, tmp_path: Path) -> None:
    fitting.fit(recipe(steps=2), [marked("1")], 0, tmp_path / "run.pt", quiet)
    run = fitting.start(recipe(steps=2), [marked("2")], 0)
    run.restore(tmp_path / "run.pt")
    assert run.step == 0
