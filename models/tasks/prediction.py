"""Many windows, one model: what it answers for each."""

from typing import ClassVar

import numpy as np
from pydantic import BaseModel, ConfigDict

from models.explainers.base import Report
from models.explainers.tracks import Floats
from models.tasks.base import Question, Scope, Task, TaskParameters
from models.zoo import Model

DIGITS = 5  # after the point, of a probability


class PredictionParameters(TaskParameters):
    """Nothing beside model and windows."""


class Probabilities(BaseModel):
    """What a model answers for many windows."""

    model_config = ConfigDict(frozen=True)

    id: str
    probabilities: list[list[float]]  # [windows][classes], calibrated

    def array(self) -> Floats:
        """[windows, classes]."""
        return np.array(self.probabilities, dtype=np.float32)


class PredictionTask(Task[PredictionParameters, Probabilities]):
    """The model's answers for windows [windows, leads, samples]."""

    name: ClassVar[str] = "prediction"
    title: ClassVar[str] = "Predictions"
    scope: ClassVar[Scope] = "recording"
    Parameters = PredictionParameters
    Result = Probabilities

    def run(self, question: Question[Probabilities], report: Report) -> Probabilities:
        """The probabilities, rounded."""
        assert question.inputs is not None
        rows = question.model.probabilities(question.inputs).astype(np.float64).round(DIGITS).tolist()
        return Probabilities(id=question.id, probabilities=rows)

    def effort(self, question: Question[Probabilities]) -> float:
        """Every window once."""
        assert question.inputs is not None
        windows, _, samples = question.inputs.shape
        return float(windows * samples)


PREDICTION = PredictionTask()


def prediction(model: Model, inputs: Floats) -> Question[Probabilities]:
    """The question what the model says of inputs [windows, leads, samples]."""
    return PREDICTION.ask(model, inputs, PredictionParameters())
