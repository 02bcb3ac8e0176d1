"""Hiding parts of a network's input: "what if this were not there?"."""

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidError

Floats = NDArray[np.float32]
Value = Literal["zero", "mean", "line"]
Span = tuple[int, int]  # first sample, and the one after the last


def covered(inputs: Floats, spans: Sequence[Span], value: Value) -> tuple[Floats, NDArray[np.bool_]]:
    """inputs [leads, samples] with the spans replaced, and which samples those were [samples].

    InvalidError names a span that is empty or leaves the window.
    """
    hidden = np.zeros(inputs.shape[1], dtype=bool)
    for start, end in spans:
        if not 0 <= start < end <= inputs.shape[1]:
            message = f"Cover {start} to {end} does not fit: 0 ≤ start < end ≤ {inputs.shape[1]} samples"
            raise InvalidError(message, field="covers")
        hidden[start:end] = True
    shown = inputs.copy()
    if value == "zero":
        shown[:, hidden] = 0
    elif value == "mean":
        shown[:, hidden] = inputs.mean(axis=1, keepdims=True)
    else:
        for start, end in runs(hidden):  # merged, so that no line ends on a hidden sample
            shown[:, start:end] = bridge(inputs, start, end)
    return shown, hidden


def runs(hidden: NDArray[np.bool_]) -> Iterator[Span]:
    """The stretches of hidden samples [samples]."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], hidden, [False])).astype(np.int8)))
    yield from ((int(start), int(end)) for start, end in edges.reshape(-1, 2))


def bridge(inputs: Floats, start: int, end: int) -> Floats:
    """Straight line [leads, end − start] between the samples beside the span; level where one of them is missing."""
    last = inputs.shape[1]
    left = inputs[:, start - 1] if start > 0 else inputs[:, end] if end < last else np.zeros(len(inputs), np.float32)
    right = inputs[:, end] if end < last else left
    share = np.arange(1, end - start + 1, dtype=np.float32) / (end - start + 1)
    return np.asarray(left[:, None] + (right - left)[:, None] * share, dtype=np.float32)
