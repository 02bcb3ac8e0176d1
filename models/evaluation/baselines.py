"""Maps that know no model: what any method of explanation has to beat."""

import numpy as np

from models.explainers.base import Floats


def random(inputs: Floats, seed: int = 0) -> Floats:
    """Noise in place of a map, for inputs [batch, leads, samples]."""
    return np.random.default_rng(seed).random(inputs.shape, dtype=np.float32)


def magnitude(inputs: Floats) -> Floats:
    """|x|: the further from the iso-electric line, the more important."""
    return np.abs(inputs)


def triangle(inputs: Floats, peak: int) -> Floats:
    """1 at the sample `peak` (R), falling in a straight line to 0 at the farther end of the window."""
    at = np.arange(inputs.shape[2])
    slope = 1 - np.abs(at - peak) / max(peak, inputs.shape[2] - 1 - peak, 1)
    return np.broadcast_to(slope.astype(np.float32), inputs.shape).copy()
