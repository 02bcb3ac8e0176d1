"""The short way to a result that this process has in memory."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from backend.headers import ALWAYS
from backend.tasks.result_cache import ResultCache

PATH = "/api/tasks/"
IMMUTABLE = "private, max-age=604800, immutable"  # its id is the hash of everything that decides it
ASK_AGAIN = "private, no-cache"  # with accounts: the next person in this browser is another one


class CachedResults:
    """Answers GET of what is done from memory, before any route; passes on everything else."""

    def __init__(
        self, app: ASGIApp, cache: ResultCache, unrestricted: Callable[[str], bool], keep: str = IMMUTABLE
    ) -> None:
        self.app, self.cache = app, cache
        self.unrestricted = unrestricted  # user's id → whether nothing can be hidden from that person
        self.keep = keep.encode()
        self.always = [(name.lower().encode(), value.encode()) for name, value in ALWAYS.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        body = self._body(scope)
        if body is None:
            await self.app(scope, receive, send)
            return
        tag = f'"{scope["path"].rpartition("/")[2]}"'.encode()
        same = any(name == b"if-none-match" and tag in value for name, value in scope["headers"])
        headers = [*self.always, (b"etag", tag), (b"cache-control", self.keep)]
        if not same:
            headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 304 if same else 200, "headers": headers})
        await send({"type": "http.response.body", "body": b"" if same else body})

    def _body(self, scope: Scope) -> bytes | None:
        """The JSON of the result that is asked for, if it is in memory and may be seen."""
        asked = scope["type"] == "http" and scope["method"] == "GET" and scope["path"].startswith(PATH)
        if not asked or not self.unrestricted(scope["state"]["user"].id):
            return None
        return self.cache.at(scope["path"][len(PATH) :])
