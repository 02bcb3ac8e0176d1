"""As if it had never been measured: the probability without each of the variables that count most."""

from frontend import format
from frontend.api import JSON, Api, ApiError
from frontend.pages.stay.window import StayWindow
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import section
from frontend.ui.elements import Element, html
from frontend.view import View

MOST = 6
TASK = "never_measured"


def layout() -> Element:
    """Head and place of the list."""
    head = html.Div(
        [
            html.H2("As if it had never been measured", className="h"),
            html.Span(className="sp"),
            html.Span("tick: as it is", className="s m"),
        ],
        className="row g8",
    )
    return html.Div(section(head, html.Div(id="stay-without")), **{"data-part": "without"})


def update(api: Api, view: View) -> PanelUpdate:
    """The variables whose absence changes the output most."""
    stay = StayWindow(api, view)
    if not stay.readable:
        return PanelUpdate({"stay-without": {"children": []}})
    try:
        asked = {"recording": view.record, "at": view.at, "model": stay.answer["model"]}
        status = api.ask_task(TASK, asked)
    except ApiError as error:
        return PanelUpdate({"stay-without": {"children": html.P(error.detail, className="m s")}})
    job = {"slot": "without", "kind": f"tasks/{TASK}", "title": "As if never measured", "key": view.where}
    jobs = [job | {name: status.get(name) for name in ("id", "status", "position")}]
    found = status.get("result")
    return PanelUpdate({"stay-without": {"children": rows(found) if found else []}}, {"jobs": jobs}, found is not None)


def rows(found: JSON) -> list[Element]:
    """A bar for each, with a tick where the output is; and what the model says of nothing."""
    whole = found["probability"]
    first = sorted(found["without"], key=lambda one: -abs(one["probability"] - whole))[:MOST]
    return [
        *(row(one["variable"], one["probability"], whole) for one in first),
        row("Nothing measured at all", found["nothing"], whole),
    ]


def row(name: str, value: float, whole: float) -> Element:
    """`Lactate ▇▇▇▇| 0.58`."""
    tick = html.I(
        className="threshold", style={"left": f"{whole * 100:.1f}%"}, title=f"as it is: {format.probability(whole)}"
    )
    filled = html.I(style={"width": f"{value * 100:.1f}%", "background": "var(--ink3)"})
    drawn = html.Div([filled, tick], className="bar")
    return html.Div(
        [html.Span(name, className="stay-without-name cut"), drawn, html.B(format.probability(value), className="tn")],
        className="row g8 stay-without-row",
    )


PANEL = Panel("without", place="side", order=30, layout=layout, update=update, turn=3)
