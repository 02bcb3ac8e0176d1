"""Dash's components and wiring behind types that hold: its stubs refuse `aria-*`, `data-*` and None as a child."""

from typing import Any, TypeAlias, cast

import dash
from dash import ClientsideFunction

html: Any = dash.html
dcc: Any = dash.dcc

Element: TypeAlias = Any  # a component, a text, None, or a list of them


def clientside(app: dash.Dash, name: str, *wires: Any, **options: Any) -> None:
    """Wire `namespace.function` of assets/*.js to outputs, inputs and states."""
    namespace, function = name.split(".")
    cast(Any, app).clientside_callback(ClientsideFunction(namespace, function), *wires, **options)
