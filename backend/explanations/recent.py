"""The results last seen by this process, as the bytes that are sent: nothing is parsed or checked twice."""

import threading
from collections import OrderedDict
from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from backend.headers import ALWAYS
from models.explanation import Explanation
from workers.status import StatusOf

KEPT = 64 * 2**20  # bytes kept in this process: a link can freeze them even where Redis has gone
PATH = "/api/explanations/"
IMMUTABLE = "private, max-age=604800, immutable"  # its id is the hash of everything that decides it
ASK_AGAIN = "private, no-cache"  # with accounts: the next person in this browser is another one


class ResultCache:
    """Results by id, kept as the JSON of their status; safe among threads."""

    def __init__(self, limit: int = KEPT) -> None:
        self.limit = limit
        self.size = 0  # bytes
        self._kept: OrderedDict[str, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, id: str) -> Explanation | None:
        """The result, if it is still here."""
        body = self.body(id)
        return None if body is None else StatusOf[Explanation].model_validate_json(body).result

    def body(self, id: str) -> bytes | None:
        """The status of what is done as JSON, if it is still here."""
        with self._lock:
            if id in self._kept:
                self._kept.move_to_end(id)
            return self._kept.get(id)

    def put(self, result: Explanation) -> bytes:
        """Keep it, and answer what is kept; those unused for longest go."""
        body = StatusOf[Explanation](id=result.id, status="done", result=result).model_dump_json().encode()
        with self._lock:
            self.size += len(body) - len(self._kept.pop(result.id, b""))
            self._kept[result.id] = body
            while self.size > self.limit and len(self._kept) > 1:
                self.size -= len(self._kept.popitem(last=False)[1])
        return body


class Fast:
    """Answers GET of what is done from memory before anything else is asked; passes on everything else."""

    def __init__(self, app: ASGIApp, recent: ResultCache, free: Callable[[str], bool], keep: str = IMMUTABLE) -> None:
        self.app, self.recent = app, recent
        self.free = free  # user's id → whether nothing can be hidden from that person
        self.keep = keep.encode()
        self.always = [(name.lower().encode(), value.encode()) for name, value in ALWAYS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        asked = scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(PATH)
        body = self.recent.body(scope["path"][len(PATH) :]) if asked and self.free(scope["state"]["user"].id) else None
        if body is None:
            await self.app(scope, receive, send)
            return
        tag = f'"{scope["path"][len(PATH) :]}"'.encode()
        same = any(name == b"if-none-match" and tag in value for name, value in scope["headers"])
        headers = [*self.always, (b"etag", tag), (b"cache-control", self.keep)]
        if not same:
            headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 304 if same else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if same else body})
