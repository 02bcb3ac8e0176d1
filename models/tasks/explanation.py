"""What one method finds in one window."""

from collections.abc import Sequence
from typing import Annotated, Any, ClassVar, TypeVar

import numpy as np
from pydantic import BeforeValidator, SerializeAsAny

from models.errors import InvalidError, UnsupportedError
from models.explainers import Explainer, explainers, parse
from models.explainers.base import Report
from models.explainers.baselines import no_window
from models.explainers.tracks import Floats, Marks, Segments, Usual, WindowMark
from models.explanations.explaining import explain_many, full_scale, parameters
from models.explanations.explanation import Explanation
from models.tasks.base import Question, Scope, Task, TaskParameters, pace_of
from models.zoo import Model, contrast

AsExplainer = Annotated[
    SerializeAsAny[Explainer],
    BeforeValidator(lambda given: given if isinstance(given, Explainer) else parse(given)),
]


class ExplanationParameters(TaskParameters):
    """Which class, by which method; marks and segments only where the method reads them."""

    target: int | None = None  # class index; None: the model's output
    explainer: AsExplainer
    marks: tuple[WindowMark, ...] | None = None
    segments: Segments | None = None  # None: as the method cuts a window
    usual: Usual | None = None  # the recording's usual window, or one of another class, where the method reads that


Asked = TypeVar("Asked", bound=ExplanationParameters)


class ExplanationTask(Task[ExplanationParameters, Explanation]):
    """Explain a window by a method."""

    name: ClassVar[str] = "explanation"
    title: ClassVar[str] = "Explanation"
    scope: ClassVar[Scope] = "window"
    Parameters = ExplanationParameters
    Result = Explanation

    def completed(
        self, model: Model, inputs: Floats | None, parameters: ExplanationParameters
    ) -> ExplanationParameters:
        """With the class that is meant, and without what the method does not read."""
        return completed(model, inputs, parameters)

    def decisive(self, model: Model, parameters: ExplanationParameters) -> dict[str, Any]:
        """Also the method's version, and the scale that the map is shown with."""
        found = decisive_of(model, parameters.target, parameters.explainer)
        beside = parameters.model_dump(mode="json", include={"marks", "segments", "usual"}, exclude_none=True)
        return found | beside

    def run(self, question: Question[Explanation], report: Report) -> Explanation:
        """One explanation."""
        return self.run_many([question], report)[0]

    def run_many(self, questions: Sequence[Question[Explanation]], report: Report) -> list[Explanation]:
        """The explanations of windows of one length by one method, in one go."""
        return explain_many(questions, report)

    def instant(self, question: Question[Explanation]) -> bool:
        """By the method."""
        return bool(question.parameters.explainer.cost == "instant")

    def instant_options(self, model: Model) -> tuple[str, ...]:
        """The instant methods that can explain the model."""
        instant = {name: kind for name, kind in explainers().items() if kind.cost == "instant"}
        return tuple(name for name, kind in instant.items() if kind.unsupported(model.network) is None)

    def subject(self, question: Question[Explanation]) -> str:
        """The method."""
        return str(question.parameters.explainer.title)

    def effort(self, question: Question[Explanation]) -> float:
        """By the method and the window's shape."""
        return effort_of(question)

    def pace(self, question: Question[Explanation]) -> str:
        """Each method has its own: what is read backward, in blocks or again from the middle differs."""
        return pace_of(question.model.weights_sha256, question.parameters.explainer.method)


EXPLANATION = ExplanationTask()


def explanation(model: Model, inputs: Floats, target: int | None, explainer: Explainer) -> Question[Explanation]:
    """The question what `explainer` finds in inputs [leads, samples] for class index `target` (None: the output)."""
    return EXPLANATION.ask(model, inputs, ExplanationParameters(target=target, explainer=explainer))


def explanations(
    model: Model,
    inputs: Floats,
    targets: Sequence[int],
    explainer: Explainer,
    marks: Sequence[Marks] | None = None,
    usual: Floats | None = None,
) -> list[Question[Explanation]]:
    """The same for each of inputs [questions, leads, samples] with its target, and its marks where it reads them.

    `usual` [leads, samples] is the recording's usual window, where the method compares with it.
    """
    beside = {"explainer": explainer, "usual": None if usual is None else usual.tolist()}
    asked = {target: ExplanationParameters(target=target, **beside) for target in set(targets)}
    every = [asked[target] for target in targets]
    if marks is not None:
        every = [one.model_copy(update={"marks": own}) for one, own in zip(every, marks, strict=True)]
    return EXPLANATION.ask_many(model, inputs, every)


def completed(model: Model, inputs: Floats | None, asked: Asked) -> Asked:
    """What is asked of a map, with the class that is meant and without what the method does not read."""
    check_supported(model, asked.explainer)
    reads = asked.explainer.reads
    beside: dict[str, Any] = {name: None for name in ("marks", "segments") if name not in reads}
    if "segments" in reads and asked.segments is None and inputs is not None:
        channels, samples = inputs.shape
        beside["segments"] = asked.explainer.segments(channels, samples, asked.marks or ())
    target = resolved(model, inputs, asked.target)
    if not asked.explainer.reads_usual:
        beside["usual"] = None
    elif inputs is not None:
        beside["usual"] = compared_with(model, inputs, target, asked)
    return asked.model_copy(update={"target": target, **beside})


def compared_with(model: Model, inputs: Floats, target: int, asked: ExplanationParameters) -> Usual:
    """The window that the map of inputs [leads, samples] is compared with; InvalidError where there is none."""
    baseline, found = str(getattr(asked.explainer, "baseline", "")), asked.usual
    if baseline == "other":
        other = contrast.contrast(model, inputs, target)
        found = None if other is None else tuple(tuple(lead) for lead in other.windows[0].tolist())
    if found is None or np.shape(found) != inputs.shape:
        raise no_window(baseline)
    return found


def check_supported(model: Model, explainer: Explainer) -> None:
    """UnsupportedError where the method cannot explain the model."""
    if reason := explainer.unsupported(model.network):
        raise UnsupportedError(f"{explainer.title} cannot explain {model.card.id}: {reason}", field="explainer")


def resolved(model: Model, inputs: Floats | None, target: int | None) -> int:
    """The class index to explain: `target`, or the most probable class of inputs [leads, samples]."""
    classes = model.card.classes
    if target is None:
        assert inputs is not None
        return int(np.argmax(model.logits(inputs[None])[0]))
    if not 0 <= target < len(classes):
        symbols = tuple(kind.symbol for kind in classes)
        message = f"Class index {target}: {model.card.id} has 0 to {len(classes) - 1} ({', '.join(symbols)})"
        raise InvalidError(message, field="target", options=symbols)
    return target


def decisive_of(model: Model, target: int | None, explainer: Explainer) -> dict[str, Any]:
    """What of class and method decides a map, as JSON."""
    return {
        "target": target,
        "method": [explainer.method, explainer.version, parameters(explainer)],
        "full_scale": full_scale(model, explainer),
    }


def effort_of(question: Question[Any]) -> float:
    """Samples that the network reads for one map."""
    assert question.inputs is not None
    channels, samples = question.inputs.shape
    effort: float = question.parameters.explainer.effort(channels, samples)
    return effort
