"""Layers of convolutions that turn a signal into a map of features: what the networks of paper 002 have in common."""

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn import functional

from models.errors import InvalidError
from models.networks.base import NetworkConfig
from models.networks.feature_maps import FeatureMap, Grid


class StackConfig(NetworkConfig):
    """Sizes of the convolutional layers, which are counted from 1."""

    channels: tuple[int, ...] = Field(min_length=1)  # of each layer
    kernel: int = Field(21, ge=1)  # samples, of every layer: 21 at 300 Hz is 7 at 100 Hz
    halved_after: tuple[int, ...] = ()  # layers followed by average pooling of two samples
    dropout: tuple[float, ...] = ()  # after each layer; none where it is empty
    residual: bool = False  # the input of each block between two poolings is added to its output
    margin: int = Field(0, ge=0)  # zeros before and after every signal, where a step sees more than most of them hold

    @model_validator(mode="after")
    def _fits(self) -> "StackConfig":
        layers = len(self.channels)
        if self.dropout and len(self.dropout) != layers:
            raise ValueError(f"{len(self.dropout)} values of dropout for {layers} layers")
        if wrong := [layer for layer in self.halved_after if not 1 <= layer <= layers]:
            raise ValueError(f"pooling after layer {wrong[0]}: there are {layers} layers")
        return self


class Layer(nn.Module):
    """Convolution without padding, batch normalisation, ReLU, dropout."""

    def __init__(self, before: int, after: int, kernel: int, dropout: float) -> None:
        super().__init__()
        self.convolution = nn.Conv1d(before, after, kernel)
        self.norm = nn.BatchNorm1d(after)
        self.dropout = nn.Dropout(dropout)

    def forward(self, values: Tensor) -> Tensor:
        """[batch, channels, samples] to the layer's own channels, `kernel` − 1 samples fewer."""
        found: Tensor = self.dropout(functional.relu(self.norm(self.convolution(values))))
        return found


class ConvolutionStack(nn.Module):
    """Batch normalisation of the input, then the layers.

    Zeros are added to a signal by its own length alone, so a map says the same whatever stands beside it in a batch.
    """

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.config = config
        self.norm = nn.BatchNorm1d(config.leads)
        widths = (config.leads, *config.channels)
        dropout = config.dropout or (0.0,) * len(config.channels)
        sizes = zip(widths, widths[1:], dropout, strict=False)
        self.layers = nn.ModuleList(Layer(before, after, config.kernel, share) for before, after, share in sizes)

    def grid(self, layer: int, samples: int | None = None) -> Grid:
        """The grid of the map that `layer` makes, before the pooling behind it, of a signal of `samples` samples.

        Without a length: of one that gets no zeros.
        """
        first, stride, field = 0.0, 1, 1
        for number in range(1, layer + 1):
            first += stride * (self.config.kernel - 1) / 2
            field += stride * (self.config.kernel - 1)
            if number in self.config.halved_after and number < layer:
                first += stride / 2
                field += stride
                stride *= 2
        return Grid(first - (0 if samples is None else self.zeros(samples)[0]), stride, field)

    def number(self, layer: int | None) -> int:
        """A layer's number, None the last; InvalidError naming the layers where there is none of it."""
        last = len(self.layers)
        if layer is not None and not 1 <= layer <= last:
            raise InvalidError(f"layer = {layer}: this network has convolutions 1 to {last}", field="layer")
        return layer or last

    def located(self, values: Tensor, layer: int, samples: int) -> FeatureMap:
        """The map of a layer of a signal of `samples` samples, with where its steps lie."""
        return FeatureMap(values, self.grid(layer, samples))

    def zeros(self, samples: int) -> tuple[int, int]:
        """How many are put before and after a signal of `samples` samples: the margin, or as many as one step needs."""
        needed = max(2 * self.config.margin, self.grid(len(self.layers)).field - samples)
        return needed // 2, needed - needed // 2

    def forward(self, signals: Tensor, wanted: tuple[int, ...]) -> list[Tensor]:
        """The maps [batch, channels, steps] of the layers `wanted`, of signals [batch, leads, samples]."""
        values = self.norm(functional.pad(signals, self.zeros(signals.shape[-1])))
        block = values
        found = {}
        for number, layer in enumerate(self.layers, start=1):
            values = layer(values)
            if number in self.config.halved_after or number == len(self.layers):
                values = _added(values, block) if self.config.residual and number > 1 else values
            found[number] = values
            if number in self.config.halved_after:
                values = halved(values)
            if number in self.config.halved_after or number == 1:
                block = values
        return [found[number] for number in wanted]


def _added(values: Tensor, block: Tensor) -> Tensor:
    """`values` with `block` added to their first channels; `block` loses as many samples at both ends as it is longer.

    Channels that the block's input does not have get nothing: the shortcut has no weights.
    """
    margin = (block.shape[-1] - values.shape[-1]) // 2
    cropped = block[..., margin : margin + values.shape[-1]]
    return values + functional.pad(cropped, (0, 0, 0, values.shape[1] - block.shape[1]))


def halved(values: Tensor) -> Tensor:
    """Average pooling of pairs; an odd last step is left out. On a CPU a fifth of the time of `avg_pool1d`."""
    pairs = values[..., : values.shape[-1] // 2 * 2]
    return (pairs[..., ::2] + pairs[..., 1::2]) / 2


def pooled(values: Tensor, pooling: str) -> Tensor:
    """[batch, channels]: mean or maximum of a map [batch, channels, steps] over its steps."""
    return values.mean(dim=-1) if pooling == "mean" else values.amax(dim=-1)


def pooled_so_far(values: Tensor, pooling: str) -> Tensor:
    """[batch, channels, steps]: at each step what `pooled` gives of the map up to it."""
    if pooling == "max":
        return values.cummax(dim=-1).values
    steps = torch.arange(1, values.shape[-1] + 1, dtype=values.dtype, device=values.device)
    return values.cumsum(dim=-1) / steps
