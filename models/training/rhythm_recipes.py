"""What is trained on CinC 2017 and how: one recipe for each network of paper 002."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.cards import ClassSpec, InputSpec, SpanWindow, ZScore
from models.errors import unknown
from models.vocabularies import name_of

# Every CinC 2017 recording is one window of its own length, as the folds judge it; a longer recording is cut.
WINDOW = SpanWindow(samples=3000, stride=3000, shortest=900, whole_to=6100)  # 30 s, 9 s; a record of 61 s is one


class RhythmRecipe(BaseModel):
    """One model's protocol: everything that, with the data and a fold, decides its weights."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title: str
    summary: str
    source: str  # paper and section
    published: float | None = None  # the source's own score, over its own folds
    vocabulary: str = "cinc2017"
    symbols: tuple[str, ...] = ("N", "A", "O", "~")  # classes in the order of the outputs
    scored: tuple[str, ...] = ("N", "A", "O")  # whose mean F1 is the challenge's score
    input: InputSpec = InputSpec(fs=100.0, preprocessing=(ZScore(),), window=WINDOW, reads_rr=True)
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
    members: tuple[str, ...] = ()  # recipes whose networks of the same fold answer together; nothing else is trained
    limits: tuple[str, ...] = ()

    @property
    def classes(self) -> tuple[ClassSpec, ...]:
        """Classes with their names."""
        return tuple(ClassSpec(symbol=symbol, name=name_of(self.vocabulary, symbol)) for symbol in self.symbols)


# Layers of paper 002 §4.3.1. Its kernel of 21 samples at 300 Hz is 7 at 100 Hz; the halvings are the paper's, so that
# every layer's kernel is as wide in time as there and a step of the last map is three times as long.
FOUR = {"channels": (16, 32, 64, 128), "halved_after": (2, 3), "kernel": 7}
SEVEN = {"channels": (16, 32, 32, 64, 64, 128, 128), "halved_after": (2, 3, 4, 5, 6), "kernel": 7}
FIFTEEN = {
    "channels": (16, *[32] * 4, *[64] * 4, *[128] * 4, 256, 256),
    "halved_after": (3, 5, 7, 9, 11, 13),
    "kernel": 7,
}
SEVENTEEN = {  # a step of the last map sees 32 s: without the margin most recordings had one step
    "channels": (16, 32, 32, *[64] * 4, *[128] * 4, *[256] * 4, 512, 512),
    "halved_after": (3, 5, 7, 9, 11, 13, 15),
    "kernel": 7,
    "margin": 1000,
}
# Dropout on the last, short maps only: at full rate its random numbers took a quarter of the time on a CPU.
_DROP_SEVEN = {"dropout": (0, 0, 0, 0, 0.2, 0.3, 0)}
_DROP_FIFTEEN = {"dropout": (*[0] * 11, 0.2, 0.2, 0.3, 0)}
_MAX, _MEAN = {"classes": 4, "pooling": "max"}, {"classes": 4, "pooling": "mean"}
_LIMITS = (
    "Reads one lead of a handheld recorder, brought to 100 Hz; trained on recordings of 9–61 s.",
    "Knows four answers; everything that is neither normal nor atrial fibrillation is one class, 'other rhythm'.",
)


def _recipe(name: str, title: str, table: str, published: float, network: dict[str, Any], **other: Any) -> RhythmRecipe:
    """A recipe short enough for one CPU: an eighth to a quarter of the paper's epochs, at a rate that falls to zero."""
    short: dict[str, Any] = {
        "epochs": 12,
        "learning_rate": 3e-3,
        "schedule": "cosine",
        "precision": "bfloat16",
        "inverted": 0.25,
        "gain": 0.2,
        "weight_decay": 1e-5,
        "limits": _LIMITS,
    }
    return RhythmRecipe(
        id=f"cinc-{name}",
        title=f"Rhythm: {title}",
        summary="Names the rhythm of a whole recording: normal, atrial fibrillation, other, or too noisy to tell.",
        source=f"Paper 002, {table}",
        published=published,
        network=network,
        **short | other,
    )


