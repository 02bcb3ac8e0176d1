"""A page: one object that says where it is, what it is about, and what stands on it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import dash

from frontend.address import DEFAULTS, KEYS, RENAMED
from frontend.api import JSON, Api, ApiError
from frontend.discovery import guarded
from frontend.panel import Panels, updating
from frontend.ui.elements import Element

Scope = Literal["window", "recording", "none"]  # what the address of a page must name for it to show anything


@dataclass(frozen=True)
class Visit:
    """A user's visit of a page, with the part of the path behind the page's own."""

    api: Api
    me: JSON | None = None
    rest: str = ""


def no_panels(_: Api) -> Panels:
    """For a page without any."""
    return ()


@dataclass(frozen=True)
class Page:
    """A page of the product or of another package."""

    name: str
    path: str
    title: str
    layout: Callable[[Visit], Element]
    scope: Scope = "none"
    panels: Callable[[Api], Panels] = no_panels
    address_keys: tuple[str, ...] = ()  # what of the address is its own
    no_defaults: tuple[str, ...] = ()  # of these keys: where one is not written, the page decides by itself
    register: Callable[[dash.Dash, Api], None] | None = None
    tab: int | None = None  # its place in the navigation; None: no tab
    under: str | None = None  # the page whose tab is marked where it has none
    public: bool = False  # shown to somebody who is not signed in
    longer: bool = False  # the path goes on behind the page's own


def at(pages: Sequence[Page], pathname: str) -> tuple[Page, str] | None:
    """The page of a path and what follows; None where there is none."""
    path = pathname.rstrip("/") or "/"
    exact = next((page for page in pages if page.path == path and not page.longer), None)
    if exact:
        return exact, ""
    longer = next((page for page in pages if page.longer and pathname.startswith(page.path + "/")), None)
    return (longer, pathname.removeprefix(longer.path + "/")) if longer else None


def tabs(pages: Sequence[Page]) -> list[Page]:
    """The pages of the navigation, in its order."""
    return sorted((page for page in pages if page.tab is not None), key=lambda page: page.tab or 0)


def exported(pages: Sequence[Page], api: Api, methods: JSON) -> JSON:
    """All that the scripts know of the pages; `methods` are those of slots a and b where the address names none."""
    keys = dict.fromkeys([*KEYS, *(key for page in pages for key in page.address_keys)])
    return {
        "pages": [described(page, api) for page in pages],
        "keys": list(keys),
        "renamed": RENAMED,
        "defaults": DEFAULTS | methods,
    }


def described(page: Page, api: Api) -> dict[str, Any]:
    """One page for the scripts."""
    return {
        "name": page.name,
        "path": page.path,
        "title": page.title,
        "scope": page.scope,
        "tab": tab_id(page) if page.tab is not None else None,
        "under": page.under,
        "longer": page.longer,
        "keys": list(page.address_keys),
        "no_defaults": list(page.no_defaults),
        "early": early(page, api),
    }


def early(page: Page, api: Api) -> list[str]:
    """Names of the panels that are painted first."""
    if page.scope != "window":
        return []
    try:
        known = guarded(page, lambda: page.panels(api), no_panels(api))
        return [panel.name for panel in updating(known) if panel.early]
    except ApiError:  # panels that the service's methods make
        return []


def tab_id(page: Page) -> str:
    """The id of a page's tab."""
    return f"tab-{page.title.lower().replace(' ', '-')}"
