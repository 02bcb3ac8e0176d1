"""Dependencies of routes: services by name, identifiers in paths and queries, and what an answer may be besides."""

from typing import Annotated, Any

from fastapi import Depends, Path, Query, Request

from backend.errors import Problem
from backend.settings import Settings
from models.errors import InvalidError


def provide(name: str) -> Any:
    """For `Annotated[Predictor, provide("predictor")]`: the service of that name in the running application."""

    async def service(request: Request) -> Any:  # async, so that it costs no trip to a thread
        return getattr(request.app.state.services, name)

    return Depends(service)


SettingsDep = Annotated[Settings, provide("settings")]
RecordingId = Annotated[str, Path(max_length=300, description="Id of a recording, as the list gives it")]
ModelId = Annotated[str, Path(max_length=100)]
ResultId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", description="Hash of everything that decides the result")]
LeadQuery = Annotated[str | None, Query(max_length=100, description="Name of a lead; the first one by default")]
ModelQuery = Annotated[str | None, Query(max_length=100, description="Id of a model")]

_WORDS = {
    401: "Nobody is signed in",
    403: "Whoever is signed in may not do this",
    404: "Something named does not exist",
    409: "It does not fit with what is there now",
    410: "It has ended or was withdrawn",
    413: "The body is too large",
    422: "A value cannot be used",
    429: "Asked too often",
    503: "A part of the service is not there",
}


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The errors that a route may answer, for the OpenAPI document."""
    return {
        status: {
            "description": _WORDS[status],
            "content": {"application/problem+json": {"schema": Problem.model_json_schema()}},
        }
        for status in statuses
    }


def refuse_renamed_query(**names: str) -> Any:
    """For a route's `dependencies`: whoever still asks by an old name (keyword) is told the new one (value)."""

    async def check(request: Request) -> None:
        for old, new in names.items():
            if old in request.query_params:
                raise InvalidError(f"{old!r} was renamed to {new!r}: ask for {new!r}", field=old)

    return Depends(check)
