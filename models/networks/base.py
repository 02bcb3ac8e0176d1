"""What every network is to the rest of the program; what some can do beyond it stands in `protocols`."""

from typing import ClassVar, Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn


class NetworkConfig(BaseModel):
    """Frozen, serialisable description of one architecture; stored in the card."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    leads: int = 1
    classes: int


class Network(nn.Module):
    """A classifier of windows. Subclasses live one to a file and register by being there."""

    architecture: ClassVar[str]
    Config: ClassVar[type[NetworkConfig]]
    config: NetworkConfig
    temperature: float = 1.0  # the card's: probability = activation(logits / temperature)
    activation: Literal["softmax", "sigmoid"] = "softmax"  # the card's

    def refuses(self, power: type) -> str | None:
        """Why this network, as it is configured, has not got a power (`protocols`) whose functions it has; else None.

        A phrase that goes on after the network's name: "does not read from first to last".
        """
        return None

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        raise NotImplementedError


def chances(network: Network, logits: Tensor) -> Tensor:
    """Calibrated probabilities [..., classes] of logits [..., classes]: `OutputSpec.chances` for tensors."""
    scaled = logits / network.temperature
    return torch.sigmoid(scaled) if network.activation == "sigmoid" else torch.softmax(scaled, dim=-1)
