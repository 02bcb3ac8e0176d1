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
from frontend.ui.components import state, sure
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
    mine = user["id"] == me["id"]
    sign_in = "disabled" if user["disabled"] else "by password" if user["local"] else "by OpenID Connect"
    doing = [] if mine else [sign_out(user), disable(user)]
    return html.Tr(
        [
            html.Td(user["name"], className="b"),
            html.Td(own_role(user) if mine else role(user), title=MAY[user["role"]]),
            html.Td(sign_in, className="m"),
            html.Td(format.moment(user["created"]), className="m"),
            html.Td(html.Span(doing, className="row g8 end")),
        ]
    )


def role(user: JSON) -> Element:
    """The role, to be chosen anew: what it was can be chosen again."""
    label = {"name": "role", "data-value": user["role"], "aria-label": f"Role of {user['name']}"}
    options = [html.Option(name, value=name) for name in ROLES]
    return html.Select(options, **forms.ask(f"PATCH /users/{user['id']}"), **label)


def own_role(user: JSON) -> Element:
    """One's own role: whoever gave it away could not take it back."""
    return html.Span(user["role"], title="Your own role is changed by another administrator")


def sign_out(user: JSON) -> Element:
    """The button that ends a person's sign-ins."""
    asked = sure(
        f"Sign {user['name']} out?",
        f"{user['name']} is signed out of every browser and signs in again to go on. "
        "What was labelled and is not saved yet stays in that browser.",
        "Sign out",
    )
    path, label = f"DELETE /users/{user['id']}/sign-ins", f"Sign out {user['name']}"
    return forms.button("Sign out", path, label=label, asked=asked, said="Signed out.")


def disable(user: JSON) -> Element:
    """The button that keeps a person out, and asks first; or that lets them in again."""
    path, name = f"PATCH /users/{user['id']}", user["name"]
    if user["disabled"]:
        return forms.button("Enable", path, {"disabled": False}, label=f"Enable {name}")
    asked = sure(
        f"Disable {name}?",
        f"{name} is signed out of every browser, and {name}'s tokens are refused, until you enable the account again. "
        "Readings, sessions and links stay.",
        "Disable",
    )
    return forms.button("Disable", path, {"disabled": True}, label=f"Disable {name}", asked=asked)


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
                html.Td(object_words(act["object"], names), className="m"),
            ]
        )
        for act in answer["entries"]
    ]
    return table(("When", "Who", "Did", "What"), rows), answer["next"]


def object_words(object_: str, names: dict[str, str]) -> str:
    """What an act was about; an account, which stands first, by its name."""
    first, _, rest = object_.partition(" ")
    return f"{names.get(first, first)} {rest}".strip()


PAGE = Page("people", "/people", "People and log", layout, register=register)
