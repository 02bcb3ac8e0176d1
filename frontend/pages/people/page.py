"""For the administrator: who may use Beatlens and as what, and the audit log."""

from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.ui import forms
from frontend.ui.components import state
from frontend.ui.elements import Element, dcc, html

ROLES = ("reader", "annotator", "lead", "administrator")
MAY = {
    "reader": "looks, explains, covers, shares",
    "annotator": "also labels",
    "lead": "also opens sessions, adjudicates, uploads, exports",
    "administrator": "also accounts and the log",
}


def register(app: dash.Dash, api: Api) -> None:
    """What changes on the page."""

    @app.callback(Output("people-list", "children"), Input("account-turn", "data"))
    def redraw(_: Any) -> Element:
        return people(api)

    @app.callback(
        Output("audit-list", "children"),
        Output("audit-before", "data"),
        Input("audit-older", "n_clicks"),
        State("audit-before", "data"),
    )
    def older(clicks: int | None, before: int | None) -> tuple[Element, int | None]:
        return audit(api, before if clicks else None)


def layout(visit: Visit) -> Element:
    """Accounts and log; others are told whose page it is."""
    me = visit.me or visit.api.me()
    if me["role"] != "administrator":
        return html.Div(state("This page is for administrators", f"Your role is {me['role']}."), className="plain")
    body = [
        html.H1("People"),
        dcc.Store(id="account-turn"),
        html.Div(id="people-list"),
        html.H2("New account", className="h"),
        account_form(),
        html.H2("Audit log", className="h"),
        html.P(
            "Who opened, labelled, shared, exported what, in UTC. It holds no signal and no names.", className="m s w"
        ),
        dcc.Store(id="audit-before"),
        html.Div(id="audit-list"),
        html.Button("Older", id="audit-older", className="btn"),
    ]
    return html.Div(body, className="plain account wide")


def people(api: Api) -> Element:
    """One row for each account."""
    try:
        users, me = api.users(), api.me()
    except ApiError as error:
        return state("The accounts cannot be shown now", error.detail, warn=True)
    if not users:
        return html.P("There is no account yet.", className="m")
    return table(("Name", "Role", "Signs in", "Since", "Access"), [row(user, me) for user in users])


def table(names: Sequence[str], rows: list[Element]) -> Element:
    """Rows under the columns' names."""
    head = html.Tr([html.Th(name) for name in names])
    return html.Table([html.Thead(head), html.Tbody(rows)], className="facts people")


def row(user: JSON, me: JSON) -> Element:
    """Name, role to choose, and what can be done."""
    here = f"/users/{user['id']}"
    label = {"name": "role", "data-value": user["role"], "aria-label": f"Role of {user['name']}"}
    role = html.Select([html.Option(name, value=name) for name in ROLES], **forms.ask(f"PATCH {here}"), **label)
    turn, body = "Enable" if user["disabled"] else "Disable", {"disabled": not user["disabled"]}
    able = forms.button(turn, f"PATCH {here}", body, label=f"{turn} {user['name']}")
    out = forms.button("Sign out", f"DELETE {here}/sign-ins", label=f"Sign out {user['name']}", said="Signed out.")
    ways = "disabled" if user["disabled"] else "by password" if user["local"] else "by OpenID Connect"
    doing = [] if user["id"] == me["id"] else [out, able]
    return html.Tr(
        [
            html.Td(user["name"], className="b"),
            html.Td(role, title=MAY[user["role"]]),
            html.Td(ways, className="m"),
            html.Td(format.moment(user["created"]), className="m"),
            html.Td(html.Span(doing, className="row g8 end")),
        ]
    )


def account_form() -> Element:
    """Name, role and a first password."""
    roles = [{"value": name, "label": f"{name}: {MAY[name]}"} for name in ROLES]
    fields = [
        dmc.TextInput(name="name", label="Name", autoComplete="off", required=True),
        dmc.Select(name="role", label="Role", data=roles, value="reader", allowDeselect=False),
        forms.new_password("password", "First password"),
    ]
    return forms.form("POST /users", fields, "Add account", said="The account is there.")


def audit(api: Api, before: int | None) -> tuple[Element, int | None]:
    """Some acts, and where those before them begin."""
    try:
        answer = api.audit(before)
        names = {user["id"]: user["name"] for user in api.users()}
    except ApiError as error:
        return state("The log cannot be shown now", error.detail, warn=True), None
    rows = [
        html.Tr(
            [
                html.Td(format.moment(act["at"]), className="m"),
                html.Td(names.get(act["user_id"], act["user_id"] or "nobody known")),
                html.Td(act["action"]),
                html.Td(names.get(act["object"], act["object"]), className="m"),
            ]
        )
        for act in answer["entries"]
    ]
    return table(("When", "Who", "Did", "What"), rows), answer["next"]


PAGE = Page("people", "/people", "People and log", layout, register=register)
