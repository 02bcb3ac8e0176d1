"""Maps that know no model, what any method has to beat: random masks of equal size, and simple shapes."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.ndimage import uniform_filter1d

from models.cards import BeatWindow
from models.evaluation.checks import deletion
from models.evaluation.checks.deletion import Window, curve
from models.evaluation.trust import Baseline
from models.explainers.base import Progress, Report, silent
from models.explainers.tracks import Floats
from models.memory import Memory
from models.tasks.base import Question
from models.zoo import Model

MASKS = 60
SMOOTHING = 25 / 216  # of the window: width of a random mask's moving average
SEED = 3
PART = 6  # masks judged at a time


@dataclass(frozen=True)
class RandomMaskBaseline:
    """What random masks, and shapes that know no model, do to the target's probability."""

    deletion: Floats  # [MASKS, FRACTIONS]
    insertion: Floats  # [MASKS, FRACTIONS]
    shapes: list[Baseline]


# The same for every method that deletes alike.
_known: Memory[RandomMaskBaseline] = Memory("baselines", lambda found: 2 * found.deletion.nbytes)


def baseline(model: Model, at: Window, report: Report = silent) -> RandomMaskBaseline:
    """What `model` makes of the window with random masks and simple shapes."""
    blank = hashlib.sha256(at.blank.tobytes()).hexdigest()
    key = (model.card.id, model.weights_sha256, model.card.output, at.target, at.signal.tobytes(), blank)
    return _known.get(key, lambda: _judged(at, shapes(model, at.signal[None]), report))


def _judged(at: Window, maps: dict[str, Floats], report: Report) -> RandomMaskBaseline:
    masks = smooth_masks((at.signal.shape[0], at.signal.shape[1]))
    parts = []
    for first in range(0, len(masks), PART):  # of a long window all take a while: whoever waits hears of each part
        parts.append(at.curves(masks[first : first + PART]))
        report(Progress(min(1.0, (first + PART) / len(masks))))
    gone, left = (np.concatenate(found) for found in zip(*parts, strict=True))
    judged = [(name, *at.curves(values)) for name, values in maps.items()]
    rows = [
        Baseline(
            name=name,
            deletion=float(deleted.mean()),
            insertion=float(inserted.mean()),
            deletion_better_than=curve(deleted[0], gone, -1).better_than,
            insertion_better_than=curve(inserted[0], left, 1).better_than,
        )
        for name, deleted, inserted in judged
    ]
    return RandomMaskBaseline(gone, left, rows)


def cost(question: Question[Any], speed: float) -> float:
    """Seconds, where the network reads `speed` samples in one."""
    return deletion.cost(question, speed, MASKS + 2)


def smooth_masks(shape: tuple[int, int], count: int = MASKS, seed: int = SEED) -> Floats:
    """Random masks [count, leads, samples]: noise under a moving average, so that they delete stretches as maps do."""
    leads, samples = shape
    size = width(samples)
    noise = np.random.default_rng(seed).random((count, leads, samples + size - 1))
    sums = np.cumsum(np.concatenate((np.zeros((count, leads, 1)), noise), axis=2), axis=2)
    return np.asarray((sums[:, :, size:] - sums[:, :, :-size]) / size, dtype=np.float32)


def width(samples: int) -> int:
    """Samples that a random mask is averaged over."""
    return max(1, round(SMOOTHING * samples))


def shapes(model: Model, inputs: Floats) -> dict[str, Floats]:
    """Shapes [batch, leads, samples] for inputs of that shape; the triangle only where R has its place."""
    found = {"|x|": magnitude(inputs)}
    window = model.card.input.window
    return found | {"triangle at R": triangle(inputs, window.before)} if isinstance(window, BeatWindow) else found


def random(inputs: Floats, seed: int = 0) -> Floats:
    """Noise in place of a map, for inputs [batch, leads, samples]."""
    return np.random.default_rng(seed).random(inputs.shape, dtype=np.float32)


def magnitude(inputs: Floats) -> Floats:
    """|x|: the further from the iso-electric line, the more important."""
    return np.abs(inputs)


def energy(inputs: Floats) -> Floats:
    """x² of inputs [batch, leads, samples] under a moving average as wide as the random masks': where it is strong."""
    squares = uniform_filter1d(inputs.astype(np.float64) ** 2, width(inputs.shape[2]), axis=2, mode="nearest")
    return np.asarray(squares, dtype=np.float32)


def triangle(inputs: Floats, peak: int) -> Floats:
    """1 at the sample `peak` (R), falling in a straight line to 0 at the farther end of the window."""
    at = np.arange(inputs.shape[2])
    slope = 1 - np.abs(at - peak) / max(peak, inputs.shape[2] - 1 - peak, 1)
    return np.broadcast_to(slope.astype(np.float32), inputs.shape).copy()
