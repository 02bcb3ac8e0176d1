"""Feature maps as methods of explanation see them: values, and where their steps lie in the signal."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor


class Grid(NamedTuple):
    """Where the steps of a map lie in the signal: step i is centred on sample first + i · stride."""

    first: float  # samples
    stride: float  # samples
    field: int  # samples that one step sees


@dataclass(frozen=True)
class FeatureMap:
    """One map on the way from a signal to the scores."""

    values: Tensor  # [batch, maps, steps]
    grid: Grid


@dataclass(frozen=True)
class ClassMap(FeatureMap):
    """A map that is pooled over time and read by a linear map.

    Over all class maps of a network, Σ share · (weights · pooled + bias) are its logits.
    """

    weights: Tensor  # [classes, maps]
    bias: Tensor  # [classes]
    pooling: Literal["mean", "max", "sum"]
    depth: Literal["last", "intermediate"]
    share: float = 1.0


def evenly(samples: int, steps: int) -> Grid:
    """Steps that follow one another over a signal of `samples` samples."""
    stride = samples / steps
    return Grid((stride - 1) / 2, stride, -(-samples // steps))


def resampled(values: Tensor, source: Grid, target: Grid, steps: int) -> Tensor:
    """A map [batch, channels, any] at `source`'s steps, interpolated in time at `steps` steps of `target`.

    Its first and last value are held beyond its ends.
    """
    times = target.first + target.stride * torch.arange(steps, dtype=torch.float64, device=values.device)
    positions = ((times - source.first) / source.stride).clamp(0, values.shape[-1] - 1)
    left = positions.floor().long().clamp(max=max(0, values.shape[-1] - 2))
    share = (positions - left).to(values.dtype)
    right = (left + 1).clamp(max=values.shape[-1] - 1)
    return values[..., left] * (1 - share) + values[..., right] * share


def at_samples(values: Tensor, grid: Grid, samples: int) -> Tensor:
    """A map [batch, any, steps] interpolated at each of `samples` samples, held beyond its ends."""
    return resampled(values, grid, Grid(0.0, 1, 1), samples)


def held(grid: Grid, steps: int, samples: int) -> Tensor:
    """For each of `samples` samples the last of the steps whose centre has been reached [samples]; at first the first.

    From the last step's centre on it is the last one.
    """
    reached = ((torch.arange(samples, dtype=torch.float64) - grid.first) / grid.stride + 1e-9).floor()
    return reached.long().clamp(0, steps - 1)
