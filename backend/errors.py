"""The one table from errors to statuses, and their form: problem JSON (RFC 9457)."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sqlalchemy.exc import DataError, SQLAlchemyError
from starlette.exceptions import HTTPException

from models.errors import BadRecordError, DomainError, InvalidError, NotFoundError, UnsupportedError
from workers.errors import QueueUnavailableError, TooLongError

log = logging.getLogger("beatlens.api")
MEDIA = "application/problem+json"
AGAIN = 2  # s after which to ask again for what is being computed
METHODS = ("explainer", "first", "second")  # fields of requests that name a method
MANY = 40  # options beyond this many are left out: all methods are named, not all recordings


class UnavailableError(DomainError):
    """A part of the service that this request needs is not there; the message names it."""


class ComputingError(UnavailableError):
    """The outputs that this request needs are being computed; the message says how far they are."""

    def __init__(self, words: str, done: int, total: int, remaining_seconds: float | None) -> None:
        super().__init__(words)
        self.done, self.total, self.remaining_seconds = done, total, remaining_seconds


PATIENT = "respond-async"  # of the header Prefer


class ConflictError(DomainError):
    """The request fits no longer, or not yet, with what is there."""


class GoneError(DomainError):
    """A thing that was there is not to be had any more; the message says since when."""


class SignInError(DomainError):
    """The request is anonymous, or its credential is unknown."""


class ForbiddenError(DomainError):
    """The caller may not do this; the message says who may."""


class SealedError(ForbiddenError):
    """The caller has to read this beat blind first."""


class TooManyError(DomainError):
    """The caller asks too often; the message says when to try again."""

    def __init__(self, message: str, seconds: int) -> None:
        super().__init__(message)
        self.seconds = seconds


STATUS: dict[type[DomainError], HTTPStatus] = {
    SignInError: HTTPStatus.UNAUTHORIZED,
    ForbiddenError: HTTPStatus.FORBIDDEN,
    SealedError: HTTPStatus.FORBIDDEN,
    NotFoundError: HTTPStatus.NOT_FOUND,
    ConflictError: HTTPStatus.CONFLICT,
    GoneError: HTTPStatus.GONE,
    InvalidError: HTTPStatus.UNPROCESSABLE_ENTITY,
    BadRecordError: HTTPStatus.UNPROCESSABLE_ENTITY,
    UnsupportedError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooLongError: HTTPStatus.UNPROCESSABLE_ENTITY,
    TooManyError: HTTPStatus.TOO_MANY_REQUESTS,
    UnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    ComputingError: HTTPStatus.SERVICE_UNAVAILABLE,
    QueueUnavailableError: HTTPStatus.SERVICE_UNAVAILABLE,
    DomainError: HTTPStatus.BAD_REQUEST,
}


class Problem(BaseModel):
    """An error, as every route answers it."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    field: str | None = Field(None, description="The field of the request that is to blame")
    options: list[str] | None = Field(None, description="What would have been valid; some of it where there is much")


def problem(
    status: HTTPStatus, detail: str, field: str | None = None, options: tuple[str, ...] = (), title: str | None = None
) -> Response:
    """The response for one error."""
    body = Problem(
        title=title or status.phrase, status=status, detail=detail, field=field, options=list(options[:MANY]) or None
    )
    return JSONResponse(body.model_dump(exclude_none=True), status_code=status, media_type=MEDIA)


def status_of(error: DomainError) -> HTTPStatus:
    """The status of the nearest kind of error in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def install(app: FastAPI) -> None:
    """Have `app` answer every error as problem JSON."""
    app.add_exception_handler(DomainError, _domain)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(SQLAlchemyError, _database)
    app.add_exception_handler(Exception, _unexpected)


def _domain(request: Request, error: Exception) -> Response:
    assert isinstance(error, DomainError)
    title = "Sealed" if isinstance(error, SealedError) else None
    status = status_of(error)
    if isinstance(error, ComputingError) and PATIENT in request.headers.get("Prefer", ""):
        status = HTTPStatus.ACCEPTED  # RFC 7240: who asks again by itself has met no failure
    answer = problem(status, str(error), error.field, error.options, title)
    if isinstance(error, TooManyError):
        answer.headers["Retry-After"] = str(error.seconds)
    if isinstance(error, ComputingError):
        answer.headers["Retry-After"] = str(AGAIN)
    return answer


def _validation(_: Request, error: Exception) -> Response:
    """The first thing wrong with the request: its field, its value and what would have been valid."""
    assert isinstance(error, RequestValidationError)
    first: dict[str, Any] = dict(error.errors()[0])
    field = ".".join(str(part) for part in _location(first))
    if first["type"] == "union_tag_invalid":
        return _unknown_tag(field, first["ctx"])
    if first["type"] == "json_invalid":
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"The body is not valid JSON: {first['ctx']['error']}")
    if first["type"] == "missing":
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, f"{field or 'The body'} is missing", field or None)
    value = repr(first.get("input"))
    detail = f"{field or 'The body'} = {value if len(value) <= 80 else value[:77] + '…'}: {first['msg']}"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, field or None, _options(first))


def _location(first: dict[str, Any]) -> tuple[Any, ...]:
    """Where the error lies, without "body" or "query" and without the tag that pydantic adds to a union's field."""
    location = tuple(first["loc"][1:])
    return location[:1] + location[2:] if len(location) > 2 and location[0] in METHODS else location


def _unknown_tag(field: str, context: dict[str, Any]) -> Response:
    """A method that does not exist is not found, like a model that does not exist."""
    name = str(context["discriminator"]).strip("'")
    options = tuple(part.strip().strip("'") for part in str(context["expected_tags"]).split(","))
    detail = f"Unknown {name} {context['tag']!r}: there is {', '.join(options)}"
    return problem(HTTPStatus.NOT_FOUND, detail, f"{field}.{name}", options)


def _options(first: dict[str, Any]) -> tuple[str, ...]:
    """The values that pydantic expected, where it lists them: "'zero', 'mean' or 'line'"."""
    if first["type"] not in ("literal_error", "enum"):
        return ()
    expected = str(first["ctx"]["expected"]).replace(" or ", ", ")
    return tuple(part.strip().strip("'") for part in expected.split(","))


def _http(_: Request, error: Exception) -> Response:
    """A refusal by the framework itself: a wrong verb, too large a body."""
    assert isinstance(error, HTTPException)
    response = problem(HTTPStatus(error.status_code), str(error.detail))
    response.headers.update(error.headers or {})
    return response


def _database(_: Request, error: Exception) -> Response:
    if isinstance(error, DataError):  # PostgreSQL keeps no NUL in a text
        return problem(HTTPStatus.UNPROCESSABLE_ENTITY, "A value holds a character or a number that cannot be kept")
    log.error("database: %s", error)
    return problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database cannot be used just now: see /api/health")


def _unexpected(request: Request, error: Exception) -> Response:
    """A mistake of ours: logged with its trace, and nothing of it told to the reader."""
    log.exception("%s %s", request.method, request.url.path, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "Beatlens made an error; its log says which.")
