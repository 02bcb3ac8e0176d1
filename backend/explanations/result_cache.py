"""The explanations last seen by this process, as the bytes that are sent: nothing is parsed or checked twice."""

import threading
from collections import OrderedDict

from models.explanation import Explanation
from workers.status import StatusOf

KEPT = 64 * 2**20  # bytes kept in this process: a link can freeze them even where Redis has gone


class ResultCache:
    """Results by id, kept as the JSON of their status; safe among threads."""

    def __init__(self, limit: int = KEPT) -> None:
        self.limit = limit
        self.size = 0  # bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id: str) -> Explanation | None:
        """A result, if it is still in memory."""
        body = self.body(id)
        return None if body is None else StatusOf[Explanation].model_validate_json(body).result

    def body(self, id: str) -> bytes | None:
        """The JSON of a done explanation's status, if it is still in memory."""
        with self._lock:
            if id in self._kept:
                self._kept.move_to_end(id)
            return self._kept.get(id)

    def put(self, result: Explanation) -> bytes:
        """Keep a result; the JSON that is kept. Results unused for longest are dropped."""
        body = StatusOf[Explanation](id=result.id, status="done", result=result).model_dump_json().encode()
        with self._lock:
            self.size += len(body) - len(self._kept.pop(result.id, b""))
            self._kept[result.id] = body
            while self.size > self.limit and len(self._kept) > 1:
                self.size -= len(self._kept.popitem(last=False)[1])
        return body
