"""A small convolutional network that reads one beat together with the seconds around it."""

from typing import ClassVar

import torch
from pydantic import Field
from torch import Tensor, nn

from models.errors import InvalidError
from models.networks.base import Network, NetworkConfig
from models.networks.feature_maps import FeatureMap, Grid

STRIDE = 4  # samples of the signal between two columns of the features
FIELD = 59  # samples of the signal that one column sees
NEAR = 8  # columns either side of the beat that are read with their exact places


class BeatContextConfig(NetworkConfig):
    """Size of the network and of the window: 1 column is `STRIDE` samples."""

    width: int = Field(32, ge=8)  # channels inside
    features: int = Field(16, ge=4)  # channels of a column
    heads: int = Field(4, ge=0)  # likenesses of every column to the beat's own; 0 leaves them out
    usual: int = Field(4, ge=0)  # weighted means over the window's columns; 0 leaves them out
    before: int = Field(125, ge=NEAR)  # columns before the beat's
    after: int = Field(75, ge=NEAR)  # columns after it
    dropout: float = Field(0.2, ge=0.0, lt=1.0)

    @property
    def columns(self) -> int:
        """Columns of one window."""
        return self.before + 1 + self.after

    @property
    def samples(self) -> int:
        """Samples of one window."""
        return STRIDE * (self.columns - 1) + FIELD

    @property
    def centre(self) -> int:
        """Sample of the window in the middle of what the beat's own column sees."""
        return STRIDE * self.before + FIELD // 2


class BeatContext(Network):
    """Convolutions without padding turn the signal into columns (0.04 s at 100 Hz); a beat is judged from its own
    columns, and from all columns of the window with their likeness to its own.

    No step pads, so the columns of a window are those of the whole recording: training computes them once for all
    beats of a stretch (`columns`, `judge`), the desk for one window (`forward`), and both give the same logits.
    """

    architecture: ClassVar[str] = "beat-context"
    Config: ClassVar[type[NetworkConfig]] = BeatContextConfig
    config: BeatContextConfig

    def __init__(self, config: BeatContextConfig) -> None:
        super().__init__()
        self.config = config
        wide, features = config.width, config.features
        self.columns = nn.Sequential(
            *_layer(config.leads, wide // 2, 7),
            *_layer(wide // 2, wide * 3 // 4, 5, stride=2),
            *_layer(wide * 3 // 4, wide, 5),
            *_layer(wide, wide, 5, stride=2),
            *_layer(wide, wide, 5),
            *_layer(wide, features, 3, dilation=2),
        )
        self.key = nn.Conv1d(features, 8 * config.heads, 1) if config.heads else None
        self.around = nn.Sequential(
            *_layer(features + config.heads, wide, 5, stride=2, padding=2),
            *_layer(wide, wide, 5, stride=2, padding=2),
            *_layer(wide, wide, 5, stride=2, padding=2),
            *_layer(wide, wide, 5, stride=2, padding=2),
            nn.Flatten(),
            nn.Dropout(config.dropout),
        )
        self.near = nn.Sequential(nn.Flatten(), nn.Dropout(config.dropout), nn.Linear(features * (2 * NEAR + 1), wide))
        with torch.no_grad():
            long = self.around.eval()(torch.zeros(1, features + config.heads, config.columns)).shape[1]
        self.far = nn.Linear(long, wide)
        self.weigh = nn.Conv1d(features, config.usual, 1) if config.usual else None
        self.compare = nn.Linear(features * (config.usual + 1), wide) if config.usual else None
        self.scores = nn.Sequential(
            nn.ReLU(),
            nn.Dropout(config.dropout),
            nn.Linear((3 if config.usual else 2) * wide, wide),
            nn.ReLU(),
            nn.Linear(wide, config.classes),
        )
        self.train()

    def judge(self, columns: Tensor) -> Tensor:
        """Logits [beats, classes] of each beat's columns [beats, features, columns]."""
        middle = self.config.before
        found = [self.near(columns[:, :, middle - NEAR : middle + NEAR + 1])]
        if self.compare is not None:
            found.append(self.compare(self._against_usual(columns)))
        if self.key is not None:
            columns = torch.cat((columns, self._likeness(columns)), dim=1)
        scores: Tensor = self.scores(torch.cat((self.far(self.around(columns)), *found), dim=1))
        return scores

    def _against_usual(self, columns: Tensor) -> Tensor:
        """The beat's own column less each weighted mean of all columns, and itself: [beats, features · (usual + 1)]."""
        assert self.weigh is not None
        weights = torch.softmax(4 * self.weigh(columns), dim=2)
        means = torch.einsum("nft,nut->nuf", columns, weights)
        own = columns[:, None, :, self.config.before]
        return torch.cat((own, own - means), dim=1).flatten(1)

    def _likeness(self, columns: Tensor) -> Tensor:
        """Cosine [beats, heads, columns] of every column's keys with those of the beat's own column."""
        assert self.key is not None
        keys = self.key(columns).unflatten(1, (self.config.heads, -1))
        keys = keys / (keys.square().sum(dim=2, keepdim=True) + 1e-4).sqrt()
        alike: Tensor = (keys * keys[..., self.config.before, None]).sum(dim=2)
        return alike

    def forward(self, signals: Tensor) -> Tensor:
        """Logits [batch, classes] of signals [batch, leads, samples]."""
        return self.judge(self.columns(signals))

    def traced(self, signals: Tensor, layer: int | None = None) -> tuple[Tensor, tuple[FeatureMap, ...]]:
        """Logits [batch, classes], and the columns that they come from: the one map that there is."""
        if layer not in (None, 1):
            raise InvalidError(f"layer = {layer}: this network has one map, its columns", field="layer")
        columns = self.columns(signals)
        return self.judge(columns), (FeatureMap(columns, Grid(FIELD // 2, STRIDE, FIELD)),)


def _layer(
    inputs: int, outputs: int, size: int, stride: int = 1, padding: int = 0, dilation: int = 1
) -> tuple[nn.Module, nn.Module, nn.Module]:
    """Convolution, normalisation, ReLU; the normalisation has the bias."""
    convolution = nn.Conv1d(inputs, outputs, size, stride, padding, dilation, bias=False)
    return convolution, nn.BatchNorm1d(outputs), nn.ReLU()
