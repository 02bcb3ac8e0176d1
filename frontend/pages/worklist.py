"""The worklist: all recordings at a glance, and the files that are none."""

import hashlib
import json
from typing import Any

import dash
import dash_ag_grid as dag
import dash_mantine_components as dmc
from dash import Input, Output, State

from frontend import address, format
from frontend.api import JSON, Api, ApiError
from frontend.elements import Element, clientside, dcc, html
from frontend.pages import maps, upload
from frontend.parts import facts, foot, icon, kbd, section, state
from frontend.tokens import CLASSES, GROUP, ORDER, UNCERTAIN

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
    "cellHorizontalPadding": 6,
    "rowHeight": 41,
    "headerHeight": 34,
    "accentColor": "var(--ink)",
    "wrapperBorderRadius": 8,
    "headerColumnResizeHandleDisplay": "none",
    "browserColorScheme": "inherit",
}


def column(name: str, field: str, width: int, **more: Any) -> JSON:
    """A column; its cell is drawn and ordered in assets/dashAgGrid*.js."""
    return {"headerName": name, "field": field, "width": width, **more}


def ordered(by: str) -> JSON:
    """Sorted by a function of assets/dashAgGridFunctions.js, the largest first."""
    return {"comparator": {"function": by}, "sortingOrder": ["desc", "asc"]}


COLUMNS: list[JSON] = [
    column("Record", "name", 90, cellRenderer="RecordName", comparator={"function": "byName"}),
    column("Lead 1, 3 s", "spark", 124, cellRenderer="Spark", sortable=False, flex=108, minWidth=76),
    column("Patient", "patient", 72, comparator={"function": "byAge"}),
    column("Leads", "leads", 76),
    column("Length", "length", 56, comparator={"function": "byLength"}),
    column(
        "Beats by class",
        "classes",
        230,
        cellRenderer="ClassBar",
        flex=246,
        minWidth=170,
        headerTooltip="Upper bar and numbers: reference. Lower bar: model output.",
        **ordered("byBeats"),
    ),
    column(
        "Disagree",
        "disagree",
        88,
        cellRenderer="Disagree",
        type="rightAligned",
        sort="desc",
        **ordered("byFirst"),
    ),
    column("Uncertain", "unsure", 66, cellRenderer="Uncertain", type="rightAligned", **ordered("byFirst")),
    column("Model and patient", "seen", 142, cellRenderer="Seen", cellClass="after", headerClass="after"),
    column("Reviewed", "progress", 141, cellRenderer="Reviewed", **ordered("byProgress")),
    {"field": "words", "hide": True, "getQuickFilterText": {"function": "words(params)"}},  # what the search reads
]
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


def layout() -> Element:
    """The page; its rows come by a callback."""
    head = html.Div(
        [
            html.H1("Recordings"),
            html.Span(id="worklist-summary", className="m cut"),
            html.Span(className="sp"),
            html.Div(id="upload-place"),
            html.Button([icon("down"), "Export"], id="worklist-export", className="btn", title="This table as CSV"),
        ],
        className="row g8 page-head",
    )
    main = html.Div([head, tools(), html.Div(table(), id="worklist-place")], className="main worklist")
    side = html.Aside(
        [html.Div(id="worklist-jobs"), maps.jobs(), html.Div(id="worklist-side")], className="side side-narrow"
    )
    ask = dcc.Interval(id="worklist-ask", interval=ASK, n_intervals=0)
    frame = [ask, dcc.Store(id="worklist-state"), main, side, foot(KEYS, NOTE), upload.dialog()]
    return html.Div(frame, className="page")


