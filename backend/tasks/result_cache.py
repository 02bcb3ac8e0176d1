"""The results last seen by this process, as the bytes that are sent: nothing is parsed or checked twice."""

from typing import Any, TypeVar

from pydantic import BaseModel

from models.memory import BUDGET, Budget, Memory
from workers.status import StatusOf

M = TypeVar("M", bound=BaseModel)


class ResultCache:
    """Results by task and id, kept as the JSON of their status: a link can freeze them even where Redis has gone."""

    def __init__(self, budget: Budget = BUDGET) -> None:
        self._bodies: Memory[bytes] = Memory("results", len, budget)  # by task/id, as in the path

    def get(self, task: str, id: str, kind: type[M]) -> M | None:
        """A result, if it is still in memory."""
        body = self.body(task, id)
        return None if body is None else StatusOf[Any].model_validate_json(body).of(kind).result

    def body(self, task: str, id: str) -> bytes | None:
        """The JSON of a done job's status, if it is still in memory."""
        return self.at(f"{task}/{id}")

    def at(self, path: str) -> bytes | None:
        """The body of a result by its path below /api/tasks/."""
        return self._bodies.peek(path)

    def put(self, task: str, id: str, result: BaseModel) -> bytes:
        """Keep a result; the JSON that is kept."""
        body = StatusOf[Any](id=id, status="done", result=result).model_dump_json().encode()
        self._bodies.put(f"{task}/{id}", body)
        return body
