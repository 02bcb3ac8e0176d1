"""Maps that know no model, what any method has to beat: random masks as smooth as maps are, and simple shapes."""

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter1d

from models.cards import BeatWindow
from models.evaluation.checks import deletion
from models.evaluation.checks.deletion import Window
from models.explainers.base import Report, part_of, silent
from models.explainers.tracks import Floats
from models.memory import Memory
from models.tasks.base import Question
from models.zoo import Model

MASKS = 300
LEANING = (0.5, 2.0)  # standard deviations of the triangle at R beside one of the noise, in half of the masks
ENERGY, NEAR = 25 / 216, 11 / 216  # of the window: widths of the moving averages of x² and of the difference


@dataclass(frozen=True)
class RandomMaskBaseline:
    """What random masks, and shapes that know no model, do to the target's probability."""

    deletion: Floats  # [MASKS, FRACTIONS]
    insertion: Floats  # [MASKS, FRACTIONS]
    fill: NDArray[np.int64]  # [MASKS], with which of the window's fills each was judged
    shapes: dict[str, tuple[Floats, Floats]]  # name → deletion and insertion [fills, FRACTIONS]


# The same for every method that is judged with the same fills.
_known: Memory[RandomMaskBaseline] = Memory("baselines", lambda found: 2 * found.deletion.nbytes)


def baseline(model: Model, at: Window, report: Report = silent) -> RandomMaskBaseline:
    """What `model` makes of the window with random masks and simple shapes."""
    window = model.card.input.window
    peak = window.before if isinstance(window, BeatWindow) else None
    fills = hashlib.sha256(at.fills.tobytes()).hexdigest()
    key = (model.card.id, model.weights_sha256, model.card.output, at.target, at.signal.tobytes(), fills)
    return _known.get(key, lambda: measured(at, peak, report))


def measured(at: Window, peak: int | None, report: Report = silent) -> RandomMaskBaseline:
    """The same of a window with R at the sample `peak`, or with no one R; random masks take the fills in turn."""
    masks, maps, count = smooth_masks(at.signal[None], peak), shapes(at.signal[None], peak), len(at.fills)
    gone = np.empty((len(masks), len(deletion.FRACTIONS)), dtype=np.float32)
    left = np.empty_like(gone)
    for fill in range(count):
        part = part_of(report, fill / count, (fill + 1) / count)
        gone[fill::count], left[fill::count] = at.curves_with(fill, masks[fill::count], part)
    deleted, inserted = at.curves(np.concatenate(list(maps.values())))
    shown = {name: (deleted[:, i], inserted[:, i]) for i, name in enumerate(maps)}
    return RandomMaskBaseline(gone, left, np.arange(len(masks)) % count, shown)


def cost(question: Question[Any], speed: float) -> float:
    """Seconds, where the network reads `speed` samples in one."""
    return deletion.cost(question, speed, MASKS + 9)  # three shapes, three fills


def smooth_masks(inputs: Floats, peak: int | None, count: int = MASKS) -> Floats:
    """Random masks [count, leads, samples] for inputs [1, leads, samples], always the same ones.

    Where R has its place, `peak`, every second one leans towards it: maps know where a beat is, whatever else they do.
    """
    random = np.random.default_rng(deletion.SEED)
    masks = deletion.smooth_noise((count, *inputs.shape[1:]), random)
    masks /= masks.std()
    if peak is not None:
        towards = triangle(inputs, peak)
        towards = (towards - towards.mean()) / towards.std()
        masks[count // 2 :] += random.uniform(*LEANING, (count - count // 2, 1, 1)) * towards
    return masks[random.permutation(count)].astype(np.float32)


def shapes(inputs: Floats, peak: int | None) -> dict[str, Floats]:
    """Shapes [batch, leads, samples] for inputs of that shape with R at the sample `peak`; None: there is no one R."""
    found = {"|x|": magnitude(inputs), "smoothed energy": energy(inputs)}
    return found if peak is None else found | {"triangle at R": triangle(inputs, peak)}


def difference(inputs: Floats, fills: Floats) -> Floats:
    """|x − fill| of inputs [leads, samples], mean over fills [fills, leads, samples], smoothed: [leads, samples].

    It names where the beat differs from those that are put in its place, whatever the model makes of that.
    """
    apart = np.abs(fills - inputs).mean(axis=0)
    return np.asarray(uniform_filter1d(apart, max(1, round(NEAR * inputs.shape[1])), axis=1, mode="nearest"))


def random(inputs: Floats, seed: int = 0) -> Floats:
    """Noise in place of a map, for inputs [batch, leads, samples]."""
    return np.random.default_rng(seed).random(inputs.shape, dtype=np.float32)


def magnitude(inputs: Floats) -> Floats:
    """|x|: the further from the iso-electric line, the more important."""
    return np.abs(inputs)


def energy(inputs: Floats) -> Floats:
    """x² of inputs [batch, leads, samples] under a moving average of an eighth of the window: where it is strong."""
    wide = max(1, round(ENERGY * inputs.shape[2]))
    squares = uniform_filter1d(inputs.astype(np.float64) ** 2, wide, axis=2, mode="nearest")
    return np.asarray(squares, dtype=np.float32)


def triangle(inputs: Floats, peak: int) -> Floats:
    """1 at the sample `peak` (R), falling in a straight line to 0 at the farther end of the window."""
    at = np.arange(inputs.shape[2])
    slope = 1 - np.abs(at - peak) / max(peak, inputs.shape[2] - 1 - peak, 1)
    return np.broadcast_to(slope.astype(np.float32), inputs.shape).copy()
