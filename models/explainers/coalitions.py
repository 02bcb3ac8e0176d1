"""Windows of which only some pieces are left, and the scores of them: what surrogates are fitted to."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.explainers import engine
from models.networks.base import Network

Floats = NDArray[np.float64]
Present = NDArray[np.bool_]  # [coalitions, pieces]: which pieces are left
BLOCK = 256  # coalitions at once: their covers are [coalitions, channels, samples]


def values(
    network: Network,
    signal: Tensor,
    target: Tensor,
    covers: Tensor,
    present: Present,
    blank: Tensor,
    kind: engine.ScoreKind,
    done: Callable[[float], None],
) -> Floats:
    """Score [coalitions] of signal [1, leads, samples] with the pieces that are not present replaced by `blank`.

    `covers` [pieces, leads, samples] says what each piece covers.
    """
    flat, found = covers.flatten(1).float(), []
    for first in range(0, len(present), BLOCK):
        some = present[first : first + BLOCK]
        hidden = (torch.from_numpy(~some).float() @ flat > 0).reshape(-1, *covers.shape[1:])

        def told(part: float, first: int = first, count: int = len(some)) -> None:
            done((first + part * count) / len(present))

        found.append(engine.covered(network, signal, target, hidden, blank, kind, told)[0].double().numpy())
    return np.concatenate(found)
