"""The convolutional networks of paper 002 with global pooling: 4, 7, 15 and 17 layers, residual, mean vote."""

from typing import ClassVar, Literal, cast

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn

from models.networks.base import Network, NetworkConfig
from models.networks.convolution_stack import ConvolutionStack, StackConfig, pooled, pooled_so_far
from models.networks.feature_maps import ClassMap, FeatureMap, Grid


class ConvolutionalConfig(StackConfig):
    """The layers and how their last map is read out."""

    pooling: Literal["mean", "max"] = "max"  # GAP or GMP
    vote_layer: int | None = Field(None, ge=1)  # an earlier layer with a classifier of its own; logits are averaged

    @model_validator(mode="after")
    def _votes(self) -> "ConvolutionalConfig":
        if self.vote_layer is not None and self.vote_layer >= len(self.channels):
            raise ValueError(f"vote_layer {self.vote_layer} is not before the last of {len(self.channels)} layers")
        return self


class Convolutional(Network):
    """Convolutions, global pooling over time, a linear map; windows may have any length."""

    architecture: ClassVar[str] = "convolutional"
    Config: ClassVar[type[NetworkConfig]] = ConvolutionalConfig
    config: ConvolutionalConfig

    def __init__(self, config: ConvolutionalConfig) -> None:
        super().__init__()
        self.config = config
        self.stack = ConvolutionStack(config)
        last = len(config.channels)
        self.read_layers = (last,) if config.vote_layer is None else (config.vote_layer, last)
        self.scores = nn.ModuleList(nn.Linear(config.channels[layer - 1], config.classes) for layer in self.read_layers)

    def maps(self, signals: Tensor) -> list[Tensor]:
        """Feature maps [batch, channels, steps] of `read_layers`: each is pooled and read by its own of `scores`."""
        return self.stack(signals, self.read_layers)  # type: ignore[no-any-return]

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        return self._vote(self.maps(signals))

    def _vote(self, maps: list[Tensor]) -> Tensor:
        read = zip(self.scores, maps, strict=True)
        return torch.stack([scores(pooled(values, self.config.pooling)) for scores, values in read]).mean(dim=0)

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes] of the maps up to each step of the last one."""
        maps = self.maps(signals)
        steps = maps[-1].shape[-1]
        votes = []
        for scores, values in zip(self.scores, maps, strict=True):
            # An earlier map has more steps: each step of the last one stands for its share of them.
            ends = torch.arange(1, steps + 1, device=values.device) * values.shape[-1] // steps - 1
            votes.append(scores(pooled_so_far(values, self.config.pooling)[..., ends].transpose(1, 2)))
        return torch.stack(votes).mean(dim=0)

    def grid(self, samples: int) -> Grid:
        """The grid of the last map, which `temporal` follows."""
        return self.stack.grid(len(self.config.channels), samples)

    def traced(self, signals: Tensor, layer: int | None = None) -> tuple[Tensor, tuple[FeatureMap, ...]]:
        """Logits [batch, classes], and the map of one layer that they come from."""
        number = self.stack.number(layer)
        values, *maps = self.stack(signals, (number, *self.read_layers))
        return self._vote(maps), (self.stack.located(values, number, signals.shape[-1]),)

    def class_maps(self, signals: Tensor) -> tuple[ClassMap, ...]:
        """The last map, and the earlier one that votes with it."""
        last, samples = len(self.config.channels), signals.shape[-1]
        return tuple(
            ClassMap(
                values,
                self.stack.grid(layer, samples),
                cast(nn.Linear, scores).weight,
                cast(nn.Linear, scores).bias,
                self.config.pooling,
                "last" if layer == last else "intermediate",
                1 / len(self.read_layers),
            )
            for layer, scores, values in zip(self.read_layers, self.scores, self.maps(signals), strict=True)
        )
