"""The variables of a stay over its hours, with the probability above and the shares beside and below them."""

from collections.abc import Sequence
from typing import Any

import dash
import dash_mantine_components as dmc
from dash import Input

from frontend import explanations, format
from frontend.api import Api
from frontend.figures.paper import blank
from frontend.figures.stay import over_time
from frontend.figures.stay import rows as figures
from frontend.figures.stay.rows import Rows, Variable
from frontend.figures.stay.sizes import BY_HOUR, PROBABILITY, ROW
from frontend.maps import states
from frontend.pages.stay.window import ALL, MOST, StayWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.elements import Element, clientside, dcc, html
from frontend.view import View

STILL = {"displayModeBar": False, "responsive": False, "staticPlot": True, "doubleClick": False}
LAST = 6  # hours at the end that are told of


def layout() -> Element:
    """The parts at their final places, before they are filled."""
    said = html.Div(id="stay-tip", className="stay-tip", hidden=True)
    box = html.I(id="stay-box", hidden=True)
    rows = html.Div([_graph("stay-rows", ROW * MOST), box, said], className="stay-drawn", id="stay-drawn")
    parts = [
        html.Div(id="stay-header", className="row g8 stay-header"),
        html.Div(id="stay-title", className="row g8 stay-head"),
        _lane("stay-over", [html.Div("Probability"), html.Div("from what was known by then", className="f")],
              _graph("stay-probability", PROBABILITY), html.Div(id="stay-now")),
        _lane("stay-legend", html.Span("last value", className="f"), html.Div(_legend(), className="row g12"),
              html.Div([html.B("raises"), html.Span(" lowers", className="lowers")], className="s")),
        _lane("stay-variables", html.Div(id="stay-names"), rows, html.Div(id="stay-shares")),
        _lane("stay-hours", html.Div(id="stay-by-hour"), _graph("stay-hour", BY_HOUR), html.Div()),
        html.Div(id="stay-state"),
    ]  # fmt: skip
    return html.Div(parts, **{"data-part": "chart"}, className="stay")


def _lane(name: str, left: Any, drawn: Element, right: Element) -> Element:
    """A stretch of the picture: what stands left of the hours, what is drawn, what stands right of them."""
    return html.Div(
        [html.Div(left, className="stay-left"), drawn, html.Div(right, className="stay-right")],
        id=name,
        className="stay-lane",
    )


def _graph(name: str, height: float) -> Element:
    graph = dcc.Graph(id=name, figure=blank(height), config=STILL, className="figure")
    return html.Div(graph, id=f"{name}-words", role="img", className="stay-graph")


def _legend() -> list[Element]:
    kinds = ("measured", "carried forward", "not measured yet", "usual range")
    return [
        html.Span([html.I(className=f"stay-key k{i}"), words], className="row g6 s m") for i, words in enumerate(kinds)
    ]


def update(api: Api, view: View) -> PanelUpdate:
    """The picture of a stay, and the jobs of its map."""
    stay = StayWindow(api, view)
    jobs = [job for job in (stay.job, stay.over_time_job) if job]
    if stay.answer["window"] is None:
        why = html.P(stay.answer["note"] or "The model cannot read this stay.", className="m")
        return PanelUpdate({"stay-header": {"children": header(stay)}, "stay-state": {"children": why}}, {"jobs": []})
    rows, (raises, lowers) = stay.rows, stay.by_hour
    props: dict[str, dict[str, Any]] = {
        "stay-header": {"children": header(stay)},
        "stay-title": {"children": title(stay)},
        "stay-names": {"children": [name(one) for one in stay.shown]},
        "stay-shares": {"children": [share(one, stay) for one in stay.shown]},
        "stay-rows": {"figure": figures.figure(rows)},
        "stay-rows-words": {"aria-label": figures.words(rows)},
        "stay-probability": {"figure": over_time.probability(stay.over_time, stay.threshold, view.theme, rows.hour)},
        "stay-probability-words": {"aria-label": course(stay)},
        "stay-now": {"children": format.probability(stay.probability) if stay.readable else ""},
        "stay-hour": {"figure": over_time.by_hour(raises, lowers, view.theme, rows.hour)},
        "stay-hour-words": {"aria-label": late(raises)},
        "stay-by-hour": {"children": [html.Div("Share by hour"), html.Div(late(raises), className="f")]},
        "stay-state": {"children": states.map_state(api, stay.job, stay.explanation) if stay.job else None},
    }
    data = {
        "jobs": jobs,
        "hour": rows.hour,
        "row": ROW,
        "rows": cells(rows),
        "method": stay.method and stay.method.name,
    }
    data["gives"] = unit_of(stay)
    return PanelUpdate(props, data, explanations.complete(jobs))


