"""What the hidden units of a network do with real windows: which classes they carry, and whether they are wavelets."""

import time
from collections import Counter
from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from models.errors import InvalidError
from models.explainers.base import Report, part_of
from models.explainers.tracks import Floats
from models.inside import units
from models.inside.last_states import last_states
from models.inside.wavelets import NAMES, Match, matched
from models.tasks.base import Question, Scope, Task
from models.tasks.class_modes import rounded
from models.tasks.examples import ExamplesParameters
from models.zoo import Model

DIGITS = 4
SHOWN = 4  # units of a class that are shown with their courses
ACTIVATING = 6  # windows
AMONG = 100  # windows whose labels are counted


class UnitsParameters(ExamplesParameters):
    """How much is looked at."""

    each: int = Field(40, ge=2, le=200, description="Windows of a class over which courses are compared with wavelets")
    erased: int = Field(20, ge=1, le=100, description="Windows of a class from which each unit is taken")
    permutations: int = Field(19, ge=0, le=99, description="Of the windows, for the baseline of the wavelets")


class Course(BaseModel):
    """A unit on the real window that drives it most."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int  # among the examples
    samples: list[list[float]]  # [leads][samples] of the window
    state: list[float]  # [samples]
    wavelet: list[float]  # [samples], its coefficients scaled to the state's size


class Unit(BaseModel):
    """One hidden unit."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    number: int  # from 1
    falls: list[float]  # [classes], mean fall of log p of a class's own windows without the unit
    wavelet: str  # "Gauss 2"
    scale_ms: float
    lag_ms: float
    magnitude: bool
    r: float
    chance: float  # largest |r| over the permutations
    activating: list[int]  # rows among the examples, the strongest first, each of another patient
    among: dict[str, int]  # of the 100 strongest windows: how many of each class, "" for other labels
    course: Course | None  # of the units that are shown


class Units(BaseModel):
    """The answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    windows: int  # examples
    compared: int  # windows that wavelets were compared over
    erased: int  # windows that units were taken from
    permutations: int
    shown: list[list[int]]  # [classes], indices of the units without which its windows lose most
    units: list[Unit]
    seconds: float


class UnitsTask(Task[UnitsParameters, Units]):
    """Look at every hidden unit of a recurrent network over real windows."""

    name: ClassVar[str] = "units"
    title: ClassVar[str] = "Hidden units"
    scope: ClassVar[Scope] = "examples"
    Parameters = UnitsParameters
    Result = Units

    def completed(self, model: Model, inputs: Floats | None, parameters: UnitsParameters) -> UnitsParameters:
        """UnsupportedError for a network that does not show its units, InvalidError where no window has a class."""
        units.check(model.network)
        if not any(label >= 0 for label in parameters.labels):
            raise InvalidError("No real window here is labelled with a class of the model", field="model")
        return parameters

    def run(self, question: Question[Units], report: Report) -> Units:
        """Erasure, wavelets, activating windows."""
        began, asked, windows, model = time.perf_counter(), question.parameters, question.inputs, question.model
        assert windows is not None
        labels, classes = np.array(asked.labels), len(model.card.classes)
        taken = units.some_of_each(labels, classes, asked.erased)
        falls = units.falls(model.network, windows[taken], labels[taken], part_of(report, 0.0, 0.5))
        lost = np.stack([mean(falls[labels[taken] == index]) for index in range(classes)])  # [classes, units]
        rows = units.some_of_each(labels, classes, asked.each)
        courses = units.courses(model.network, windows[rows])
        signals = windows[rows].mean(axis=1)
        matches = matched(signals, courses, asked.permutations, report=part_of(report, 0.5, 1.0))
        look = Look(model, windows, np.array(asked.patients), labels, lost)
        shown = [np.argsort(-lost[index], kind="stable")[:SHOWN].tolist() for index in range(classes)]
        those = {unit for one in shown for unit in one}
        return Units(
            id=question.id,
            windows=len(windows),
            compared=len(rows),
            erased=len(taken),
            permutations=asked.permutations,
            shown=shown,
            units=[look.unit(u, match, u in those) for u, match in enumerate(matches)],
            seconds=round(time.perf_counter() - began, 3),
        )

    def effort(self, question: Question[Units]) -> float:
        """Each window once, and those that units are taken from once for each of about a hundred units."""
        assert question.inputs is not None
        classes = len(question.model.card.classes)
        read = len(question.inputs) + 100 * classes * question.parameters.erased
        return float(read * question.inputs.shape[2])


def mean(rows: Floats) -> Floats:
    """Mean [units] of rows [windows, units]; zero of none."""
    return rows.mean(axis=0) if len(rows) else np.zeros(rows.shape[1], np.float32)


class Look:
    """Units over all examples."""

    def __init__(
        self, model: Model, windows: Floats, patients: units.Indices, labels: units.Indices, lost: Floats
    ) -> None:
        self.model, self.windows, self.patients, self.labels, self.lost = model, windows, patients, labels, lost
        self.states, _ = last_states(model.network, windows)  # [windows, units]

    def unit(self, number: int, match: Match, shown: bool) -> Unit:
        """One unit; it drives in the direction in which the class that needs it most lies."""
        values, fs = self.states[:, number], self.model.card.input.fs
        own = self.labels == int(self.lost[:, number].argmax())
        towards = np.sign(values[own].mean() - values[~own].mean()) if own.any() and not own.all() else 1.0
        order = np.argsort(-values * (towards or 1.0), kind="stable")
        symbols = (*self.model.card.symbols, "")
        among = Counter(symbols[self.labels[row]] for row in order[:AMONG].tolist())
        return Unit(
            number=number + 1,
            falls=[round(float(one), DIGITS) for one in self.lost[:, number]],
            wavelet=NAMES[match.wavelet.family],
            scale_ms=round(1000 * match.wavelet.scale / fs, 1),
            lag_ms=round(1000 * match.wavelet.lag / fs, 1),
            magnitude=match.wavelet.magnitude,
            r=round(match.r, DIGITS),
            chance=round(match.chance, DIGITS),
            activating=self._apart(order),
            among=dict(among.most_common()),
            course=self._course(number, int(order[0]), match) if shown else None,
        )

    def _apart(self, order: units.Indices) -> list[int]:
        """The first rows of an order, each of another patient."""
        found: dict[int, int] = {}
        for row in order.tolist():
            found.setdefault(int(self.patients[row]), row)
            if len(found) == ACTIVATING:
                break
        return list(found.values())

    def _course(self, number: int, row: int, match: Match) -> Course:
        window = self.windows[row : row + 1]
        state = units.courses(self.model.network, window)[0, number]
        wave = match.wavelet.of(window.mean(axis=1))[0] * np.sign(match.r)
        scaled = wave * (np.abs(state).max() / max(float(np.abs(wave).max()), 1e-9))
        return Course(
            row=row, samples=rounded(window[0]), state=rounded(state[None])[0], wavelet=rounded(scaled[None])[0]
        )
