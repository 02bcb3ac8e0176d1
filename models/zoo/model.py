"""A trained model ready to answer."""

from dataclasses import dataclass
from typing import Literal, Protocol, TypedDict

import numpy as np
import torch
from numpy.typing import NDArray

from models.cards import Card
from models.errors import InvalidError
from models.networks import Network

Floats = NDArray[np.float32]
Seen = Literal["train", "validation", "test", "unknown"]
BATCH = 500  # windows at once: bounds memory, and was no slower than larger batches


class Identified(Protocol):
    """A recording as far as it tells whose it is."""

    @property
    def sha256(self) -> str: ...
    @property
    def patient(self) -> str | None: ...


class Headline(TypedDict):
    """What to say first about a model's quality; None where its card does not say."""

    accuracy: float | None
    majority_rate: float | None
    patients: int | None  # in the test set
    text: str


@dataclass(frozen=True)
class Model:
    """A card and the network it describes. Safe to share among threads: the network is never changed."""

    card: Card
    network: Network
    weights_sha256: str

    def logits(self, inputs: Floats) -> Floats:
        """Class scores [batch, classes] of inputs [batch, leads, samples]."""
        self._check(inputs)
        if not len(inputs):
            return np.empty((0, len(self.card.classes)), dtype=np.float32)
        windows = np.ascontiguousarray(inputs, dtype=np.float32)
        with torch.inference_mode():
            parts = [self.network(torch.from_numpy(windows[i : i + BATCH])) for i in range(0, len(windows), BATCH)]
        return np.asarray(torch.cat(parts).numpy(), dtype=np.float32)

    def probabilities(self, inputs: Floats) -> Floats:
        """Calibrated class probabilities [batch, classes] of inputs [batch, leads, samples]."""
        return softmax(self.logits(inputs), self.card.temperature)

    def seen(self, record: Identified) -> Seen:
        """Whether this recording, or another of the same patient, was used in making the model."""
        own = [used.split for used in self.card.records if record.sha256 and used.sha256 == record.sha256]
        same = [used.split for used in self.card.records if record.patient and used.patient == record.patient]
        found = own or same
        # A patient in several sets was seen as far as it matters: training first.
        order: tuple[Seen, ...] = ("train", "validation", "test")
        return next((split for split in order if split in found), "unknown")

    def headline(self) -> Headline:
        """Accuracy beside the majority-class rate, which alone gives it meaning."""
        test = self.card.evaluation.get("test", {})
        accuracy, majority, patients = (test.get(name) for name in ("accuracy", "majority_rate", "patients"))
        if accuracy is None or majority is None:
            return Headline(accuracy=None, majority_rate=None, patients=None, text="Its card reports no test.")
        kind = "beats of patients also in training" if self.card.leaks_patients else f"{patients} unseen patients"
        text = f"{accuracy:.1%} right on {kind}; always saying the most frequent class gives {majority:.1%}"
        return Headline(accuracy=accuracy, majority_rate=majority, patients=patients, text=text + self._over_seeds())

    def _over_seeds(self) -> str:
        """How far the accuracy moves when only the seed of the training does; empty where one seed was run."""
        seeds = self.card.evaluation.get("spread", {}).get("seeds", {})
        if seeds.get("sd") is None:
            return ""
        return f"; over {seeds['runs']} seeds {seeds['low']:.1%} to {seeds['high']:.1%}, mean {seeds['mean']:.1%}"

    def _check(self, inputs: Floats) -> None:
        spec = self.card.input
        wanted = (spec.leads, spec.window.samples)
        if inputs.ndim != 3 or inputs.shape[1:] != wanted:
            raise InvalidError(f"{self.card.id} reads [batch, {wanted[0]}, {wanted[1]}], not {list(inputs.shape)}")
        if not np.isfinite(inputs).all():
            raise InvalidError(f"{self.card.id} cannot read a window with missing samples")


def softmax(logits: Floats, temperature: float = 1.0) -> Floats:
    """Probabilities [batch, classes] of logits [batch, classes] divided by the temperature."""
    scaled = logits.astype(np.float64) / temperature
    powers = np.exp(scaled - scaled.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), dtype=np.float32)
