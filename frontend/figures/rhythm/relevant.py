"""The beats of a window that a map marks most: each from half way to the beat before to half way to the next."""

from collections.abc import Sequence
from itertools import pairwise

MOST = 5


def edges(beats: Sequence[float], start: float, end: float) -> list[float]:
    """The edges in s [beats + 1] between beats at s, all of them from `start` to `end`."""
    middles = [(a + z) / 2 for a, z in pairwise(beats)]
    return [start, *middles, end] if beats else []


def shares(values: Sequence[float], start: float, step: float, borders: Sequence[float]) -> list[float]:
    """Sum of values [samples] from `start` s, `step` s apart, between each two of the borders in s."""
    indices = [min(len(values), max(0, round((edge - start) / step))) for edge in borders]
    return [sum(values[a:z]) for a, z in pairwise(indices)]


def strongest(sums: Sequence[float], most: int = MOST) -> list[int]:
    """Indices of the largest sums above zero, the largest first."""
    order = sorted(range(len(sums)), key=lambda i: -sums[i])
    return [i for i in order[:most] if sums[i] > 0]
