"""Which beats of one recording are hidden from somebody."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Hidden:
    """Samples of one recording, ascending, whose model output, and whose reference, somebody must not see yet."""

    model: tuple[int, ...] = ()
    reference: tuple[int, ...] = ()  # these and more: it is shown later
    tolerance: int = 0  # samples within which another sample means the same beat

    def models(self, samples: Iterable[int]) -> Bools:
        """Which of these beats [beats] have a hidden model output."""
        return _within(samples, self.model, self.tolerance)

    def references(self, samples: Iterable[int]) -> Bools:
        """Which of these beats [beats] have a hidden reference."""
        return _within(samples, self.reference, self.tolerance)


NOTHING = Hidden()


def _within(samples: Iterable[int], hidden: tuple[int, ...], tolerance: int) -> Bools:
    """Which of the samples [beats] lie within the tolerance of a hidden one."""
    asked, blinded = np.fromiter(samples, np.int64), np.array(hidden, np.int64)
    if not len(blinded):
        return np.zeros(len(asked), bool)
    right = np.searchsorted(blinded, asked).clip(0, len(blinded) - 1)
    left = (right - 1).clip(0)
    return np.asarray(np.minimum(np.abs(blinded[right] - asked), np.abs(blinded[left] - asked)) <= tolerance)
