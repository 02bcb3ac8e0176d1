"""The worklist: all recordings, and the files that are none."""

from typing import Any

import dash
import dash_ag_grid as dag
from dash import Input, Output

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, dcc, html
from frontend.parts import facts, foot, icon, kbd, section, state
from frontend.tokens import GROUP, ORDER

PARAMETERS = {
    "backgroundColor": "var(--surface)",
    "foregroundColor": "var(--ink)",
    "borderColor": "var(--line)",
    "headerBackgroundColor": "var(--surface)",
    "headerTextColor": "var(--ink3)",
    "headerFontSize": 11.5,
    "headerFontWeight": 500,
    "rowHoverColor": "var(--sel)",
    "selectedRowBackgroundColor": "var(--sel)",
    "fontFamily": "inherit",
    "fontSize": 13,
    "cellHorizontalPadding": 12,
    "rowHeight": 41,
    "headerHeight": 34,
    "accentColor": "var(--ink)",
    "wrapperBorderRadius": 8,
    "headerColumnResizeHandleDisplay": "none",
    "browserColorScheme": "inherit",
}
COLUMNS: list[dict[str, Any]] = [
    {
        "headerName": "Record",
        "field": "name",
        "width": 168,
        "cellRenderer": "RecordName",
        "comparator": {"function": "byName"},
    },
    {"headerName": "Lead 1, 3 s", "field": "spark", "width": 158, "cellRenderer": "Spark", "sortable": False},
    {"headerName": "Patient", "field": "patient", "width": 88},
    {"headerName": "Leads", "field": "leads", "width": 92},
    {"headerName": "Length", "field": "length", "width": 76, "comparator": {"function": "byLength"}},
    {
        "headerName": "Beats by class",
        "field": "beats",
        "width": 262,
        "cellRenderer": "ClassBar",
        "comparator": {"function": "byBeats"},
    },
    {"headerName": "Model and patient", "field": "seen", "width": 148, "cellRenderer": "Seen", "sortable": False},
    {"headerName": "Beats from", "field": "beat_source", "flex": 1, "minWidth": 100},
    {"field": "words", "hide": True, "getQuickFilterText": {"function": "words(params)"}},  # what the search reads
]
KEYS = ((("J", "K"), "move"), (("Enter",), "open in the desk"), (("/",), "search"), (("?",), "all keys"))
NOTE = "Letters: MIT-BIH symbols. Seen: whether the model was trained on this patient."


def layout() -> Element:
    """The page; its rows come by a callback."""
    head = html.Div(
        [html.H1("Recordings"), html.Span(id="worklist-summary", className="m")], className="row g8 page-head"
    )
    search = html.Div(
        [
            icon("search"),
            dcc.Input(id="search", type="search", placeholder="Record, lead, class or comment", debounce=False),
            *kbd("/"),
        ],
        className="search",
    )
    main = html.Div([head, search, html.Div(table(), id="worklist-place")], className="main worklist")
    side = html.Aside(id="worklist-side", className="side side-narrow")
    return html.Div(
        [dcc.Interval(id="worklist-ask", interval=2000, n_intervals=0, max_intervals=60), main, side, foot(KEYS, NOTE)],
        className="page",
    )


