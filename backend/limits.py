"""How much a request may carry."""

from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import problem


class BodyLimit:
    """Refuses larger bodies of requests to /api: at once where the length is announced, else once it is passed."""

    def __init__(self, app: ASGIApp, largest: int) -> None:
        self.app = app
        self.largest = largest  # bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not scope["path"].startswith("/api"):
            await self.app(scope, receive, send)
            return
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > self.largest:
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.reason)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, self.reason)
            return message

        await self.app(scope, counted, send)

    @property
    def reason(self) -> str:
        """What to tell whoever sent too much."""
        return f"The body is larger than the {self.largest} bytes that a request may carry"
