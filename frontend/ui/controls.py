"""A method's JSON Schema → its controls in the browser, and their values → the method's parameters."""

from collections.abc import Mapping, Sequence
from typing import Any

import dash_mantine_components as dmc

from frontend.address import Method, Value
from frontend.ui.elements import Element, html

Schema = Mapping[str, Any]
LARGE = 1e9  # a bound of the computer, of no interest to a reader


def fields(schema: Schema) -> dict[str, Schema]:
    """What a reader may set, in order: all properties but the method's own name, references resolved."""
    definitions = schema.get("$defs", {})
    return {name: resolve(entry, definitions) for name, entry in schema["properties"].items() if name != "method"}


def resolve(entry: Schema, definitions: Mapping[str, Schema]) -> Schema:
    """An entry with `$ref`, `allOf` of one and `anyOf` with null written out."""
    merged = dict(entry)
    for part in [*merged.pop("allOf", []), *_choices(merged)]:
        merged = {**part, **merged}
    reference = merged.pop("$ref", None)
    if reference:
        merged = {**definitions[str(reference).rsplit("/", 1)[-1]], **merged}
    return merged


def _choices(entry: dict[str, Any]) -> Sequence[Schema]:
    options = entry.pop("anyOf", [])
    entry["optional"] = any(option.get("type") == "null" for option in options)
    return [option for option in options if option.get("type") != "null"][:1]


def drawer(schema: Schema, method: Method, slot: str) -> list[Element]:
    """The controls of a method, each with its unit, bounds and default; advanced ones folded."""
    entries = fields(schema)
    plain = [row(name, entry, method, slot) for name, entry in entries.items() if not entry.get("advanced")]
    advanced = [row(name, entry, method, slot) for name, entry in entries.items() if entry.get("advanced")]
    if not entries:
        return [html.P("This method has nothing to set.", className="m")]
    folded = (
        [html.Details([html.Summary("More settings", className="h"), *advanced], className="more")] if advanced else []
    )
    return [*plain, *folded]


def row(name: str, entry: Schema, method: Method, slot: str) -> Element:
    """One control with what it means below it."""
    value = method.parameters.get(name, entry.get("default"))
    made = control(name, entry, value, slot)
    shown = entry.get("shown_when")
    hidden = shown and any(method.parameters.get(key) != wanted for key, wanted in shown.items())
    # A row that depends on another control is shown and hidden in the browser.
    marks = {"data-shown-when": ",".join(f"{key}={wanted}" for key, wanted in shown.items())} if shown else {}
    return html.Div([made], className="control", hidden=bool(hidden), **{"data-field": name, **marks})


def control(name: str, entry: Schema, value: Any, slot: str) -> Element:
    """The control for one field: choices, a switch, a number or a text."""
    common = {
        "id": {"type": "parameter", "slot": slot, "name": name},
        "label": label(name, entry),
        "description": described(entry),
        "size": "xs",
    }
    if "enum" in entry:
        return choices(common, [str(option) for option in entry["enum"]], value)
    if "const" in entry:
        return choices(common, [str(entry["const"])], value)
    if entry.get("type") == "boolean":
        return dmc.Switch(checked=bool(value), **common)
    if entry.get("type") in ("integer", "number"):
        return number(common, entry, value)
    return dmc.TextInput(value="" if value is None else str(value), **common)


def choices(common: dict[str, Any], options: list[str], value: Any) -> Element:
    """A choice of a few."""
    data = [{"value": option, "label": option.replace("_", " ")} for option in options]
    return dmc.Select(data=data, value=str(value), allowDeselect=False, checkIconPosition="right", **common)


def number(common: dict[str, Any], entry: Schema, value: Any) -> Element:
    """A number within its bounds."""
    bounds = {
        "min": entry.get("minimum", entry.get("exclusiveMinimum")),
        "max": entry.get("maximum", entry.get("exclusiveMaximum")),
    }  # of the arrows; what is typed is told of, not changed
    whole = entry["type"] == "integer"
    step = 1 if whole else step_of(entry.get("default"))
    allowed = {key: bound for key, bound in bounds.items() if bound is not None}
    return dmc.NumberInput(
        value=value,
        step=step,
        allowDecimal=not whole,
        clampBehavior="none",
        stepHoldDelay=400,
        stepHoldInterval=80,
        **allowed,
        **common,
    )


def step_of(default: Any) -> float:
    """A step that suits a default: a tenth of its size, as a power of ten."""
    if not isinstance(default, int | float) or not default:
        return 0.1
    exponent = len(f"{abs(default):.10f}".rstrip("0").split(".")[1]) if abs(default) < 1 else 1
    return float(10**-exponent)


def label(name: str, entry: Schema) -> str:
    """`Width (samples)`."""
    title = str(entry.get("title") or name.replace("_", " ").capitalize())
    return f"{title} ({entry['unit']})" if entry.get("unit") else title


def described(entry: Schema) -> str:
    """What it means, its bounds and its default."""
    low, high = entry.get("minimum", entry.get("exclusiveMinimum")), entry.get("maximum", entry.get("exclusiveMaximum"))
    limited = high is not None and abs(high) < LARGE
    bounds = f"{low:g} to {high:g}" if low is not None and limited else f"from {low:g}" if low is not None else ""
    default = entry.get("default")
    usual = "" if default is None else f"default {str(default).replace('_', ' ')}"
    numbers = ", ".join(part for part in (bounds, usual) if part)
    text = str(entry.get("description", "")).rstrip()
    return " ".join(part for part in (text, f"({numbers})" if numbers else "") if part)


def parameters(schema: Schema, values: Mapping[str, Any]) -> dict[str, Value]:
    """Values of the controls as the method's parameters: only what is not the default."""
    found: dict[str, Value] = {}
    for name, entry in fields(schema).items():
        value = values.get(name)
        if value is None or value == "":
            continue
        read = typed(entry, value)
        if read != entry.get("default"):
            found[name] = read
    return found


def wrong(schema: Schema, values: Mapping[str, Any]) -> dict[str, str]:
    """What is the matter with each control that holds no value of its field."""
    found = {name: problem(entry, values.get(name)) for name, entry in fields(schema).items() if name in values}
    return {name: words for name, words in found.items() if words}


def problem(entry: Schema, value: Any) -> str:
    """Why a value is none of a field's, with what it may be; empty where it is one."""
    if entry.get("type") not in ("integer", "number"):
        return ""
    if value is None or value == "":
        return "" if entry.get("optional") else f"Needs a number; default {entry.get('default')}"
    least, most = entry.get("minimum"), entry.get("maximum")
    above, below = entry.get("exclusiveMinimum"), entry.get("exclusiveMaximum")
    number = float(value)
    if least is not None and number < least:
        return f"At least {least:g}"
    if most is not None and number > most:
        return f"At most {most:g}"
    if above is not None and number <= above:
        return f"More than {above:g}"
    return f"Less than {below:g}" if below is not None and number >= below else ""


def typed(entry: Schema, value: Any) -> Value:
    """A control's value in the schema's type."""
    kinds = {"integer": int, "number": float, "boolean": bool}
    read: Value = kinds.get(str(entry.get("type")), str)(value)
    return read
