"""The queue at the foot of the desk: beats worth a look. Its cards are drawn in assets/pages/desk/queue.js."""

import dash
from dash import Input

from frontend.api import Api
from frontend.panel import Panel
from frontend.ui.elements import Element, clientside, html

PITCH, WAITING = 103, 14  # px from card to card; empty cards while the queue is awaited


def layout(*inside: Element) -> Element:
    """Header and a row of empty cards at its final size."""
    order = html.Div(id="queue-order-place")
    head = html.Div(
        [
            html.H2("Queue", className="h"),
            html.Div(id="queue-tabs", className="seg", role="group", **{"aria-label": "Queues"}),
            html.Span(className="sp"),
            *inside,
            html.Span(id="queue-position", className="s m"),
            order,
        ],
        className="row g8 queue-head",
    )
    waiting = [html.I(className="queue-card", style={"left": f"{PITCH * i}px"}) for i in range(WAITING)]
    cards = html.Div(
        html.Div(waiting, id="queue-run"), id="queue-cards", role="group", **{"aria-label": "Beats of the queue"}
    )
    return html.Section([head, cards], id="queue", className="queue")


def register(app: dash.Dash, _: Api) -> None:
    """The script looks whenever the address or the page changes."""
    clientside(app, "queue.look", Input("address", "search"), Input("page", "children"))


PANEL = Panel("queue", order=30, layout=layout, script="pages/desk/queue.js", register=register)
