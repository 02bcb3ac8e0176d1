"""A network that finds the beats of its window, measures one against the others, and judges it from these measures."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from models.networks.base import Network, NetworkConfig
from models.networks.beat_comparisons import rhythm_measures, shape_measures
from models.networks.window_beats import find_beats

MEASURES = 75  # what the comparisons give
FAR = 5.0  # SD from the mean beyond which a measure counts no more


class BeatMeasuresConfig(NetworkConfig):
    """Size of the window, at 100 Hz, and of the layers behind the measures."""

    before: int = Field(2200, ge=500)  # samples of the window before the beat
    after: int = Field(800, ge=300)  # samples from it on
    earlier: int = Field(36, ge=7)  # beats before it that are looked at, at most
    later: int = Field(12, ge=5)  # beats after it
    width: int = Field(48, ge=4)
    dropout: float = Field(0.3, ge=0.0, lt=1.0)

    @property
    def samples(self) -> int:
        """Samples of one window."""
        return self.before + self.after


class BeatMeasures(Network):
    """Rhythm and shape of a beat against the other beats of its window, then two hidden layers.

    The measures are functions of the signal, and the answer has a gradient with respect to it, through the shapes and
    the times of the beats; only which peaks are beats is decided without one.
    """

    architecture: ClassVar[str] = "beat-measures"
    Config: ClassVar[type[NetworkConfig]] = BeatMeasuresConfig
    config: BeatMeasuresConfig
    mean: Tensor
    sd: Tensor

    def __init__(self, config: BeatMeasuresConfig) -> None:
        super().__init__()
        self.config = config
        self.register_buffer("mean", torch.zeros(MEASURES))  # of the measures over training beats
        self.register_buffer("sd", torch.ones(MEASURES))
        self.scores = nn.Sequential(
            *(nn.Linear(MEASURES, config.width), nn.ReLU(), nn.Dropout(config.dropout)),
            *(nn.Linear(config.width, config.width), nn.ReLU(), nn.Dropout(config.dropout)),
            nn.Linear(config.width, config.classes),
        )

    def measures(self, signals: Tensor) -> Tensor:
        """Measures [batch, MEASURES] of signals [batch, leads, samples]."""
        beats = find_beats(signals, self.config.before, self.config.earlier, self.config.later)
        return torch.stack([*rhythm_measures(beats).values(), *shape_measures(beats).values()], dim=1)

    def judge(self, measures: Tensor) -> Tensor:
        """Logits [batch, classes] of measures [batch, MEASURES]."""
        scores: Tensor = self.scores(((measures - self.mean) / self.sd).clamp(-FAR, FAR))
        return scores

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        return self.judge(self.measures(signals))
