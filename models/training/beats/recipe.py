"""How the beat model that measures is trained: everything that, with the data, decides its weights."""

from typing import Any

from pydantic import BaseModel, ConfigDict

from models.cards import BandPass, BeatWindow, Channel, InputSpec, ZScore
from models.networks.beat_measures import BeatMeasuresConfig
from models.training.beats.stretches import Changes

NETWORK = BeatMeasuresConfig(leads=2, classes=4)


class BeatRecipe(BaseModel):
    """One protocol: fixed steps, no early end; every setting was chosen on folds of training patients."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = "aami-measures"
    title: str = "Beat against the window's others, AAMI classes"
    summary: str = (
        "Finds the beats of 30 s in two leads, measures one against the others in rhythm and shape, and names it: "
        "normal, supraventricular premature, ventricular or fusion."
    )
    source: str = "de Chazal, O'Dwyer and Reilly 2004 (records DS1 and DS2)"
    input: InputSpec = InputSpec(
        fs=100.0,
        channels=(
            Channel(name="MLII", aliases=("II",), optional=True),
            Channel(name="V1", substitutes=("V2", "V4", "V5"), optional=True),  # what MIT-BIH has beside MLII
        ),
        preprocessing=(BandPass(low=0.5, high=40.0, order=200), ZScore()),
        window=BeatWindow(before=NETWORK.before, after=NETWORK.after),
        reads_rr=True,
    )
    network: dict[str, Any] = {"leads": 2, "classes": 4}
    changes: Changes = Changes(mix=0.5, premature=0.12, fibrillation=0.2, jitter=5)
    stretches: int = 50  # drawn of each recording
    samples: int = 7500  # of a stretch
    draws: tuple[float, ...] = (0.4, 0.2, 0.2, 0.05, 0.15)  # stretches around any beat, S, V, F, an early N
    normals: int = 12  # normal beats of a stretch that are learned from, at most
    steps: int = 800
    batch: int = 512  # beats
    shares: tuple[float, ...] = (0.8, 0.04, 0.145, 0.015)  # of the classes in what is learned from
    evenness: float = 0.8  # 0: every beat of a class weighs alike; 1: every patient
    blur: float = 0.3  # SD of the noise on the measures, in theirs
    learning_rate: float = 3e-3  # after 50 steps of warming up; then down a cosine
    weight_decay: float = 1e-2
    averaging: float = 0.995  # of the weights over the steps: what is kept
    clip: float = 1.0  # gradient norm
    seeds: tuple[int, ...] = (0, 1, 2)  # the first one's weights are shipped, whatever the test says
    folds: tuple[tuple[str, ...], ...] = (
        ("209", "106", "116", "101", "109", "115"),
        ("201", "208", "114", "112", "122"),
        ("207", "220", "119", "215", "124"),
        ("118", "223", "203", "108", "205", "230"),
    )  # training recordings answered once by a network that did not see them: for temperature and abstention
    limits: tuple[str, ...] = (
        "Reads MLII and a chest lead, V1 in most recordings it learned from; one of them may be missing (read as "
        "zero).",
        "Needs 22 s before and 8 s after the beat: the first and last beats of a recording are not judged.",
        "Do not rely on S in a new patient: more than four of five in test are missed, most of them in long "
        "atrial runs. Fusion beats are hardly ever found.",
        "Recordings with a pacemaker were left out: paced beats are given one of its four names.",
    )

    @property
    def window(self) -> BeatWindow:
        """The window of the input: one length around each beat."""
        assert isinstance(self.input.window, BeatWindow)
        return self.input.window
