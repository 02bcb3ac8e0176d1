"""Which stretches of one recording are hidden from somebody."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from backend.blinding.intervals import NONE, Intervals

Bools = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Hidden:
    """Intervals of one recording whose model output, and whose reference, somebody must not see yet.

    Whatever shares a sample with one of them is hidden: a window over a beat, and a beat in a window.
    """

    model: Intervals = NONE
    reference: Intervals = NONE  # these and more: it is shown later


NOTHING = Hidden()
