"""Where the P wave, the QRS complex and the T wave of a beat begin and end, by NeuroKit2's delineators.

Checked against LUDB: docs/reference/results.md has sensitivity and error of each boundary.
"""

import importlib.metadata
import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.records.record import Record
from models.signals.gaps import fill
from models.signals.rpeaks import Indices

Floats = NDArray[np.float64]

BAND = (0.5, 40.0)  # Hz, zero-phase Butterworth of order 2
BESIDE = 6  # beats of context on either side
FEWEST = 4  # beats: the delineators compare each with its neighbours
MARGIN = 0.8  # s of signal before the first and after the last beat of the context
NARROW = 100  # ms: the library's reach for a QRS; a broad QRS fills it, and its boundaries are then the reach's
BROAD = 0.16  # s either side of R in which the boundaries of a broad QRS are sought
FLAT, SMOOTH = 0.1, 0.02  # of the steepest slope: the QRS is over; s: the slope's moving average
LATEST_END = 0.18  # s from R to the end of the QRS; a wavelet that finds a later one has found the T wave
PR_REACH, PR_SPREAD = 0.030, 0.012  # s: how far a PR interval may be from the context's median, and the median of that

_QRS = ("ECG_R_Onsets", "ECG_R_Offsets")
_P = ("ECG_P_Peaks", "ECG_P_Onsets", "ECG_P_Offsets")
_T = ("ECG_T_Onsets", "ECG_T_Offsets")


@dataclass(frozen=True)
class Wave:
    """One wave: first and last sample, at the record's fs."""

    onset: int
    offset: int


@dataclass(frozen=True)
class Waves:
    """The waves of one beat in one lead; None is not found."""

    p: Wave | None = None
    qrs: Wave | None = None
    t: Wave | None = None


NONE = Waves()


def source() -> dict[str, str]:
    """Boundary → who set it."""
    library = f"NeuroKit2 {importlib.metadata.version('neurokit2')}"
    slope = f"slope below {FLAT:.0%} of the steepest"
    return {
        "P": f"{library}, peak prominence; kept where it repeats at its PR interval",
        "QRS onset": f"{library}, peak prominence; {slope} where the QRS is broader than {NARROW} ms",
        "QRS end": f"the later of {library}, discrete wavelet (else peak prominence), and {slope}",
        "T": f"{library}, peak prominence",
    }


def waves(record: Record, lead_index: int, r: Indices, index: int) -> Waves:
    """The waves of beat `index` of the R peaks r[beats], from up to six beats on either side.

    Nothing is found where the beat or its neighbours touch a gap, or too few beats are near.
    """
    first, last = max(0, index - BESIDE), min(len(r), index + BESIDE + 1)
    start = max(0, int(r[first] - MARGIN * record.fs))
    stop = min(record.samples, int(r[last - 1] + MARGIN * record.fs))
    stretch = record.signal[lead_index, start:stop]
    left, right = int(r[max(index - 1, 0)]) - start, int(r[min(index + 1, len(r) - 1)]) - start
    if not np.isfinite(stretch[left : right + 1]).all():
        return NONE
    found = delineate(fill(stretch)[0], record.fs, r[first:last] - start)[index - first]
    return Waves(*(_moved(wave, start) for wave in (found.p, found.qrs, found.t)))


