"""The burden of atrial fibrillation: windows counted against the marks of a rhythm."""

from pathlib import Path

import numpy as np
import pytest
import torch
import wfdb

from models import zoo
from models.cards import ClassSpec, InputSpec, ZScore
from models.evaluation.af_burden import AF, Burden, burden, marked
from models.networks import build
from models.records import Entry
from models.records.wfdb_folder import WfdbFolder
from models.zoo.model import Model


def test_a_rhythm_lasts_until_the_next_mark_of_a_rhythm() -> None:
    marks = [(2, "(AFIB\x00"), (4, ""), (5, "MISSB"), (7, "(N"), (9, "(AFIB")]
    assert np.flatnonzero(marked(marks, AF, 12)).tolist() == [2, 3, 4, 5, 6, 9, 10, 11]
    assert not marked(marks, "(AFL", 12).any()


def test_only_windows_wholly_inside_or_outside_are_judged() -> None:
    fibrillation, flutter = np.array([1.0, 1.0, 0.5, 0.0, 0.0]), np.array([0.0, 0.0, 0.0, 0.0, 0.2])
    row = Burden("201", 0.5, fibrillation, flutter, np.array([True, False, True, False, True])).row()
    assert row == ["201", "50.0 %", "60.0 %", "2", "50.0 %", "2", "1", "50.0 %"]


@pytest.mark.parametrize(("favoured", "found"), [(0, False), (1, True)])
def test_a_model_is_asked_about_every_window_of_a_record(tmp_path: Path, favoured: int, found: bool) -> None:
    noise = np.random.default_rng(0).normal(0, 1, (9000, 1))
    wfdb.wrsamp(
        "201", 200, ["mV"], ["MLII"], p_signal=noise[:, :1].repeat(2, axis=0), fmt=["16"], write_dir=str(tmp_path)
    )
    marks = np.array([100, 9_000])  # N, then AF from 45 s to the end at 90 s
    wfdb.wrann("201", "atr", marks, ["+", "+"], aux_note=["(N", "(AFIB"], write_dir=str(tmp_path))
    network = build("convolutional", {"classes": 2, "channels": (2,), "kernel": 3}).eval().requires_grad_(False)
    network.load_state_dict({name: torch.zeros_like(value) for name, value in network.state_dict().items()})
    bias = network.get_parameter("scores.0.bias")
    bias[favoured] = 1.0
    classes = (ClassSpec(symbol="N", name="Normal"), ClassSpec(symbol="A", name="AF"))
    spec = InputSpec(fs=100.0, preprocessing=(ZScore(),))
    card = zoo.load("mitbih-lstm").card.model_copy(update={"input": spec, "classes": classes})
    folder = WfdbFolder(tmp_path)
    (entry,) = [entry for entry in folder.list() if isinstance(entry, Entry)]
    counted = burden(Model(card, network, ""), folder, entry)
    assert counted.marked == pytest.approx(0.5)
    assert counted.fibrillation.tolist() == pytest.approx([0, 0, 5 / 30, 15 / 30, 25 / 30, 1, 1])
    assert counted.said.tolist() == [found] * 7
