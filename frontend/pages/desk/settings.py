"""Choice of method, target and parameters."""

from typing import Any

import dash_mantine_components as dmc

from frontend import methods
from frontend.address import SLOTS, Method, parse_method
from frontend.api import JSON, Api, ApiError
from frontend.ui import controls
from frontend.ui.components import icon
from frontend.ui.elements import Element, html
from frontend.wording import classes

USUAL, AROUND, LETTER = 140, 52, 6.6  # px: of a method's menu, of what stands around its title there, of a letter


def choices(api: Api, slots: JSON, where: JSON) -> list[Element]:
    """Method of A and B, their settings, and the class that is explained."""
    try:
        defaults, card = methods.defaults(api), api.model(where.get("model"), where.get("record"))
        offered, known = methods.choices(api, card["id"]), card["classes"]
    except ApiError:
        return []
    targets = [{"value": "", "label": "for its output"}]
    targets += [
        {"value": c["symbol"], "label": f"for {classes.short(c['symbol'], {c['symbol']: c['name']})}"} for c in known
    ]
    target = dmc.Select(
        data=targets,
        value=where.get("target") or "",
        id="target",
        size="xs",
        w=118,
        allowDeselect=False,
        **{"aria-label": "Class explained"},
    )
    return [
        *[
            part
            for slot in SLOTS
            for part in selector(slot, offered, parse_method(slots.get(slot) or defaults.get(slot, "")))
        ],
        target,
    ]


def selector(slot: str, methods: list[JSON], method: Method) -> list[Element]:
    """Method and settings of one slot."""
    title = f"Method {slot.upper()}"
    entries = [entry for group in methods for entry in group["items"]]
    chosen = next((entry["label"] for entry in entries if entry["value"] == method.name), "")
    select = dmc.Select(
        data=methods,
        value=method.name,
        id=f"method-{slot}",
        size="xs",
        w=max(USUAL, round(AROUND + LETTER * len(chosen))),  # a menu does not cut the name of what is chosen
        allowDeselect=False,
        leftSection=html.B(slot.upper()),
        leftSectionWidth=24,
        rightSectionWidth=20,
        **{"aria-label": title},
    )
    changed = html.Span(str(len(method.parameters)), className="count") if method.parameters else None
    label = f"Parameters of {slot.upper()}"
    button = html.Button(
        [icon("sliders"), changed], id=f"settings-{slot}", className="btn ic", title=label, **{"aria-label": label}
    )
    return [select, button]


def parameters(api: Api, slot: str, method: Method) -> Any:
    """The drawer's content for one slot."""
    entry = methods.schema_of(api, method.name)
    source = html.P([entry["summary"], html.Br(), html.Span(entry["source"], className="f")], className="s m w")
    again = html.Button("Explain again", id="apply", className="btn pri")
    usual = html.Button("Back to defaults", id="defaults", className="btn", disabled=not method.parameters)
    buttons = html.Div([again, usual], className="row g8 gap")
    return (
        html.Div([source, *controls.drawer(entry["schema"], method, slot), buttons]),
        slot,
        True,
        f"{slot.upper()}  {entry['title']}",
    )


def wrong(api: Api, current: str, values: dict[str, Any]) -> dict[str, str]:
    """What is the matter with each control that holds no value."""
    return controls.wrong(methods.schema_of(api, parse_method(current).name)["schema"], values)


def requested(api: Api, slot: str, current: str, values: dict[str, Any]) -> JSON:
    """The address that the controls ask for: the slot's method with its new parameters."""
    name = parse_method(current).name
    chosen = controls.parameters(methods.schema_of(api, name)["schema"], values)
    return {"slot": slot, "method": str(Method(name, chosen))}
