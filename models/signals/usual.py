"""The usual beat of a recording as a model reads it: what a method can compare a beat with."""

import numpy as np

from models.signals.groups import Floats, evenly, shapes

BEATS = 400  # of a recording, spread evenly, that it is made of
FEWEST = 5  # beats of one shape without which there is no usual one


def usual_beat(windows: Floats) -> Floats | None:
    """The median [leads, samples] of the windows [beats, leads, samples] of the commonest shape, by their first lead.

    None where hardly any are alike. They are aligned by their R peaks, as they were cut; neither height nor rate is
    fitted to a beat's neighbours.
    """
    windows = windows[evenly(len(windows), BEATS)] if len(windows) else windows
    if len(windows) < FEWEST:
        return None
    common = windows[shapes(windows[:, 0]) == 0]
    return np.median(common, axis=0).astype(np.float32) if len(common) >= FEWEST else None
