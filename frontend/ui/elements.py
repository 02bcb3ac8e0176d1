"""Dash's components and wiring behind types that hold: its stubs refuse `aria-*`, `data-*` and None as a child."""

from collections import Counter
from typing import Any, TypeAlias, cast
from weakref import WeakKeyDictionary

import dash
from dash import ClientsideFunction, Input, Output

html: Any = dash.html
dcc: Any = dash.dcc

Element: TypeAlias = Any  # a component, a text, None, or a list of them

_wired: WeakKeyDictionary[dash.Dash, Counter[tuple[str, ...]]] = (
    WeakKeyDictionary()
)  # inputs of callbacks without outputs


def clientside(app: dash.Dash, name: str, *wires: Any, **options: Any) -> None:
    """Wire `namespace.function` of assets/*.js to outputs, inputs and states.

    Dash takes callbacks without outputs for one where their inputs are the same, and calls only the last of them: to
    the others an input is added that never changes.
    """
    namespace, function = name.split(".")
    inputs = tuple(str(wire) for wire in wires if isinstance(wire, Input))
    if not any(isinstance(wire, Output) for wire in wires):
        wired = _wired.setdefault(app, Counter())
        wires = (*wires, *[Input("mantine", "id")] * wired[inputs])
        wired[inputs] += 1
    cast(Any, app).clientside_callback(ClientsideFunction(namespace, function), *wires, **options)
