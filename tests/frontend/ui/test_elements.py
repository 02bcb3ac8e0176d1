"""The wiring around Dash."""

import dash
from dash import Input

from frontend.ui.elements import clientside


def test_callbacks_without_outputs_do_not_displace_each_other() -> None:
    app = dash.Dash("wires")
    for name in ("one.mounted", "two.mounted", "three.mounted"):
        clientside(app, name, Input("page", "children"))
    wired = [entry["output"] for entry in app._callback_list]
    assert len(set(wired)) == 3
