"""Compiled loops for LSTMs with fixed weights on a CPU. Only `models.explainers.engine` and `descent` ask for them.

Importing this package costs nothing: numba comes in with the modules below, when the first large piece of work does.

    compiled.py  how a kernel is compiled, and where its machine code is kept
    tile.py      the one inner loop: rows of numbers times a matrix, accumulated in registers
    weights.py   a network's weights in the order the loops read them
    cells.py     the gates of one step, forward and backward
    passes.py    windows through the layers: forward with all states kept, backward to the input
    spans.py     scores alone, of many windows or of many covers of one, begun where the covers do
    descent.py   the learned mask's loop
"""

import torch
from torch import Tensor

from models.networks.base import Network
from models.networks.lstm import LSTM


def fit(network: Network, signals: Tensor) -> bool:
    """Whether the kernels give what `network` would for signals [batch, leads, samples].

    They know our LSTM with a softmax, in float32 on a CPU, with any leads, units, layers and pooling. Anything else is
    PyTorch's work, and so are values that are not finite.
    """
    if type(network) is not LSTM or network.activation != "softmax" or not signals.numel():
        return False
    tensors = (signals, *network.parameters())
    return all(t.dtype == torch.float32 and t.device.type == "cpu" for t in tensors) and bool(signals.isfinite().all())
