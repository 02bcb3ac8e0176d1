"""The channel-wise LSTM of Harutyunyan et al. (2019), which paper 003 explains: a small network for each variable."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from models.networks.base import Network, NetworkConfig
from models.propagation.relevance import Relevance, Shares, relevance


class ChannelWiseLSTMConfig(NetworkConfig):
    """Its size, and which inputs are one variable's."""

    groups: tuple[tuple[int, ...], ...]  # rows of the input that one small network reads: a value and its mask
    each: int = Field(4, ge=1)  # units of each small network in each direction
    hidden: int = Field(32, ge=1)  # units of the network that reads all of them
    dropout: float = Field(0.0, ge=0.0, lt=1.0)  # before and after that network


class ChannelWiseLSTM(Network):
    """A bidirectional LSTM for each variable; their states joined, an LSTM over these, scores from its last state."""

    architecture: ClassVar[str] = "channel_wise_lstm"
    Config: ClassVar[type[NetworkConfig]] = ChannelWiseLSTMConfig
    config: ChannelWiseLSTMConfig

    def __init__(self, config: ChannelWiseLSTMConfig) -> None:
        super().__init__()
        self.config = config
        self.channels = nn.ModuleList(
            nn.LSTM(len(rows), config.each, batch_first=True, bidirectional=True) for rows in config.groups
        )
        self.joined = nn.LSTM(2 * config.each * len(config.groups), config.hidden, batch_first=True)
        self.dropout = nn.Dropout(config.dropout)
        self.scores = nn.Linear(config.hidden, config.classes)
        for name, parameter in self.named_parameters():
            if "weight_hh" in name:
                for gate in parameter.data.chunk(4):
                    nn.init.orthogonal_(gate)
            elif "bias_ih" in name:
                nn.init.zeros_(parameter)
                parameter.data[len(parameter) // 4 : len(parameter) // 2] = 1.0  # an open forget gate
            elif "bias" in name:
                nn.init.zeros_(parameter)
            else:
                nn.init.xavier_uniform_(parameter)

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        outputs, _ = self.joined(self.dropout(self._each(signals)))
        scores: Tensor = self.scores(self.dropout(outputs[:, -1]))
        return scores

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes] from what was known by each step: the small networks begin anew, backwards."""
        batch, _, steps = signals.shape
        lengths = torch.arange(1, steps + 1).repeat(batch)
        inputs = signals.transpose(1, 2).repeat_interleave(steps, dim=0)  # [batch · steps, steps, leads]
        each = [
            self._read(lstm, inputs[:, :, list(rows)], lengths)
            for lstm, rows in zip(self.channels, self.config.groups, strict=True)
        ]
        outputs, _ = self.joined(self.dropout(torch.cat(each, dim=2)))
        read = outputs[torch.arange(len(lengths)), lengths - 1]
        scores: Tensor = self.scores(self.dropout(read))
        return scores.view(batch, steps, -1)

    def relevance(self, signals: Tensor, targets: Tensor, shares: Shares) -> Relevance:
        """Through the classifier, the states from last to first, and each variable's own network."""
        return relevance(self, signals, targets, shares)

    def _each(self, signals: Tensor) -> Tensor:
        """What the small networks say of each step [batch, steps, 2 · each · groups]."""
        inputs = signals.transpose(1, 2)
        read = [lstm(inputs[:, :, list(rows)])[0] for lstm, rows in zip(self.channels, self.config.groups, strict=True)]
        return torch.cat(read, dim=2)

    @staticmethod
    def _read(lstm: nn.Module, inputs: Tensor, lengths: Tensor) -> Tensor:
        """States [batch, steps, units] of inputs [batch, steps, features] that end after `lengths` [batch] steps."""
        packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
        found, _ = pad_packed_sequence(lstm(packed)[0], batch_first=True, total_length=inputs.shape[1])
        return found
