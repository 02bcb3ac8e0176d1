"""The Dash application: shell, router and the pages' callbacks."""

from collections.abc import Callable
from functools import partial
from typing import Any

import dash
from dash import Input, Output, State

from frontend import view
from frontend.api import Api, ApiError
from frontend.pages.account import page as account
from frontend.pages.blind import page as blind
from frontend.pages.compare import page as compare
from frontend.pages.desk import page as review
from frontend.pages.desk.panels import cover, maps
from frontend.pages.gallery import page as gallery
from frontend.pages.link import page as link
from frontend.pages.links import page as links
from frontend.pages.people import page as people
from frontend.pages.results import page as results
from frontend.pages.sessions import page as sessions
from frontend.pages.sign_in import page as sign_in
from frontend.pages.worklist import page as worklist
from frontend.rhythm import stretch
from frontend.sheets import files
from frontend.shell import frame, share
from frontend.ui.elements import Element, clientside


def create_ui(api_url: str, prefix: str = "/", transport: Any = None) -> dash.Dash:
    """The user interface of the service at `api_url`, served below `prefix`; tests give a `transport` of httpx."""
    app = files.Announcing(
        "frontend",
        requests_pathname_prefix=prefix,
        assets_folder="assets",
        title="Beatlens",
        update_title="",
        suppress_callback_exceptions=True,
        index_string=frame.index(prefix),
        serve_locally=True,
    )
    api = Api(api_url, transport)
    app.layout = frame.layout
    route(app, api)
    browser(app)
    for page in (worklist, review, maps, cover, gallery, share, account, people, sessions, blind, results, links):
        page.register(app, api)
    stretch.register(app, api)
    files.register(app, api)
    view.register(app, api, {"review": lambda _: review.PARTS, "compare": compare.panels})
    return app


def route(app: dash.Dash, api: Api) -> None:
    """Which page stands in the frame."""

    @app.callback(Output("page", "children"), Output("account", "children"), Input("address", "pathname"))
    def show(pathname: str | None) -> tuple[Element, Element]:
        return framed(api, pathname or "/")


def framed(api: Api, pathname: str) -> tuple[Element, Element]:
    """The page of a path and the account menu; whoever is not signed in does that first, except for a shared link."""
    try:
        me = api.me()
    except ApiError as error:
        if error.status != 401:
            return page(api, pathname), None
        if pathname.startswith("/s/"):
            return page(api, pathname), None
        return (sign_in.layout(api) if pathname == "/sign-in" else sign_in.first()), None
    own = {"/account": account.layout, "/people": people.layout}.get(pathname.rstrip("/"))
    return own(me) if own else page(api, "/" if pathname == "/sign-in" else pathname), account.menu(me)


def page(api: Api, pathname: str) -> Element:
    """The page of a path."""
    if pathname.startswith("/s/"):
        return link.layout(api, pathname.removeprefix("/s/"))
    pages: dict[str, Callable[[], Element]] = {
        "/": worklist.layout,
        "/review": review.layout,
        "/gallery": gallery.layout,
        "/compare": partial(compare.layout, api),
        "/sessions": sessions.layout,
        "/links": partial(links.layout, api),
        "/blind": blind.layout,
        "/results": results.layout,
    }
    return pages.get(pathname.rstrip("/") or "/", link.missing_page)()


def browser(app: dash.Dash) -> None:
    """What happens in the browser alone: address, theme, window size."""
    state = [Output(name, "data") for name in ("record-state", "beat-state", "slots")]
    clientside(
        app,
        "address.split",
        *state,
        Input("address", "search"),
        Input("address", "pathname"),
        *[State(name, "data") for name in ("record-state", "beat-state", "slots")],
    )
    clientside(app, "address.frame", Input("address", "pathname"), Input("address", "search"))
    clientside(app, "address.mounted", Input("page", "children"))
    clientside(app, "view.broken", Input("record-error", "data"))
    clientside(app, "address.wish", Input("wish", "data"))
    clientside(app, "address.viewport", Output("viewport", "data"), Input("address", "pathname"))
    clientside(app, "theme.toggle", Output("theme", "data"), Input("theme-toggle", "n_clicks"), State("theme", "data"))
    clientside(app, "theme.apply", Output("mantine", "forceColorScheme"), Input("theme", "data"))
    clientside(app, "account.shown", Input("account", "children"), Input("page", "children"))
    clientside(app, "account.listed", Input("people-list", "children"))
    clientside(app, "keys.list", Input("keys-open", "n_clicks"))
