"""As if it had never been measured: what a model of irregular measurements says without each variable."""

import time
from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from models.cards import InputSpec, key
from models.errors import UnsupportedError
from models.explainers.base import Progress, Report
from models.explainers.tracks import Floats
from models.explanations.explaining import target_of, versions
from models.explanations.explanation import Target
from models.tasks.base import Question, Scope, Task, TaskParameters
from models.tasks.explanation import resolved
from models.zoo import Model


class NeverMeasuredParameters(TaskParameters):
    """Which class."""

    target: int | None = None  # class index; None: the model's output


class Without(BaseModel):
    """What the model says as if one variable had never been measured."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    variable: str
    probability: float


class NeverMeasured(BaseModel):
    """The answer as it is, without each variable that was measured, and with nothing measured at all."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    target: Target
    probability: float
    nothing: float  # with no variable measured
    without: list[Without]  # in the card's order
    model: str
    versions: dict[str, str]
    seconds: float


class NeverMeasuredTask(Task[NeverMeasuredParameters, NeverMeasured]):
    """Ask a model again about a stay without each of its variables."""

    name: ClassVar[str] = "never_measured"
    title: ClassVar[str] = "As if never measured"
    scope: ClassVar[Scope] = "window"
    Parameters = NeverMeasuredParameters
    Result = NeverMeasured

    def completed(
        self, model: Model, inputs: Floats | None, parameters: NeverMeasuredParameters
    ) -> NeverMeasuredParameters:
        """With the class that is meant; UnsupportedError for a model that does not say where values were measured."""
        if not any(channel.mask for channel in model.card.input.channels):
            raise UnsupportedError(f"{model.card.id} is not told which values were measured", field="model")
        return parameters.model_copy(update={"target": resolved(model, inputs, parameters.target)})

    def run(self, question: Question[NeverMeasured], report: Report) -> NeverMeasured:
        """One reading of the window for each variable that was measured in it, and two more."""
        began, model, inputs = time.perf_counter(), question.model, question.inputs
        assert inputs is not None
        spec = model.card.input
        measured = [(value, mask) for value, mask in pairs(spec) if inputs[mask].any()]
        altered = [inputs, without(inputs, spec, pairs(spec)), *(without(inputs, spec, [pair]) for pair in measured)]
        chances = model.probabilities(np.stack(altered))[:, question.parameters.target]
        report(Progress(1.0))
        return NeverMeasured(
            id=question.id,
            target=target_of(model, question.parameters.target),
            probability=float(chances[0]),
            nothing=float(chances[1]),
            without=[
                Without(variable=spec.channels[value].name, probability=float(chance))
                for (value, _), chance in zip(measured, chances[2:], strict=True)
            ],
            model=model.card.id,
            versions=versions(),
            seconds=round(time.perf_counter() - began, 3),
        )

    def instant(self, question: Question[NeverMeasured]) -> bool:
        """A reading of the window for each variable, all at once."""
        return True

    def effort(self, question: Question[NeverMeasured]) -> float:
        """A reading of the window for each variable."""
        assert question.inputs is not None
        return float(question.inputs.shape[0] * question.inputs.shape[1])


def pairs(spec: InputSpec) -> list[tuple[int, int]]:
    """Rows of each variable's values and of its mask."""
    rows = {key(channel.name): row for row, channel in enumerate(spec.channels)}
    return [(rows[key(channel.aliases[0])], row) for row, channel in enumerate(spec.channels) if channel.mask]


def without(inputs: Floats, spec: InputSpec, rows: list[tuple[int, int]]) -> Floats:
    """Inputs [channels, samples] in which these variables were never measured."""
    found = inputs.copy()
    for value, mask in rows:
        found[value], found[mask] = spec.channels[value].fill, 0.0
    return found
