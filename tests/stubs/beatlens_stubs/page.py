"""A page that asks for the result of a task about the chosen model."""

from frontend.api import Api
from frontend.page import Page, Visit
from frontend.panel import Panel, PanelUpdate
from frontend.ui.components import facts
from frontend.ui.elements import Element, html
from frontend.view import View

TASK = "stub_weight_norms"


def layout(_: Visit) -> Element:
    """A heading and the room for the table."""
    return html.Div(
        [html.H1("Norms of weights"), html.Div(id="stub-norms")], className="plain", **{"data-part": "norms"}
    )


def update(api: Api, view: View) -> PanelUpdate:
    """The norms of the model in view, once a worker has them."""
    status = api.ask_task(TASK, {"model": view.model})
    found = status.get("result")
    shown = facts([(name, f"{norm:.4g}") for name, norm in found["norms"].items()]) if found else status["status"]
    job = {"slot": "norms", "kind": f"tasks/{TASK}", "title": "Norms of weights", "key": view.where}
    jobs = [job | {name: status[name] for name in ("id", "status", "position")}]
    return PanelUpdate({"stub-norms": {"children": shown}}, {"jobs": jobs}, found is not None)


NORMS = Panel("norms", update=update, early=True)
PAGE = Page(
    "weights",
    "/weights",
    "Weights",
    layout,
    scope="window",
    panels=lambda _: (NORMS,),
    address_keys=("record", "at", "model"),
    tab=9,
)
