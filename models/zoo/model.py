"""A trained model ready to answer."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol, TypedDict

import numpy as np
import torch
from numpy.typing import NDArray

from models.cards import Card
from models.errors import InvalidError, unknown
from models.evaluation.bootstrap import over_patients
from models.networks import Network
from models.signals.windows import MOST_BYTES

Floats = NDArray[np.float32]
Seen = Literal["train", "validation", "test", "unknown"]


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
    interval: tuple[float, float] | None  # 95 %, of the accuracy as the test patients are drawn anew
    text: str


@dataclass(frozen=True)
class Model:
    """A card and the network it describes. Safe to share among threads: the network is never changed."""

    card: Card
    network: Network
    weights_sha256: str
    folder: Path | None = None  # of card, weights and artefacts; None: it was made in memory

    def logits(self, inputs: Floats) -> Floats:
        """Class scores [batch, classes] of inputs [batch, leads, samples], of any length that the model reads."""
        self.check(inputs)
        if not len(inputs):
            return np.empty((0, len(self.card.classes)), dtype=np.float32)
        windows = np.ascontiguousarray(inputs, dtype=np.float32)
        step = max(1, MOST_BYTES // windows[0].nbytes)  # bounds memory, and was no slower than larger batches
        with torch.inference_mode():
            parts = [self.network(torch.from_numpy(windows[i : i + step])) for i in range(0, len(windows), step)]
        return np.asarray(torch.cat(parts).numpy(), dtype=np.float32)

    def probabilities(self, inputs: Floats) -> Floats:
        """Class probabilities [batch, classes] of inputs [batch, leads, samples]."""
        return self.card.output.chances(self.logits(inputs))

    def artefact(self, name: str) -> Path:
        """The file `name` beside the weights, whose hash was checked when the model was read."""
        if self.folder is None or name not in self.card.artefacts:
            raise unknown("artefact", name, tuple(self.card.artefacts), where=f"{self.card.id} has")
        return self.folder / name

    def seen(self, record: Identified) -> Seen:
        """Whether this recording, or another of the same patient, was used in making the model."""
        own = [used.split for used in self.card.records if record.sha256 and used.sha256 == record.sha256]
        same = [used.split for used in self.card.records if record.patient and used.patient == record.patient]
        found = own or same
        # A patient in several sets was seen as far as it matters: training first.
        order: tuple[Seen, ...] = ("train", "validation", "test")
        return next((split for split in order if split in found), "unknown")

    def patient(self, record: Identified) -> str | None:
        """Whose recording this is, by the card or by itself; None where neither says."""
        known = (used.patient for used in self.card.records if record.sha256 and used.sha256 == record.sha256)
        return next(known, None) or record.patient

    def headline(self) -> Headline:
        """Accuracy on the beats that are shown (every reference beat), beside what alone gives it meaning.

        That is the majority-class rate, the accuracy on the beats that the paper's detector finds, and other seeds'.
        """
        found = self.card.evaluation
        test = found.get("test") or found.get("pooled", {})  # of one split, or of all folds
        shown = found.get("reference", test)
        accuracy, majority, patients = (shown.get(name) for name in ("accuracy", "majority_rate", "patients"))
        if "auroc" in test:
            area = test["auroc"]
            text = f"AUROC {area['value']:.2f} ({area['low']:.2f}–{area['high']:.2f}) on {test['stays']} unseen stays"
            return Headline(accuracy=None, majority_rate=None, patients=None, interval=None, text=text)
        if accuracy is None or majority is None:
            return Headline(
                accuracy=None, majority_rate=None, patients=None, interval=None, text="Its card reports no test."
            )
        kind = "beats of patients also in training" if self.card.leaks_patients else f"{patients} unseen patients"
        if "folds" in found:
            kind = f"{test['examples']} recordings held out in {len(found['folds'])} of {found['of_folds']} folds"
        text = f"{accuracy:.1%} right on {kind}; always saying the most frequent class gives {majority:.1%}"
        if shown is not test:
            text += f"; on the beats alone that the paper's detector finds {test['accuracy']:.1%} right"
        return Headline(
            accuracy=accuracy,
            majority_rate=majority,
            patients=patients,
            interval=interval(shown.get("per_patient") or {}),
            text=text + self._over_seeds(),
        )

    @property
    def calibrated(self) -> bool:
        """Whether its probabilities were nearer to the truth on the test set with its temperature than without."""
        return bool(self.card.evaluation.get("calibration", {}).get("improves", False))

    def calibration(self) -> str:
        """On whom the temperature was fitted, and how far off probabilities are; empty where the card does not say."""
        found = self.card.evaluation.get("calibration", {})
        shown, patients = found.get("reference"), found.get("ece_per_patient")
        if not shown or not patients:
            return ""
        text = (
            f"Temperature {found['temperature']:.2f} from {found['fitted_on_patients']} patients; on test "
            f"probabilities are off by {shown['ece_after']:.1%} on average"
        )
        if not self.card.leaks_patients:
            text += f", by up to {max(patients.values()):.0%} in one patient"
        return f"{text} ({shown['ece_before']:.1%} without it)."

    def _over_seeds(self) -> str:
        """How far the accuracy moves when only the seed of the training does; empty where one seed was run."""
        seeds = self.card.evaluation.get("spread", {}).get("seeds", {})
        if seeds.get("sd") is None:
            return ""
        return (
            f"; in test over {seeds['runs']} seeds {seeds['low']:.1%} to {seeds['high']:.1%}, mean {seeds['mean']:.1%}"
        )

    def check(self, inputs: Floats) -> None:
        """InvalidError where inputs [batch, leads, samples] are not what the model reads."""
        spec = self.card.input
        fits = inputs.ndim == 3 and inputs.shape[1] == spec.leads and spec.window.fits(inputs.shape[2])
        if not fits:
            shape = f"[batch, {spec.leads}, {spec.window.length}]"
            raise InvalidError(f"{self.card.id} reads {shape}, not {list(inputs.shape)}", field="input")
        if not np.isfinite(inputs).all():
            raise InvalidError(f"{self.card.id} cannot read a window with missing samples", field="input")


def interval(per_patient: dict[str, dict[str, Any]]) -> tuple[float, float] | None:
    """The 95 % interval of the accuracy over patients, of a card's counts by patient; None for fewer than two."""
    found = [(one["accuracy"] * one["beats"], one["beats"]) for one in per_patient.values()]
    if len(found) < 2:
        return None
    right, beats = zip(*found, strict=True)
    whole = over_patients(right, beats)
    return round(whole.low, 4), round(whole.high, 4)
