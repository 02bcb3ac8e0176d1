"""Stretches of recordings as other patients, electrodes and days would have given them."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict
from scipy.ndimage import gaussian_filter1d

from models.training.beats.rhythms import NORMAL, PREMATURE, Warp, f_waves, make_irregular, make_premature, without_p
from models.training.datasets.mitdb import MarkedRecord

Rng = np.random.Generator


class Changes(BaseModel):
    """How much a stretch is changed before the network reads it; 0 leaves a change out."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amplitude: float = 0.25  # SD of the logarithm of each lead's factor
    noise: float = 0.05  # SD of the noise's own SD, in SD of the recording
    wander: float = 0.15  # SD of the baseline's amplitude, in SD of the recording
    drop: float = 0.25  # share of stretches of which one lead is missing (zero)
    shape: float = 0.0  # SD of the nearest taps of a random filter of ±60 ms: other conduction, other electrodes
    mix: float = 0.0  # share of stretches whose leads are random sums of both: other axes of the heart
    speed: float = 0.2  # largest |logarithm| of the factor of time
    jitter: int = 1  # samples by which the beat's place is wrong at most
    premature: float = 0.0  # chance of a normal beat to be brought forward, in three of five stretches
    fibrillation: float = 0.0  # share of stretches made irregular and without P


@dataclass(frozen=True)
class Stretch:
    """Some seconds of a changed recording."""

    signal: NDArray[np.float32]  # [leads, samples]
    beats: NDArray[np.float64]  # [beats], samples from its beginning, also outside of it
    labels: NDArray[np.int64]  # [beats]


def draw(record: MarkedRecord, centre: int, samples: int, changes: Changes, fs: float, rng: Rng) -> Stretch:
    """`samples` samples of `record` around its sample `centre`, changed."""
    factor = math.exp(rng.uniform(-changes.speed, changes.speed))
    length = samples * factor
    middle = centre + rng.uniform(-0.35, 0.35) * length
    first = float(np.clip(middle - length / 2, 0, max(0.0, record.signal.shape[1] - 1.3 * length)))
    grid: NDArray[np.float64] = first + np.arange(samples, dtype=np.float64) * factor
    beats, labels = record.beats.astype(np.float64), record.labels
    span, chosen = (first, grid[-1]), rng.random()
    irregular = chosen < changes.fibrillation and not (labels[_inside(record, span)] == PREMATURE).any()
    if irregular or (changes.premature and chosen > 0.4):
        warp, labels = _other_rhythm(record, span, changes.premature, irregular, fs, rng)
        beats, grid = warp.forth(beats), warp.back(grid)
    steps = np.arange(record.signal.shape[1])
    signal = np.stack([np.interp(grid, steps, lead) for lead in record.signal])
    beats = (beats - first) / factor
    if irregular:
        signal = without_p(signal, beats[labels == NORMAL], fs) + f_waves(samples, len(signal), fs, rng)
    return Stretch(_disturbed(signal, changes, fs, rng), beats, labels)


def _other_rhythm(
    record: MarkedRecord, span: tuple[float, float], share: float, irregular: bool, fs: float, rng: Rng
) -> tuple[Warp, NDArray[np.int64]]:
    """A warp in samples of the beats within `span`, and every beat's label after it."""
    beats, labels = record.beats / fs, record.labels
    inside = _inside(record, span)
    if len(inside) < 6:
        ends = np.array(span)
        return Warp(ends, ends), labels
    if irregular:
        warp = make_irregular(beats[inside], labels[inside], rng)
    else:
        warp, changed = make_premature(beats[inside], labels[inside], share, rng)
        labels = labels.copy()
        labels[inside] = changed
    return Warp(warp.source * fs, warp.target * fs), labels


def _inside(record: MarkedRecord, span: tuple[float, float]) -> NDArray[np.int64]:
    """Indices of the beats from span[0] to span[1], in samples."""
    return np.flatnonzero((record.beats >= span[0]) & (record.beats < span[1]))


def _disturbed(signal: NDArray[np.float64], changes: Changes, fs: float, rng: Rng) -> NDArray[np.float32]:
    """signal [leads, samples] with other amplitudes, a moving baseline, noise, and perhaps a lead missing."""
    leads, samples = signal.shape
    if rng.random() < changes.mix:
        signal = _mixed(signal, rng)
    if changes.shape:
        signal = _filtered(signal, changes.shape, fs, rng)
    gain = np.exp(rng.normal(0, changes.amplitude, (leads, 1)) + rng.normal(0, changes.amplitude / 2))
    result = signal * gain
    for lead in range(leads):
        result[lead] += _wander(samples, changes.wander, fs, rng) + _noise(samples, changes.noise, rng)
    if rng.random() < changes.drop:
        result[1 if rng.random() < 0.7 else 0] = 0
    return np.ascontiguousarray(result, dtype=np.float32)


def _mixed(signal: NDArray[np.float64], rng: Rng) -> NDArray[np.float64]:
    """Each lead a random sum of all [leads, samples], as spread as before."""
    turned = rng.normal(size=(len(signal), len(signal))) @ signal
    return np.asarray(turned / turned.std(axis=1, keepdims=True))


def _filtered(signal: NDArray[np.float64], size: float, fs: float, rng: Rng) -> NDArray[np.float64]:
    """Each lead through a random filter of its own, as spread as before; a lead without signal stays so."""
    offsets = np.arange(-round(0.06 * fs), round(0.06 * fs) + 1)
    taps = rng.normal(0, size, (len(signal), len(offsets))) * np.exp(-np.abs(offsets) / (0.03 * fs))
    taps[:, len(offsets) // 2] += 1
    found = np.stack([np.convolve(lead, own, mode="same") for lead, own in zip(signal, taps, strict=True)])
    return np.asarray(found * signal.std(axis=1, keepdims=True) / (found.std(axis=1, keepdims=True) + 1e-9))


def _wander(samples: int, size: float, fs: float, rng: Rng) -> NDArray[np.float64]:
    seconds = np.arange(samples) / fs
    waves = [
        abs(rng.normal(0, size)) * np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * seconds + rng.uniform(0, 2 * np.pi))
        for _ in range(2)
    ]
    return np.asarray(np.sum(waves, axis=0))


def _noise(samples: int, size: float, rng: Rng) -> NDArray[np.float64]:
    """White, or as often smoothed to the band of muscle and electrode noise."""
    values = rng.normal(size=samples)
    if rng.random() < 0.5:
        values = gaussian_filter1d(values, rng.uniform(0.5, 2.5))
        values /= values.std()
    return np.asarray(values * abs(rng.normal(0, size)))
