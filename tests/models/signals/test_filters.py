"""The filter for reading by eye: what it lets through, and that it moves nothing in time."""

import numpy as np
import pytest

from models.errors import InvalidError
from models.signals.filters import monitoring

FS = 360.0
T = np.arange(round(20 * FS)) / FS


def gain(hertz: float) -> float:
    """Of a sine, away from the ends."""
    inner = slice(round(5 * FS), round(15 * FS))
    return float(monitoring(np.sin(2 * np.pi * hertz * T), FS)[inner].std() * np.sqrt(2))


def test_ecg_frequencies_pass_and_wander_and_mains_do_not() -> None:
    assert gain(5) == pytest.approx(1, abs=0.02)
    assert gain(15) == pytest.approx(1, abs=0.03)
    assert gain(0.05) < 0.02
    assert gain(60) < 0.25


def test_either_edge_lets_half_through() -> None:
    assert gain(0.5) == pytest.approx(0.5, abs=0.03)  # −3 dB forwards and again backwards
    assert gain(40) == pytest.approx(0.5, abs=0.03)


def test_a_peak_stays_where_it_is() -> None:
    peak = np.exp(-(((T - 10) / 0.02) ** 2))
    assert int(np.argmax(monitoring(peak, FS))) == int(np.argmax(peak))


def test_a_gap_stays_a_gap() -> None:
    signal = np.sin(2 * np.pi * 5 * T)
    signal[1000:1400] = np.nan
    np.testing.assert_array_equal(np.isnan(monitoring(signal, FS)), np.isnan(signal))
    assert np.isnan(monitoring(np.full(500, np.nan), FS)).all()


def test_a_sampling_frequency_that_is_too_low_is_refused() -> None:
    with pytest.raises(InvalidError, match="needs more than 80 Hz"):
        monitoring(np.zeros(500), 60.0)
