"""What every network is to the rest of the house."""

from typing import ClassVar, Literal

import torch
from pydantic import BaseModel, ConfigDict
from torch import Tensor, nn

State = tuple[Tensor, ...]  # each [any, batch, any]: what a network remembers of the samples read so far


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

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        raise NotImplementedError

    def temporal(self, signals: Tensor) -> Tensor:
        """Logits [batch, steps, classes] after each step of signals [batch, leads, samples].

        The last step equals `forward`. A network that has no notion of time raises UnsupportedError.
        """
        raise NotImplementedError

    def advance(self, signals: Tensor, state: State | None = None) -> State:
        """What is remembered once signals [batch, leads, samples] were read after `state`; None is the beginning.

        Windows that begin alike share that work. A network that cannot be interrupted does not define it.
        """
        raise NotImplementedError

    def answer(self, state: State, samples: int) -> Tensor:
        """Logits [batch, classes] after `samples` samples: of a whole window the same as `forward`."""
        raise NotImplementedError


def chances(network: Network, logits: Tensor) -> Tensor:
    """Calibrated probabilities [..., classes] of logits [..., classes]: `OutputSpec.chances` for tensors."""
    scaled = logits / network.temperature
    return torch.sigmoid(scaled) if network.activation == "sigmoid" else torch.softmax(scaled, dim=-1)
