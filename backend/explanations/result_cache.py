"""The explanations last seen by this process, as the bytes that are sent: nothing is parsed or checked twice."""

from memory import BUDGET, Budget, Memory
from models.explanation import Explanation
from workers.status import StatusOf


class ResultCache:
    """Results by id, kept as the JSON of their status: a link can freeze them even where Redis has gone."""

    def __init__(self, budget: Budget = BUDGET) -> None:
        self._kept: Memory[bytes] = Memory("explanations", len, budget)

    def get(self, id: str) -> Explanation | None:
        """A result, if it is still in memory."""
        body = self.body(id)
        return None if body is None else StatusOf[Explanation].model_validate_json(body).result

    def body(self, id: str) -> bytes | None:
        """The JSON of a done explanation's status, if it is still in memory."""
        return self._kept.peek(id)

    def put(self, result: Explanation) -> bytes:
        """Keep a result; the JSON that is kept."""
        body = StatusOf[Explanation](id=result.id, status="done", result=result).model_dump_json().encode()
        self._kept.put(result.id, body)
        return body
