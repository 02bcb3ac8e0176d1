"""Recordings made by the project, whose truth is known: sums of Gaussian waves placed beat by beat."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.records.morphology import SHAPES, SPIKES, Shape
from models.records.record import Annotations

FS = 360.0  # Hz
LEADS = ("MLII", "V1")
STEP = 0.005  # mV, one unit of an 11-bit converter at 200 units/mV
TRUTH = "truth (synthesised)"

Rng = np.random.Generator
Rhythm = Callable[[Rng], Iterator[tuple[float, str]]]  # → (RR before this beat in s, symbol), without end


@dataclass(frozen=True)
class Noise:
    """What disturbs a synthesised recording."""

    wander: float = 0.04  # mV, respiration and slow drift
    muscle: float = 0.006  # mV, standard deviation
    mains: float = 0.003  # mV, 60 Hz
    bursts: float = 0.0  # mV, muscle noise that comes and goes
    gaps: tuple[tuple[float, float], ...] = ()  # (start, end) in s


@dataclass(frozen=True)
class Recipe:
    """How to make one recording; equal recipes make equal samples."""

    name: str  # "normal"
    summary: str
    rhythm: Rhythm
    seed: int
    seconds: float = 90.0
    noise: Noise = Noise()

    @property
    def samples(self) -> int:
        """Length in samples."""
        return round(self.seconds * FS)


def sinus(rate: float, symbol: str = "N") -> Rhythm:
    """Beats at `rate` per minute that breathe (respiratory sinus arrhythmia)."""

    def beats(rng: Rng) -> Iterator[tuple[float, str]]:
        time = 0.0
        while True:
            rr = 60.0 / rate * (1.0 + 0.04 * np.sin(2 * np.pi * 0.24 * time) + rng.normal(0.0, 0.012))
            time += rr
            yield rr, symbol

    return beats


def with_pvcs(rate: float) -> Rhythm:
    """Sinus rhythm with single premature ventricular beats, couplets and runs, each with its pause."""

    def beats(rng: Rng) -> Iterator[tuple[float, str]]:
        normal = sinus(rate)(rng)
        while True:
            for _ in range(int(rng.integers(3, 9))):
                yield next(normal)
            cycle = next(normal)[0]
            yield 0.62 * cycle, "V"
            for _ in range(int(rng.choice([0, 0, 0, 1, 2, 3]))):  # couplets and runs of up to four
                yield 0.5 * cycle, "V"
            yield 1.38 * cycle, "N"

    return beats


def paced(rate: float) -> Rhythm:
    """A ventricular pacemaker at a fixed rate."""

    def beats(_: Rng) -> Iterator[tuple[float, str]]:
        while True:
            yield 60.0 / rate, "/"

    return beats


RECIPES: tuple[Recipe, ...] = (
    Recipe("normal", "normal sinus rhythm, 66/min", sinus(66), seed=1),
    Recipe("pvc", "sinus rhythm, 74/min, with single PVCs, couplets and runs", with_pvcs(74), seed=2, seconds=120),
    Recipe("rbbb", "sinus rhythm, 70/min, with right-bundle-branch-block-like QRS", sinus(70, "R"), seed=3),
    Recipe("paced", "ventricular pacing, 72/min, with visible spikes", paced(72), seed=4),
    Recipe(
        "noise",
        "sinus rhythm, 78/min, with PVCs, muscle noise, baseline wander and two gaps",
        with_pvcs(78),
        seed=5,
        noise=Noise(wander=0.22, muscle=0.02, mains=0.015, bursts=0.12, gaps=((31.0, 35.2), (62.4, 63.1))),
    ),
)


def synthesise(recipe: Recipe) -> tuple[NDArray[np.float32], Annotations]:
    """The signal [leads, samples] in mV at FS with NaN in its gaps, and every beat outside them."""
    rng = np.random.default_rng(recipe.seed)
    beats = _schedule(recipe, rng)
    signal = np.zeros((len(LEADS), recipe.samples))
    for time, rr, symbol in beats:
        _add(signal, SHAPES[symbol], time, rr, scale=1.0 + rng.normal(0.0, 0.02))
        if symbol in SPIKES:
            signal[:, max(0, round((time + SPIKES[symbol].time) * FS))] += SPIKES[symbol].millivolts
    signal += _disturbance(recipe, rng)
    signal = np.round(signal / STEP) * STEP
    for start, end in recipe.noise.gaps:
        signal[:, round(start * FS) : round(end * FS)] = np.nan
    return signal.astype(np.float32), _truth(beats, recipe)


def _schedule(recipe: Recipe, rng: Rng) -> list[tuple[float, float, str]]:
    """(time of R, RR before, symbol) in s for every beat that lies wholly in the recording."""
    beats: list[tuple[float, float, str]] = []
    time = 0.0
    for rr, symbol in recipe.rhythm(rng):
        time += rr
        if time > recipe.seconds - 0.5:
            return beats
        beats.append((round(time * FS) / FS, rr, symbol))
    return beats


def _add(signal: NDArray[np.float64], shape: Shape, time: float, rr: float, scale: float) -> None:
    """Adds one beat; its T wave comes earlier at a faster rate (Bazett's root of RR)."""
    stretch = np.sqrt(min(max(rr, 0.45), 1.2) / 0.85)
    first, end = max(0, round((time - 0.4) * FS)), min(signal.shape[1], round((time + 0.7) * FS))
    t = np.arange(first, end) / FS - time
    for lead, waves in enumerate(shape):
        for centre, width, height in waves:
            moved = centre * stretch if centre > 0.15 else centre
            signal[lead, first:end] += scale * height * np.exp(-0.5 * ((t - moved) / width) ** 2)


def _disturbance(recipe: Recipe, rng: Rng) -> NDArray[np.float64]:
    """Wander, muscle noise, mains hum and bursts [leads, samples] in mV."""
    noise = recipe.noise
    t = np.arange(recipe.samples) / FS
    phases = rng.uniform(0, 2 * np.pi, (len(LEADS), 3, 1))
    slow = sum(np.sin(2 * np.pi * f * t + phases[:, i]) * w for i, (f, w) in enumerate(((0.24, 0.6), (0.06, 0.8))))
    hum = np.sin(2 * np.pi * 60.0 * t + phases[:, 2])
    busy = np.clip(np.sin(2 * np.pi * t / 17.0) - 0.55, 0, None) / 0.45  # a third of the time
    muscle = rng.normal(size=(len(LEADS), recipe.samples)) * (noise.muscle + noise.bursts * busy)
    return np.asarray(noise.wander * slow + noise.mains * hum + muscle)


def _truth(beats: list[tuple[float, float, str]], recipe: Recipe) -> Annotations:
    seen = [(t, s) for t, _, s in beats if not any(start <= t < end for start, end in recipe.noise.gaps)]
    samples = np.array([round(time * FS) for time, _ in seen], dtype=np.int64)
    return Annotations(samples, tuple(symbol for _, symbol in seen), TRUTH)
