"""Timing or shape: what becomes of the output with regular intervals, with every beat alike, and with both."""

import time
from typing import ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from models.errors import InvalidError
from models.explainers.base import Progress, Report
from models.explainers.tracks import Floats, WindowMark, beat_marks
from models.explanations.explaining import plain, target_of, versions
from models.explanations.explanation import Target
from models.signals.cycles import aligned, equal_intervals, mean_beats
from models.signals.warping import spread
from models.tasks.base import Question, Scope, Task, TaskParameters
from models.tasks.explanation import resolved
from models.zoo import Model

FEWEST = 4  # beats
FALLEN = 0.5  # of the probability: less is left of a decision that was taken away
Change = Literal["timing", "shape", "both"]
CHANGES: tuple[Change, ...] = ("timing", "shape", "both")


class TimingOrShapeParameters(TaskParameters):
    """Which class; where the beats are, the window says."""

    target: int | None = None  # class index; None: the model's output
    marks: tuple[WindowMark, ...] | None = None


class Altered(BaseModel):
    """The window with something taken out of it, and what the model makes of that."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    taken: Change  # timing: equal intervals; shape: every beat the mean beat; both
    probabilities: dict[str, float]  # class symbol → calibrated
    signal: list[list[float]]  # [channels][samples], as the network reads it
    beats: list[int]  # samples of the window
    spread: float  # ms, standard deviation of its RR intervals


class TimingOrShape(BaseModel):
    """What of a decision hangs on when beats come, and what on how they look."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    target: Target
    beats: list[int]  # samples of the window
    interval: float  # ms, mean RR
    spread: float  # ms, standard deviation of the RR intervals
    probabilities: dict[str, float]  # of the window as it is
    altered: list[Altered]  # timing, shape, both
    hangs_on: Literal["timing", "shape", "each", "either", "neither"]
    sentence: str
    model: str
    versions: dict[str, str]
    seconds: float


class TimingOrShapeTask(Task[TimingOrShapeParameters, TimingOrShape]):
    """Ask a model again about a window with regular intervals, with every beat alike, and with both."""

    name: ClassVar[str] = "timing_or_shape"
    title: ClassVar[str] = "Timing or shape"
    scope: ClassVar[Scope] = "window"
    reads_marks: ClassVar[bool] = True
    Parameters = TimingOrShapeParameters
    Result = TimingOrShape

    def completed(
        self, model: Model, inputs: Floats | None, parameters: TimingOrShapeParameters
    ) -> TimingOrShapeParameters:
        """With the class that is meant; InvalidError where there are too few beats."""
        found = beat_marks(parameters.marks or ())
        if len(found) < FEWEST:
            message = f"Timing or shape needs at least {FEWEST} beats: this window has {len(found)}"
            raise InvalidError(message, field="at")
        marks = tuple(WindowMark(int(at), None, "") for at in found)  # what they are called decides nothing
        return parameters.model_copy(update={"target": resolved(model, inputs, parameters.target), "marks": marks})

    def run(self, question: Question[TimingOrShape], report: Report) -> TimingOrShape:
        """Four answers of the model, and what they say together."""
        began, model, fs = time.perf_counter(), question.model, question.model.card.input.fs
        assert question.inputs is not None
        peaks, signals = altered(question.inputs, beat_marks(question.parameters.marks), fs)
        report(Progress(0.5))
        chances = model.probabilities(np.stack([question.inputs, *(signal for signal, _ in signals.values())]))
        target, decided = target_of(model, question.parameters.target), hangs_on(chances[:, question.parameters.target])
        report(Progress(1.0))
        return TimingOrShape(
            id=question.id,
            target=target,
            beats=peaks.tolist(),
            interval=round(float(np.diff(peaks).mean()) * 1000 / fs, 1),
            spread=round(spread(peaks, fs), 1),
            probabilities=_by_class(model, chances[0]),
            altered=_answers(model, signals, chances[1:]),
            hangs_on=decided,
            sentence=sentence(model, target, chances, decided),
            model=model.card.id,
            versions=versions(),
            seconds=round(time.perf_counter() - began, 3),
        )

    def instant(self, question: Question[TimingOrShape]) -> bool:
        """Four readings of one window."""
        return True

    def effort(self, question: Question[TimingOrShape]) -> float:
        """Four readings of one window."""
        assert question.inputs is not None
        return float(4 * question.inputs.shape[1])


Places = NDArray[np.int64]


def altered(inputs: Floats, marked: Places, fs: float) -> tuple[Places, dict[Change, tuple[Floats, Places]]]:
    """R peaks of inputs [leads, samples] as they are aligned, and what was taken → the signal and its R peaks."""
    signal = inputs.astype(np.float64)
    peaks = aligned(signal, marked, fs)
    equal, wanted = equal_intervals(signal, peaks, fs)
    alike, timed = mean_beats(equal, wanted, peaks, fs)
    found = {"timing": (equal, wanted), "shape": (timed, peaks), "both": (alike, wanted)}
    return peaks, {taken: (found[taken][0].astype(np.float32), found[taken][1]) for taken in CHANGES}


def hangs_on(target: Floats) -> Literal["timing", "shape", "each", "either", "neither"]:
    """From the target's probability as it is, and without timing, shape and both: what the decision cannot do without.

    "each": it falls without the one as without the other. "either": only without both.
    """
    timing, shape, both = (bool(one < FALLEN * target[0]) for one in target[1:])
    if timing and shape:
        return "each"
    if timing or shape:
        return "timing" if timing else "shape"
    return "either" if both else "neither"


MEANS = {
    "timing": "the decision hangs on when the beats come, not on how they look",
    "shape": "the decision hangs on how the beats look, not on when they come",
    "each": "the decision needs both, when the beats come and how they look",
    "either": "either is enough for the decision, when the beats come or how they look",
    "neither": "the decision hangs neither on unequal intervals nor on differences between beats",
}


def sentence(model: Model, target: Target, chances: Floats, decided: str) -> str:
    """The numbers, and what they say."""
    names = [kind.name for kind in model.card.classes]

    def answer(row: Floats) -> str:
        said, most = float(row[target.index]), int(row.argmax())
        return f"{said:.2f}" + ("" if most == target.index else f" ({names[most]} {float(row[most]):.2f})")

    before, timing, shape, both = (answer(row) for row in chances)
    return (
        f"{target.name} is {before} as recorded, {timing} with equal intervals, {shape} with every beat the mean beat, "
        f"{both} with both: {MEANS[decided]}."
    )


def _answers(model: Model, signals: dict[Change, tuple[Floats, Places]], chances: Floats) -> list[Altered]:
    """Each altered window with its row of chances [windows, classes]."""
    fs = model.card.input.fs
    return [
        Altered(
            taken=taken,
            probabilities=_by_class(model, row),
            signal=plain(signal),
            beats=beats.tolist(),
            spread=round(spread(beats, fs), 1),
        )
        for (taken, (signal, beats)), row in zip(signals.items(), chances, strict=True)
    ]


def _by_class(model: Model, chances: Floats) -> dict[str, float]:
    return {kind.symbol: round(float(one), 5) for kind, one in zip(model.card.classes, chances, strict=True)}


TIMING_OR_SHAPE = TimingOrShapeTask()
