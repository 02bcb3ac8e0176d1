"""The request of a task: the fields of its scope and its own parameters, as a reader would say them."""

from functools import cache
from typing import Annotated, Any, get_args, get_origin

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field, ValidationError, create_model
from pydantic.fields import FieldInfo

from backend.tasks.schemas import TaskRequest
from backend.tasks.scopes import access
from models.explainers import AnyExplainer, Explainer
from models.tasks import Task
from models.tasks.examples import ExamplesParameters
from workers.status import Urgency

NOT_ASKED = (  # parameters that the window, named explanations or the examples give
    "marks", "segments", "usual", "second_target", *ExamplesParameters.model_fields,
)  # fmt: skip
TARGET = Field(None, max_length=20, description="Symbol of the class; null: the model's output")


@cache
def request_of(work: Task[Any, Any]) -> type[TaskRequest]:
    """The class of requests for a task: classes by their symbols, methods by their names."""
    given = {name: field for name, field in work.Parameters.model_fields.items() if name not in NOT_ASKED}
    fields: dict[str, Any] = {name: _field(name, field) for name, field in given.items()}
    if work.aside:
        fields["urgency"] = (Urgency, "secondary")
    name = "".join(part.title() for part in work.name.split("_"))
    return create_model(f"{name}Request", __base__=access(work).Request, __doc__=work.__doc__, **fields)


def _field(name: str, field: FieldInfo) -> tuple[Any, Any]:
    if name == "target":
        return str | None, TARGET
    if field.annotation is Explainer:  # AnyExplainer has every method's schema, and names what does not fit in it
        return AnyExplainer, ... if field.is_required() else field.default
    if Explainer in _parts(field.annotation):
        return AnyExplainer | None, field.default
    return field.annotation, field


def _parts(annotation: Any) -> set[Any]:
    """What a union is of, without what annotates it."""
    return {get_args(part)[0] if get_origin(part) is Annotated else part for part in get_args(annotation)}


def parameters_of(work: Task[Any, Any], request: TaskRequest) -> dict[str, Any]:
    """What a request says of the task's own parameters; the class still by its symbol."""
    return {name: getattr(request, name) for name in work.Parameters.model_fields if hasattr(request, name)}


def parsed(kind: type[BaseModel], body: dict[str, Any]) -> Any:
    """A body as a request; RequestValidationError, as of any other route, where it is none."""
    try:
        return kind.model_validate(body)
    except ValidationError as error:
        located = [{**one, "loc": ("body", *one["loc"])} for one in error.errors()]
        raise RequestValidationError(located, body=body) from error


def inlined(schema: dict[str, Any]) -> dict[str, Any]:
    """A JSON Schema with its definitions in place of the references to them."""
    known = schema.get("$defs", {})

    def whole(part: Any) -> Any:
        if isinstance(part, list):
            return [whole(inner) for inner in part]
        if not isinstance(part, dict):
            return part
        if "$ref" in part:
            return whole(known[part["$ref"].rpartition("/")[2]])
        return {name: whole(inner) for name, inner in part.items() if name not in ("$defs", "discriminator")}

    found: dict[str, Any] = whole(schema)
    return found
