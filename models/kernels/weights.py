"""A network's weights in the order the loops read them."""

from typing import Any, Literal, NamedTuple

import numpy as np

from models.kernels.tile import WIDTH, Floats, panels
from models.networks.base import Network
from models.networks.lstm import LSTM

GATES = (0, 1, 3, 2)  # torch's i, f, g, o as i, f, o, g: the three sigmoids lie together


class Weights(NamedTuple):
    """H is the hidden size, filled up with units that stay at zero to a multiple of WIDTH; L counts the layers.

    "down" leads from a layer's gates back to what entered it.
    """

    bias: Floats  # [L, 4, H]
    first: Floats  # [leads, 4, H]: input to the gates of the first layer
    upper: Floats  # [L − 1, panels, H, WIDTH]: hidden state of the layer below to gates
    recurrent: Floats  # [L, panels, H, WIDTH]: own hidden state to gates
    upper_down: Floats  # [L − 1, panels, 4H, WIDTH]
    recurrent_down: Floats  # [L, panels, 4H, WIDTH]
    scores: Floats  # [classes, H]
    scores_bias: Floats  # [classes]
    pooled: bool  # scores of the mean over all steps, else of the last
    probability: bool  # the score is the probability, else the logit
    temperature: float


def pack(network: Network, score: Literal["logit", "probability"] = "logit") -> Weights:
    """The weights of `network`, an LSTM, for its logits or for its calibrated probabilities."""
    assert isinstance(network, LSTM)
    lstm, layers = network.lstm, range(network.config.layers)
    recurrent = np.stack([_recurrent(getattr(lstm, f"weight_hh_l{layer}")) for layer in layers])
    size = recurrent.shape[1]
    upper = np.stack([_recurrent(getattr(lstm, f"weight_ih_l{layer}")) for layer in layers[1:]] or [recurrent[0]])
    upper = upper[: len(layers) - 1]
    biases = [getattr(lstm, f"bias_ih_l{layer}") + getattr(lstm, f"bias_hh_l{layer}") for layer in layers]
    return Weights(
        bias=np.stack([_gates(bias) for bias in biases]).reshape(len(layers), 4, size),
        first=np.ascontiguousarray(_gates(lstm.weight_ih_l0).T).reshape(-1, 4, size),
        upper=panels(upper),
        recurrent=panels(recurrent),
        upper_down=panels(upper.swapaxes(1, 2)),
        recurrent_down=panels(recurrent.swapaxes(1, 2)),
        scores=_padded(_array(network.scores.weight), size),
        scores_bias=_array(network.scores.bias),
        pooled=network.config.pooling == "mean",
        probability=score == "probability",
        temperature=float(network.temperature),
    )


def _recurrent(weight: Any) -> Floats:
    """Weights [4 · hidden, hidden] of a hidden state as [H, 4H]."""
    gates = _gates(weight)
    return np.ascontiguousarray(_padded(gates, len(gates) // 4).T)


def _gates(weight: Any) -> Floats:
    """Rows [4 · hidden, ...] as [4H, ...], in our order of gates; the units added have zeros."""
    array = _array(weight)
    hidden = len(array) // 4
    gates = array.reshape(4, hidden, *array.shape[1:])[list(GATES)]
    missing = [(0, 0), (0, -hidden % WIDTH), *[(0, 0)] * (array.ndim - 1)]
    return np.pad(gates, missing).reshape(-1, *array.shape[1:])


def _padded(array: Floats, size: int) -> Floats:
    """array[rows, n] as [rows, size], zeros behind."""
    return np.pad(array, [(0, 0), (0, size - array.shape[1])])


def _array(weight: Any) -> Floats:
    return np.asarray(weight.detach().numpy(), dtype=np.float32)
