"""A lead of many hours, worked on piece by piece: a day at 360 Hz is 31 million samples."""

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from models.memory import mapped

PIECE = 2**21  # samples worked on at a time: an hour and a half at 360 Hz, 16 MB in double precision
Signal = NDArray[np.floating]


def is_long(samples: int) -> bool:
    """Whether so many samples are more than one piece."""
    return samples > PIECE


def pieces(samples: int) -> Iterator[tuple[int, int]]:
    """First sample, and the one after the last, of each piece of so many samples."""
    return ((first, min(first + PIECE, samples)) for first in range(0, samples, PIECE))


def by_pieces(samples: int, margin: int, compute: Callable[[int, int], Signal]) -> Signal:
    """What compute(first, stop) answers for pieces with `margin` samples on either side, put together [samples].

    What is one piece keeps double precision, longer signals single.
    """
    whole: Signal = np.empty(samples, np.float64) if not is_long(samples) else mapped.empty(samples)
    for first, stop in pieces(samples):
        begin = max(0, first - margin)
        whole[first:stop] = compute(begin, min(samples, stop + margin))[first - begin : stop - begin]
        mapped.rest()
    return whole
