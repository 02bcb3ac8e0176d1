"""Training the network of waves: what labels are, what altering a lead keeps, and that it learns."""

import numpy as np
import pytest

from models.signals.wave_network import CLASSES, FS
from models.training import waves
from models.training.waves import UNKNOWN, Row, altered, enlarge, erase_p, fit, fixed, row, runs, warped

P, QRS, T = (CLASSES.index(name) for name in ("P", "QRS", "T"))


def lead(beats: int = 10) -> Row:
    """A lead at 500 Hz whose waves are bumps, with the marks that a cardiologist would set."""
    time = np.arange(beats * 400) / 500
    marks: dict[str, list[tuple[int | None, int, int | None]]] = {"P": [], "QRS": [], "T": []}
    signal = np.zeros_like(time)
    shape = (("P", -0.17, 0.02, 0.15), ("QRS", 0.0, 0.012, 1.0), ("T", 0.28, 0.04, 0.3))
    for beat in range(beats):
        for name, at, width, height in shape:
            peak = 0.8 * beat + 0.3 + at
            signal += height * np.exp(-0.5 * ((time - peak) / width) ** 2)
            edges = (round((peak + side * 2.5 * width) * 500) for side in (-1, 0, 1))
            marks[name].append(tuple(edges))  # type: ignore[arg-type]
    return row(signal, 500.0, marks)


def test_labels_are_the_marks_and_unknown_before_the_first_and_after_the_last() -> None:
    found = lead()
    first, last = np.flatnonzero(found.labels != UNKNOWN)[[0, -1]]
    assert found.labels[first] == P
    assert found.labels[last] == T
    assert [len(runs(found.labels == kind)) for kind in (P, QRS, T)] == [10, 10, 10]
    assert all(found.labels[round(peak * FS)] == QRS for peak in found.r)


def test_a_wave_with_one_boundary_is_unknown() -> None:
    signal = np.random.default_rng(0).normal(size=2000)
    found = row(signal, 500.0, {"P": [(100, 110, 120)], "QRS": [(200, 210, 230)], "T": [(None, 400, 420)]})
    assert found.labels[200] == UNKNOWN
    assert T not in found.labels


def test_warping_by_one_changes_nothing_and_by_two_doubles_a_wave() -> None:
    found = lead()
    same = warped(found, np.ones(len(found.signal)))
    np.testing.assert_allclose(same.signal, found.signal)
    np.testing.assert_array_equal(same.labels, found.labels)
    np.testing.assert_allclose(same.r, found.r)
    broad = warped(found, np.where(found.labels == QRS, 2.0, 1.0))
    for (a, b), (c, d) in zip(runs(found.labels == QRS), runs(broad.labels == QRS), strict=True):
        assert d - c == pytest.approx(2 * (b - a), abs=2)
    assert all(broad.labels[round(peak * FS)] == QRS for peak in broad.r)


def test_an_erased_p_is_a_line_and_no_p() -> None:
    found = lead()
    start, stop = runs(found.labels == P)[3]
    onset = runs(found.labels == QRS)[3][0]
    erase_p(found.signal, found.labels, onset)
    assert len(runs(found.labels == P)) == 9
    np.testing.assert_allclose(np.diff(found.signal[start:stop], n=2), 0, atol=1e-12)
    enlarge(found.signal, start, stop, 3.0)
    np.testing.assert_allclose(np.diff(found.signal[start:stop], n=2), 0, atol=1e-12)


def test_altered_rows_keep_their_beats_and_their_size() -> None:
    found, random = lead(), np.random.default_rng(1)
    for _ in range(20):
        other = altered(found, random)
        assert len(runs(other.labels == QRS)) == 10
        assert len(other.signal) == len(other.labels)
        inputs, labels = fixed(other, random)
        assert inputs.shape == (2, waves.SAMPLES)
        assert labels.shape == (waves.SAMPLES,)


def test_it_learns() -> None:
    losses: list[float] = []
    fit([lead(10)] * 24, 4, lambda line: losses.append(float(line.split()[-1])))
    assert losses[-1] < losses[0]