def table() -> Element:
    """The grid; its cells are drawn in assets/dashAgGridComponentFunctions.js."""
    parameters = ",".join(f"{key}:{value!r}" for key, value in PARAMETERS.items())
    return dag.AgGrid(
        id="worklist",
        columnDefs=COLUMNS,
        getRowId="params.data.id",
        defaultColDef={
            "cellDataType": False,
            "getQuickFilterText": {"function": "noWords(params)"},
            "sortable": True,
            "resizable": False,
            "suppressMovable": True,
            "suppressHeaderMenuButton": True,
        },
        dashGridOptions={
            "theme": {"function": f"themeQuartz.withParams({{{parameters}}})"},
            "rowHeight": 41,
            "headerHeight": 34,
            "animateRows": False,
            "includeHiddenColumnsInQuickFilter": True,
            "suppressCellFocus": False,
            "localeText": {"noRowsToShow": "No recording fits the search."},
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        },
        style={"height": "100%", "width": "100%"},
    )


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the page."""

    @app.callback(
        Output("worklist", "rowData"),
        Output("worklist-summary", "children"),
        Output("worklist-side", "children"),
        Output("worklist-ask", "disabled"),
        Input("worklist-ask", "n_intervals"),
    )
    def fill(_: int) -> tuple[list[JSON], str, list[Element], bool]:
        try:
            answer = api.recordings()
        except ApiError as error:
            return [], "", [section(state("The recordings cannot be listed", error.detail, warn=True))], False
        return (
            [row(entry) for entry in answer["recordings"]],
            summary(answer["recordings"]),
            side(api, answer),
            complete(answer["recordings"]),
        )

    clientside(app, "worklist.open", Input("worklist", "cellClicked"))
    clientside(app, "worklist.search", Input("search", "value"), Input("worklist", "rowData"))


def complete(recordings: list[JSON]) -> bool:
    """Whether sparks and counts, which the service makes little by little, are all there."""
    return not any(entry["spark"] is None or (entry["annotated"] and entry["counts"] is None) for entry in recordings)


def row(entry: JSON) -> JSON:
    """What the table shows of a recording."""
    counts = entry["counts"] or {}
    groups: dict[str, int] = {}
    for symbol, n in counts.items():
        groups[GROUP.get(symbol, "Q")] = groups.get(GROUP.get(symbol, "Q"), 0) + n
    return {
        "id": entry["id"],
        "name": format.record(entry["name"]),
        "synthetic": entry["synthetic"],
        "spark": entry["spark"],
        "patient": format.patient(entry["age"], entry["sex"]),
        "leads": ", ".join(entry["leads"]),
        "length": format.length(entry["seconds"]),
        "seconds": entry["seconds"],
        "seen": entry.get("seen"),
        "annotated": entry["annotated"],
        "beats": [[symbol, groups[symbol]] for symbol in ORDER if symbol in groups],
        "beat_source": entry["beat_source"].split(" (")[0],
        "words": " ".join([entry["name"], entry["source"], *entry["leads"], *counts, *entry["comments"]]),
    }


def summary(recordings: list[JSON]) -> str:
    """How many recordings, how many labelled beats."""
    beats = sum(sum((entry["counts"] or {}).values()) for entry in recordings)
    labelled = f" · {format.plural(beats, 'labelled beat')}" if beats else ""
    return format.plural(len(recordings), "recording") + labelled


def side(api: Api, answer: JSON) -> list[Element]:
    """The model that will be asked, the sources, and the files that cannot be read."""
    return [model(api), sources(answer["recordings"]), *problems(answer["problems"])]


def model(api: Api) -> Element:
    """The default model and what its accuracy is worth."""
    try:
        card = api.models()[0]
    except (ApiError, IndexError):
        return section(html.Div("Model", className="h"), html.Div("No model can be read.", className="s m w"))
    headline = card.get("headline") or {}
    rows = [
        ("Accuracy on test patients", format.percent(headline["accuracy"]))
        if headline.get("accuracy") is not None
        else None,
        ("Always the commonest class", format.percent(headline["majority_rate"]))
        if headline.get("majority_rate") is not None
        else None,
    ]
    return section(
        html.Div(
            [html.Span("Model", className="h"), html.Span(className="sp"), html.Span(card["id"], className="s m")],
            className="row",
        ),
        html.Div(card["title"], className="b gap"),
        html.Div(card["summary"], className="s m w"),
        facts([r for r in rows if r]),
        html.Div(headline.get("text", ""), className="s m w"),
    )


def sources(recordings: list[JSON]) -> Element:
    """Where the recordings come from."""
    credits = list(dict.fromkeys(entry["credit"] for entry in recordings if entry["credit"]))
    return section(html.Div("Sources", className="h"), *[html.Div(words, className="s m w gap") for words in credits])


def problems(entries: list[JSON]) -> list[Element]:
    """Files that cannot be used, each with its reason; nothing where there are none."""
    if not entries:
        return []
    head = html.Div(
        [icon("warn"), html.Span(f"{format.plural(len(entries), 'file')} cannot be read", className="h")],
        className="row g6 warn",
    )
    lines = [
        html.Div([html.Div(e["file"], className="b s w"), html.Div(e["reason"], className="s m w")], className="gap")
        for e in entries
    ]
    return [section(head, *lines, id="problems")]
