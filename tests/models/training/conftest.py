"""Small recordings whose beats are known."""

from collections.abc import Callable

import numpy as np
import pytest

from models.training.datasets.mitdb import OTHER, MarkedRecord


@pytest.fixture
def marked() -> Callable[..., MarkedRecord]:
    """Makes a recording in which narrow bumps are N, every fifth is wide and upside down and is V, and one is Q."""
    return make


def make(name: str = "1", seconds: int = 60) -> MarkedRecord:
    """Narrow bumps are N, every fifth is wide and upside down and is V, one is Q."""
    rng = np.random.default_rng(int(name))
    signal = rng.normal(0, 0.05, (2, seconds * 100))
    beats = np.arange(100, seconds * 100 - 100, 80)
    labels = np.where(np.arange(len(beats)) % 5 == 4, 2, 0)
    labels[7] = OTHER
    offsets = np.arange(-20, 21)
    for beat, label in zip(beats, labels, strict=True):
        width = 8.0 if label == 2 else 2.0
        signal[:, beat + offsets] += (-3.0 if label == 2 else 3.0) * np.exp(-0.5 * (offsets / width) ** 2)
    return MarkedRecord(
        name,
        f"db:{name}",
        name * 64,
        ("MLII", "V1"),
        signal.astype(np.float32),
        beats,
        labels,
        beats,
        np.arange(len(beats)),
    )
