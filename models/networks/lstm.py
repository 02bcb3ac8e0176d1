"""The LSTM of papers 000 (class scores from the last step) and 001 (averaged over time)."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional

from models.networks.base import Network, NetworkConfig
from models.networks.protocols import State
from models.networks.recurrent_states import recurrent_states, without_units
from models.propagation.decomposition import decomposed
from models.propagation.relevance import Relevance, Shares, relevance


class LSTMConfig(NetworkConfig):
    """Size and reading-out of the LSTM."""

    hidden: int = Field(128, ge=1)  # units per layer
    layers: int = Field(1, ge=1)
    dropout: float = Field(0.0, ge=0.0, lt=1.0)  # on each layer's output
    pooling: Literal["last", "mean"] = "last"  # class scores at the last step, or their mean over all steps


class LSTM(Network):
    """LSTM without peepholes; a linear map gives class scores at every step.

    The recurrence is `nn.LSTM`: at 216 steps, 128 units and batches of 200 its forward and backward took 0.23 s on
    one core against 0.32 s for a step-by-step loop under autograd.
    """

    architecture: ClassVar[str] = "lstm"
    Config: ClassVar[type[NetworkConfig]] = LSTMConfig
    config: LSTMConfig

    def __init__(self, config: LSTMConfig) -> None:
        super().__init__()
        self.config = config
        between = config.dropout if config.layers > 1 else 0.0  # nn.LSTM warns about it in a single layer
        self.lstm = nn.LSTM(config.leads, config.hidden, config.layers, batch_first=True, dropout=between)
        self.dropout = nn.Dropout(config.dropout)
        self.scores = nn.Linear(config.hidden, config.classes)
        self._initialise()

    def _initialise(self) -> None:
        # Orthogonal recurrence and an open forget gate carry the gradient over 216 steps.
        for name, parameter in self.lstm.named_parameters():
            if name.startswith("weight_hh"):
                for gate in parameter.data.chunk(4):
                    nn.init.orthogonal_(gate)
            elif name.startswith("weight_ih"):
                for gate in parameter.data.chunk(4):
                    nn.init.xavier_uniform_(gate)
            else:
                nn.init.zeros_(parameter)
                if name.startswith("bias_ih"):
                    parameter.data[self.config.hidden : 2 * self.config.hidden] = 1.0
        nn.init.xavier_uniform_(self.scores.weight)
        nn.init.zeros_(self.scores.bias)

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        outputs, _ = self.lstm(signals.transpose(1, 2))
        # The scores are linear in the outputs: the mean of the scores is the score of the mean.
        read = outputs[:, -1] if self.config.pooling == "last" else outputs.mean(dim=1)
        scores: Tensor = self.scores(self.dropout(read))
        return scores

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes] after each step; pooled models: of the mean over the steps so far."""
        outputs, _ = self.lstm(signals.transpose(1, 2))
        if self.config.pooling == "mean":
            steps = torch.arange(1, outputs.shape[1] + 1, dtype=outputs.dtype, device=outputs.device)
            outputs = outputs.cumsum(dim=1) / steps[:, None]
        scores: Tensor = self.scores(self.dropout(outputs))
        return scores

    def advance(self, signals: Tensor, state: State | None = None) -> State:
        """Hidden and cell state [layers, batch, hidden], and the sum of the outputs so far [1, batch, hidden]."""
        before = None if state is None else (state[0], state[1])
        outputs, (hidden, cell) = self.lstm(signals.transpose(1, 2), before)
        total = outputs.sum(dim=1)[None]
        return hidden, cell, total if state is None else total + state[2]

    def answer(self, state: State, samples: int) -> Tensor:
        """Logits [batch, classes] from the last output, or from their mean."""
        read = state[0][-1] if self.config.pooling == "last" else state[2][0] / samples
        scores: Tensor = self.scores(self.dropout(read))
        return scores

    def states(self, signals: Tensor) -> dict[str, Tensor]:
        """Hidden and cell states and the four gates [batch, hidden, samples]; "… 2" are those of the second layer."""
        return recurrent_states(self.lstm, signals.transpose(1, 2))

    def relevance(self, signals: Tensor, targets: Tensor, shares: Shares) -> Relevance:
        """Through the classifier, the mean where there is one, and the states from last to first."""
        return relevance(self, signals, targets, shares)

    def decomposed(self, signals: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
        """Logits [batch, classes] of a span and of the rest, to which the classifier's bias belongs."""
        parts = decomposed(self.lstm, signals.transpose(1, 2), inside)
        span, rest = (one[:, -1] if self.config.pooling == "last" else one.mean(dim=1) for one in parts)
        return functional.linear(span, self.scores.weight), self.scores(rest)

    def without_units(self, signals: Tensor) -> Tensor:
        """Logits [batch, units, classes] with each unit of the last layer held at zero."""
        outputs = without_units(self.lstm, signals.transpose(1, 2))  # [batch, units, steps, hidden]
        scores: Tensor = self.scores(outputs[:, :, -1] if self.config.pooling == "last" else outputs.mean(dim=2))
        return scores
