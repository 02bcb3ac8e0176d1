"""What each class looks like to a network: the input that raises its score most, beside the nearest real window."""

import time
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from models.errors import UnsupportedError
from models.explainers.base import Report, part_of
from models.explainers.tracks import Floats
from models.inside import class_modes as modes
from models.inside.class_modes import Penalty
from models.tasks.base import Question, Scope, Task
from models.tasks.examples import ExamplesParameters
from models.zoo import Model

DIGITS = 4


class ClassModesParameters(ExamplesParameters):
    """How far to climb, and what holds the mode back."""

    steps: int = Field(500, ge=1, le=5000)
    penalty: float = Field(0.3, ge=0, description="λ of the sum of squares, as in paper 001")
    prior_penalty: float = Field(
        0.003, ge=0, description="λ of the mode with a prior, which starts at the class's mean"
    )
    variation: float = Field(0.02, ge=0, description="of the mode with a prior: weight of the total variation")


class Near(BaseModel):
    """The real window nearest to a mode."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    row: int  # among the examples
    distance: float  # root mean square, in the input's unit
    samples: list[list[float]]  # [leads][samples]


class Mode(BaseModel):
    """One mode of a class."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    prior: bool  # from the class's mean and smooth, or from noise as in paper 001
    samples: list[list[float]]  # [leads][samples]
    logit: float
    probability: float
    near: Near | None  # of the class's own windows; None: there are none
    nearest: Near  # of all windows
    shape: float | None  # largest correlation with a window of its class
    far: bool | None  # farther from every window of its class than these are from each other, or of another shape


class ClassModes(BaseModel):
    """One class: its modes and its real windows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    symbol: str
    windows: int  # examples with this label
    patients: int
    distance: tuple[float, float] | None  # of real windows from the nearest of another patient: median, 95th percentile
    correlation: tuple[float, float] | None  # largest with one of another patient: 5th percentile, median
    modes: list[Mode]


class AllClassModes(BaseModel):
    """The answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    windows: int  # examples
    classes: list[ClassModes]
    seconds: float


class ClassModesTask(Task[ClassModesParameters, AllClassModes]):
    """Find the input that raises each class's score most, and the real windows nearest to it."""

    name: ClassVar[str] = "class_modes"
    title: ClassVar[str] = "Class modes"
    scope: ClassVar[Scope] = "examples"
    Parameters = ClassModesParameters
    Result = AllClassModes

    def completed(self, model: Model, inputs: Floats | None, parameters: ClassModesParameters) -> ClassModesParameters:
        """UnsupportedError for a model whose input has no free values: masks, values carried forward."""
        if model.card.input.carried is not None:
            message = f"{model.card.id} reads values carried forward and when they were measured: it has no free input"
            raise UnsupportedError(message, field="model")
        return parameters

    def run(self, question: Question[AllClassModes], report: Report) -> AllClassModes:
        """Both climbs for all classes together, then the distances."""
        began, asked, windows, model = time.perf_counter(), question.parameters, question.inputs, question.model
        assert windows is not None
        labels, patients = np.array(asked.labels), np.array(asked.patients)
        targets, steps = np.arange(len(model.card.classes)), asked.steps
        start, means = modes.noise(len(targets), *windows.shape[1:]), class_means(windows, labels, len(targets))
        first, second = part_of(report, 0.0, 0.5), part_of(report, 0.5, 1.0)
        plain = modes.climb(model.network, start, targets, Penalty(asked.penalty), steps, first)
        prior = Penalty(asked.prior_penalty, asked.variation)
        likely = modes.climb(model.network, means, targets, prior, steps, second)
        real = Real(model, windows, labels, patients)
        classes = [real.class_modes(index, plain[index], likely[index]) for index in targets.tolist()]
        seconds = round(time.perf_counter() - began, 3)
        return AllClassModes(id=question.id, windows=len(windows), classes=classes, seconds=seconds)

    def effort(self, question: Question[AllClassModes]) -> float:
        """A gradient, three readings, of each class for each step of both climbs."""
        assert question.inputs is not None
        classes = len(question.model.card.classes)
        return float(3 * 2 * question.parameters.steps * classes * question.inputs.shape[2])


def class_means(windows: Floats, labels: modes.Indices, classes: int) -> Floats:
    """Mean of the windows of each class [classes, leads, samples]; zero where there is none."""
    found = np.zeros((classes, *windows.shape[1:]), np.float32)
    for index in range(classes):
        own = windows[labels == index]
        if len(own):
            found[index] = own.mean(axis=0)
    return found


@dataclass(frozen=True)
class Real:
    """The real windows that modes are compared with."""

    model: Model
    windows: Floats  # [windows, leads, samples]
    labels: modes.Indices  # [windows]
    patients: modes.Indices  # [windows]

    def class_modes(self, index: int, plain: Floats, likely: Floats) -> ClassModes:
        """Both modes [leads, samples] of class `index` beside its own windows."""
        own = np.flatnonzero(self.labels == index)
        real = modes.real_to_real(self.windows[own], self.patients[own])
        return ClassModes(
            symbol=self.model.card.symbols[index],
            windows=real.windows,
            patients=real.patients,
            distance=real.distance,
            correlation=real.shape,
            modes=[self._mode(index, plain, own, real, False), self._mode(index, likely, own, real, True)],
        )

    def _mode(self, index: int, found: Floats, own: modes.Indices, real: modes.RealToReal, prior: bool) -> Mode:
        logits = self.model.logits(found[None])[0]
        away = modes.distances(found, self.windows)
        shape = float(modes.alikeness(found, self.windows[own]).max()) if len(own) else None
        far = None
        if real.distance and real.shape and shape is not None:
            far = bool(away[own].min() > real.distance[1] or shape < real.shape[0])
        return Mode(
            prior=prior,
            samples=rounded(found),
            logit=float(logits[index]),
            probability=float(self.model.card.output.chances(logits)[index]),
            near=self._near(int(own[away[own].argmin()]), away) if len(own) else None,
            nearest=self._near(int(away.argmin()), away),
            shape=shape,
            far=far,
        )

    def _near(self, row: int, away: Floats) -> Near:
        return Near(row=row, distance=round(float(away[row]), DIGITS), samples=rounded(self.windows[row]))


def rounded(values: Floats) -> list[list[float]]:
    """Values [leads, samples] as they are sent."""
    return [[round(value, DIGITS) for value in row] for row in values.tolist()]
