"""The usual beat of a recording as a model reads it: what a method can compare a beat with."""

import numpy as np

from models.signals.groups import Floats, evenly, shapes

BEATS = 400  # of a recording, spread evenly, that it is made of
ALIKE = 0.9  # correlation with the commonest shape
FEWEST = 5  # beats of one shape without which there is no usual one


def usual_beat(windows: Floats) -> Floats | None:
    """The median [leads, samples] of the windows [beats, leads, samples] that are like those of the commonest shape.

    Shapes are of the first lead. None where hardly any are alike. They are aligned by their R peaks, as they were cut;
    neither height nor rate is fitted to a beat's neighbours.
    """
    windows = windows[evenly(len(windows), BEATS)] if len(windows) else windows
    if len(windows) < FEWEST:
        return None
    lead = windows[:, 0]
    # Groups of shapes part what is alike as well: the largest one only says where to begin.
    common = np.median(lead[shapes(lead) == 0], axis=0)
    alike = correlation(lead, common) >= ALIKE
    return np.median(windows[alike], axis=0).astype(np.float32) if alike.sum() >= FEWEST else None


def correlation(beats: Floats, with_: Floats) -> Floats:
    """Pearson's r [beats] of each of beats [beats, samples] with one [samples]; 0 of a flat one."""
    centred, other = beats - beats.mean(axis=1, keepdims=True), with_ - with_.mean()
    size = np.sqrt((centred**2).sum(axis=1) * (other**2).sum())
    return np.asarray(np.divide(centred @ other, size, out=np.zeros(len(beats), beats.dtype), where=size > 0))
