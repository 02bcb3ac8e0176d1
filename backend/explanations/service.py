"""Explanations: the task of that name, for rooms that explain windows; and the methods there are."""

from typing import Any

from backend.explanations.schemas import ExplainerResponse
from backend.predictions.context import WindowContext
from backend.predictions.service import Predictor
from backend.tasks.requests import request_of
from backend.tasks.scopes import Subject
from backend.tasks.service import Answer, TaskService
from models.explainers import Explainer, explainers
from models.explanations.explanation import Explanation
from models.tasks import Question
from models.tasks.explanation import EXPLANATION
from models.zoo import Model
from workers.queue import Queue
from workers.status import StatusOf


class Explanations:
    """Ask for and look up explanations."""

    def __init__(self, tasks: TaskService) -> None:
        self.tasks = tasks

    @property
    def predictor(self) -> Predictor:
        """The models' outputs."""
        return self.tasks.predictor

    @property
    def queue(self) -> Queue | None:
        """The way to the workers."""
        return self.tasks.queue

    def ask(self, **asked: Any) -> Answer:
        """The result if it is instant or known, else where the job stands; `asked` as over HTTP."""
        return self.tasks.ask(EXPLANATION, request_of(EXPLANATION)(**asked))

    def question(self, context: WindowContext, target: int | None, method: Explainer) -> Question[Explanation]:
        """What the method finds in a window for a class index (None: the model's output)."""
        asked = {"target": target, "explainer": method}
        return self.tasks.question(EXPLANATION, Subject.of(context), asked)

    def status(self, id: str) -> StatusOf[Explanation]:
        """What is known of the explanation; NotFoundError where nothing is."""
        return self.tasks.status(EXPLANATION, id)

    def kept(self, id: str) -> Explanation | None:
        """An explanation that this process has in memory."""
        return self.tasks.result_cache.get(EXPLANATION.name, id, Explanation)


def methods(model: Model | None = None) -> list[ExplainerResponse]:
    """Every method with its JSON Schema, the instant ones first; and why it cannot explain a `model`."""
    return [
        ExplainerResponse(
            method=name,
            title=kind.title,
            summary=kind.summary,
            source=kind.source,
            cost=kind.cost,
            roles=list(kind.roles),
            has_relevance="relevance" in kind.roles,
            needs=[need.__name__ for need in kind.needs],
            not_offered=kind.unsupported(model.network) if model else None,
            reads=list(kind.reads),
            default_slot=kind.default_slot,
            full_scale=kind.full_scale,
            measured_scale=kind.measured_scale,
            wording=kind.wording,
            signed=kind.signed,
            unit=kind.unit,
            version=kind.version,
            parameters=kind.model_json_schema(),
        )
        for name, kind in explainers().items()
    ]
