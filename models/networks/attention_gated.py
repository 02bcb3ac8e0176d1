"""The attention-gated network of paper 002 (after Schlemper et al. 2018): an early map, weighted by the last one."""

from typing import ClassVar, Literal, cast

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn import functional

from models.networks.base import Network, NetworkConfig
from models.networks.convolution_stack import ConvolutionStack, StackConfig, pooled
from models.networks.feature_maps import ClassMap, FeatureMap, Grid, resampled


class AttentionGatedConfig(StackConfig):
    """The layers, where the gate sits, and how both paths are joined."""

    gate_layer: int = Field(13, ge=1)  # whose map is gated
    gate_hidden: int = Field(256, ge=1)  # channels in which both maps are compared
    gate_pooling: Literal["sum", "mean"] = "sum"  # of the gated map over time; a sum grows with the record
    pooling: Literal["mean", "max"] = "max"  # of the last map
    joined: Literal["concatenated", "vote"] = "vote"  # one classifier for both, or one each and the logits' mean

    @model_validator(mode="after")
    def _gates(self) -> "AttentionGatedConfig":
        if self.gate_layer >= len(self.channels):
            raise ValueError(f"gate_layer {self.gate_layer} is not before the last of {len(self.channels)} layers")
        return self


class AttentionGated(Network):
    """Convolutions whose last map says, through a gate, where an earlier map is worth reading."""

    architecture: ClassVar[str] = "attention_gated"
    Config: ClassVar[type[NetworkConfig]] = AttentionGatedConfig
    config: AttentionGatedConfig

    def __init__(self, config: AttentionGatedConfig) -> None:
        super().__init__()
        self.config = config
        self.stack = ConvolutionStack(config)
        early, last = config.channels[config.gate_layer - 1], config.channels[-1]
        self.gate_values = nn.Conv1d(early, config.gate_hidden, 1, bias=False)
        self.gate_context = nn.Conv1d(last, config.gate_hidden, 1)
        self.gate = nn.Conv1d(config.gate_hidden, 1, 1)
        widths = (early, last) if config.joined == "vote" else (early + last,)
        self.scores = nn.ModuleList(nn.Linear(width, config.classes) for width in widths)

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        return self._joined(*self._maps(signals))

    def _joined(self, values: Tensor, context: Tensor) -> Tensor:
        gated = values * self._attention(values, context)
        early = gated.sum(dim=-1) if self.config.gate_pooling == "sum" else gated.mean(dim=-1)
        read = [early, pooled(context, self.config.pooling)]
        if self.config.joined == "concatenated":
            read = [torch.cat(read, dim=1)]
        return torch.stack([scores(path) for scores, path in zip(self.scores, read, strict=True)]).mean(dim=0)

    def attention(self, signals: Tensor) -> Tensor:
        """The gate's weights [batch, steps], each in [0, 1], over the map of the gated layer."""
        return self._attention(*self._maps(signals))[:, 0]

    def grid(self, samples: int) -> Grid:
        """The grid of the gated layer's map, which `attention` weighs."""
        return self.stack.grid(self.config.gate_layer, samples)

    def traced(self, signals: Tensor, layer: int | None = None) -> tuple[Tensor, tuple[FeatureMap, ...]]:
        """Logits [batch, classes], and the map of one layer that they come from."""
        number = self.stack.number(layer)
        wanted, *maps = self.stack(signals, (number, self.config.gate_layer, len(self.config.channels)))
        return self._joined(*maps), (self.stack.located(wanted, number, signals.shape[-1]),)

    def class_maps(self, signals: Tensor) -> tuple[ClassMap, ...]:
        """The gated map and the last one; joined in one classifier, the bias belongs to the last."""
        values, context = self._maps(signals)
        gated, samples = values * self._attention(values, context), signals.shape[-1]
        early, last = self.config.gate_layer, len(self.config.channels)
        (w, b), (w_last, b_last) = self._classifiers(values.shape[1])
        share = 0.5 if self.config.joined == "vote" else 1.0
        grids = self.stack.grid(early, samples), self.stack.grid(last, samples)
        return (
            ClassMap(gated, grids[0], w, b, self.config.gate_pooling, "intermediate", share),
            ClassMap(context, grids[1], w_last, b_last, self.config.pooling, "last", share),
        )

    def _classifiers(self, early: int) -> list[tuple[Tensor, Tensor]]:
        """Weights and bias for each of both paths, of which the first has `early` channels."""
        linear = [cast(nn.Linear, scores) for scores in self.scores]
        if self.config.joined == "vote":
            return [(scores.weight, scores.bias) for scores in linear]
        weight, bias = linear[0].weight, linear[0].bias
        return [(weight[:, :early], torch.zeros_like(bias)), (weight[:, early:], bias)]

    def _maps(self, signals: Tensor) -> tuple[Tensor, Tensor]:
        """The gated layer's map and the last one."""
        values, context = self.stack(signals, (self.config.gate_layer, len(self.config.channels)))
        return values, context

    def _attention(self, values: Tensor, context: Tensor) -> Tensor:
        """[batch, 1, steps]: α = σ(ψᵀ ReLU(W_x x + W_c c + b_c) + b_ψ), paper 002 eq. 3.2."""
        fine, coarse = self.stack.grid(self.config.gate_layer), self.stack.grid(len(self.config.channels))
        # The 1 × 1 convolution and the interpolation are both linear and exchange: the short map is convolved.
        compared = self.gate_values(values) + resampled(self.gate_context(context), coarse, fine, values.shape[-1])
        return torch.sigmoid(self.gate(functional.relu(compared)))
