"""An architecture for windows of any length and any number of channels."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from models.networks.base import Network, NetworkConfig


class StubConvolutionConfig(NetworkConfig):
    """Its size."""

    maps: int = Field(4, ge=1)
    kernel: int = Field(5, ge=1)  # samples


class StubConvolution(Network):
    """One convolution, the mean over time, a linear map: it can nothing but answer."""

    architecture: ClassVar[str] = "stub_convolution"
    Config: ClassVar[type[NetworkConfig]] = StubConvolutionConfig
    config: StubConvolutionConfig

    def __init__(self, config: StubConvolutionConfig) -> None:
        super().__init__()
        self.config = config
        self.convolution = nn.Conv1d(config.leads, config.maps, config.kernel, padding="same")
        self.scores = nn.Linear(config.maps, config.classes)

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        scores: Tensor = self.scores(torch.tanh(self.convolution(signals)).mean(dim=-1))
        return scores
