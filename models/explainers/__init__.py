"""Methods of explanation: each a file of this package that defines one Explainer; discovered, never listed."""

from functools import cache, reduce
from operator import or_
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from models.discovery import discover, named
from models.errors import InvalidError
from models.explainers.base import Explainer, Progress, Report, silent
from models.explainers.tracks import Batch, Findings, Track

__all__ = [
    "AnyExplainer",
    "Batch",
    "Explainer",
    "Findings",
    "Progress",
    "Report",
    "Track",
    "explainers",
    "parse",
    "silent",
]


@cache
def explainers() -> dict[str, type[Explainer]]:
    """Every method by name, the instant ones first."""
    found: dict[str, type[Explainer]] = {}
    for item in discover(__name__, Explainer, "explainers"):
        if item.model_fields["method"].is_required():
            continue  # a base that several methods share
        named(found, item.model_fields["method"].default, item)
    return dict(sorted(found.items(), key=lambda entry: (entry[1].cost, entry[0])))


if TYPE_CHECKING:
    AnyExplainer = Explainer
else:
    AnyExplainer = Annotated[reduce(or_, explainers().values()), Field(discriminator="method")]


def parse(parameters: dict[str, Any]) -> Explainer:
    """The method that `parameters` describe; InvalidError names the field, its value and what would be valid."""
    known = explainers()
    name = parameters.get("method")
    if not isinstance(name, str) or name not in known:
        raise InvalidError(
            f"Unknown method {name!r}: there is {', '.join(known)}", field="method", options=tuple(known)
        )
    try:
        method: Explainer = _adapter().validate_python(parameters)
    except ValidationError as error:
        raise _refusal(known[name], error) from error
    return method


@cache
def _adapter() -> TypeAdapter[Explainer]:
    return TypeAdapter(AnyExplainer)


def _refusal(kind: type[Explainer], error: ValidationError) -> InvalidError:
    """The first thing wrong, said with the field's bounds."""
    first = error.errors()[0]
    field = str(first["loc"][-1])
    known = {name: entry for name, entry in kind.model_json_schema()["properties"].items() if name != "method"}
    method = kind.model_fields["method"].default
    if field not in known:
        options = tuple(known)
        return InvalidError(
            f"{method} has no setting {field!r}: it has {', '.join(options) or 'none'}", field=field, options=options
        )
    allowed = describe(known[field])
    options = tuple(map(str, known[field].get("enum", ())))
    return InvalidError(
        f"{field} = {first['input']!r} does not fit {method}: it is {allowed}", field=field, options=options
    )


def describe(schema: dict[str, Any]) -> str:
    """The values a field's JSON Schema allows, in words: "a whole number from 1 to 5000 (samples)"."""
    if "enum" in schema:
        return "one of " + ", ".join(map(str, schema["enum"]))
    kind = {"integer": "a whole number", "number": "a number"}.get(schema.get("type", ""), f"a {schema.get('type')}")
    low, high = schema.get("minimum"), schema.get("maximum")
    if "exclusiveMinimum" in schema:
        kind, low = f"{kind} above {schema['exclusiveMinimum']:g}", None
    bounds = {(True, True): f" from {low} to {high}", (True, False): f" from {low}", (False, True): f" up to {high}"}
    unit = f" ({schema['unit']})" if "unit" in schema else ""
    return kind + bounds.get((low is not None, high is not None), "") + unit
