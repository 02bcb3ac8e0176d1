"""Authentication of every request: its Host header, its user, and its origin (cross-site request forgery)."""

import re
from http import HTTPStatus
from urllib.parse import urlsplit

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Receive, Scope, Send

from backend.accounts.credentials import Credential, CredentialStore
from backend.current_user import LOCAL
from backend.errors import problem
from backend.headers import ALWAYS
from backend.settings import Settings

COOKIE = "beatlens_session"
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SAFE = ("GET", "HEAD", "OPTIONS")
OPEN = re.compile(  # what nobody in particular may ask for; everything else below /api is closed before it is looked at
    r"(GET|HEAD) /api/(health|openapi\.json|docs|sign-in|sign-in/oidc(/back)?|links/.+)"
    r"|POST /api/sign-in"
)


class AuthMiddleware:
    """Puts the user into the request's state (`user`, `sign_in`), or refuses the request."""

    def __init__(self, app: ASGIApp, settings: Settings, credentials: CredentialStore) -> None:
        self.app, self.credentials, self.accounts = app, credentials, settings.accounts
        named = {*LOOPBACK, settings.host, *settings.hosts}
        self.hosts = None if settings.accounts and not settings.hosts else named

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one connection."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if self.hosts is not None and host(headers.get("host", "")) not in self.hosts:
            detail = "Beatlens is not called that here: use localhost, or name the host in BEATLENS_HOSTS"
            await self._refuse(HTTPStatus.MISDIRECTED_REQUEST, detail, scope, receive, send)
            return
        if not scope["path"].startswith("/api"):
            await self.app(scope, receive, send)  # pages hold nothing: they ask the API in their reader's name
            return
        cookie, token = _cookie(headers), _token(headers)
        if token is None and scope["method"] not in SAFE and not is_same_origin(headers, certainly=cookie is not None):
            detail = "This came from another site: open Beatlens itself, or use a token"
            await self._refuse(HTTPStatus.FORBIDDEN, detail, scope, receive, send)
            return
        credential = await self._credential(cookie, token) if self.accounts else Credential(LOCAL, None)
        if credential is None and not OPEN.fullmatch(f"{scope['method']} {scope['path']}"):
            await self._refuse(HTTPStatus.UNAUTHORIZED, "Sign in first.", scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["user"], state["sign_in"] = (credential.user, credential.sign_in) if credential else (None, None)
        await self.app(scope, receive, send)

    async def _credential(self, cookie: str | None, token: str | None) -> Credential | None:
        """The credential of a token or else of a cookie; an unknown token is nobody's, whatever the cookie."""
        key = token if token is not None else cookie
        if key is None:
            return None
        find_credential = self.credentials.cookie if token is None else self.credentials.token
        return self.credentials.known(key) or await run_in_threadpool(find_credential, key)

    async def _refuse(self, status: HTTPStatus, detail: str, scope: Scope, receive: Receive, send: Send) -> None:
        answer = problem(status, detail)
        answer.headers.update(ALWAYS | {"Cache-Control": "no-store"})
        if status == HTTPStatus.UNAUTHORIZED:
            answer.headers["WWW-Authenticate"] = "Bearer"
        await answer(scope, receive, send)


def host(header: str) -> str:
    """The host of a Host header, in lower case and without the port."""
    return re.sub(r":\d+$", "", header).lower()


def is_same_origin(headers: Headers, certainly: bool) -> bool:
    """Whether a page of this site sent the request: the headers that say so cannot be forged by another site's page.

    Where nothing tells (no browser of these years), a cookie must not be trusted; `certainly` asks for credential.
    """
    site = headers.get("sec-fetch-site")
    if site:
        return site in ("same-origin", "none")
    source = headers.get("origin") or headers.get("referer")  # over plain HTTP there is no Sec-Fetch-Site
    return urlsplit(source).netloc == headers.get("host") if source else not certainly


def _cookie(headers: Headers) -> str | None:
    return cookie_parser(headers.get("cookie", "")).get(COOKIE) or None


def _token(headers: Headers) -> str | None:
    scheme, _, key = headers.get("authorization", "").partition(" ")
    return key.strip() if scheme.lower() == "bearer" else None
