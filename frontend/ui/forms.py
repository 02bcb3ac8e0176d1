"""Forms and buttons that ask the service for something when they are used; assets/core/account.js sends them."""

import json
from collections.abc import Mapping
from typing import Any

import dash_mantine_components as dmc

from frontend.api import JSON
from frontend.ui.elements import Element, html

SHORTEST = 10  # characters of a password


def ask(request: str, body: JSON | None = None, **more: str) -> dict[str, Any]:
    """Attributes of what asks `request` ("POST /users"); `more` become data-said, data-tell and data-then."""
    attributes = {"data-ask": request} | {f"data-{name}": value for name, value in more.items()}
    return attributes | ({"data-body": json.dumps(body)} if body is not None else {})


def form(request: str, fields: list[Element], words: str, strong: bool = False, **more: str) -> Element:
    """Fields, the button that sends them, and the answer's place: a warning, unless the answer tells something."""
    kind = "w answer" if "tell" in more else "warn w answer"
    send = html.Button(words, type="submit", className="btn pri" if strong else "btn")
    inside = [*fields, send, html.P(role="alert", className=kind)]
    return html.Form(inside, className="stack narrow", **ask(request, None, **more))


def button(
    words: str,
    request: str,
    body: JSON | None = None,
    label: str | None = None,
    asked: Mapping[str, str] | None = None,
    **more: str,
) -> Element:
    """A button that asks the service at once; `label` says more to those who cannot see beside what it stands.

    `asked`: what `components.sure` gives, where the person is asked first.
    """
    named: dict[str, Any] = ({"aria-label": label} if label else {}) | dict(asked or {})
    return html.Button(words, className="btn sm" if label else "btn", **ask(request, body, **more), **named)


def new_password(name: str, label: str, note: str = "") -> Element:
    """The field for a password that is chosen now."""
    return dmc.PasswordInput(
        name=name,
        label=label,
        description=f"At least {SHORTEST} characters{note}",
        autoComplete="new-password",
        required=True,
    )
