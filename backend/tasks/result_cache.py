"""The results last seen by this process, as the bytes that are sent: nothing is parsed or checked twice."""

import threading
from collections import OrderedDict
from typing import Any, TypeVar

from pydantic import BaseModel

from workers.status import StatusOf

KEPT = 64 * 2**20  # bytes kept in this process: a link can freeze them even where Redis has gone
M = TypeVar("M", bound=BaseModel)


class ResultCache:
    """Results by task and id, kept as the JSON of their status; safe among threads."""

    def __init__(self, limit: int = KEPT) -> None:
        self.limit = limit
        self.size = 0  # bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()  # by task/id, as in the path
        self._lock = threading.Lock()

    def get(self, task: str, id: str, kind: type[M]) -> M | None:
        """A result, if it is still in memory."""
        body = self.body(task, id)
        return None if body is None else StatusOf[Any].model_validate_json(body).of(kind).result

    def body(self, task: str, id: str) -> bytes | None:
        """The JSON of a done job's status, if it is still in memory."""
        return self.at(f"{task}/{id}")

    def at(self, path: str) -> bytes | None:
        """The same by the path below /api/tasks/."""
        with self._lock:
            if path in self._kept:
                self._kept.move_to_end(path)
            return self._kept.get(path)

    def put(self, task: str, id: str, result: BaseModel) -> bytes:
        """Keep a result; the JSON that is kept. Results unused for longest are dropped."""
        path, body = f"{task}/{id}", StatusOf[Any](id=id, status="done", result=result).model_dump_json().encode()
        with self._lock:
            self.size += len(body) - len(self._kept.pop(path, b""))
            self._kept[path] = body
            while self.size > self.limit and len(self._kept) > 1:
                self.size -= len(self._kept.popitem(last=False)[1])
        return body
