"""The worklist: all recordings at a glance, and the files that are none."""

from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import address
from frontend.api import JSON, Api, ApiError
from frontend.page import Page, Visit
from frontend.pages.worklist import upload
from frontend.pages.worklist.columns import columns
from frontend.pages.worklist.rows import complete, digest, rank, row, summary
from frontend.pages.worklist.side import jobs, side
from frontend.pages.worklist.table import table
from frontend.tokens import CLASSES, UNCERTAIN
from frontend.ui.components import foot, icon, kbd, running_jobs, section, state
from frontend.ui.elements import Element, clientside, dcc, html
from frontend.ui.views import first_of_rhythms, first_of_stays
from frontend.vocabulary import label

KEYS = (
    (("J", "K"), "move"),
    (("Enter",), "open desk"),
    (("G",), "gallery"),
    (("/",), "search"),
    (("⌘ Z",), "undo"),
    (("?",), "all keys"),
)
NOTE = f"Disagree: model and reference differ, classes the model knows. Uncertain: margin below {UNCERTAIN}."
SHOWS = (("all", "All"), ("disagreements", "With disagreements"), ("unseen", "Patient not seen"), ("unread", "To read"))
ASK = 2500  # ms between looks while something is still being found out


def layout(_: Visit) -> Element:
    """The page; its rows come by a callback."""
    head = html.Div(
        [
            html.H1("Recordings"),
            html.Span(id="worklist-summary", className="m cut"),
            html.Span(id="worklist-listed", className="b s", role="status"),
            html.Span(className="sp"),
            html.Button([icon("down"), "Export"], id="worklist-export", className="btn", title="This table as CSV"),
            html.Div(id="upload-place"),
        ],
        className="row g8 page-head",
    )
    main = html.Div([head, tools(), html.Div(table(columns()), id="worklist-place")], className="main worklist")
    side = html.Aside(
        [html.Div(id="worklist-jobs"), running_jobs(), html.Div(id="worklist-side")], className="side side-narrow"
    )
    ask = dcc.Interval(id="worklist-ask", interval=ASK, n_intervals=0)
    frame = [ask, dcc.Store(id="worklist-state"), main, side, foot(KEYS, NOTE), upload.dialog()]
    return html.Div(frame, className="page worklist-page")


def tools() -> Element:
    """Search, what to show, which class, which model."""
    search = html.Div(
        [
            icon("search"),
            dcc.Input(id="search", type="search", placeholder="Record, lead, class, remark", debounce=False),
            *kbd("/"),
        ],
        className="search",
    )
    pressed = {name: {"aria-pressed": "true" if name == "all" else "false"} for name, _ in SHOWS}
    shows = [
        html.Button(
            [words, html.Span(className="n", id=f"show-{name}")],
            className="on" if name == "all" else "",
            **{"data-show": name},
            **pressed[name],
        )
        for name, words in SHOWS
    ]
    classes = dmc.Select(
        data=[{"value": symbol, "label": f"{symbol} {label(symbol).short}"} for symbol in CLASSES],
        id="worklist-class",
        placeholder="Class",
        clearable=True,
        size="xs",
        w=124,
        **{"aria-label": "Only recordings with beats of this class"},
    )
    model = dmc.Select(id="worklist-model", data=[], size="xs", allowDeselect=False, w=232, **{"aria-label": "Model"})
    group = {"role": "group", "aria-label": "Which recordings"}
    return html.Div(
        [search, html.Div(shows, className="seg", **group), html.Span(className="sp"), classes, model],
        className="row g8 worklist-tools",
    )


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the page."""
    known = columns()

    @app.callback(
        Output("worklist", "rowData"),
        Output("worklist-summary", "children"),
        Output("worklist-jobs", "children"),
        Output("worklist-side", "children"),
        Output("worklist-ask", "disabled"),
        Output("worklist-state", "data"),
        Input("worklist-ask", "n_intervals"),
        Input("worklist-model", "value"),
        State("worklist-state", "data"),
    )
    def fill(_: int, model: str | None, shown: str | None) -> Any:
        """Only what has changed since is sent."""
        no = dash.no_update
        try:
            answer = api.recordings(model)
        except ApiError as error:
            return [], "", [section(state("The recordings cannot be listed", error.detail, warn=True))], [], False, None
        version = digest(answer)
        waiting = not complete(answer)
        if version == shown:
            return no, no, jobs(api, answer), no, not waiting, no
        card = next((card for card in api.models() if card["id"] == answer["model"]), None)
        listed = answer["recordings"]
        rhythm, stay = first_of_rhythms(api.models()), first_of_stays(api.models())
        rows = [row(entry, known, card, rank(entry, listed), rhythm, stay) for entry in listed]
        return rows, summary(listed), jobs(api, answer), side(api, answer), not waiting, version

    @app.callback(
        Output("worklist-model", "data"),
        Output("worklist-model", "value"),
        Input("worklist-place", "id"),
        State("address", "search"),
    )
    def models(_: str, search: str | None) -> Any:
        """The models there are; the one of the address, else the first."""
        return choices(api, search)

    upload.register(app, api)
    clientside(app, "worklist.open", Input("worklist", "cellClicked"))
    clientside(app, "worklist.search", Input("search", "value"), Input("worklist", "rowData"))
    clientside(app, "worklist.chosen", Output("worklist-class", "value"), Input("worklist-place", "id"))
    clientside(app, "worklist.only", Input("worklist-class", "value"))
    clientside(app, "worklist.model", Input("worklist-model", "value"))
    clientside(app, "worklist.counts", Input("worklist", "rowData"))


def choices(api: Api, search: str | None) -> tuple[list[JSON], str | None]:
    """What the model's menu holds, and which is chosen."""
    try:
        cards = api.models()
    except ApiError:
        return [], None
    names = [card["id"] for card in cards]
    wanted = address.parse(search).get("model")
    chosen = wanted if wanted in names else next(iter(names), None)
    return [{"value": card["id"], "label": card["title"]} for card in cards], chosen


PAGE = Page("worklist", "/", "Worklist", layout, address_keys=("model", "q", "show", "class"), register=register, tab=1)