def tools() -> Element:
    """Search, what to show, which class, which model."""
    search = html.Div(
        [
            icon("search"),
            dcc.Input(id="search", type="search", placeholder="Record, lead, class or comment", debounce=False),
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
        data=[{"value": symbol, "label": f"{symbol} {found.name}"} for symbol, found in CLASSES.items()],
        id="worklist-class",
        placeholder="Class",
        clearable=True,
        size="xs",
        w=124,
        **{"aria-label": "Only recordings with beats of this class"},
    )
    model = dmc.Select(id="worklist-model", data=[], size="xs", allowDeselect=False, w=196, **{"aria-label": "Model"})
    group = {"role": "group", "aria-label": "Which recordings"}
    return html.Div(
        [search, html.Div(shows, className="seg", **group), html.Span(className="sp"), classes, model],
        className="row g8 worklist-tools",
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
            "ensureDomOrder": True,  # what is read aloud is in the order that is seen
            "includeHiddenColumnsInQuickFilter": True,
            "isExternalFilterPresent": {"function": "filtered()"},
            "doesExternalFilterPass": {"function": "passes(params)"},
            "suppressCellFocus": False,
            "localeText": {"noRowsToShow": "No recording fits the search and the filters."},
            "rowSelection": {"mode": "singleRow", "checkboxes": False, "enableClickSelection": True},
        },
        style={"height": "100%", "width": "100%"},
    )


def register(app: dash.Dash, api: Api) -> None:
    """Callbacks of the page."""

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
        stamp = digest(answer)
        waiting = not complete(answer)
        if stamp == shown:
            return no, no, jobs(api, answer), no, not waiting, no
        rows = [row(entry) for entry in answer["recordings"]]
        return rows, summary(answer["recordings"]), jobs(api, answer), side(api, answer), not waiting, stamp

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
    wanted = address.parse(search).model
    chosen = wanted if wanted in names else next(iter(names), None)
    return [{"value": card["id"], "label": card["title"]} for card in cards], chosen


def digest(answer: JSON) -> str:
    """Hash of an answer: whether the table has changed."""
    return hashlib.sha256(json.dumps(answer).encode()).hexdigest()


def complete(answer: JSON) -> bool:
    """Whether sparks and counts, which the service makes little by little, are all there, or never will be."""
    if answer["model"] and answer["counting"]["done"] < answer["counting"]["total"]:
        return False
    return all(entry["spark"] is not None or (entry["output"] or {}).get("trouble") for entry in answer["recordings"])


def row(entry: JSON) -> JSON:
    """What the table shows of a recording."""
    said = entry.get("output") or {}
    trouble = said.get("trouble")
    texts = [entry["name"], entry["source"], *entry["leads"], *(entry["counts"] or {}), *entry["comments"]]
    return {
        "id": entry["id"],
        "name": format.record(entry["name"]),
        "synthetic": entry["synthetic"],
        "spark": entry["spark"],
        "patient": format.patient(entry["age"], entry["sex"]),
        "age": entry["age"],
        "leads": ", ".join(entry["leads"]),
        "length": format.length(entry["seconds"]),
        "seconds": entry["seconds"],
        "annotated": entry["annotated"],
        "beats": entry["beats"],
        "beat_source": entry["beat_source"],
        "seen": said.get("seen"),
        "trouble": trouble,
        # What a cell shows is one value, so that the grid draws it anew when any of it changes.
        "classes": [grouped(entry["counts"]), grouped(said.get("counts"))],  # reference, model
        "disagree": [said.get("disagreements"), said.get("compared"), trouble],
        "unsure": [said.get("uncertain"), trouble],
        "progress": [said.get("read"), said.get("to_read"), trouble],
        "words": " ".join(texts),
    }


def grouped(counts: dict[str, int] | None) -> list[tuple[str, int]] | None:
    """Beats of each group of symbols, in the order of the classes; None where nothing is counted yet."""
    if counts is None:
        return None
    groups: dict[str, int] = {}
    for symbol, n in counts.items():
        key = GROUP.get(symbol, symbol)
        groups[key] = groups.get(key, 0) + n
    known = [(symbol, groups.pop(symbol)) for symbol in ORDER if symbol in groups]
    return [*known, *sorted(groups.items())]  # classes of a model that are not MIT-BIH's come last


