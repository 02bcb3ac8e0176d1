"""Hiding parts of a network's input: "what if this were not there?"."""

from collections.abc import Iterator, Sequence
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from models.errors import InvalidError

Floats = NDArray[np.float32]
Indices = NDArray[np.int64]
Value = Literal["zero", "mean", "line"]
Span = tuple[int, int]  # first sample, and the one after the last

VALUES: tuple[Value, ...] = get_args(Value)


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
    for start, end in runs(hidden):  # merged, so that no line ends on a hidden sample
        shown[:, start:end] = filling(inputs, np.array([start]), np.array([end]), value)[0, :, start:end]
    return shown, hidden


def covers(inputs: Floats, starts: Indices, ends: Indices, value: Value) -> Floats:
    """inputs [leads, samples] once for each span starts[spans] ≤ sample < ends[spans]: [spans, leads, samples]."""
    at = np.arange(inputs.shape[1])
    hidden = (at >= starts[:, None]) & (at < ends[:, None])
    return np.where(hidden[:, None], filling(inputs, starts, ends, value), inputs)


def filling(inputs: Floats, starts: Indices, ends: Indices, value: Value) -> Floats:
    """What stands in for inputs [leads, samples] hidden from starts to ends [spans]: [spans, leads, samples]."""
    if value == "line":
        return lines(inputs, starts, ends)
    level = inputs.mean(axis=1) if value == "mean" else np.zeros(len(inputs), np.float32)
    return np.broadcast_to(level[:, None], (len(starts), *inputs.shape))


def lines(inputs: Floats, starts: Indices, ends: Indices) -> Floats:
    """Straight lines [spans, leads, samples] between the samples beside each span; level where one is missing."""
    last = inputs.shape[1]
    whole = (starts == 0) & (ends == last)  # nothing is left to hold on to: zero
    left = inputs[:, np.where(starts > 0, starts - 1, np.minimum(ends, last - 1))]
    right = inputs[:, np.where(ends < last, ends, np.maximum(starts - 1, 0))]
    share = (np.arange(last) - (starts[:, None] - 1)) / (ends - starts + 1)[:, None]
    drawn = left[:, :, None] + (right - left)[:, :, None] * share
    return np.asarray(np.where(whole[:, None], 0, drawn).swapaxes(0, 1), dtype=np.float32)


def runs(hidden: NDArray[np.bool_]) -> Iterator[Span]:
    """The stretches of hidden samples [samples]."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], hidden, [False])).astype(np.int8)))
    yield from ((int(start), int(end)) for start, end in edges.reshape(-1, 2))
