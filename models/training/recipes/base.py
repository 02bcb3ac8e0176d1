"""What a recipe is: what is trained, on what and how."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from models.cards import ClassSpec, InputSpec
from models.vocabularies.mitbih import BEATS


class Recipe(BaseModel):
    """One model's protocol: everything that, with the data, decides its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    summary: str
    source: str  # paper and section
    symbols: tuple[str, ...]  # classes in the order of the outputs
    input: InputSpec = InputSpec(fs=360.0)
    architecture: str = "lstm"
    network: dict[str, Any]
    split: Literal["patients", "beats"]
    split_seed: int
    other_split_seeds: tuple[int, ...] = ()  # further accepted splits, for the spread only
    learning_rate: float = 3e-4
    weight_decay: float = 0.0
    batch: int
    clip: float = 1.0  # gradient norm
    epochs: int
    beats_per_epoch: int = 20_000
    patience: int  # epochs without a better validation loss before a run stops
    seeds: tuple[int, ...]  # the first one's weights are shipped, whatever the test set says
    limits: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[ClassSpec, ...]:
        """Classes with their names."""
        return tuple(ClassSpec(symbol=symbol, name=BEATS[symbol].name) for symbol in self.symbols)


# What readers of any model of MIT-BIH's single beats must know.
RR = "Rhythm (RR intervals) did not reach the model: it judges the shape of one beat only."
FIRST_LEAD = "Trained on the first lead of each MIT-BIH record only (MLII in most, V5 in some), at 360 Hz."
