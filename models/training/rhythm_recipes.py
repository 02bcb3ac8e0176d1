"""What is trained on CinC 2017 and how: one recipe for each network of paper 002."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.cards import ClassSpec, InputSpec, ZScore
from models.errors import unknown

RHYTHMS = {"N": "Normal rhythm", "A": "Atrial fibrillation", "O": "Other rhythm", "~": "Too noisy"}


class RhythmRecipe(BaseModel):
    """One model's protocol: everything that, with the data and a fold, decides its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    summary: str
    source: str  # paper and section
    symbols: tuple[str, ...] = ("N", "A", "O", "~")  # classes in the order of the outputs
    scored: tuple[str, ...] = ("N", "A", "O")  # whose mean F1 is the challenge's score
    input: InputSpec = InputSpec(fs=100.0, preprocessing=(ZScore(),), reads_rr=True)
    architecture: str = "convolutional"
    network: dict[str, Any]
    folds: int = Field(8, ge=2)
    fold_seed: int = 0
    seed: int = 0
    batch: int = 16
    epochs: int
    learning_rate: float = 1e-3
    schedule: Literal["exponential", "cosine"] = "exponential"  # × 0.95 an epoch, or warm-up and half a cosine to zero
    weight_decay: float = 0.0
    clip: float = 1.0  # gradient norm
    longest: float | None = 30.0  # s: a longer training example is cropped to it anew each epoch
    inverted: float = Field(0.0, ge=0.0, le=1.0)  # probability that an example's polarity is turned
    gain: float = Field(0.0, ge=0.0, lt=1.0)  # an example is scaled by a factor from [1 − gain, 1 + gain]
    balanced: bool = False  # classes weighted by the inverse of their frequency
    precision: Literal["float32", "bfloat16"] = "float32"  # of convolutions in training; answers are always float32
    pretrained: str | None = None  # recipe whose convolutions of the same fold this one begins with
    pretrained_learning_rate: float = 1e-4
    limits: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[ClassSpec, ...]:
        """Classes with their names."""
        return tuple(ClassSpec(symbol=symbol, name=RHYTHMS[symbol]) for symbol in self.symbols)


# Layers of paper 002 §4.3.1. Its kernel of 21 samples at 300 Hz is 7 at 100 Hz; the halvings are the paper's, so that
# every layer's kernel is as wide in time as there and a step of the last map is three times as long.
SEVEN = {"channels": (16, 32, 32, 64, 64, 128, 128), "halved_after": (2, 3, 4, 5, 6), "kernel": 7}
FIFTEEN = {
    "channels": (16, *[32] * 4, *[64] * 4, *[128] * 4, 256, 256),
    "halved_after": (3, 5, 7, 9, 11, 13),
    "kernel": 7,
}
SEVENTEEN = {
    "channels": (16, 32, 32, *[64] * 4, *[128] * 4, *[256] * 4, 512, 512),
    "halved_after": (3, 5, 7, 9, 11, 13, 15),
    "kernel": 7,
}
_FAST: dict[str, Any] = {
    "learning_rate": 3e-3,
    "schedule": "cosine",
    "precision": "bfloat16",
    "inverted": 0.25,
    "gain": 0.2,
    "weight_decay": 1e-5,
}
_LIMITS = (
    "Reads one lead of a handheld recorder, brought to 100 Hz; trained on recordings of 9–61 s.",
    "Knows four answers; everything that is neither normal nor atrial fibrillation is one class, 'other rhythm'.",
)

RECIPES: dict[str, RhythmRecipe] = {
    recipe.id: recipe
    for recipe in (
        RhythmRecipe(
            id="cinc-conv7",
            title="Rhythm, 7 convolutions, global maximum",
            summary="Seven convolutional layers and a global maximum name the rhythm of a recording.",
            source="Paper 002, §4.3.1 (7 layer CNN+GMP)",
            network={"classes": 4, "pooling": "max", "dropout": (0, 0, 0, 0, 0.2, 0.3, 0)} | SEVEN,
            epochs=12,
            limits=_LIMITS,
            **_FAST,
        ),
        RhythmRecipe(
            id="cinc-conv15",
            title="Rhythm, 15 convolutions, global maximum",
            summary="Fifteen convolutional layers and a global maximum name the rhythm of a recording.",
            source="Paper 002, §4.3.1 (15 layer CNN+GMP)",
            network={"classes": 4, "pooling": "max", "dropout": (*[0] * 11, 0.2, 0.2, 0.3, 0)} | FIFTEEN,
            epochs=12,
            limits=_LIMITS,
            **_FAST,
        ),
        RhythmRecipe(
            id="cinc-conv7-lstm16",
            title="Rhythm, 7 convolutions and an LSTM of 16",
            summary="An LSTM of 16 units reads the features of seven convolutional layers from first to last.",
            source="Paper 002, §4.3.4 (7 layer CNN+1 layer LSTM, 16 hidden)",
            architecture="conv_lstm",
            network={"classes": 4, "hidden": 16, "dropout": (0, 0, 0, 0, 0.2, 0.3, 0)} | SEVEN,
            epochs=12,
            limits=_LIMITS,
            **_FAST,
        ),
        RhythmRecipe(
            id="cinc-conv15-lstm64",
            title="Rhythm, 15 convolutions, then an LSTM of 64",
            summary="An LSTM of 64 units reads the features of fifteen convolutions that were trained before it.",
            source="Paper 002, §4.3.4 (pretrained 15 layer CNN+1 layer LSTM, 64 hidden)",
            architecture="conv_lstm",
            network={"classes": 4, "hidden": 64, "dropout": (*[0] * 11, 0.2, 0.2, 0.3, 0)} | FIFTEEN,
            epochs=4,
            pretrained="cinc-conv15",
            limits=_LIMITS,
            **_FAST | {"learning_rate": 1e-3},
        ),
        RhythmRecipe(
            id="cinc-gated17",
            title="Rhythm, 17 convolutions with an attention gate",
            summary="The last of seventeen convolutions says through a gate where the thirteenth is worth reading.",
            source="Paper 002, §4.3.3 (17 layer CNN+AttentionGates, mean vote)",
            architecture="attention_gated",
            network={"classes": 4, "joined": "vote", "gate_pooling": "mean"} | SEVENTEEN,
            epochs=10,
            limits=_LIMITS,
            **_FAST | {"learning_rate": 2e-3},
        ),
    )
}


def recipe(name: str) -> RhythmRecipe:
    """The recipe called `name`; NotFoundError names those there are."""
    if name not in RECIPES:
        raise unknown("recipe", name, tuple(RECIPES), field="name")
    return RECIPES[name]
