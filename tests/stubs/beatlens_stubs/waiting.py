"""A network that reads many windows at once only as fast as a test lets it."""

import time
from pathlib import Path
from typing import ClassVar

from pydantic import Field
from torch import Tensor

from beatlens_stubs.networks import StubConvolution, StubConvolutionConfig
from models.networks.base import NetworkConfig

POLL = 0.02  # s


class StubWaitingConfig(StubConvolutionConfig):
    """The gate and who has to pass it."""

    gate: str  # folder with a file for each large batch that may pass
    large: int = Field(1000, ge=2)  # windows


class StubWaiting(StubConvolution):
    """The convolution, behind a gate."""

    architecture: ClassVar[str] = "stub_waiting"
    Config: ClassVar[type[NetworkConfig]] = StubWaitingConfig
    config: StubWaitingConfig

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]; of a large batch once it may pass."""
        while len(signals) >= self.config.large and not self._admitted():
            time.sleep(POLL)
        return super().forward(signals)

    def _admitted(self) -> bool:
        """Whether a file was there to be taken away."""
        for ticket in sorted(Path(self.config.gate).iterdir()):
            try:
                ticket.unlink()
            except FileNotFoundError:  # another process was quicker
                continue
            return True
        return False
