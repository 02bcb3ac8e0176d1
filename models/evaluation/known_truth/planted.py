"""Synthetic beats of two classes that differ in one planted feature alone; each knows the samples that decide it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.errors import unknown
from models.explainers.tracks import Floats
from models.records.morphology import NORMAL, Wave

Spread = tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]

SAMPLES = 216  # of a window, as mitbih-lstm's
SD = 0.25  # mV: what one unit of an input stands for, about a recording's standard deviation
HEIGHTS, WIDTHS, PLACES = 0.15, 0.08, 0.004  # spread of waves: of their size, their width, and all of them in s
RHYTHM = 0.03  # s, spread of the beat before
WANDER, MUSCLE = 0.03, 0.015  # mV
SEEN = 2 * MUSCLE  # mV, difference between a beat and its twin: less is lost in the noise

_ATRIAL, _VENTRICULAR, _LATE = NORMAL[0][:2], NORMAL[0][2:5], NORMAL[0][5:]


@dataclass(frozen=True)
class Feature:
    """What alone decides a class: the same waves one by one without it and with it."""

    name: str
    classes: tuple[str, str]  # without, with
    without: tuple[Wave, ...]
    having: tuple[Wave, ...]
    fs: float = 360.0  # Hz
    peak: int = 72  # sample of R
    before: int = 0  # how many of the waves are the beat before: they move on their own


@dataclass(frozen=True)
class Planted:
    """Beats of a feature, of both classes in turn."""

    inputs: Floats  # [beats, 1, SAMPLES]
    labels: NDArray[np.int64]  # [beats], 1: with the feature
    apart: Floats  # [beats, 1, SAMPLES], mV by which a beat differs from its twin of the other class

    @property
    def truth(self) -> NDArray[np.bool_]:
        """[beats, 1, SAMPLES], where it differs by more than is lost in the noise."""
        return np.asarray(self.apart > SEEN)

    def __len__(self) -> int:
        return len(self.labels)


def _gone(waves: tuple[Wave, ...]) -> tuple[Wave, ...]:
    return tuple((centre, width, 0.0) for centre, width, _ in waves)


def _wider(waves: tuple[Wave, ...], factor: float) -> tuple[Wave, ...]:
    return tuple((centre * factor, width * factor, height) for centre, width, height in waves)


def _earlier(waves: tuple[Wave, ...], seconds: float) -> tuple[Wave, ...]:
    return tuple((centre - seconds, width, height) for centre, width, height in waves)


_BEAT = NORMAL[0]
_RAISED: tuple[Wave, ...] = tuple((centre, 0.018, 0.13) for centre in (0.085, 0.115, 0.145))  # mV: 0.2 in the middle
_NOTCH: tuple[Wave, ...] = ((0.012, 0.005, -0.50),)

FEATURES = {
    feature.name: feature
    for feature in (
        Feature("ST level", ("ST not raised", "ST raised"), (*_BEAT, *_gone(_RAISED)), (*_BEAT, *_RAISED)),
        Feature("notch", ("no notch", "notched QRS"), (*_BEAT, *_gone(_NOTCH)), (*_BEAT, *_NOTCH)),
        Feature("P wave", ("no P", "P"), (*_gone(_ATRIAL), *_VENTRICULAR, *_LATE), _BEAT),
        Feature("QRS width", ("narrow", "wide"), _BEAT, (*_ATRIAL, *_wider(_VENTRICULAR, 1.7), *_LATE)),
        Feature(
            "RR",
            ("on time", "early"),
            (*_earlier(_BEAT, 0.85), *_BEAT),
            (*_earlier(_BEAT, 0.50), *_BEAT),
            fs=120.0,
            peak=132,
            before=len(_BEAT),
        ),
    )
}


def feature(name: str) -> Feature:
    """A feature by its name; NotFoundError names those that there are."""
    if name not in FEATURES:
        raise unknown("feature", name, tuple(FEATURES))
    return FEATURES[name]


def plant(planted: Feature, count: int, seed: int) -> Planted:
    """`count` beats, every second one with the feature; nothing else in them depends on their class.

    A beat's twin has the same waves, spread and noise, and the other class: where the two differ by more than SEEN is
    what decides.
    """
    rng = np.random.default_rng((seed, sum(planted.name.encode())))
    labels = np.arange(count) % 2
    spread = _spread(planted, count, rng)
    pair = np.stack([_drawn(planted, waves, spread) for waves in (planted.without, planted.having)])  # mV
    own = pair[labels, np.arange(count)]
    apart = np.abs(pair[1] - pair[0])
    inputs = ((own + _disturbance(planted, count, rng)) / SD).astype(np.float32)
    return Planted(inputs[:, None], labels, apart[:, None].astype(np.float32))


def _spread(planted: Feature, count: int, rng: np.random.Generator) -> Spread:
    """How each beat's waves differ from their shape: factors of height and width, s of place; [count, waves]."""
    size = (count, len(planted.having))
    heights = 1 + HEIGHTS * rng.standard_normal(size)
    widths = np.exp(WIDTHS * rng.standard_normal(size))
    moved = np.repeat(PLACES * rng.standard_normal((count, 1)), size[1], axis=1)
    moved[:, : planted.before] += RHYTHM * rng.standard_normal((count, 1))
    return heights, widths, moved


def _drawn(planted: Feature, waves: tuple[Wave, ...], spread: Spread) -> NDArray[np.float64]:
    """Sums of the waves [count, SAMPLES] in mV."""
    heights, widths, moved = spread
    times = (np.arange(SAMPLES) - planted.peak) / planted.fs
    total = np.zeros((len(heights), SAMPLES))
    for i, (centre, width, height) in enumerate(waves):
        place, size = (centre + moved[:, i])[:, None], (width * widths[:, i])[:, None]
        total += (height * heights[:, i])[:, None] * np.exp(-0.5 * ((times - place) / size) ** 2)
    return total


def _disturbance(planted: Feature, count: int, rng: np.random.Generator) -> NDArray[np.float64]:
    """Wander and muscle noise [count, SAMPLES] in mV."""
    times = np.arange(SAMPLES) / planted.fs
    phase = rng.uniform(0, 2 * np.pi, (count, 1))
    wander = WANDER * np.sin(2 * np.pi * 0.3 * times + phase)
    return np.asarray(wander + MUSCLE * rng.standard_normal((count, SAMPLES)))