def summary(recordings: list[JSON]) -> str:
    """How many recordings and beats, and where from."""
    beats = sum(entry["beats"] or sum((entry["counts"] or {}).values()) for entry in recordings)
    sources = list(dict.fromkeys(entry["source"] for entry in recordings))
    parts = [
        format.plural(len(recordings), "recording"),
        format.plural(beats, "beat") if beats else "",
        ", ".join(sources),
    ]
    return " · ".join(part for part in parts if part)


def side(api: Api, answer: JSON) -> list[Element]:
    """How far the reading is, the model, the sources, and the files that cannot be read."""
    rows = answer["recordings"]
    return [
        readings(rows),
        model(api, answer["model"]),
        *upload.uploaded(api, rows),
        sources(rows),
        *problems(answer["problems"]),
    ]


def jobs(api: Api, answer: JSON) -> Element:
    """The workers, and what they count; below it come the jobs started in this browser."""
    alive = workers(api)
    head = html.Div(
        [html.Span("Jobs", className="h"), html.Span(className="sp"), html.Span(alive, className="s m")],
        className="row",
    )
    return section(head, counting(answer), id="worklist-work")


def workers(api: Api) -> str:
    """`2 workers, 1 busy`."""
    try:
        part = api.health()["parts"]["workers"]
    except ApiError:
        return ""
    if not part["count"]:
        return "no worker is running"
    busy = sum(worker.get("state") == "busy" for worker in part.get("workers") or [])
    return format.plural(part["count"], "worker") + (f", {busy} busy" if busy else "")


def counting(answer: JSON) -> Element:
    """How far the counting of the model's outputs is; says so when it is done."""
    done, total = answer["counting"]["done"], answer["counting"]["total"]
    if not answer["model"] or not total:
        return html.Div("Nothing to count.", className="s m gap")
    if done == total:
        words = f"Model output counted in all {format.plural(total, 'recording')}."
        return html.Div([icon("check", 13), html.Span(words, className="s m w")], className="row g6 gap")
    name = html.Div(
        [html.Span("Model output", className="b"), html.Span(answer["model"], className="m cut")], className="row g6"
    )
    left = answer["counting"]["remaining_seconds"]
    progress = [
        html.Span(f"{format.percent(done / total)} · {done} of {total}"),
        html.Span(className="sp"),
        html.Span(f"about {format.about(left)} left" if left is not None else ""),
    ]
    style = {"width": f"{100 * done / total:.0f}%", "background": "var(--ink)"}
    what = html.Div("every beat of every recording", className="s m")
    return html.Div(
        [name, what, html.Div(html.I(style=style), className="bar thin"), html.Div(progress, className="row s m")],
        className="gap job",
    )


def readings(rows: list[JSON]) -> Element:
    """How far the reading is over all recordings."""
    said = [entry["output"] for entry in rows if entry.get("output")]
    wanted = sum(output["to_read"] or 0 for output in said)
    done = sum(output["read"] for output in said)
    begun = sum(bool(output["read"]) for output in said)
    lines = [
        ("Beats read", f"{format.count(done)} of {format.count(wanted)}"),
        ("Recordings begun", f"{begun} of {len(rows)}"),
    ]
    note = "To read: disagreements; without a reference, the uncertain beats."
    return section(html.Div("Readings", className="h"), facts(lines), html.Div(note, className="xs f w gap"))


def model(api: Api, name: str | None) -> Element:
    """The model that is asked and what its accuracy is worth."""
    try:
        card = next(card for card in api.models() if card["id"] == name)
    except (ApiError, StopIteration):
        return section(html.Div("Model", className="h"), html.Div("No model can be read.", className="s m w"))
    headline = card.get("headline") or {}
    rates = (("Accuracy on test patients", "accuracy"), ("Always the commonest class", "majority_rate"))
    rows = [(words, format.percent(headline[key])) for words, key in rates if headline.get(key) is not None]
    return section(
        html.Div(
            [html.Span("Model", className="h"), html.Span(className="sp"), html.Span(card["id"], className="s m")],
            className="row",
        ),
        html.Div(card["summary"], className="s m w gap"),
        facts(rows),
        html.Div(headline.get("text", ""), className="s m w gap"),
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
