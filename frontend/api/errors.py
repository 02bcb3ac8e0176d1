"""What the service could not do."""

import httpx


class ApiError(Exception):
    """What the service could not do: a sentence for the reader, and what would have worked."""

    def __init__(
        self,
        detail: str,
        *,
        status: int = 0,
        options: tuple[str, ...] = (),
        field: str | None = None,
        again: float | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.status = status  # HTTP; 0: no answer
        self.options = options
        self.field = field
        self.again = again  # s after which to ask again for what is being computed


def problem(response: httpx.Response) -> ApiError:
    """The error that a problem JSON (RFC 9457) describes, or a plain one where the body is none."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        body = {}
    detail = body.get("detail") or body.get("title") or f"The server answered {response.status_code}."
    options = tuple(str(option) for option in body.get("options") or ())
    computing = response.status_code == httpx.codes.SERVICE_UNAVAILABLE and "Retry-After" in response.headers
    again = float(response.headers["Retry-After"]) if computing else None
    return ApiError(str(detail), status=response.status_code, options=options, field=body.get("field"), again=again)
