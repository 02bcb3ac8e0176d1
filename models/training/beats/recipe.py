"""How the beat model with neighbours is trained: everything that, with the data, decides its weights."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from models.cards import BandPass, BeatWindow, Channel, InputSpec, ZScore
from models.networks.beat_context import BeatContextConfig
from models.training.beats.stretches import Changes

NETWORK = BeatContextConfig(leads=2, classes=4)


class BeatRecipe(BaseModel):
    """One protocol: fixed steps, no early end; every setting was chosen on folds of training patients."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = "aami-beats"
    title: str = "Beat and rhythm, AAMI classes"
    summary: str = (
        "A small convolutional network reads 8.6 s around a beat in two leads and names it: normal, "
        "supraventricular premature, ventricular or fusion."
    )
    source: str = "de Chazal, O'Dwyer and Reilly 2004 (records DS1 and DS2)"
    input: InputSpec = InputSpec(
        fs=100.0,
        channels=(
            Channel(name="MLII", aliases=("II",), optional=True),
            Channel(name="V1", substitutes=("V2", "V4", "V5"), optional=True),  # what MIT-BIH has beside MLII
        ),
        preprocessing=(BandPass(low=0.5, high=40.0, order=200), ZScore()),
        window=BeatWindow(before=NETWORK.centre, after=NETWORK.samples - NETWORK.centre),
        reads_rr=True,
    )
    network: dict[str, Any] = {"leads": 2, "classes": 4}
    changes: Changes = Changes(mix=0.5, premature=0.12, fibrillation=0.15)
    steps: int = 450
    batch: int = 6  # stretches
    samples: int = 6000  # of a stretch
    draws: tuple[float, ...] = (0.4, 0.25, 0.2, 0.05, 0.1)  # stretches around any beat, S, V, F, an early N
    normals: int = 100  # normal beats of a batch that are learned from, at most
    weights: tuple[float, ...] = (1.0, 1.0, 1.0, 1.0)  # of the classes in the loss
    learning_rate: float = 3e-3  # after 50 steps of warming up; then down a cosine
    weight_decay: float = 1e-2
    averaging: float = 0.99  # of the weights over the steps: what is kept
    clip: float = 1.0  # gradient norm
    seeds: tuple[int, ...] = (0, 1, 2)  # the first one's weights are shipped, whatever the test says
    folds: tuple[tuple[str, ...], ...] = (
        ("209", "106", "116", "101", "109", "115"),
        ("118", "223", "203", "108", "205", "230"),
    )  # training recordings answered once by a network that did not see them: for temperature and abstention
    limits: tuple[str, ...] = (
        "Reads MLII and a chest lead, V1 in most recordings it learned from; one of them may be missing (read as "
        "zero).",
        "Needs 5.3 s before and 3.3 s after the beat: the first and last beats of a recording are not judged.",
        "Do not rely on S in a new patient, least of all in atrial fibrillation, flutter or an atrial rhythm: most of "
        "its errors in test are there. Fusion beats are hardly ever found.",
        "Recordings with a pacemaker were left out: paced beats are given one of its four names.",
    )

    @property
    def window(self) -> BeatWindow:
        """The window of the input: one length around each beat."""
        assert isinstance(self.input.window, BeatWindow)
        return self.input.window