def delineate(signal: Floats, fs: float, r: Indices) -> list[Waves]:
    """The waves of every beat of signal[samples] (mV, no NaN) with R peaks r[beats], ascending."""
    if len(r) < FEWEST:
        return [NONE] * len(r)
    try:
        clean, found = _by_neurokit(signal, fs, r)
    except (ValueError, IndexError, TypeError, ZeroDivisionError):  # NeuroKit2, on a stretch that is no ECG
        return [NONE] * len(r)
    regular = repeating(r - found["ECG_P_Peaks"], fs)
    onsets, ends = (found[name] for name in _QRS)
    filled = ~(ends - onsets < int(NARROW / 1000 * fs) // 2 * 2)  # NaN is filled
    late = ~((found["wavelet"] > r) & (found["wavelet"] <= r + LATEST_END * fs))
    steep = steepness(clean, fs)
    slopes = np.array([broad(steep, fs, int(peak)) for peak in r])
    onsets[:] = np.where(filled, slopes[:, 0], onsets)
    ends[:] = np.fmax(np.where(late, np.where(filled, np.nan, ends), found["wavelet"]), slopes[:, 1])
    return [_beat(found, i, int(r[i]), bool(regular[i])) for i in range(len(r))]


def repeating(pr: Floats, fs: float) -> NDArray[np.bool_]:
    """Which of the intervals pr[beats] (samples) are those of a P wave: they repeat from beat to beat.

    The delineators find a hump before every QRS, fibrillation and noise included; only a P wave keeps its distance.
    """
    if not np.isfinite(pr).any():
        return np.zeros(len(pr), dtype=bool)
    away = np.abs(pr - np.nanmedian(pr)) / fs
    return np.asarray((away <= PR_REACH) & (np.nanmedian(away) <= PR_SPREAD))


def steepness(clean: Floats, fs: float) -> Floats:
    """|slope| of clean[samples], smoothed."""
    width = max(1, round(SMOOTH * fs))
    return np.asarray(np.abs(np.convolve(np.gradient(clean), np.ones(width) / width, "same")))


def broad(steep: Floats, fs: float, r: int) -> tuple[float, float]:
    """Onset and end of the QRS around `r`: outwards from its steep flanks to where the slope is flat; NaN: never."""
    before = steep[max(0, r - round(BROAD * fs)) : r + 1][::-1]
    after = steep[r : r + round(BROAD * fs) + 1]
    near = round(NARROW / 1000 * fs) + 1
    most = max(before[:near].max(), after[:near].max())
    return r - _flattens(before, near, most), r + _flattens(after, near, most)


def _flattens(side: Floats, near: int, most: float) -> float:
    """Samples from R until side[samples] is flat, beyond the outermost steep part of its first `near` samples."""
    flank = int(np.flatnonzero(side[:near] >= side[:near].max() / 2)[-1])
    flat = np.flatnonzero(side[flank:] <= FLAT * most)
    return float(flank + flat[0]) if len(flat) and most else float("nan")


def _by_neurokit(signal: Floats, fs: float, r: Indices) -> tuple[Floats, dict[str, Floats]]:
    """The filtered signal, and each boundary [beats] by peak prominence; "wavelet" are QRS ends, with less bias."""
    import neurokit2

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        high = min(BAND[1], 0.4 * fs)
        clean = neurokit2.signal_filter(signal, fs, lowcut=BAND[0], highcut=high, method="butterworth", order=2)
        _, shapes = neurokit2.ecg_delineate(clean, r, fs, method="prominence", max_r_basepoint_interval=NARROW)
        try:
            _, wavelet = neurokit2.ecg_delineate(clean, r, fs, method="dwt")
            ends = _aligned(wavelet["ECG_R_Offsets"], len(r))
        except (ValueError, IndexError, TypeError):
            ends = np.full(len(r), np.nan)
    found = {name: _aligned(shapes[name], len(r)) for name in (*_P, *_QRS, *_T)}
    return np.asarray(clean), found | {"wavelet": ends}


def _aligned(values: Sequence[float], beats: int) -> Floats:
    """A boundary of each beat [beats]: NeuroKit2 drops those at sample 0, which are the first beat's."""
    return np.array([np.nan] * (beats - len(values)) + list(values), dtype=np.float64)


def _beat(found: dict[str, Floats], i: int, r: int, regular: bool) -> Waves:
    """One beat's waves in their order: P before QRS before T."""
    qrs = _wave(found["ECG_R_Onsets"][i], found["ECG_R_Offsets"][i])
    if qrs is None or not qrs.onset <= r <= qrs.offset:
        return NONE
    p = _wave(found["ECG_P_Onsets"][i], min(found["ECG_P_Offsets"][i], qrs.onset)) if regular else None
    t = _wave(max(found["ECG_T_Onsets"][i], qrs.offset), found["ECG_T_Offsets"][i])
    return Waves(p, qrs, t)


def _wave(onset: float, offset: float) -> Wave | None:
    return Wave(round(onset), round(offset)) if np.isfinite([onset, offset]).all() and onset < offset else None


def _moved(wave: Wave | None, by: int) -> Wave | None:
    return wave and Wave(wave.onset + by, wave.offset + by)
