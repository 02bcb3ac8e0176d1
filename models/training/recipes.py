"""What is trained, on what and how: one recipe for each model that the project trains itself."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from models.cards import ClassSpec, InputSpec
from models.errors import unknown
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


_RR = "Rhythm (RR intervals) did not reach the model: it judges the shape of one beat only."
_LEAD = "Trained on the first lead of each MIT-BIH record only (MLII in most, V5 in some), at 360 Hz."

RECIPES: dict[str, Recipe] = {
    recipe.id: recipe
    for recipe in (
        Recipe(
            id="mitbih-lstm",
            title="LSTM, 4 classes, patient split",
            summary="One LSTM layer of 128 units reads one beat of 0.6 s and names it: normal, RBBB, paced or PVC.",
            source="van der Westhuizen & Lasenby 2018 (paper 000), §4",
            symbols=("N", "R", "/", "V"),
            network={"leads": 1, "classes": 4, "hidden": 128, "layers": 1, "dropout": 0.1, "pooling": "last"},
            split="patients",
            split_seed=1252,  # the first that paper 000's rule accepts, counting from 0
            other_split_seeds=(8501, 10717, 11601),  # the next ones but 9868, which has not been run
            weight_decay=1e-3,
            batch=200,
            epochs=20,
            patience=8,
            seeds=(0, 1, 2, 3, 4),
            limits=(_RR, _LEAD),
        ),
        Recipe(
            id="mitbih-lstm-pooled",
            title="LSTM averaged over time, 5 classes, random split",
            summary="One LSTM layer of 128 units, its outputs averaged over time, names one beat out of five classes.",
            source="van der Westhuizen & Lasenby 2017 (paper 001), §3",
            symbols=("N", "L", "R", "/", "V"),
            network={"leads": 1, "classes": 5, "hidden": 128, "layers": 1, "dropout": 0.2, "pooling": "mean"},
            split="beats",
            split_seed=0,
            learning_rate=1e-3,
            batch=256,
            epochs=60,
            patience=8,
            seeds=(0,),
            limits=(
                "Beats of the same patients are in training and test: its accuracy says nothing about new patients.",
                "Paper 001 calls its fifth class V-fib, but MIT-BIH marks no such beats: taken here as V, "
                "premature ventricular contraction, as the same authors do in paper 000.",
                _RR,
                _LEAD,
            ),
        ),
    )
}


def recipe(name: str) -> Recipe:
    """The recipe called `name`; NotFoundError names those there are."""
    if name not in RECIPES:
        raise unknown("recipe", name, tuple(RECIPES), field="name")
    return RECIPES[name]
