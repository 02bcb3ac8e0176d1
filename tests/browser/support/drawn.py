"""Recordings drawn here: one with a gap, one that also lacks marks, one of two leads, one of twelve."""

from pathlib import Path

import numpy as np
import wfdb

FS, EVERY = 360, 0.8  # Hz, s between beats
TWELVE = ("I", "II", "III", "aVR", "aVL", "aVF", "V1", "V2", "V3", "V4", "V5", "V6")


def write_recordings(folder: Path) -> Path:
    """All four, in a folder."""
    write_gap(folder)
    signal, at = trace(60), beats(60)
    lost = signal.copy()
    lost[20 * FS : 27 * FS] = np.nan
    kept = at[((at < 20) | (at > 27)) & ~((at > 40) & (at < 45))]  # and beats that nobody marked from 40 to 45 s
    write(folder, "gaps", ("MLII",), lost, kept)
    write(folder, "holter", ("MLII", "V2"), signal, at)
    write(folder, "twelve", TWELVE, trace(10), beats(10))
    return folder


def write_gap(folder: Path) -> None:
    """60 s without marks that have no signal from 12.0 to 14.5 s."""
    times = np.arange(60 * FS) / FS
    signal = sum(np.exp(-(((times - beat) / 0.012) ** 2)) for beat in np.arange(0.5, 59.5, EVERY))
    signal[12 * FS : round(14.5 * FS)] = np.nan
    wfdb.wrsamp("gap", FS, ["mV"], ["II"], p_signal=signal[:, None], fmt=["16"], write_dir=str(folder))


def beats(seconds: float) -> np.ndarray:
    """Times of the beats, in seconds."""
    return np.arange(1.0, seconds - 0.5, EVERY)


def trace(seconds: float) -> np.ndarray:
    """A sharp pulse of 1 mV at each beat."""
    times = np.arange(round(seconds * FS)) / FS
    return np.asarray(sum(np.exp(-(((times - beat) / 0.012) ** 2)) for beat in beats(seconds)))


def write(folder: Path, name: str, leads: tuple[str, ...], signal: np.ndarray, marks: np.ndarray) -> None:
    """A record whose leads are the signal, each a tenth higher than the one before, with marks at these seconds."""
    samples = np.round(marks * FS).astype(int)
    units, formats = ["mV"] * len(leads), ["16"] * len(leads)
    values = np.stack([signal * (1 + i / 10) for i in range(len(leads))], 1)
    wfdb.wrsamp(name, FS, units, list(leads), p_signal=values, fmt=formats, write_dir=str(folder))
    wfdb.wrann(name, "atr", samples, symbol=["N"] * len(samples), write_dir=str(folder))
