"""How far the maps of two methods agree on one window."""

from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from models.errors import UnsupportedError
from models.evaluation.checks.agreement import between, importance
from models.explainers.base import Report, part_of
from models.explainers.tracks import Floats
from models.explanations.explanation import Explanation
from models.tasks.base import Question, Scope, Task, TaskParameters, pace_of
from models.tasks.explanation import AsExplainer, check_supported, decisive_of, effort_of, explanation, resolved
from models.zoo import Model


class AgreementParameters(TaskParameters):
    """Of which two methods' maps, for which class."""

    target: int | None = None  # class index; None: the model's output
    first: AsExplainer
    second: AsExplainer


class MapAgreement(BaseModel):
    """Of two maps of one window."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    explanations: tuple[str, str]  # ids of the maps
    rho: float | None  # Spearman's, of what counts as important; None where a map is flat


class AgreementTask(Task[AgreementParameters, MapAgreement]):
    """Compare two maps by rank."""

    name: ClassVar[str] = "agreement"
    title: ClassVar[str] = "Agreement of two maps"
    scope: ClassVar[Scope] = "window"
    Parameters = AgreementParameters
    Result = MapAgreement

    def completed(self, model: Model, inputs: Floats | None, parameters: AgreementParameters) -> AgreementParameters:
        """With the class that is meant; UnsupportedError where a method gives no map of this model."""
        for explainer in (parameters.first, parameters.second):
            check_supported(model, explainer)
            if not explainer.ranks:
                message = f"{explainer.title} is no map of relevance: there is nothing to compare"
                raise UnsupportedError(message, field="explainer")
        return parameters.model_copy(update={"target": resolved(model, inputs, parameters.target)})

    def decisive(self, model: Model, parameters: AgreementParameters) -> dict[str, Any]:
        """What decides the two maps."""
        both = (parameters.first, parameters.second)
        return {"maps": [decisive_of(model, parameters.target, explainer) for explainer in both]}

    def run(self, question: Question[MapAgreement], report: Report) -> MapAgreement:
        """Both maps made, and compared."""
        first, second = maps_of(question)
        made = first.run(part_of(report, 0.0, 0.5)), second.run(part_of(report, 0.5, 1.0))
        return compared(question.id, *made)

    def instant(self, question: Question[MapAgreement]) -> bool:
        """Where both maps are."""
        return all(one.task.instant(one) for one in maps_of(question))

    def effort(self, question: Question[MapAgreement]) -> float:
        """As of the two maps."""
        return sum(effort_of(one) for one in maps_of(question))

    def pace(self, question: Question[MapAgreement]) -> str:
        """The first method's."""
        return pace_of(question.model.weights_sha256, question.parameters.first.method)


def maps_of(question: Question[MapAgreement]) -> tuple[Question[Explanation], Question[Explanation]]:
    """The questions that the two maps answer."""
    asked = question.parameters
    assert question.inputs is not None
    first, second = (
        explanation(question.model, question.inputs, asked.target, one) for one in (asked.first, asked.second)
    )
    return first, second


def compared(id: str, first: Explanation, second: Explanation) -> MapAgreement:
    """The answer, where both maps are there already."""
    rho = between(importance(first), importance(second))
    return MapAgreement(id=id, explanations=(first.id, second.id), rho=rho)
