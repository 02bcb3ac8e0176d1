"""Whether the map of a method can be trusted on its window: its checks and the verdict."""

import time
from typing import Any, ClassVar, Literal

import numpy as np
import torch
from pydantic import Field

from models.errors import UnsupportedError
from models.evaluation.checks import agreement, baselines, deletion, randomised, stability
from models.evaluation.checks.deletion import FRACTIONS, Window, curve, rounded
from models.evaluation.trust import Trust, TrustSettings, verdict
from models.explainers import Explainer
from models.explainers.base import Progress, Report, part_of
from models.explainers.occlusion import Occlusion
from models.explainers.tracks import Floats
from models.explanations.explaining import batch_of, calibrated
from models.explanations.explanation import Explanation
from models.tasks.base import Question, Scope, Task, pace_of
from models.tasks.explanation import EXPLANATION, ExplanationParameters, completed, effort_of
from models.zoo import Model

Check = Literal["agreement", "stability", "randomised"]


class TrustParameters(ExplanationParameters):
    """Which map is judged, and what is tried beyond deletion and the random masks, from which the verdict follows."""

    checks: tuple[Check, ...] = Field(("agreement", "stability"), description="Further checks")


class TrustTask(Task[TrustParameters, Trust]):
    """Judge a map by deleting what it calls important, and by further checks."""

    name: ClassVar[str] = "trust"
    title: ClassVar[str] = "Trust in a map"
    scope: ClassVar[Scope] = "window"
    version: ClassVar[str] = "2"  # agreement with occlusion alone
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
        return EXPLANATION.decisive(model, parameters) | {"checks": parameters.checks, "reference": reference}

    def run(self, question: Question[Trust], report: Report) -> Trust:
        """The judgement."""
        began, explainer = time.perf_counter(), question.parameters.explainer
        found = explained(question).run(part_of(report, 0.0, 0.2))
        own = explainer.importance(np.array([found.relevance], dtype=np.float32))
        at = window_of(question)
        random = baselines.baseline(question.model, at, part_of(report, 0.2, 0.5))
        report(Progress(0.5))
        gone, left = at.curves(own)
        curves = curve(gone[0], random.deletion, -1), curve(left[0], random.insertion, 1)
        further = further_checks(question, at, own, part_of(report, 0.6, 1.0))
        report(Progress(1.0))
        assert found.scale is not None
        return Trust(
            id=question.id,
            explanation=found.id,
            **{name: getattr(found, name) for name in ("method", "title", "target", "versions")},
            verdict=verdict(*curves, found.scale.nothing_found),
            fractions=rounded(FRACTIONS),
            deletion=curves[0],
            insertion=curves[1],
            **further,
            baselines=random.shapes,
            all_deleted=found.scale.all_deleted,
            deletion_value=explainer.deletion_value,
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


def window_of(question: Question[Trust]) -> Window:
    """The window that is deleted from, and what stands for "nothing there" in it."""
    assert question.inputs is not None
    blank = question.parameters.explainer.deletion(torch.from_numpy(question.inputs[None]))[0].numpy()
    return Window(calibrated(question.model), question.inputs, blank, question.parameters.target)


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
        smoothing=baselines.width(at.signal.shape[1]),
        noise=stability.NOISE,
        copies=stability.COPIES,
        seed=baselines.SEED,
    )


TRUST = TrustTask()
