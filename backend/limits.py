"""The limit on the size of a request."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.errors import problem


class BodyLimit:
    """Refuses larger bodies of requests to /api: at once where the length is announced, else once it is passed."""

    def __init__(self, app: ASGIApp, largest: int, special: Mapping[tuple[str, str], int]) -> None:
        self.app = app
        self.largest = largest  # bytes
        self.special = special  # other bytes by method and path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http" or not scope["path"].startswith("/api"):
            await self.app(scope, receive, send)
            return
        largest = self.special.get((scope["method"], scope["path"]), self.largest)
        announced = Headers(scope=scope).get("content-length", "0")
        if announced.isdigit() and int(announced) > largest:
            await problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason(largest))(scope, receive, send)
            return
        seen = 0

        async def receive_limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > largest:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason(largest))
            return message

        await self.app(scope, receive_limited, send)


def reason(largest: int) -> str:
    """The words to whoever sent too much."""
    return f"The body is larger than the {largest} bytes that a request may carry"
