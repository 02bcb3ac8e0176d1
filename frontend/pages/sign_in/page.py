"""Signing in: where every page leads until somebody has."""

import dash_mantine_components as dmc

from frontend.api import ApiError
from frontend.page import Page, Visit
from frontend.ui import forms
from frontend.ui.components import state
from frontend.ui.elements import Element, html

PROBLEMS = {  # of OpenID Connect, as the address names them
    "ended": "Your sign-in has ended. What you labelled is kept in this browser and saved once you sign in.",
    "silent": "The sign-in service does not answer just now. Try again, or ask whoever runs it.",
    "unfinished": "That sign-in was not finished, or took too long. Begin again.",
    "disabled": "Your account is disabled. Ask an administrator of Beatlens.",
}


def layout(visit: Visit) -> Element:
    """The ways in that there are."""
    try:
        methods = visit.api.sign_in_methods()
    except ApiError as error:
        return html.Div(state("Nobody can sign in just now", error.detail, warn=True), className="plain")
    said = [html.P(words, className="warn", hidden=True, **{"data-problem": name}) for name, words in PROBLEMS.items()]
    oidc = html.A(
        methods["oidc"], href="/api/sign-in/oidc", id="sign-in-oidc", className="btn", hidden=not methods["oidc"]
    )
    notice = html.P("Research use only; not a medical device.", className="f s")
    return html.Div(
        [html.H1("Sign in"), *said, nobody() if methods["empty"] else form(), oidc, notice], className="plain"
    )


def first() -> Element:
    """In a page's place: the browser goes to the page above, and back here afterwards."""
    return html.Div(id="sign-in-first")


def form() -> Element:
    """Name and password."""
    fields = [
        dmc.TextInput(id="sign-in-name", name="name", label="Name", autoComplete="username", required=True),
        dmc.PasswordInput(
            id="sign-in-password", name="password", label="Password", autoComplete="current-password", required=True
        ),
    ]
    return forms.form("POST /sign-in", fields, "Sign in", strong=True, then="back")


def nobody() -> Element:
    """What to do where there is no account yet."""
    command = html.Code("beatlens account add NAME --role administrator")
    return html.P(["There is no account yet. On the machine where Beatlens runs: ", command], className="w")


PAGE = Page("sign_in", "/sign-in", "Sign in", layout, public=True)