def header(stay: StayWindow) -> list[Element]:
    """`Stay 152871 · 54 y · F · Surgical unit · first 48 h`, and how the picture is chosen."""
    record = stay.record
    known = [format.patient(record["age"], record["sex"]), *record["comments"][1:], "first 48 h"]
    many = len(stay.variables)
    every = ALL in stay.view.open
    buttons = [
        html.Button(words, className="on" if on else "", **{"data-stay-open": value, "aria-pressed": str(on).lower()})
        for words, value, on in ((f"{MOST} most relevant", "", not every), (f"All {many}", ALL, every))
    ]
    notes = record.get("notes", ())
    said = html.Span(f"{len(notes)} notes" if len(notes) > 1 else "1 note", className="tag o", title=" · ".join(notes))
    entries = [{"value": one["method"], "label": one["title"]} for one in stay.offered]
    picker = dmc.Select(
        data=entries, value=stay.method.name if stay.method else None, id="stay-method", size="xs", w=200,
        allowDeselect=False, **{"aria-label": "Map behind the rows"},
    )  # fmt: skip
    return [
        html.H1(f"Stay {record['name']}"),
        html.Span(" · ".join(part for part in known if part and part != format.NONE), className="m cut"),
        said if notes else None,
        html.Span(className="sp"),
        html.Div(buttons, className="seg", role="group", **{"aria-label": "Variables"}),
        picker if entries else None,
    ]


def title(stay: StayWindow) -> list[Element]:
    """`Measurements that changed the score`, the strongest cell, and the colours' ends."""
    if stay.explanation is None:
        return [html.H2("Measurements", className="h")]
    rows = stay.rows
    full = format.short(float(f"{rows.full:.2g}"))
    unit = unit_of(stay)
    low = f"{format.MINUS}{full}" if rows.signed else "0"
    return [
        html.H2("Measurements that changed the score", className="h"),
        html.Span(strongest(stay.variables, unit), className="s m cut", id="stay-strongest"),
        html.Span(className="sp"),
        html.Span(low, className="s m"),
        html.I(className="ramp both" if rows.signed else "ramp"),
        html.Span(
            f"{'+' if rows.signed else ''}{full} {unit} an hour, its own",
            title="99.5 % of this map's cells are below it",
            className="s m",
        ),
    ]


def unit_of(stay: StayWindow) -> str:
    """Of the map's values."""
    return str(((stay.explanation or {}).get("scale") or {}).get("unit", ""))


def strongest(variables: Sequence[Variable], unit: str) -> str:
    """`strongest: Lactate carried forward in hour 48, +0.30 logit`."""
    found = [(abs(value), one, hour, value) for one in variables for hour, value in enumerate(one.relevance)]
    if not found:
        return ""
    _, one, hour, value = max(found, key=lambda cell: cell[0])
    how = (
        "measured" if one.measured[hour] else "carried forward" if one.values[hour] is not None else "not measured yet"
    )
    sign = "+" if value >= 0 else format.MINUS
    return f"strongest: {one.name} {how} in hour {hour + 1}, {sign}{abs(value):.2g} {unit}"


def name(variable: Variable) -> Element:
    """`Lactate` over `mmol/L · 0.5–2`, and its last value."""
    low_high = f"{format.short(variable.normal[0])}–{format.short(variable.normal[1])}" if variable.normal else ""
    below = " · ".join(part for part in (variable.unit, low_high) if part)
    last = "–" if variable.last is None else format.short(variable.last)
    outside = variable.last is not None and variable.normal is not None and not (
        variable.normal[0] <= variable.last <= variable.normal[1]
    )  # fmt: skip
    words = html.Div([html.Div(variable.name, className="cut"), html.Div(below, className="f cut")], className="cut")
    value = html.B(
        last, className="tn" + (" outside" if outside else ""), title="outside the usual range" if outside else None
    )
    return html.Div([words, html.Span(className="sp"), value], className="row stay-name")


def share(variable: Variable, stay: StayWindow) -> Element:
    """Two bars: how much of what raises the score it holds, and how much speaks against it; per cent of the former."""
    whole = stay.whole
    if not whole:
        return html.Div(className="row stay-share")
    largest = max(max(one.raises, one.lowers) for one in stay.variables) or 1.0
    bars = html.Div(
        [
            html.I(className=kind, style={"width": f"{100 * value / largest:.0f}%"})
            for kind, value in (("raises", variable.raises), ("lowers", variable.lowers))
        ],
        className="stay-bars",
    )
    percent = format.percent(variable.raises / whole)
    return html.Div([bars, html.Span(percent, className="s tn")], className="row stay-share")


def course(stay: StayWindow) -> str:
    """The probability over time in words."""
    values = stay.over_time
    if not values:
        return "Probability over time: not known"
    above = next((i for i in range(len(values)) if all(value >= stay.threshold for value in values[i:])), None)
    since = f", above the threshold since hour {above + 1}" if above is not None else ""
    return f"Probability over time: {format.probability(values[-1])} at the end{since}"


def late(raises: Sequence[float]) -> str:
    """`last 6 h: 42%`."""
    whole = sum(raises)
    return f"last {LAST} h: {sum(raises[-LAST:]) / whole:.0%}" if whole else ""


def cells(rows: Rows) -> list[dict[str, Any]]:
    """What a pointer shows of each row."""
    return [
        {
            "name": one.name,
            "unit": one.unit,
            "values": list(one.values),
            "measured": [int(there) for there in one.measured],
            "relevance": list(one.relevance),
        }
        for one in rows.variables
    ]


def register(app: dash.Dash, _: Api) -> None:
    """The choice of a method changes the address."""
    clientside(app, "stay.choose", Input("stay-method", "value"), prevent_initial_call=True)


PANEL = Panel(
    "chart", order=10, layout=layout, update=update, turn=1, early=True, script="pages/stay/stay.js", register=register
)
