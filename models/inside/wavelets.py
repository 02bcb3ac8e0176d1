"""Do hidden units compute wavelets? Correlation of their states with wavelet coefficients, against permuted windows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pywt
from numpy.typing import NDArray

from models.explainers.base import Progress, Report, silent
from models.explainers.tracks import Floats

CONTINUOUS = ("mexh", "morl", "gaus1", "gaus2", "gaus3")
DISCRETE = ("haar", "db4", "sym4")
SCALES = (2, 3, 4, 6, 8, 11, 16, 22, 32, 45)  # samples
POINTS = 72  # of a window, at which courses are compared
LAGS = (0, 4, 8, 14, 22)  # samples by which a state comes later
NAMES = {"mexh": "Mexican hat", "morl": "Morlet", "haar": "Haar", "db4": "Daubechies 4", "sym4": "Symlet 4"}
NAMES |= {f"gaus{order}": f"Gauss {order}" for order in (1, 2, 3)}


@dataclass(frozen=True)
class Wavelet:
    """One feature of a signal over time."""

    family: str
    scale: int  # samples
    lag: int  # samples
    magnitude: bool  # its absolute value

    def of(self, signals: Floats) -> Floats:
        """Coefficients [windows, samples] of signals [windows, samples]."""
        later = np.roll(coefficients(self.family, self.scale, signals), self.lag, axis=1)
        later[:, : self.lag] = 0
        return np.abs(later) if self.magnitude else later


def coefficients(family: str, scale: int, signals: Floats) -> Floats:
    """Wavelet coefficients [windows, samples] of signals [windows, samples] at one scale, in samples."""
    if family in CONTINUOUS:
        found, _ = pywt.cwt(signals, [scale], family, axis=1)
        return np.asarray(found[0].real, dtype=np.float32)
    _, psi, _ = pywt.Wavelet(family).wavefun(level=6)[:3]
    length = max(4, 4 * scale)
    shape = np.interp(np.linspace(0, 1, length), np.linspace(0, 1, len(psi)), psi)
    shape = (shape - shape.mean())[::-1]
    return np.asarray([np.convolve(one, shape, "same")[: signals.shape[1]] for one in signals], dtype=np.float32)


def bank() -> Iterator[list[Wavelet]]:
    """Every wavelet that is tried, those of one family and scale together."""
    for family in (*CONTINUOUS, *DISCRETE):
        for scale in SCALES:
            yield [Wavelet(family, scale, lag, magnitude) for lag in LAGS for magnitude in (False, True)]


@dataclass(frozen=True)
class Match:
    """The wavelet that a unit's state follows best."""

    wavelet: Wavelet
    r: float  # Pearson's correlation over windows and time
    chance: (
        float  # largest |r| of the bank's best with the windows permuted: the alignment of beats alone gives so much
    )

    @property
    def beyond_chance(self) -> bool:
        """Whether no permutation came so near: p ≤ 1 / (permutations + 1)."""
        return abs(self.r) > self.chance


def matched(signals: Floats, states: Floats, permutations: int, seed: int = 0, report: Report = silent) -> list[Match]:
    """The best of the bank for each unit of states [windows, units, samples] over signals [windows, samples].

    The same search on states of permuted windows is the baseline: with windows aligned at R any two courses agree.
    """
    rng = np.random.default_rng(seed)
    step = max(1, signals.shape[1] // POINTS)  # neighbours say the same
    orders = [np.arange(len(signals)), *(rng.permutation(len(signals)) for _ in range(permutations))]
    units = states.shape[1]
    courses = [standardised(states[order][..., ::step].transpose(1, 0, 2).reshape(units, -1)) for order in orders]
    best, chosen = np.zeros((len(orders), units)), [Wavelet("haar", SCALES[0], 0, False)] * units
    features = list(bank())
    for done, group in enumerate(features):
        values = standardised(np.stack([one.of(signals)[:, ::step].reshape(-1) for one in group]))
        for row, course in enumerate(courses):
            r = course @ values.T / course.shape[1]  # [units, features]
            top = np.abs(r).argmax(axis=1)
            found = r[np.arange(units), top]
            better = np.abs(found) > np.abs(best[row])
            best[row, better] = found[better]
            if row == 0:
                chosen = [group[top[u]] if better[u] else chosen[u] for u in range(units)]
        report(Progress((done + 1) / len(features)))
    chance = np.abs(best[1:]).max(axis=0) if permutations else np.zeros(units)
    return [Match(chosen[u], float(best[0, u]), float(chance[u])) for u in range(units)]


def standardised(rows: Floats) -> NDArray[np.float32]:
    """Rows [rows, values] with mean 0 and SD 1; a flat row stays 0."""
    centred = rows - rows.mean(axis=1, keepdims=True)
    spread = centred.std(axis=1, keepdims=True)
    return np.asarray(np.divide(centred, spread, out=np.zeros_like(centred), where=spread > 0), dtype=np.float32)
