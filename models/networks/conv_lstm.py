"""The ConvLSTM of paper 002: a recurrent network reads the features that convolutions found."""

from typing import ClassVar, Literal

import torch
from pydantic import Field
from torch import Tensor, nn

from models.errors import UnsupportedError
from models.networks.base import Network, NetworkConfig
from models.networks.convolution_stack import ConvolutionStack, StackConfig, pooled, pooled_so_far
from models.networks.feature_maps import FeatureMap, Grid
from models.networks.protocols import OverTime
from models.networks.recurrent_states import recurrent_states


class ConvLSTMConfig(StackConfig):
    """The convolutions and the recurrent layers that read them."""

    cell: Literal["lstm", "gru"] = "lstm"
    hidden: int = Field(64, ge=1)  # units per layer and direction
    recurrent_layers: int = Field(1, ge=1)
    bidirectional: bool = False
    read: Literal["last", "centre"] = "last"  # each direction's last state, or both at the middle step
    pooling: Literal["mean", "max"] | None = None  # joins the pooled feature map to the state that is read


class ConvLSTM(Network):
    """Convolutions, LSTM or GRU over their steps, a linear map of the state; windows may have any length."""

    architecture: ClassVar[str] = "conv_lstm"
    Config: ClassVar[type[NetworkConfig]] = ConvLSTMConfig
    config: ConvLSTMConfig

    def __init__(self, config: ConvLSTMConfig) -> None:
        super().__init__()
        self.config = config
        self.stack = ConvolutionStack(config)
        features = config.channels[-1]
        kind = nn.LSTM if config.cell == "lstm" else nn.GRU
        both = config.bidirectional
        self.recurrent = kind(features, config.hidden, config.recurrent_layers, batch_first=True, bidirectional=both)
        width = config.hidden * (1 + both) + (features if config.pooling else 0)
        self.scores = nn.Linear(width, config.classes)

    def features(self, signals: Tensor) -> Tensor:
        """The feature map [batch, channels, steps] of the last convolution."""
        return self.stack(signals, (len(self.config.channels),))[0]  # type: ignore[no-any-return]

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        return self._decided(self.features(signals))

    def _decided(self, values: Tensor) -> Tensor:
        """Logits [batch, classes] of the last feature map [batch, channels, steps]."""
        outputs, _ = self.recurrent(values.transpose(1, 2))
        read = self._read(outputs)
        if self.config.pooling:
            read = torch.cat([read, pooled(values, self.config.pooling)], dim=1)
        scores: Tensor = self.scores(read)
        return scores

    def refuses(self, power: type) -> str | None:
        """The decision does not follow time where it is read backwards, or at the centre."""
        turned = self.config.bidirectional or self.config.read == "centre"
        return "does not read from first to last" if turned and power is OverTime else None

    def _read(self, outputs: Tensor) -> Tensor:
        """The state [batch, units] that decides, of all outputs [batch, steps, units]."""
        if self.config.read == "centre":
            return outputs[:, outputs.shape[1] // 2]
        if not self.config.bidirectional:
            return outputs[:, -1]
        # The backward direction has read everything at the first step.
        return torch.cat([outputs[:, -1, : self.config.hidden], outputs[:, 0, self.config.hidden :]], dim=1)

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes] after each convolutional step; the last one equals `forward`.

        UnsupportedError where the decision does not follow time: read backwards, or at the centre.
        """
        if reason := self.refuses(OverTime):
            raise UnsupportedError(f"Decision over time: this ConvLSTM {reason}")
        values = self.features(signals)
        read, _ = self.recurrent(values.transpose(1, 2))
        if self.config.pooling:
            read = torch.cat([read, pooled_so_far(values, self.config.pooling).transpose(1, 2)], dim=2)
        scores: Tensor = self.scores(read)
        return scores

    def grid(self, samples: int) -> Grid:
        """The grid of the last feature map, whose steps the recurrent layers read."""
        return self.stack.grid(len(self.config.channels), samples)

    def traced(self, signals: Tensor, layer: int | None = None) -> tuple[Tensor, tuple[FeatureMap, ...]]:
        """Logits [batch, classes], and the map of one convolution that they come from."""
        number = self.stack.number(layer)
        wanted, last = self.stack(signals, (number, len(self.config.channels)))
        return self._decided(last), (self.stack.located(wanted, number, signals.shape[-1]),)

    def states(self, signals: Tensor) -> dict[str, Tensor]:
        """States and gates [batch, hidden, steps] of every recurrent layer and direction, in order of time."""
        return recurrent_states(self.recurrent, self.features(signals).transpose(1, 2))
