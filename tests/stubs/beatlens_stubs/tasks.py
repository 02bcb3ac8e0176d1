"""Work on a model that needs no recording."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from models.explainers.base import Report
from models.tasks import Question, Scope, Task, TaskParameters


class NormParameters(TaskParameters):
    """Which norm."""

    order: int = Field(2, ge=1, le=4)


class WeightNorms(BaseModel):
    """The norm of each of a model's weight tensors."""

    model_config = ConfigDict(frozen=True)

    id: str
    norms: dict[str, float]  # name of the tensor → its norm


class WeightNormsTask(Task[NormParameters, WeightNorms]):
    """Measure a model's weights."""

    name: ClassVar[str] = "stub_weight_norms"
    title: ClassVar[str] = "Norms of weights"
    scope: ClassVar[Scope] = "model"
    Parameters = NormParameters
    Result = WeightNorms

    def run(self, question: Question[WeightNorms], report: Report) -> WeightNorms:
        """One number for each tensor."""
        order = question.parameters.order
        tensors: dict[str, Any] = question.model.network.state_dict()
        return WeightNorms(id=question.id, norms={name: float(t.norm(order)) for name, t in tensors.items()})
