"""Who is signed in: the menu in the top bar, and one's own account. Forms are sent by assets/core/account.js."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.ui import forms
from frontend.ui.components import facts, icon, state, sure
from frontend.ui.elements import Element, dcc, html

DAYS = [{"value": days, "label": f"{days} days"} for days in ("7", "30", "90", "365")]


def register(app: dash.Dash, api: Api) -> None:
    """What changes on the page."""

    @app.callback(Output("account-lists", "children"), Input("account-turn", "data"))
    def redraw(_: Any) -> Element:
        return lists(api)


def menu(me: JSON) -> Element:
    """Name and what can be done; where there are no accounts, that there are none."""
    mark = {"data-user": me["id"], "data-role": me["role"]}
    if not me["accounts"]:
        words = "Whoever opens this page may do everything: it can be reached from this machine only."
        return html.Span(
            html.Span([me["name"], html.Span(", no sign-in", className="long")]), className="tag", title=words, **mark
        )
    links = [("Account", "/account")] + ([("People and log", "/people")] if me["role"] == "administrator" else [])
    items = [
        html.P(f"{me['name']}, {me['role']}", className="m s"),
        *[dcc.Link(name, href=path) for name, path in links],
        html.Button("Sign out", id="sign-out", **forms.ask("POST /sign-out", then="home")),
    ]
    name = html.Summary([icon("person"), html.Span(me["name"], className="cut")], className="btn gh", id="account-menu")
    return html.Details([name, html.Div(items)], className="menu", **mark)


def layout(visit: Visit) -> Element:
    """One's own account."""
    me = visit.me or visit.api.me()
    if not me["accounts"]:
        words = (
            "On this machine everybody is the local reader, who may do everything. BEATLENS_ACCOUNTS=true changes that."
        )
        return html.Div(state("There are no accounts here", words), className="plain")
    body = [
        html.H1("Account"),
        facts([("Name", me["name"]), ("Role", me["role"])]),
        dcc.Store(id="account-turn"),
        html.Div(id="account-lists", className="stack"),
        html.H2("New token for a script", className="h"),
        token_form(),
    ]
    return html.Div(body, className="plain account")


def lists(api: Api) -> Element:
    """Browsers, tokens and, where there is one, the password."""
    try:
        signed, tokens = api.sign_ins(), api.tokens()
    except ApiError as error:
        return state("The account cannot be shown now", error.detail, warn=True)
    rows = [
        (
            "This browser" if one["current"] else "Another browser",
            f"since {format.moment(one['created'])}, last used {format.moment(one['seen'])}",
        )
        for one in signed["sign_ins"]
    ]
    others = len(rows) - 1
    asked = sure(
        "Sign out everywhere?",
        f"This browser and {format.plural(others, 'other')} are signed out. What was labelled and is not saved yet "
        "stays in its browser until you sign in there again.",
        "Sign out everywhere",
    )
    everywhere = forms.button("Sign out everywhere", "DELETE /account/sign-ins", asked=asked, then="home")
    keys = [(one["title"], html.Span([used(one), revoke(one)], className="row g8 end")) for one in tokens["tokens"]]
    return [
        html.H2("Signed in", className="h"),
        facts(rows),
        everywhere,
        *([html.H2("Password", className="h"), password_form()] if signed["password"] else []),
        html.H2("Tokens", className="h"),
        facts(keys) if keys else html.P("None. A token lets a script ask the API in your name.", className="m s w"),
    ]


def used(token: JSON) -> Element:
    """When it was used last, and until when it can be."""
    ends = f"until {format.moment(token['expires'])}" if token["expires"] else "until it is revoked"
    return html.Span(f"{_seen(token)}, {ends}", className="m")


def _seen(token: JSON) -> str:
    return f"last used {format.moment(token['seen'])}" if token["seen"] else "never used"


def revoke(token: JSON) -> Element:
    """The button that ends it."""
    asked = sure(
        f"Revoke “{token['title']}”?",
        f"Scripts that use it are refused from now on, for good ({_seen(token)}). A new token takes its place.",
        "Revoke it",
    )
    return forms.button(
        "Revoke", f"DELETE /account/tokens/{token['id']}", label=f"Revoke {token['title']}", asked=asked
    )


def password_form() -> Element:
    """The old one and a new one."""
    fields = [
        dmc.PasswordInput(name="old", label="Present password", autoComplete="current-password", required=True),
        forms.new_password("new", "New password", "; every other browser is signed out"),
    ]
    return forms.form("PUT /account/password", fields, "Change password", said="The password is changed.")


def token_form() -> Element:
    """What it is for and how long it holds."""
    fields = [
        dmc.TextInput(name="title", label="What it is for", required=True),
        dmc.Select(name="days", label="Until it ends", data=DAYS, value="90", allowDeselect=False),
    ]
    said = "Copy it now, it is shown this once:"
    return forms.form("POST /account/tokens", fields, "Make token", tell="token", said=said)


PAGE = Page("account", "/account", "Account", layout, register=register)
