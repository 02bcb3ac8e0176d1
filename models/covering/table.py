"""Every cover of one window whose ends lie on a grid: what a drag over the beat reads from."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch

from models.covering.covers import Floats, Indices, Value, covers, filling
from models.errors import InvalidError
from models.networks.protocols import Resumable, State
from models.zoo import Model

WORK = 2**20  # samples of all windows of one table; a longer window gets a coarser grid


@dataclass(frozen=True)
class Table:
    """What a model answers for every span whose ends lie on a grid."""

    edges: Indices  # [edges] samples, from 0 to the window's end
    probabilities: Floats  # [pairs, classes], calibrated; pairs (i, j), i < j, of edges in lexicographic order

    @property
    def grid(self) -> int:
        """Samples between two edges; the last may be nearer."""
        return int(self.edges[1] - self.edges[0])


def table(model: Model, inputs: Floats, value: Value, grid: int) -> Table:
    """Every cover of inputs [leads, samples] between edges `grid` samples apart, coarser where that is too many."""
    edges = edges_of(inputs.shape[1], grid)
    if not isinstance(model.network, Resumable):  # every window from its beginning
        return Table(edges, model.probabilities(covers(inputs, *spans(edges), value)))
    logits = lined(model.network, inputs, edges) if value == "line" else levelled(model.network, inputs, edges, value)
    return Table(edges, model.card.output.chances(logits))


def spans(edges: Indices) -> tuple[Indices, Indices]:
    """First sample, and the one after the last, of every pair of edges in lexicographic order."""
    first, second = np.triu_indices(len(edges), 1)
    return edges[first], edges[second]


@torch.inference_mode()
def lined(network: Resumable, inputs: Floats, edges: Indices) -> Floats:
    """Logits [pairs, classes] of every cover of inputs [leads, samples] by a line, in two thirds of the steps.

    Until a cover begins its window is the bare one, which is read once.
    """
    bare, shown = torch.from_numpy(inputs)[None], torch.from_numpy(covers(inputs, *spans(edges), "line"))
    own: State | None = None
    begun: State | None = None  # covers by their first edge, which is the order of the pairs
    count = 0
    for k, (start, end) in enumerate(pairwise(edges.tolist())):
        new = len(edges) - 1 - k
        part = shown[count : count + new, :, start:end]
        fresh = network.advance(part, None if own is None else repeated(own, new))
        older = None if begun is None else network.advance(shown[:count, :, start:end], begun)
        begun, count = joined(older, fresh), count + new
        own = network.advance(bare[:, :, start:end], own)
    assert begun is not None
    return np.asarray(network.answer(begun, inputs.shape[1]).numpy())


@torch.inference_mode()
def levelled(network: Resumable, inputs: Floats, edges: Indices, value: Value) -> Floats:
    """Logits [pairs, classes] of every cover of inputs [leads, samples] by one level, in a third of the steps.

    Covers that begin at the same edge are alike until they end, and all are the bare window until they begin: between
    two edges the bare window, one cover from each edge passed, and those that have ended are each read on once.
    """
    blank = filling(inputs, np.array([0]), np.array([1]), value)
    bare, hidden = torch.from_numpy(inputs)[None], torch.from_numpy(blank.copy())
    own: State | None = None
    covering: State | None = None  # one row for each edge passed
    ended: State | None = None
    rows: list[tuple[int, int]] = []  # first and second edge of each row that has ended
    for k, (start, end) in enumerate(pairwise(edges.tolist())):
        fresh = network.advance(hidden[:, :, start:end], own)
        older = None if covering is None else network.advance(hidden[:, :, start:end].expand(k, -1, -1), covering)
        past = None if ended is None else network.advance(bare[:, :, start:end].expand(len(rows), -1, -1), ended)
        own = network.advance(bare[:, :, start:end], own)
        covering = joined(older, fresh)
        ended = joined(past, covering)
        rows += [(i, k + 1) for i in range(k + 1)]
    assert ended is not None
    order = np.lexsort(np.array(rows).T[::-1])
    return np.asarray(network.answer(ended, inputs.shape[1]).numpy()[order])


def repeated(state: State, times: int) -> State:
    """One row's state as that of many rows."""
    return tuple(part.expand(-1, times, -1).contiguous() for part in state)


def joined(some: State | None, more: State) -> State:
    """States of the rows of both."""
    return more if some is None else tuple(torch.cat(pair, dim=1) for pair in zip(some, more, strict=True))


def edges_of(samples: int, grid: int) -> Indices:
    """Edges from 0 to `samples`, `grid` apart or so much farther that all their pairs stay within WORK."""
    if grid < 1:
        raise InvalidError(f"grid = {grid}: at least 1 sample", field="grid")
    while True:
        edges = np.append(np.arange(0, samples, grid), samples)
        if len(edges) == 2 or len(edges) * (len(edges) - 1) // 2 * samples <= WORK:
            return edges
        grid += 1
