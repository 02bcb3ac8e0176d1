"""The explanations that are shown."""

from collections.abc import Sequence

from backend.errors import ConflictError
from backend.explanations.service import Explanations
from backend.predictions.context import WindowContext
from models.errors import InvalidError
from models.evaluation.checks.agreement import method_of
from models.explanations.explanation import Explanation


def freeze(explanations: Explanations, context: WindowContext, ids: Sequence[str]) -> list[Explanation]:
    """The results under these ids; refuses what is not finished and what is of another window."""
    return [_finished(explanations, context, id) for id in dict.fromkeys(ids)]


def _finished(explanations: Explanations, context: WindowContext, id: str) -> Explanation:
    status = explanations.status(id)
    if status.result is None:
        raise ConflictError(f"Explanation {id} is {status.status}: share it once it is done", field="explanations")
    found = status.result
    if explanations.question(context, found.target.index, method_of(found)).id != id:
        message = f"Explanation {id} is not of this window, lead and model ({context.model.card.id})"
        raise InvalidError(message, field="explanations")
    return found
