"""A long recording in windows one after another: the output of each, and what share of the time each class has."""

from typing import ClassVar

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from models.cards import BeatWindow
from models.errors import InvalidError, UnsupportedError
from models.explainers.base import Progress, Report
from models.explainers.tracks import Floats
from models.tasks.base import Question, Scope, Task, TaskParameters
from models.zoo import Model

DIGITS = 4  # after the point, of a probability
CLOSE = 0.25  # an output that is less far ahead of the next is uncertain, as everywhere in the house
AT_ONCE = 64 * 3000  # samples that the network reads together, about
Indices = NDArray[np.int64]


class DayParameters(TaskParameters):
    """How the recording is cut."""

    seconds: float = Field(30.0, ge=1.0, le=600.0, description="Length of a window")
    step: float | None = Field(None, ge=1.0, le=600.0, description="From one window to the next; null: they touch")


class ClassBurden(BaseModel):
    """How much of the time the model gives one class."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbol: str
    windows: int
    share: float | None  # of the windows with an output; None: there is none
    sure: float | None  # counting only outputs that are at least 0.25 ahead of the next class
    possible: float | None  # counting also windows in which the class is less than 0.25 behind the first


class Day(BaseModel):
    """The outputs of a recording's windows, in order of time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    model: str
    weights_sha256: str
    seconds: float  # of a window
    step: float
    classes: list[str]  # symbols
    start: list[float]  # s from the recording's first sample [windows]
    probabilities: list[list[float] | None]  # [windows][classes], calibrated; None: the window touches a gap
    output: list[str | None]  # [windows]
    margin: list[float | None]  # [windows], first − second probability
    burden: list[ClassBurden]  # [classes]


class DayTask(Task[DayParameters, Day]):
    """Read a long recording window by window."""

    name: ClassVar[str] = "day"
    title: ClassVar[str] = "Day view"
    scope: ClassVar[Scope] = "recording"
    reads_signal: ClassVar[bool] = True
    Parameters = DayParameters
    Result = Day

    def checked(self, model: Model, inputs: Floats | None) -> Floats | None:
        """Inputs [questions, 1, leads, samples] of whole recordings, NaN in gaps; InvalidError where they are none."""
        leads = model.card.input.leads
        if inputs is None or inputs.ndim != 4 or inputs.shape[1:3] != (1, leads):
            found = None if inputs is None else list(inputs.shape[1:])
            raise InvalidError(f"Input of shape {found}: a recording is [1, {leads}, samples]", field="input")
        return np.asarray(inputs, dtype=np.float32)

    def completed(self, model: Model, inputs: Floats | None, parameters: DayParameters) -> DayParameters:
        """With the step; UnsupportedError for a model that reads beats, InvalidError for a length it does not read."""
        spec = model.card.input
        if isinstance(spec.window, BeatWindow):
            raise UnsupportedError(f"{model.card.id} reads beats: a day view needs a model of rhythms", field="model")
        shortest, longest = (edge / spec.fs for edge in spec.window.bounds)
        if not shortest <= parameters.seconds <= longest:
            message = f"seconds = {parameters.seconds:g}: {model.card.id} reads {shortest:g} to {longest:g} s"
            raise InvalidError(message, field="seconds")
        return parameters.model_copy(update={"step": parameters.step or parameters.seconds})

    def run(self, question: Question[Day], report: Report) -> Day:
        """The outputs, and the burden that follows from them."""
        assert question.inputs is not None
        card, asked, signal = question.model.card, question.parameters, question.inputs[0]
        length = round(asked.seconds * card.input.fs)
        first = starts(signal.shape[1], length, round(asked.step * card.input.fs))
        chances, valid = outputs(question.model, signal, first, length, report)
        rows = chances.astype(np.float64).round(DIGITS).tolist()
        said, ahead = card.output.best(chances), card.output.margins(chances)
        symbols = [kind.symbol for kind in card.classes]
        return Day(
            id=question.id,
            model=card.id,
            weights_sha256=question.model.weights_sha256,
            seconds=asked.seconds,
            step=asked.step,
            classes=symbols,
            start=[round(at / card.input.fs, 4) for at in first.tolist()],
            probabilities=[row if ok else None for row, ok in zip(rows, valid, strict=True)],
            output=[symbols[i] if ok and i >= 0 else None for i, ok in zip(said.tolist(), valid, strict=True)],
            margin=[round(float(m), DIGITS) if ok else None for m, ok in zip(ahead, valid, strict=True)],
            burden=[burden(symbol, i, chances[valid]) for i, symbol in enumerate(symbols)],
        )

    def effort(self, question: Question[Day]) -> float:
        """Every window once."""
        assert question.inputs is not None
        asked, fs = question.parameters, question.model.card.input.fs
        length = round(asked.seconds * fs)
        return float(len(starts(question.inputs.shape[-1], length, round(asked.step * fs))) * length)


def starts(samples: int, length: int, step: int) -> Indices:
    """First samples [windows] of windows of `length`, one every `step`, that lie wholly in `samples` samples."""
    return np.arange(0, max(0, samples - length + 1), step, dtype=np.int64)


def outputs(
    model: Model, signal: Floats, first: Indices, length: int, report: Report
) -> tuple[Floats, NDArray[np.bool_]]:
    """Probabilities [windows, classes] of signal [leads, samples] from first[windows] on; which windows have no gap."""
    chances = np.zeros((len(first), len(model.card.classes)), np.float32)
    lost = np.concatenate([[0], np.cumsum(np.isnan(signal).any(axis=0))])
    valid = lost[first + length] == lost[first]
    rows, step = np.flatnonzero(valid), max(1, AT_ONCE // length)
    for done in range(0, len(rows), step):
        part = rows[done : done + step]
        chances[part] = model.probabilities(np.stack([signal[:, at : at + length] for at in first[part]]))
        report(Progress((done + len(part)) / len(rows)))
    return chances, valid


def burden(symbol: str, index: int, chances: Floats) -> ClassBurden:
    """The share of windows [windows, classes] in which class `index` is the most probable, with its uncertain edge."""
    if not len(chances):
        return ClassBurden(symbol=symbol, windows=0, share=None, sure=None, possible=None)
    others = np.delete(chances, index, axis=1).max(axis=1) if chances.shape[1] > 1 else 1 - chances[:, 0]
    ahead = chances[:, index] - others
    shares = [round(float(part.mean()), 6) for part in (ahead > 0, ahead >= CLOSE, ahead > -CLOSE)]
    return ClassBurden(
        symbol=symbol, windows=int((ahead > 0).sum()), share=shares[0], sure=shares[1], possible=shares[2]
    )
