"""The Dash application: shell, router and the pages' callbacks."""

import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, cast

import dash
from dash import Input, Output, State
from flask import Response, request

from frontend import methods, view_answer, vocabulary
from frontend.api import JSON, Api, ApiError
from frontend.discovery import guarded
from frontend.keeping import FewValues, Stores
from frontend.page import Page, Visit, at, exported
from frontend.pages import pages
from frontend.pages.account.page import menu
from frontend.pages.desk.page import panels as desk_panels
from frontend.pages.sign_in.page import first
from frontend.rhythm import stretch, windows
from frontend.sheets import files
from frontend.shell import frame, share
from frontend.tokens import UNCERTAIN
from frontend.ui.components import nowhere, state
from frontend.ui.elements import Element, clientside, html

STATES = ("record-state", "beat-state", "slots")
IMMUTABLE = "public, max-age=31536000, immutable"


class Application(dash.Dash):
    """Dash, with what a page's head is to say besides."""

    def interpolate_index(self, metas: str = "", *rest: Any, **parts: Any) -> str:
        """The page that holds the app."""
        metas += "".join(head() for head in self.heads)
        return str(cast(Any, super()).interpolate_index(metas, *rest, **parts))

    heads: Sequence[Callable[[], str]] = ()


def create_ui(api_url: str, prefix: str = "/", transport: Any = None, stores: Stores = FewValues) -> dash.Dash:
    """The user interface of the service at `api_url`, served below `prefix`; it keeps what it fetched in `stores`.

    Tests give a `transport` of httpx.
    """
    app = Application(
        "frontend",
        requests_pathname_prefix=prefix,
        assets_folder="assets",
        title="Beatlens",
        update_title="",
        suppress_callback_exceptions=True,
        index_string=frame.index(prefix),
        serve_locally=True,
    )
    api, known = Api(api_url, transport, stores), pages()
    app.heads = (partial(page_data, known, api), lambda: files.tags(request.path, request.url_root))
    app.layout = partial(frame.layout, known)
    route(app, api, known)
    browser(app)
    for page in known:
        if page.register:
            guarded(page, partial(page.register, app, api), None)
    app.server.after_request(kept)
    share.register(app, api)
    stretch.register(app, api)
    windows.register(app, api)
    files.register(app, api, desk_panels(), stores)
    view_answer.register(app, api, {page.name: page for page in known if page.scope == "window"})
    return app


def kept(answer: Response) -> Response:
    """The answer; a script whose address names its version is kept by the browser and never asked for again."""
    if "/assets/" in request.path and "m" in request.args and answer.status_code == 200:
        answer.headers["Cache-Control"] = IMMUTABLE
    return answer


def page_data(known: Sequence[Page], api: Api) -> str:
    """The pages, as the scripts read them; without the service's methods where it does not answer."""
    try:
        first_methods: JSON = methods.defaults(api)
    except ApiError:
        first_methods = {}
    vocabulary.load_vocabularies(api)
    words = {"labels": vocabulary.exported(), "vocabularies": vocabulary.readable(), "uncertain": UNCERTAIN}
    body = json.dumps(exported(known, api, first_methods) | words).replace("<", "\\u003c")
    return f'<script type="application/json" id="beatlens-pages">{body}</script>'


def route(app: dash.Dash, api: Api, known: Sequence[Page]) -> None:
    """Which page stands in the frame."""

    @app.callback(Output("page", "children"), Output("account", "children"), Input("address", "pathname"))
    def show(pathname: str | None) -> tuple[Element, Element]:
        return framed(api, known, pathname or "/")


def framed(api: Api, known: Sequence[Page], pathname: str) -> tuple[Element, Element]:
    """The page of a path and the account menu; whoever is not signed in does that first, except for a public page."""
    found = at(known, pathname)
    try:
        me = api.me()
    except ApiError as error:
        if error.status == 401 and not (found and found[0].public):
            return first(), None
        return page(api, known, pathname), None
    return page(api, known, "/" if pathname == "/sign-in" else pathname, me), menu(me)


def page(api: Api, known: Sequence[Page], pathname: str, me: JSON | None = None) -> Element:
    """The page of a path."""
    found = at(known, pathname)
    if found is None:
        return nowhere()
    shown, visit = found[0], Visit(api, me, found[1])
    failed = state("This page cannot be shown", "The plug-in that brought it fails: the bar above says why.", warn=True)
    try:
        return guarded(shown, lambda: shown.layout(visit), html.Div(failed, className="plain"))
    except ApiError as error:
        return html.Div(state("This page cannot be shown now", error.detail, warn=True), className="plain")


def browser(app: dash.Dash) -> None:
    """What happens in the browser alone: address, theme, window size."""
    clientside(
        app,
        "address.split",
        *[Output(name, "data") for name in STATES],
        Input("address", "search"),
        Input("address", "pathname"),
        *[State(name, "data") for name in STATES],
    )
    clientside(app, "address.frame", Input("address", "pathname"), Input("address", "search"))
    clientside(app, "address.mounted", Input("page", "children"))
    clientside(app, "view.broken", Input("record-error", "data"))
    clientside(app, "address.parameters", Input("chosen-method", "data"))
    clientside(app, "address.viewport", Output("viewport", "data"), Input("address", "pathname"))
    clientside(app, "theme.toggle", Output("theme", "data"), Input("theme-toggle", "n_clicks"), State("theme", "data"))
    clientside(app, "theme.apply", Output("mantine", "forceColorScheme"), Input("theme", "data"))
    clientside(app, "account.shown", Input("account", "children"), Input("page", "children"))
    clientside(app, "account.listed", Input("people-list", "children"))
    clientside(app, "keys.list", Input("keys-open", "n_clicks"))
