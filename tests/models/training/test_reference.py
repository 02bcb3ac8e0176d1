"""Accuracy on reference beats: what the detector missed counts, and what was trained on does not."""

from pathlib import Path

import numpy as np
import pytest
import torch
import wfdb

from models.cards import BeatWindow, Card, InputSpec, TrainingRecord, ZScore
from models.errors import InvalidError
from models.networks import build
from models.records import Entry
from models.records.wfdb_folder import WfdbFolder
from models.signals.beats import paper_beats
from models.training import limits
from models.training.reference import with_reference
from models.zoo import Model

FS = 360.0


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One recording of sharp beats, two reference beats where there is nothing to be found."""
    time = np.arange(int(40 * FS))
    beats = np.arange(500, len(time) - 500, 300)
    signal = np.random.default_rng(0).normal(0, 0.01, len(time))
    offsets = np.arange(-20, 21)
    for beat in beats:
        signal[beat + offsets] += np.exp(-0.5 * (offsets / 5) ** 2)
    silent = np.array([650, 950])
    marks = np.sort(np.concatenate((beats, silent)))
    symbols = ["V" if at in silent else "N" for at in marks]
    wfdb.wrsamp(
        "7", fs=FS, units=["mV"], sig_name=["MLII"], p_signal=signal[:, None], fmt=["16"], write_dir=str(tmp_path)
    )
    wfdb.wrann("7", "atr", marks, symbols, write_dir=str(tmp_path))
    return tmp_path


def model_of(database: Path, split: str = "test", **changes: object) -> Model:
    """An untrained model that says it was tested on the recording."""
    torch.manual_seed(0)
    source = WfdbFolder(database)
    record = source.open(next(entry.id for entry in source.list() if isinstance(entry, Entry)))
    card = Card.model_validate({
        "id": "x", "title": "X", "summary": "", "architecture": "lstm", "network": {}, "weights_sha256": "0",
        "input": InputSpec(fs=FS, window=BeatWindow(before=72, after=144), preprocessing=(ZScore(),)),
        "classes": [{"symbol": "N", "name": "Normal"}, {"symbol": "V", "name": "Ventricular premature"}],
        "records": [TrainingRecord(name="7", patient="mitdb:7", sha256=record.sha256, split=split)],
        "evaluation": {"validation": {"patients": 5}, "calibration": {"ece_before": 0.1, "ece_after": 0.2}},
        "training": {"protocol": {"split_seed": 0}},
    } | changes)  # fmt: skip
    network = build("lstm", {"leads": 1, "classes": 2, "hidden": 4}).eval().requires_grad_(False)
    return Model(card, network, "0")


def test_beats_that_the_detector_missed_are_judged_too(database: Path) -> None:
    found = with_reference(model_of(database), database, lambda _: None).evaluation
    source = WfdbFolder(database)
    record = source.open(next(entry.id for entry in source.list() if isinstance(entry, Entry)))
    kept, missed = paper_beats(record)
    assert missed["V"] == 2
    assert found["reference"]["beats"] == len(kept) + sum(missed.values())
    assert found["reference"]["left_out"]["V"] == {"missed": 2, "of": 2}
    assert found["reference"]["left_out"]["N"]["missed"] == missed.get("N", 0)
    assert found["calibration"]["improves"] is False
    assert found["calibration"]["fitted_on_patients"] == 5
    assert set(found["calibration"]["ece_per_patient"]) == {"mitdb:7"}


def test_where_beats_were_split_at_random_those_of_the_test_set_and_the_missed_are_judged(database: Path) -> None:
    whole = with_reference(model_of(database), database, lambda _: None).evaluation["reference"]
    some = with_reference(model_of(database, leaks_patients=True), database, lambda _: None).evaluation["reference"]
    missed = sum(one["missed"] for one in whole["left_out"].values())
    usable = whole["beats"] - missed
    assert some["beats"] == missed + usable - round(0.5 * usable) - round(0.1 * usable)
    assert some["left_out"]["V"] == {"missed": 2, "of": 2}


def test_the_limits_say_what_is_left_out_and_that_nothing_is_calibrated(database: Path) -> None:
    card = with_reference(model_of(database), database, lambda _: None)
    test = card.evaluation["reference"] | {"patients": 1}
    card = card.model_copy(update={"evaluation": card.evaluation | {"test": test, "spread": {"seeds": {"sd": None}}}})
    told = " ".join(limits.measured(card))
    assert "leave out 2 of 2" in told
    assert "not calibrated: the temperature, from 5 patients, took their error in test from 10.0% to 20.0%" in told


def test_a_recording_that_is_not_there_is_named(database: Path, tmp_path: Path) -> None:
    model = model_of(database)
    records = (*model.card.records, TrainingRecord(name="8", patient="mitdb:8", sha256="0", split="test"))
    lacking = Model(model.card.model_copy(update={"records": records}), model.network, "0")
    with pytest.raises(InvalidError, match="lacks recordings of x: 8"):
        with_reference(lacking, database, lambda _: None)
