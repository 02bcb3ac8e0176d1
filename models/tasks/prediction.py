"""Many windows, one model: what it answers for each."""

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from models.explainers.base import Report
from models.explainers.tracks import Floats
from models.tasks.base import Question, Scope, Task, TaskParameters, by_length
from models.zoo import Model

DIGITS = 5  # after the point, of a probability


class PredictionParameters(TaskParameters):
    """No parameters beside model and windows."""


class Probabilities(BaseModel):
    """What a model answers for many windows."""

    model_config = ConfigDict(frozen=True)

    id: str
    probabilities: list[list[float]]  # [windows][classes], calibrated

    def array(self) -> Floats:
        """[windows, classes]."""
        return np.array(self.probabilities, dtype=np.float32)


class PredictionTask(Task[PredictionParameters, Probabilities]):
    """The model's answers for windows [windows, leads, samples], which may be of several lengths."""

    name: ClassVar[str] = "prediction"
    title: ClassVar[str] = "Predictions"
    scope: ClassVar[Scope] = "recording"
    Parameters = PredictionParameters
    Result = Probabilities

    def run(self, question: Question[Probabilities], report: Report) -> Probabilities:
        """The probabilities, rounded."""
        assert question.inputs is not None
        chances = np.empty((len(question.inputs), len(question.model.card.classes)))
        for rows, inputs in by_length(question.inputs):
            chances[rows] = question.model.probabilities(inputs)
        return Probabilities(id=question.id, probabilities=chances.round(DIGITS).tolist())

    def effort(self, question: Question[Probabilities]) -> float:
        """Every window once."""
        assert question.inputs is not None
        return float(sum(inputs.shape[0] * inputs.shape[2] for _, inputs in by_length(question.inputs)))


PREDICTION = PredictionTask()


def prediction(model: Model, inputs: Floats) -> Question[Probabilities]:
    """The question what the model says of inputs [windows, leads, samples]."""
    return PREDICTION.ask(model, inputs, PredictionParameters())
