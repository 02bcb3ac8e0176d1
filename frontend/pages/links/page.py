"""One's own links: how often they were opened, until when they can be, and withdrawing them."""

from typing import Any

import dash
from dash import ALL, Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.ui.components import state, sure, tag
from frontend.ui.elements import Element, html

HEAD = ("Title", "Link", "Recording, beat", "Made", "Ends", "Opened", "")


def layout(visit: Visit) -> Element:
    """The page."""
    words = (
        "What you have shared. An address is shown once, when it is made: Beatlens itself does not know it any more."
    )
    parts = [html.H1("Links"), html.P(words, className="m w"), html.Div(table(visit.api), id="links-list")]
    return html.Div(parts, className="plain account wide links")


def register(app: dash.Dash, api: Api) -> None:
    """Withdrawing, and restoring."""

    @app.callback(
        Output("links-list", "children"),
        Input({"type": "withdraw", "link": ALL}, "n_clicks"),
        Input({"type": "restore", "link": ALL}, "n_clicks"),
        prevent_initial_call=True,
    )
    def withdraw(clicks: list[int | None], again: list[int | None]) -> Any:
        pressed: Any = dash.ctx.triggered_id
        if not any(clicks) and not any(again):
            return dash.no_update
        return changed(api, pressed["link"], restore=pressed["type"] == "restore")


def changed(api: Api, link: int, restore: bool) -> Element:
    """The list after a link was withdrawn or restored, or why it was not."""
    try:
        if restore:
            api.restore_link(link)
        else:
            api.withdraw_link(link)
    except ApiError as error:
        return state(f"The link was not {'restored' if restore else 'withdrawn'}", error.detail, warn=True)
    return table(api)


def table(api: Api) -> Element:
    """All of them, the latest first."""
    try:
        links = api.links()
    except ApiError as error:
        return state("The links cannot be shown now", error.detail, warn=True)
    if not links:
        return html.P("None yet. Share makes one of the beat on the desk.", className="m")
    head = html.Tr([html.Th(name, className="r" if name == "Opened" else "") for name in HEAD])
    return html.Table([html.Thead(head), html.Tbody([row(link) for link in links])], className="facts links")


def row(link: JSON) -> Element:
    """One link."""
    where = f"/review?record={link['recording']}&at={link['at']}"
    title = html.Span(link["title"] or "Model output for one beat", className="b w")
    lock = tag("sign-in", "", "lock", title="Its readers have to sign in") if link["needs_sign_in"] else None
    cells = [
        html.Div([title, lock], className="row g8 wrap"),
        html.Span(link["number"], className="tn"),
        html.A(subject(link), href=where),
        html.Span(format.moment(link["created"])),
        ends(link),
        view_count(link),
        end(link),
    ]
    shown = [html.Td(cell, className="r" if name == "Opened" else "") for name, cell in zip(HEAD, cells, strict=True)]
    return html.Tr(shown, className="" if link["state"] == "open" else "m")


def subject(link: JSON) -> str:
    """`Record 208 at 00:00:03.828`."""
    name = f"Record {format.record(link['recording'].split('~')[-1])}"
    return name if link["time"] is None else f"{name} at {format.hms(link['time'])}"


def ends(link: JSON) -> str:
    """When it can no longer be read."""
    if link["state"] == "withdrawn":
        return f"withdrawn {format.moment(link['revoked'])}"
    if not link["expires"]:
        return "never"
    return ("ended " if link["state"] == "ended" else "") + format.moment(link["expires"])


def view_count(link: JSON) -> Element:
    """How often, and when last."""
    last = f"last {format.moment(link['seen'])}" if link["seen"] else "never opened"
    return html.Span(format.count(link["views"]), title=last)


def end(link: JSON) -> Element:
    """The button that withdraws it, or restores it."""
    if link["state"] == "withdrawn":
        words = {"aria-label": f"Restore link {link['number']}", "title": "Whoever has its address can read it again"}
        return html.Button("Restore", className="btn sm", id={"type": "restore", "link": link["id"]}, **words)
    if link["state"] != "open":
        return None
    name, opened_ = f"link {link['number']}", format.plural(link["views"], "time")
    asked = sure(
        f"Withdraw {name}?",
        f"It was opened {opened_}. Whoever has its address reads that it was withdrawn, until you restore it here.",
        "Withdraw",
    )
    words = {"aria-label": f"Withdraw {name}"}
    return html.Button("Withdraw", className="btn sm", id={"type": "withdraw", "link": link["id"]}, **words, **asked)


PAGE = Page("links", "/links", "Links", layout, register=register, tab=7)
