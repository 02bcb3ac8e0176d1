"""How the beat model with neighbours is trained: everything that, with the data, decides its weights."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from models.cards import BandPass, InputSpec, WindowSpec, ZScore
from models.networks.beat_context import BeatContextConfig
from models.training.stretches import Changes

NETWORK = BeatContextConfig(leads=2, classes=4)


class BeatRecipe(BaseModel):
    """One protocol: fixed steps, no early end; settings were chosen on folds of DS1 patients."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = "aami-beats"
    input: InputSpec = InputSpec(
        fs=100.0,
        leads=2,
        preprocessing=(BandPass(low=0.5, high=40.0, order=200), ZScore()),
        window=WindowSpec(before=NETWORK.centre, after=NETWORK.samples - NETWORK.centre),
        reads_rr=True,
    )
    network: dict[str, Any] = NETWORK.model_dump(mode="json")
    changes: Changes = Changes()
    steps: int = 350
    batch: int = 6  # stretches
    samples: int = 6000  # of a stretch
    draws: tuple[float, ...] = (0.5, 0.25, 0.2, 0.05)  # of stretches around any beat, S, V and F
    normals: int = 100  # normal beats of a batch that are learned from, at most
    weights: tuple[float, ...] = (1.0, 1.5, 1.0, 1.0)  # of the classes in the loss
    learning_rate: float = 3e-3  # after 50 steps of warming up; then down a cosine
    weight_decay: float = 1e-2
    averaging: float = 0.99  # of the weights over the steps: what is kept
    clip: float = 1.0  # gradient norm
    seeds: tuple[int, ...] = (0, 1, 2, 3, 4)  # the first one's weights are shipped, whatever the test says
