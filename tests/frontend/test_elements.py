"""The wiring around Dash."""

import dash
from dash import Input

from frontend.elements import clientside


def test_callbacks_without_outputs_do_not_displace_each_other() -> None:
    app = dash.Dash("wires")
    for name in ("one.mounted", "two.mounted", "three.mounted"):
        clientside(app, name, Input("page", "children"))
    app._setup_server()  # type: ignore[no-untyped-call]
    assert len(app.callback_map) == 3
