"""Full scales of the rhythm models: measured on what the shipped fold has not seen, and in the card that ships."""

import csv
import shutil
from pathlib import Path

import numpy as np
import pytest
import wfdb

import models
from models.errors import InvalidError
from models.training.rhythm_scales import measure_scales
from models.zoo import store

SHIPPED = Path(models.__file__).parent / "candidates" / "cinc-conv7"
FS = 300  # Hz


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped model with a card that has no scales."""
    made = tmp_path / "cinc-conv7"
    shutil.copytree(SHIPPED, made)
    card = store.read_card(made / "card.json").model_copy(update={"full_scales": {}})
    (made / "card.json").write_text(card.model_dump_json())
    return made


def data(folder: Path, names: list[str], seconds: float) -> Path:
    """Recordings of these names, a spike each second and noise."""
    (folder / "training2017").mkdir(parents=True)
    for seed, name in enumerate(names):
        signal = 0.05 * np.random.default_rng(seed).standard_normal(round(seconds * FS))
        for at in range(150, len(signal) - 30, FS + 40 * (seed % 3)):
            signal[at : at + 12] += np.hanning(12)
        head = {"units": ["mV"], "sig_name": ["ECG"], "fmt": ["16"], "write_dir": str(folder / "training2017")}
        wfdb.wrsamp(name, fs=FS, p_signal=signal[:, None], **head)
    with (folder / "REFERENCE-v3.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([name, "NAO~"[i % 4]] for i, name in enumerate(names))
    return folder


def test_scales_come_from_held_out_recordings_and_go_into_the_card(folder: Path, tmp_path: Path) -> None:
    unseen = [one.name for one in store.read_card(folder / "card.json").records if one.split == "test"][:2]
    before = (folder / "weights.safetensors").read_bytes()
    said: list[str] = []
    card = measure_scales(folder, data(tmp_path / "data", unseen, 31.0), said.append, each=1)
    assert {"class_activation", "grad_cam", "piece_occlusion"} <= set(card.full_scales)
    assert min(card.full_scales.values()) > 0
    assert all("over 2 windows" in one for one in said)
    assert store.read_card(folder / "card.json").full_scales == card.full_scales
    assert (folder / "weights.safetensors").read_bytes() == before


def test_what_the_network_has_seen_and_what_is_short_is_not_measured(folder: Path, tmp_path: Path) -> None:
    records = store.read_card(folder / "card.json").records
    seen = [one.name for one in records if one.split == "train"][:2]
    with pytest.raises(InvalidError, match="no held-out recording"):
        measure_scales(folder, data(tmp_path / "seen", seen, 31.0), each=1)
    unseen = [one.name for one in records if one.split == "test"][:1]
    with pytest.raises(InvalidError, match="no held-out recording"):
        measure_scales(folder, data(tmp_path / "short", unseen, 12.0), each=1)


def test_the_shipped_card_has_them() -> None:
    assert {"class_activation", "grad_cam", "piece_occlusion"} <= set(
        store.read_card(SHIPPED / "card.json").full_scales
    )
