"""Whether the map of a method can be trusted on its window: its checks and the verdict."""

import time
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from models.errors import UnsupportedError
from models.evaluation.checks import agreement, baselines, deletion, judging, randomised, stability
from models.evaluation.checks.deletion import FRACTIONS, Window, rounded
from models.evaluation.trust import RULE, ErrorRates, Replacement, Trust, TrustSettings
from models.explainers import Explainer
from models.explainers.base import Progress, Report, part_of
from models.explainers.occlusion import Occlusion
from models.explainers.tracks import Floats
from models.explanations.explaining import batch_of, calibrated
from models.explanations.explanation import Explanation
from models.tasks.base import Question, Scope, Task, pace_of
from models.tasks.explanation import EXPLANATION, ExplanationParameters, completed, effort_of
from models.zoo import Model, contrast

Check = Literal["agreement", "stability", "randomised"]


class TrustParameters(ExplanationParameters):
    """Which map is judged, and what is tried beyond the random masks, from which the verdict follows."""

    checks: tuple[Check, ...] = Field(("agreement", "stability"), description="Further checks")


class TrustTask(Task[TrustParameters, Trust]):
    """Judge a map by deleting what it calls important, and by further checks."""

    name: ClassVar[str] = "trust"
    title: ClassVar[str] = "Trust in a map"
    scope: ClassVar[Scope] = "window"
    version: ClassVar[str] = "3"  # judged with windows of another class
    aside: ClassVar[bool] = True
    Parameters = TrustParameters
    Result = Trust

    def completed(self, model: Model, inputs: Floats | None, parameters: TrustParameters) -> TrustParameters:
        """As for the map; UnsupportedError where the method gives none."""
        if not parameters.explainer.ranks:
            message = f"{parameters.explainer.title} is no map of relevance: it cannot be judged by deletion"
            raise UnsupportedError(message, field="explainer")
        checks = tuple(sorted(set(parameters.checks)))
        return completed(model, inputs, parameters).model_copy(update={"checks": checks})

    def decisive(self, model: Model, parameters: TrustParameters) -> dict[str, Any]:
        """What decides the map, and which checks are made."""
        reference = [Occlusion.version, agreement.WIDTH, agreement.COVERS]
        found = EXPLANATION.decisive(model, parameters) | {"checks": parameters.checks, "reference": reference}
        return found | {"contrast": model.card.artefacts.get(contrast.FILE)}

    def run(self, question: Question[Trust], report: Report) -> Trust:
        """The judgement."""
        began, explainer = time.perf_counter(), question.parameters.explainer
        found = explained(question).run(part_of(report, 0.0, 0.2))
        own = explainer.importance(np.array([found.relevance], dtype=np.float32))
        at, replacement = window_of(question)
        random = baselines.baseline(question.model, at, part_of(report, 0.2, 0.5))
        report(Progress(0.5))
        (judged,), room = judging.judge(at, random, own), judging.room(at)
        further = further_checks(question, at, own, part_of(report, 0.6, 1.0))
        report(Progress(1.0))
        assert found.scale is not None
        return Trust(
            id=question.id,
            explanation=found.id,
            **{name: getattr(found, name) for name in ("method", "title", "target", "versions")},
            rule=RULE,
            verdict=judged.verdict(room, found.scale.nothing_found),
            **{name: getattr(judged, name) for name in ("deletion", "insertion", "chance", "gain", "lead")},
            room=room,
            fractions=rounded(FRACTIONS),
            **further,
            baselines=judging.shown(random),
            all_deleted=all_deleted(question.model, at),
            deletion_value=explainer.deletion_value,
            replacement=replacement,
            error_rates=error_rates(question.model),
            settings=settings(at),
            seconds=round(time.perf_counter() - began, 3),
        )

    def effort(self, question: Question[Trust]) -> float:
        """The map, and every check that is made."""
        checks = {"agreement": agreement.cost, "stability": stability.cost, "randomised": randomised.cost}
        made = [deletion.cost, baselines.cost, *(checks[name] for name in question.parameters.checks)]
        return effort_of(question) + sum(cost(question, speed=1.0) for cost in made)

    def pace(self, question: Question[Trust]) -> str:
        """As the method's: most of the time goes into its maps of noisy copies."""
        return pace_of(question.model.weights_sha256, question.parameters.explainer.method)


def trust(model: Model, inputs: Floats, target: int | None, explainer: Explainer) -> Question[Trust]:
    """The question whether the map of inputs [leads, samples] for class index `target` (None: the output) holds up."""
    return TRUST.ask(model, inputs, TrustParameters(target=target, explainer=explainer))


def explained(question: Question[Trust]) -> Question[Explanation]:
    """The question that the judged map answers."""
    asked = {name: getattr(question.parameters, name) for name in ExplanationParameters.model_fields}
    return EXPLANATION.ask(question.model, question.inputs, ExplanationParameters(**asked))


def window_of(question: Question[Trust]) -> tuple[Window, Replacement]:
    """The window that is judged in, and what stands for "nothing there" in it.

    Windows of another class, where the model has any; else what the method itself deletes to.
    """
    assert question.inputs is not None
    model, explainer = question.model, question.parameters.explainer
    inputs, target = question.inputs, question.parameters.target
    if found := contrast.contrast(model, inputs, target):
        kind = model.card.classes[found.index]
        replacement = Replacement(windows=len(found.windows), symbol=kind.symbol, name=kind.name)
        return Window(calibrated(model), inputs, found.windows, target), replacement
    blank = explainer.deletion(torch.from_numpy(inputs[None])).numpy()
    replacement = Replacement(windows=1, symbol=None, name=explainer.deletion_value)
    return Window(calibrated(model), inputs, blank, target), replacement


def all_deleted(model: Model, at: Window) -> dict[str, float]:
    """Class symbol → its probability in the window replaced whole, mean over fills."""
    means = at.replaced().mean(axis=0)
    return {kind.symbol: float(p) for kind, p in zip(model.card.classes, means, strict=True)}


def error_rates(model: Model) -> ErrorRates | None:
    """How often the verdict was wrong for this model, where its card says so for today's rule."""
    found = model.card.evaluation.get("verdict", {})
    fields = {name: found[name] for name in ErrorRates.model_fields} if found.get("rule") == RULE else None
    return ErrorRates.model_validate(fields) if fields else None


def further_checks(question: Question[Trust], at: Window, own: Floats, report: Report) -> dict[str, Any]:
    """What the checks beyond the verdict's give, each None or empty where it was not asked for."""
    explainer, made = question.parameters.explainer, question.parameters.checks
    batch = batch_of([question])
    return {
        "agreement": agreement.with_reference(question, own) if "agreement" in made else [],
        "stability": stability.stability(at, batch, explainer, own, report) if "stability" in made else None,
        "randomised": randomised.survival(question, own) if "randomised" in made else None,
    }


def settings(at: Window) -> TrustSettings:
    """How the figures are made."""
    return TrustSettings(
        random_masks=baselines.MASKS,
        smoothing=deletion.width(at.signal.shape[1]),
        noise=stability.NOISE,
        copies=stability.COPIES,
        seed=deletion.SEED,
    )


TRUST = TrustTask()
