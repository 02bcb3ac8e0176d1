"""How far two maps of one window agree: named by two methods, or by the ids of two explanations."""

from collections.abc import Callable
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, model_validator

from models.errors import InvalidError, UnsupportedError
from models.evaluation.checks.agreement import between, importance, method_of
from models.explainers.base import Report, part_of
from models.explainers.tracks import Floats, WindowMark
from models.explanations.explanation import Explanation
from models.tasks.base import Question, Scope, Task, TaskParameters, pace_of
from models.tasks.explanation import (
    EXPLANATION,
    AsExplainer,
    ExplanationParameters,
    check_supported,
    effort_of,
    resolved,
)
from models.zoo import Model

Id = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


class AgreementParameters(TaskParameters):
    """The two maps to compare: two methods and a class, or two explanations of this window by their ids."""

    explanations: tuple[Id, Id] | None = Field(None, description="Ids of two explanations, in place of two methods")
    target: int | None = None  # class index; None: the model's output
    second_target: int | None = None  # of the second map, where that is of another class
    first: AsExplainer | None = None
    second: AsExplainer | None = None
    marks: tuple[WindowMark, ...] | None = None

    @model_validator(mode="after")
    def _names_two(self) -> "AgreementParameters":
        if self.first is None or self.second is None:
            raise ValueError("name two methods, `first` and `second`, or the ids of two `explanations`")
        return self


class MapAgreement(BaseModel):
    """The agreement of two maps of one window."""

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

    def named(self, values: dict[str, Any], find: Callable[[str], Any]) -> dict[str, Any]:
        """Two explanations as their methods and classes."""
        if values.get("explanations") is None:
            return values
        if values.get("first") or values.get("second"):
            raise InvalidError("Name two methods or the ids of two explanations, not both", field="explanations")
        first, second = (find(id) for id in values["explanations"])
        classes = {"target": first.target.index, "second_target": second.target.index}
        return {**values, **classes, "first": method_of(first), "second": method_of(second)}

    def completed(self, model: Model, inputs: Floats | None, parameters: AgreementParameters) -> AgreementParameters:
        """With both classes; UnsupportedError where a method gives no map of this model.

        InvalidError for an explanation that is of another window or model; its maps' ids are else as good as named.
        """
        for explainer in (parameters.first, parameters.second):
            assert explainer is not None
            check_supported(model, explainer)
            if not explainer.ranks:
                message = f"{explainer.title} is no map of relevance: there is nothing to compare"
                raise UnsupportedError(message, field="explainer")
        target, other = resolved(model, inputs, parameters.target), parameters.second_target
        classes = {"target": target, "second_target": target if other is None else resolved(model, inputs, other)}
        complete = parameters.model_copy(update={**classes, "explanations": None})
        for given, own in zip(parameters.explanations or (), maps_of(model, inputs, complete), strict=False):
            if given != own.id:
                message = f"Explanation {given} is not of this window, model and lead"
                raise InvalidError(message, field="explanations")
        return complete

    def decisive(self, model: Model, parameters: AgreementParameters) -> dict[str, Any]:
        """What decides the two maps."""
        both = (EXPLANATION.completed(model, None, one) for one in asked_of(parameters))
        return {"maps": [EXPLANATION.decisive(model, one) for one in both]}

    def known(self, question: Question[MapAgreement], find: Callable[[str], Any]) -> MapAgreement | None:
        """The answer where both maps have been made."""
        first, second = (find(one.id) for one in of(question))
        return compared(question.id, first, second) if first and second else None

    def run(self, question: Question[MapAgreement], report: Report) -> MapAgreement:
        """Both maps made, and compared."""
        first, second = of(question)
        made = first.run(part_of(report, 0.0, 0.5)), second.run(part_of(report, 0.5, 1.0))
        return compared(question.id, *made)

    def instant(self, question: Question[MapAgreement]) -> bool:
        """Where both maps are."""
        return all(one.task.instant(one) for one in of(question))

    def effort(self, question: Question[MapAgreement]) -> float:
        """As of the two maps."""
        return sum(effort_of(one) for one in of(question))

    def pace(self, question: Question[MapAgreement]) -> str:
        """The first method's."""
        return pace_of(question.model.weights_sha256, question.parameters.first.method)


def asked_of(parameters: AgreementParameters) -> list[ExplanationParameters]:
    """What is asked of each of the two maps."""
    classes = (parameters.target, parameters.second_target)
    both = zip((parameters.first, parameters.second), classes, strict=True)
    return [ExplanationParameters(target=target, explainer=one, marks=parameters.marks) for one, target in both if one]


def maps_of(model: Model, inputs: Floats | None, parameters: AgreementParameters) -> list[Question[Explanation]]:
    """The questions that the two maps answer."""
    return [EXPLANATION.ask(model, inputs, one) for one in asked_of(parameters)]


def of(question: Question[MapAgreement]) -> list[Question[Explanation]]:
    """The agreement of both maps of a question."""
    return maps_of(question.model, question.inputs, question.parameters)


def compared(id: str, first: Explanation, second: Explanation) -> MapAgreement:
    """The answer, where both maps are there already."""
    rho = between(importance(first), importance(second))
    return MapAgreement(id=id, explanations=(first.id, second.id), rho=rho)