_LSTM = {"architecture": "conv_lstm"}
_AFTER = _LSTM | {"epochs": 6}
_DEEP = {"epochs": 8}  # an epoch takes two to four times as long as with seven layers
_GATED = {"architecture": "attention_gated", "epochs": 6, "learning_rate": 2e-3}
RECIPES: dict[str, RhythmRecipe] = {
    recipe.id: recipe
    for recipe in (
        _recipe("conv7", "7 convolutions, GMP", "table 5.1", 0.82, _MAX | _DROP_SEVEN | SEVEN),
        _recipe("conv15", "15 convolutions, GMP", "table 5.1", 0.84, _MAX | _DROP_FIFTEEN | FIFTEEN, **_DEEP),
        _recipe("conv4", "4 convolutions, GMP", "table 5.1", 0.68, _MAX | FOUR),
        _recipe("conv7-gap", "7 convolutions, GAP", "table 5.1", 0.82, _MEAN | _DROP_SEVEN | SEVEN),
        _recipe(
            "residual15", "15 convolutions, residual", "table 5.1", 0.83, _MAX | FIFTEEN | {"residual": True}, **_DEEP
        ),
        _recipe(
            "vote15", "15 convolutions, mean vote", "table 5.1", 0.83, _MAX | FIFTEEN | {"vote_layer": 11}, **_DEEP
        ),
        _recipe("conv17", "17 convolutions, GMP", "table 5.1", 0.83, _MAX | SEVENTEEN, **_DEEP),
        _recipe(
            "gated17",
            "17 convolutions, attention gate",
            "table 5.2",
            0.84,
            {"classes": 4, "joined": "vote", "gate_pooling": "mean"} | SEVENTEEN,
            **_GATED,
        ),
        _recipe(
            "gated17-joined",
            "17 convolutions, attention gate, one classifier",
            "table 5.2",
            0.83,
            {"classes": 4, "joined": "concatenated", "gate_pooling": "mean"} | SEVENTEEN,
            **_GATED,
        ),
        _recipe(
            "conv7-lstm16",
            "7 convolutions, LSTM of 16",
            "table 5.3",
            0.83,
            {"classes": 4, "hidden": 16} | _DROP_SEVEN | SEVEN,
            **_LSTM,
        ),
        _recipe(
            "conv7-2lstm16",
            "7 convolutions, then 2 LSTM of 16",
            "table 5.3",
            0.84,
            {"classes": 4, "hidden": 16, "recurrent_layers": 2} | _DROP_SEVEN | SEVEN,
            pretrained="cinc-conv7",
            **_AFTER,
        ),
        _recipe(
            "conv15-lstm64",
            "15 convolutions, then an LSTM of 64",
            "table 5.3",
            0.85,
            {"classes": 4, "hidden": 64} | _DROP_FIFTEEN | FIFTEEN,
            pretrained="cinc-conv15",
            **_AFTER,
        ),
    )
}


def _together(name: str, title: str, *members: str) -> RhythmRecipe:
    """A recipe of nothing but the networks of other recipes."""
    known = [RECIPES[member] for member in members]
    parts = [{"architecture": member.architecture, "config": member.network} for member in known]
    return RhythmRecipe(
        id=f"cinc-{name}",
        title=f"Rhythm: {title}",
        summary="Names the rhythm of a whole recording by the mean probability of several networks.",
        source="Beatlens: networks of paper 002, averaged",
        architecture="ensemble",
        network={"classes": 4, "members": parts},
        members=members,
        epochs=0,
        limits=_LIMITS,
    )


RECIPES["cinc-ensemble"] = _together(
    "ensemble", "three networks together", "cinc-conv7", "cinc-conv15", "cinc-conv15-lstm64"
)


def recipe(name: str) -> RhythmRecipe:
    """The recipe called `name`; NotFoundError names those there are."""
    if name not in RECIPES:
        raise unknown("recipe", name, tuple(RECIPES), field="name")
    return RECIPES[name]
