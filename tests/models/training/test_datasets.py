"""Data sets: examples of any length, and what MIT-BIH's beats are as such."""

from pathlib import Path

import numpy as np

from models.training.datasets import Examples
from models.training.datasets.examples import load, save
from models.training.datasets.mitdb_beats import BeatSet, Origin

RNG = np.random.default_rng(0)


def test_examples_of_several_lengths_survive_the_disk(tmp_path: Path) -> None:
    inputs = tuple(RNG.normal(size=(2, samples)).astype(np.float32) for samples in (5, 9, 1))
    kept = Examples(inputs, np.array([1, 0, 1]), ("db:1", "db:1", "db:2"), ("a", "a", "b"))
    save(tmp_path / "examples.npz", kept)
    found = load(tmp_path / "examples.npz")
    for a, b in zip(found.inputs, inputs, strict=True):
        np.testing.assert_array_equal(a, b)
    assert found.lengths.tolist() == [5, 9, 1]
    assert (found.groups, found.origins, found.checksum()) == (kept.groups, kept.origins, kept.checksum())


def test_beats_as_examples_belong_to_their_patients() -> None:
    inputs = RNG.normal(size=(3, 1, 8)).astype(np.float32)
    origins = (Origin("201", "mitdb:201", "a", {}), Origin("202", "mitdb:201", "b", {}))
    beats = BeatSet(inputs, np.array([0, 1, 0]), np.array([0, 1, 1]), origins, ("N", "V"))
    found = beats.examples()
    np.testing.assert_array_equal(np.stack(found.inputs), inputs)
    assert (found.groups, found.origins) == (("mitdb:201",) * 3, ("a", "b", "b"))
